"""Facts are read once for all questions about the present, and no answer is another for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.sharing.decide import decide, decide_on, seen
from app.sharing.view import MOST_REMEMBERED
from app.sharing.vocabulary import SCOPES
from tests.sharing.generator import case


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_an_answer_is_the_same_whatever_was_asked_of_the_same_facts_before(first: int) -> None:
    for seed in range(first, first + 100):
        fresh, question, now = case(seed)
        asked, *_ = case(seed)
        others = [person.reference for person in asked.supporters]
        decide(asked, replace(question, recipients=(*others, "RelatedPerson/stranger"), scopes=SCOPES), now)
        decide(asked, replace(question, at=question.at - timedelta(days=30)), now)
        decide(asked, replace(question, action="listen"), now + timedelta(days=400))
        assert decide(asked, question, now) == decide(fresh, question, now)


def test_questions_about_the_present_share_what_was_read_and_those_about_the_past_do_not() -> None:
    facts, question, _ = case(1)
    later = facts.newest + timedelta(days=1)
    present = seen(facts, replace(question, at=later), later)
    assert seen(facts, replace(question, at=facts.newest), later) is present
    assert seen(facts, replace(question, at=later + timedelta(days=9)), later + timedelta(days=9)) is present
    past = replace(question, at=facts.newest - timedelta(microseconds=1))
    assert seen(facts, past, later) is not present
    assert seen(facts, past, later) is not seen(facts, past, later)
    assert seen(replace(facts, bases=()), replace(question, at=later), later) is not present


def test_questions_about_ever_new_strangers_are_forgotten_again() -> None:
    facts, question, _ = case(1)
    later = facts.newest + timedelta(days=1)
    views = set()
    for number in range(30):
        strangers = tuple(f"{type_}/{number}-{n}" for n in range(10) for type_ in ("RelatedPerson", "Practitioner"))
        view = seen(facts, replace(question, at=later, recipients=strangers), later)
        decide_on(view, replace(question, at=later, recipients=strangers))
        remembered = [view.reaches, *(getattr(view, name) for name in ("_identities", "_about", "_on"))]
        assert sum(map(len, remembered)) < 2 * MOST_REMEMBERED
        views.add(id(view))
    assert len(facts.read) == 1
    assert len(views) > 1
