"""What is kept of a patient's figures, and until when it is so."""

from datetime import UTC, datetime, timedelta

import pytest

from app.involvement.indicators import figures
from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.evaluate import choose, tell
from app.involvement.indicators.tally import Tally
from app.sharing.times import ALWAYS, instant
from tests.involvement.charting import chart, consent, contact, episode, meeting, own, part, person, plan

END = datetime(9999, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def kept(*resources, now):
    """What is kept of these records, and until when."""
    of = chart(*resources, now=now)
    told = tell(of, INDICATORS)
    return figures.read(figures.written(told)), instant(of.clock.until) or END


def counts(told, id_):
    tally = Tally()
    for found in choose(told, [id_], ALWAYS):
        tally.add(found)
    return tally


def test_all_that_is_counted_is_kept():
    everything = [episode(), person(), consent(), contact(), contact(sent="", id_="d"), meeting(), plan(part())]
    everything += [episode(start="", id="untimed")]
    told = tell(chart(*everything), INDICATORS)
    again = figures.read(figures.written(told))
    for id_ in INDICATORS:
        assert counts(again, id_) == counts(told, id_)
        assert counts(again, id_).counted or counts(again, id_).unreadable, id_


def test_no_name_of_a_record_and_no_words_of_a_plan_are_kept():
    written = figures.written(tell(chart(episode(), person(), consent(), plan(part())), INDICATORS))
    for kept_out in (
        b"RelatedPerson",
        b"EpisodeOfCare",
        b"CarePlan",
        b"Consent",
        part()["detail"]["description"].encode(),
    ):
        assert kept_out not in written


def test_what_is_due_later_is_kept_until_it_is_due():
    """A carer has four working days for the copy of a plan, and the review of a Consent is due one day: each until."""
    review = own("consent-next-review", valueDateTime="2026-03-20T09:00:00Z")
    of = [
        episode(end="2026-03-03T11:00:00Z"),
        person(),
        consent("care-plan", extension=[review]),
        plan(created="2026-03-02"),
    ]
    now, found = at("2026-03-04T09:00:00Z"), []
    while now < at("2027-01-01T00:00:00Z"):
        told, until = kept(*of, now=now)
        last, _ = kept(*of, now=min(until, at("2027-01-01T00:00:00Z")) - MICROSECOND)
        assert all(counts(last, id_) == counts(told, id_) for id_ in INDICATORS)
        [copy], [asked] = counts(told, "C12b").kinds, counts(told, "NICE-ASK").kinds
        found.append((copy.adjusted_reason or copy.adjusted, dict(asked.strata)["review"]))
        now = until
    assert list(dict.fromkeys(found)) == [
        ("not-yet-due", "no-review-overdue"), ("not-met", "no-review-overdue"), ("not-met", "review-overdue")
    ]  # fmt: skip


@pytest.mark.parametrize("more", [[], [meeting(start="2026-03-19T09:00:00Z")]])
def test_of_an_episode_that_goes_on_nothing_is_kept(more):
    now = at("2026-03-10T10:00:00Z")
    for end in ("", "2026-03-20T10:00:00Z"):
        assert kept(episode(end=end), person(), *more, now=now)[1] == now
