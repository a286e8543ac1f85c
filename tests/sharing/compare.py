"""What the engine and the reference say differently about one case, in words.

Not compared: the reason, whose words are the engine's own; `considered`, whose codes the page does not list; and
`basedOn` where the page does not say what it holds.
"""

from collections.abc import Iterator
from typing import Any

from app.sharing.answer import Answer
from app.sharing.decide import decide_on, seen
from tests.sharing import reference
from tests.sharing.generator import case
from tests.sharing.reference.times import span

_SETS = ("based_on", "obligations", "still_allowed")
_PLAIN = ("decision", "basis", "next_action", "overridable", "review_due")
# The bases for which the page says what basedOn lists.
_LISTED = frozenset({"patient-refusal", "conflicting-consents", "contact-restricted", "uninterpretable-consent"})


def differences(seed: int, *, until: bool, theirs: tuple[Answer, ...] | None = None) -> list[str]:
    """One line for each field in which the answers of a case differ; `until` compares validUntil too.

    `theirs` are the answers of the reference, when they are known already.
    """
    facts, question, now = case(seed)
    try:
        ours = _by_key(decide_on(seen(facts, question, now), question, until=until))
    except Exception as error:  # noqa: BLE001  # that the engine raises is a difference like others
        return [f"seed {seed}: the engine raises {error!r}"]
    expected = _by_key(reference.decide(facts, question, now, until=until) if theirs is None else theirs)
    if ours.keys() != expected.keys():
        return [f"seed {seed}: the engine answers {sorted(ours)}, the reference {sorted(expected)}"]
    return [
        f"seed {seed} {recipient} x {scope} ({expected[recipient, scope].basis}): {line}"
        for recipient, scope in expected
        for line in _fields(ours[recipient, scope], expected[recipient, scope], until=until)
    ]


def all_differences(seeds: range, until_every: int = 100) -> list[str]:
    """The differences of many cases; `validUntil` is compared in one case of so many."""
    return [text for seed in seeds for text in differences(seed, until=seed % until_every == 0)]


def _by_key(answers: tuple[Answer, ...]) -> dict[tuple[str, str], Answer]:
    found = {(answer.recipient, answer.scope): answer for answer in answers}
    assert len(found) == len(answers), "two answers for the same recipient and scope"
    return found


def _fields(ours: Answer, theirs: Answer, *, until: bool) -> Iterator[str]:
    for name in (*_PLAIN, *_SETS, *(("valid_until",) if until else ())):
        engine, expected = _value(ours, name), _value(theirs, name)
        if engine != expected and _is_told(theirs, name):
            yield f"{name}: engine {engine!r}, reference {expected!r}"


def _value(answer: Answer, name: str) -> Any:
    value = getattr(answer, name)
    if name == "review_due":  # of several that begin together the page prefers none
        when = span(value)
        return when.first if when else None
    return set(value) if name in _SETS else value


def _is_told(answer: Answer, name: str) -> bool:
    """Whether the page says what this field must hold."""
    return name not in ("based_on", "review_due") or answer.decision == "permit" or answer.basis in _LISTED
