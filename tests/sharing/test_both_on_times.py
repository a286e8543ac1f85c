"""Until when an answer lasts where many Consents of one kind begin and end; both evaluators agree."""

from typing import Any

import pytest

from tests.sharing.both import DECIDED, both
from tests.sharing.making import consent, facts, moment, provision, supporter

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
