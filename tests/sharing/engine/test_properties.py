"""Properties that must hold: section 7."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sharing.decide import decide
from app.sharing.facts import Facts, Record
from app.sharing.question import Question
from app.sharing.vocabulary import SCOPES as ALL_SCOPES
from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    TOM,
    ask,
    at,
    consent,
    facts,
    no,
    person,
    provision,
    record,
    yes,
)
from tests.sharing.engine.strategies import FAMILY, NAMESAKES, SCOPES, consents, flags, many

bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PEOPLE = (MUM, DAD, TOM)
questions = st.builds(lambda who, what: (who, what), st.sampled_from(PEOPLE), st.sampled_from(SCOPES))


def told(known: Facts, who: str, what: str) -> tuple[str, str]:
    answer = ask(known, who, what)
    return answer.decision, answer.basis


@bounded
@given(many(), flags, questions, st.randoms(use_true_random=False))
def test_order_and_duplicates_of_records_do_not_matter(
    given_: list[Any], restrictions: list[Any], question: tuple[str, str], chance: random.Random
) -> None:
    known = facts(*NAMESAKES, FAMILY, *given_, *restrictions)
    mixed = {}
    for name in ("supporters", "consents", "flags", "teams"):
        records: list[Record] = list(getattr(known, name))
        records += records[:1]
        chance.shuffle(records)
        mixed[name] = tuple(records)
    assert ask(replace(known, **mixed), *question) == ask(known, *question)


def test_a_record_found_twice_is_not_considered_beside_itself() -> None:
    known = facts(yes("m", [MUM], status="inactive"))
    answer = ask(replace(known, consents=known.consents * 2), MUM)
    assert (answer.basis, answer.considered) == ("consent-withdrawn", ())


@bounded
@given(many(), flags, questions, st.sampled_from(("draft", "entered-in-error", "proposed")), consents("new"))
def test_inert_consents_never_change_a_decision(
    given_: list[Any], restrictions: list[Any], question: tuple[str, str], status: str, inert: dict[str, Any]
) -> None:
    known = facts(*given_, *restrictions, FAMILY)
    more = facts(*given_, *restrictions, FAMILY, inert | {"status": status})
    assert told(more, *question)[0] == told(known, *question)[0]


@bounded
@given(many(), flags, questions, st.sampled_from(("2026-01-10", "2026-02-10", "2026-03-01")), st.sampled_from(PEOPLE))
def test_adding_a_deny_never_turns_deny_into_permit(
    given_: list[Any], restrictions: list[Any], question: tuple[str, str], decided: str, whom: str
) -> None:
    known = told(facts(*NAMESAKES, FAMILY, *given_, *restrictions), *question)
    for refused in (no("new", [], decided=decided), no("new", [whom], [question[1]], decided=decided)):
        more = told(facts(*NAMESAKES, FAMILY, *given_, *restrictions, refused), *question)
        assert not (known[0] == "deny" and more[0] == "permit")


@bounded
@given(many())
def test_the_newest_deny_for_anyone_and_everything_denies_everything(given_: list[Any]) -> None:
    known = facts(*given_, FAMILY, no("new", [], decided="2026-03-03T11:00:00Z"))
    assert {one.decision for one in decide(known, Question(NOW), NOW)} == {"deny"}


@bounded
@given(many(), questions)
def test_the_newest_permit_that_names_recipient_and_scope_permits(given_: list[Any], question: tuple[str, str]) -> None:
    who, what = question
    newest = yes("new", [who], [what], decided="2026-03-03T11:00:00Z")
    assert told(facts(*given_, FAMILY, newest), *question) in {
        ("permit", "patient-consent"),
        ("deny", "uninterpretable-consent"),
    }


@bounded
@given(many(), flags)
def test_each_answer_is_the_same_alone_or_in_a_batch(given_: list[Any], restrictions: list[Any]) -> None:
    known = facts(*NAMESAKES, FAMILY, *given_, *restrictions)
    for answer in decide(known, Question(NOW), NOW):
        assert ask(known, answer.recipient, answer.scope) == answer


@bounded
@given(many(1), questions)
def test_a_permit_by_consent_rests_on_records_of_the_right_effect(given_: list[Any], question: tuple[str, str]) -> None:
    answer = ask(facts(*given_, FAMILY), *question)
    named = {f"Consent/{one['id']}/_history/1": one for one in given_}
    if answer.basis == "patient-consent":
        assert answer.based_on
        assert all(named[reference]["status"] == "active" for reference in answer.based_on)
        assert all("permit" in str(named[reference]["provision"]) for reference in answer.based_on)
    if answer.basis == "patient-refusal":
        assert all("deny" in str(named[reference]["provision"]) for reference in answer.based_on)


@bounded
@given(many(1), flags, questions)
def test_valid_until_is_exact(given_: list[Any], restrictions: list[Any], question: tuple[str, str]) -> None:
    known = facts(*NAMESAKES, FAMILY, *given_, *restrictions)
    answer = ask(known, *question)
    until = answer.valid_until
    times = [at(f"2026-{day}T{hour}") for day in ("03-05", "03-10", "04-30") for hour in ("00:00", "22:59:59", "23:00")]
    for when in times:
        if when > NOW and (until is None or when < until):
            assert ask(known, *question, when=when, now=NOW).basis == answer.basis
    if until is not None:
        assert ask(known, *question, when=until, now=NOW).basis != answer.basis


@bounded
@given(many(1), flags, questions)
def test_splitting_one_supporter_in_two_never_turns_deny_into_permit(
    given_: list[Any], restrictions: list[Any], question: tuple[str, str]
) -> None:
    """Tom is mum's second record: what was said about him was said about her, when they are one."""
    joined = [_as_mum(one) for one in given_]
    together = facts(*NAMESAKES[:2], FAMILY, *joined, *(_as_mum(one) for one in restrictions))
    apart = facts(*NAMESAKES, FAMILY, *given_, *restrictions)
    if told(together, MUM, question[1])[0] == "deny":
        assert told(apart, MUM, question[1])[0] == told(apart, TOM, question[1])[0] == "deny"


def _as_mum(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_mum(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_mum(part) for part in value]
    return MUM if value == TOM else value


BROKEN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(("", "x", "active", "permit", "deny", "2026", "\x00", "\u202e")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("coding", "system", "code", "reference", "start", "end", "type", "value", "period", "member", "url")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


def _paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for name, part in inner for path in _paths(part, (*here, name)))]


def _broken(value: Any, path: tuple[Any, ...], with_: Any) -> Any:
    if not path:
        return with_
    if isinstance(value, dict):
        return value | {path[0]: _broken(value[path[0]], path[1:], with_)}
    return [_broken(part, path[1:], with_) if index == path[0] else part for index, part in enumerate(value)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_is_raised_whatever_the_records_hold(data: st.DataObject) -> None:
    sound = [
        *NAMESAKES,
        FAMILY,
        *data.draw(many(1, 3)),
        *data.draw(flags),
        {"resourceType": "CarePlan", "id": "plan", "period": {"start": "2026"}},
    ]
    index = data.draw(st.integers(0, len(sound) - 1))
    paths = [path for path in _paths(sound[index]) if path and path[0] not in ("resourceType", "id")]
    sound[index] = _broken(sound[index], data.draw(st.sampled_from(paths)), data.draw(BROKEN))
    question = Question(NOW, resources=("CarePlan/plan",) if data.draw(st.booleans()) else ())
    assert decide(facts(*sound), question, NOW)
    assert decide(facts(*sound), Question(NOW, recipients=("CareTeam/family", "Patient/p1"), action="listen"), NOW)


@bounded
@given(many(), st.sampled_from(({}, {"type": "permit", "actor": []}, {"type": "deny", "period": {"end": "?"}}, None)))
def test_what_cannot_be_read_and_may_concern_anybody_never_permits(
    given_: list[Any], riddle: dict[str, Any] | None
) -> None:
    known = facts(*given_, FAMILY, consent("riddle", riddle))
    assert {one.decision for one in decide(known, Question(NOW), NOW)} == {"deny"}


def test_a_very_deep_consent_is_no_trouble() -> None:
    deep: dict[str, Any] = provision("permit", [MUM])
    for _ in range(400):
        deep = {"type": "permit", "provision": [deep]}
    assert ask(facts(consent("x", deep))).basis == "uninterpretable-consent"


def test_hostile_unicode_and_many_names_are_no_trouble() -> None:
    odd = person(MUM, name=[{"family": "\u202e\ud7ff" * 50, "given": ["İ" * 99]}, {"family": 5, "given": "x"}])
    assert ask(facts(record(odd), yes("y", [MUM]))).decision == "permit"


def test_every_scope_is_answered_in_the_order_of_the_list() -> None:
    answers = decide(facts(), Question(NOW, recipients=(MUM,)), NOW)
    assert tuple(one.scope for one in answers) == ALL_SCOPES
