"""Boundaries: starts, ends, days, months and the changes of British Summer Time; and until when an answer stands."""

from datetime import UTC, datetime, timedelta

import pytest

from app.sharing.times import instant, moment, period, span
from tests.sharing.engine.builders import MUM, TOM, ask, at, basis, facts, flag, no, person, provision, record, yes

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("2026-03-29", "2026-03-29T00:00:00", "2026-03-29T23:00:00"),
        ("2026-10-25", "2026-10-24T23:00:00", "2026-10-26T00:00:00"),
        ("2026-03", "2026-03-01T00:00:00", "2026-03-31T23:00:00"),
        ("2026-10", "2026-09-30T23:00:00", "2026-11-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
        ("2026-10-25T01:30:00+01:00", "2026-10-25T00:30:00", "2026-10-25T00:30:01"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25T01:30:00", "2026-10-25T01:30:01"),
    ],
)
def test_dates_are_intervals_in_london(written: str, low: str, high: str) -> None:
    found = span(written)
    assert found is not None
    assert (instant(found.low), instant(found.high)) == (at(low), at(high))


def test_an_instant_covers_its_whole_second() -> None:
    found = span("2026-03-03T12:00:00.250Z")
    assert found is not None
    assert (instant(found.low), instant(found.high)) == (at("2026-03-03T12:00:00.250"), at("2026-03-03T12:00:01"))


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-13", "2026-03-03T12:00:00", "soon", "", None, 5, "10000", "٢٠٢٦"]
)
def test_what_is_no_date_is_none(written: object) -> None:
    assert span(written) is None


def test_the_first_and_the_last_year_are_times_like_others() -> None:
    for text in ("0001", "9999", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00"):
        assert span(text) is not None
    for year in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)):
        assert instant(moment(year)) == year
        assert basis(facts(yes("y", [MUM])), when=year, now=datetime(2026, 3, 3, tzinfo=UTC)) in (
            "recipient-not-linked",
            "patient-consent",
        )


def test_a_period_that_ends_before_it_starts_cannot_be_read() -> None:
    assert period({"start": "2026-03-02", "end": "2026-03-01"}) is None
    assert period({"start": "2026-03-02", "end": "2026-03-02"}) is not None


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-03-29", "2026-03-29", "2026-03-29T00:00:00", "2026-03-29T22:59:59"),
        ("2026-10-25", "2026-10-25", "2026-10-24T23:00:00", "2026-10-25T23:59:59"),
        ("2026-03", "2026-03", "2026-03-01T00:00:00", "2026-03-31T22:59:59"),
        ("2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00"),
    ],
)
def test_a_permit_stands_from_its_first_second_to_its_last(start: str, end: str, first: str, last: str) -> None:
    known = facts(yes("y", [MUM], start=start, end=end))
    for when, permits in ((at(first) - SECOND, False), (at(first), True), (at(last), True), (at(last) + SECOND, False)):
        assert (basis(known, when=when, now=at("2026-02-02")) == "patient-consent") is permits, when
    assert ask(known, when=at(first), now=at("2026-02-02")).valid_until == at(last) + SECOND
    assert ask(known, when=at(first) - SECOND, now=at("2026-02-02")).valid_until == at(first)


def test_an_answer_that_nothing_known_changes_has_no_end() -> None:
    assert ask(facts(yes("y", [MUM]))).valid_until is None
    assert ask(facts(yes("y", [MUM], end="9999"))).valid_until is None


def test_an_answer_ends_with_whatever_comes_first() -> None:
    known = facts(
        yes("y", [MUM], end="2026-06-01"),
        person(MUM, period={"end": "2026-05-01"}),
        flag("f", "listen-only", MUM, start="2026-04-10T08:00:00Z"),
    )
    assert ask(known).valid_until == at("2026-04-10T08:00:00")


def test_changes_that_leave_decision_and_basis_alone_do_not_end_an_answer() -> None:
    known = facts(
        yes("y", [MUM], end="2026-04-01"), yes("z", [MUM], end="2026-05-01"), yes("t", [TOM], end="2026-03-10")
    )
    assert ask(known).valid_until == at("2026-05-01T23:00:00")


def test_a_deny_says_when_it_becomes_another() -> None:
    known = facts(no("n", [MUM], end="2026-04-01"), yes("y", [MUM], nested=[provision("deny", start="2026-05-01")]))
    assert ask(known).valid_until == at("2026-04-01T23:00:00")


def test_an_eighteenth_birthday_ends_the_protection_of_the_young() -> None:
    known = facts(person(MUM, birthDate="2008-07"), yes("y", [MUM], ["risk-to-self"]))
    assert ask(known, MUM, "risk-to-self").valid_until == at("2026-07-30T23:00:00")


def test_for_a_past_question_only_what_stood_then_is_judged_later() -> None:
    known = facts(yes("y", [MUM], end="2026-02-20"))
    asked = ask(known, when=at("2026-02-10"), now=at("2026-03-03"))
    assert (asked.decision, asked.valid_until) == ("permit", at("2026-02-21"))


def test_an_answer_ends_when_a_refusal_of_an_earlier_version_would_have_begun() -> None:
    # What is now a yes once refused from April on: then the older yes does not revive by the refusal's being replaced.
    refused = no("c", [MUM], start="2026-04-01", decided="2026-02-10T10:00:00Z")
    agreed = yes("c", [MUM], ["medication"], end="2026-03-20", decided="2026-02-12T10:00:00Z")
    changed = record(refused, (at("2026-02-12"), agreed))
    known = facts(yes("y", [MUM], decided="2026-02-01T10:00:00Z"), changed)
    april = ask(known, when=at("2026-04-02"), now=at("2026-04-02"))
    assert (ask(known).basis, april.basis) == ("patient-consent", "consent-expired")
    assert ask(known).valid_until == at("2026-03-31T23:00:00")
