"""What the reference answers to some hundred cases: worked out once, and then there for every mutant of the engine."""

from functools import cache

from app.sharing.answer import Answer
from tests.sharing import reference
from tests.sharing.generator import case

CASES = 600
CHUNK = 20


@cache
def reference_answers(seed: int) -> tuple[Answer, ...]:
    """All fields; `validUntil`, which is what takes the time, in every second case."""
    facts, question, now = case(seed)
    return reference.decide(facts, question, now, until=seed % 2 == 0)
