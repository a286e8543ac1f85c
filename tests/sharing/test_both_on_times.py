"""Until when an answer lasts where many Consents of one kind begin and end; both evaluators agree."""

from typing import Any

import pytest

from app.sharing.facts import Record
from tests.sharing.both import DECIDED, both
from tests.sharing.making import consent, facts, moment, network, patient, provision, supporter
from tests.sharing.reference.vocabulary import url

Periods = tuple[tuple[str, str], ...]


def _period(start: str, end: str) -> dict[str, str]:
    return {name: text for name, text in (("start", start), ("end", end)) if text}


def _later(type_: str, *who: str) -> dict[str, Any]:
    return provision(type_, *who, period=_period("2026-08-01", ""))


@pytest.mark.parametrize(
    ("periods", "ends"),
    [
        ((("", "2026-06-30"), ("", "2026-09-30"), ("", "2026-08-31")), "2026-09-30T23:00:00Z"),
        ((("", "2026-06-30"), ("2026-06-15", "2026-09-30")), "2026-09-30T23:00:00Z"),
        ((("", "2026-06-30"), ("2026-07-02", "2026-09-30")), "2026-06-30T23:00:00Z"),
        ((("", "2026-06-30"), ("2026-06-15", "")), ""),
    ],
)
@pytest.mark.parametrize("type_", ["permit", "deny"])
def test_of_many_of_a_kind_an_answer_lasts_until_none_is_left(type_: str, periods: Periods, ends: str) -> None:
    known = [
        consent(f"c{number}", DECIDED, provision(type_, "a", period=_period(*period)))
        for number, period in enumerate(periods)
    ]
    answer = both(facts(supporter("a"), *known), "RelatedPerson/a")
    assert answer.valid_until == (moment(ends) if ends else None)


@pytest.mark.parametrize(
    ("type_", "other", "ends"),
    [
        ("permit", provision("deny", period=_period("2026-07-01", "")), "2026-06-30T23:00:00Z"),
        ("permit", provision("permit", "a", provision=[_later("deny")]), "2026-07-31T23:00:00Z"),
        ("deny", provision("deny", provision=[_later("permit", "a")]), "2026-07-31T23:00:00Z"),
        ("deny", provision("permit", "a", period=_period("2026-07-01", "")), "2026-06-30T23:00:00Z"),
    ],
)
def test_what_says_something_else_ends_an_answer_that_many_of_a_kind_give(type_: str, other: Any, ends: str) -> None:
    of_a_kind = [provision(type_, "a", period=_period("", month)) for month in ("2026-06", "2026-07")]
    kind = [consent(f"c{number}", DECIDED, root) for number, root in enumerate(of_a_kind)]
    known = facts(supporter("a"), *kind, consent("other", "2026-05-01T10:00:00Z", other))
    assert both(known, "RelatedPerson/a").valid_until == moment(ends)


def test_of_two_refusals_the_newer_one_ends_the_answer_though_the_older_one_lasts() -> None:
    known = facts(
        supporter("a"),
        consent("old", "2026-01-10T10:00:00Z", provision("deny", "a")),
        consent("yes", "2026-02-10T10:00:00Z", provision("permit", "a")),
        consent("new", DECIDED, provision("deny", "a", period=_period("", "2026-06-30"))),
    )
    answer = both(known, "RelatedPerson/a")
    assert (answer.basis, answer.valid_until) == ("patient-refusal", moment("2026-06-30T23:00:00Z"))


def test_the_answer_ends_with_the_one_yes_that_is_newer_than_what_was_once_refused_to_a_possible_double() -> None:
    known = facts(
        supporter("a", "Dunnock"),
        supporter("b", "DUNNOCK"),
        consent("old", "2026-02-10T10:00:00Z", provision("permit", "a")),
        consent("no", DECIDED, provision("deny", "b", period=_period("", "2026-04-30"))),
        consent("new", "2026-05-10T10:00:00Z", provision("permit", "a", period=_period("", "2026-06-30"))),
    )
    answer = both(known, "RelatedPerson/a")
    assert (answer.basis, answer.valid_until) == ("patient-consent", moment("2026-06-30T23:00:00Z"))


def test_a_childs_refusal_without_competence_ends_an_answer_that_rests_on_one_with_it() -> None:
    confirmed = [
        {"url": "by", "valueReference": {"reference": "Practitioner/dr"}},
        {"url": "date", "valueDateTime": "2026-01-01"},
    ]
    competent = [{"url": url("competence-confirmed"), "extension": confirmed}]
    known = facts(
        patient("2014-05-05"),
        supporter("a"),
        consent("lasts", DECIDED, provision("deny", "a"), extension=competent),
        consent("begins", DECIDED, provision("deny", "a", period=_period("2026-07-01", ""))),
    )
    answer = both(known, "RelatedPerson/a")
    assert (answer.basis, answer.valid_until) == ("patient-refusal", moment("2026-06-30T23:00:00Z"))


def test_what_a_team_may_be_told_ends_with_what_permits_one_of_its_people() -> None:
    known = facts(
        supporter("a"),
        network("t", "a", category="other"),
        consent("team", DECIDED, provision("permit", "CareTeam/t")),
        consent("person", DECIDED, provision("permit", "a", period=_period("", "2026-06-30"))),
    )
    answer = both(known, "CareTeam/t")
    assert (answer.basis, answer.valid_until) == ("patient-consent", moment("2026-06-30T23:00:00Z"))


@pytest.mark.parametrize(
    "first",
    [
        consent("c", DECIDED, None),
        consent("c", DECIDED, provision("permit", "a"), status="inactive"),
        consent("c", DECIDED, provision("permit", "a", provision=[provision("deny", scopes="medication")])),
        consent("c", DECIDED, provision("deny", "Organization/trust", period=_period("2026-07-01", ""))),
        consent("c", DECIDED, provision("deny", "a", period=_period("2026-07-01", ""))),
        consent("c", DECIDED, provision("permit", "a", period=_period("2026-07-01", "")), basis={"text": "odd"}),
    ],
)
@pytest.mark.parametrize("type_", ["permit", "deny"])
def test_what_is_not_of_the_kind_that_decided_is_looked_at_whenever_it_changes(type_: str, first: Record) -> None:
    rest = provision(type_, "a", period=_period("", "2026-09-30"))
    both(facts(supporter("a"), first, consent("rest", "2026-05-01T10:00:00Z", rest)), "RelatedPerson/a")
