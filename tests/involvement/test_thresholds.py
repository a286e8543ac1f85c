"""Thresholds are a service's own, with where they are from; Kith has none."""

import pytest

from app.config import Settings
from app.fhir.vocabulary.measures import MEASURES
from app.involvement.indicators.case import Case
from app.involvement.indicators.evaluate import Found
from app.involvement.indicators.report import Heading, measure_report
from app.involvement.indicators.tally import Tally
from app.involvement.thresholds import RATES, Thresholds, thresholds

AGREED = "KS-13b=0.75 KS-13a=1; local audit lead, 2026"


def test_there_is_none_unless_somebody_sets_it() -> None:
    assert thresholds(Settings().thresholds) == Thresholds()


def test_every_indicator_that_is_a_rate_may_have_one() -> None:
    assert {words.id for words in MEASURES if words.numerator} == RATES


def test_a_share_comes_with_where_it_is_from() -> None:
    assert thresholds(AGREED) == Thresholds({"KS-13b": 0.75, "KS-13a": 1.0}, "local audit lead, 2026")


@pytest.mark.parametrize(
    "text",
    [
        *("KS-13b=0.9", "KS-13b=0.9;", "; me", "KS-13e=0.5; me", "HOULT=0.5; me", "KS-13b=90; me", "KS-13b=nan; me"),
        "KS-13b=0.9 KS-13b=0.8; me",
    ],
)
def test_what_cannot_be_read_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="KITH_THRESHOLDS"):
        Settings(thresholds=text)


def groups(met: int, missed: int, **more: object) -> list[dict[str, object]]:
    tally = Tally()
    for number in range(met + missed):
        case = Case(f"e{number}", f"e{number}", met=number < met, met_adjusted=number < met)
        tally.add(Found("KS-13b", (case,), ()))
    heading = Heading("population", "2026-01-01", "2026-12-31", "2026-12-31T00:00:00Z", "1", **more)
    found: list[dict[str, object]] = measure_report("KS-13b", tally, heading)["group"]
    return found


def parts(group: dict[str, object]) -> dict[str, object]:
    [found] = group["extension"]
    assert found["url"].endswith("/StructureDefinition/threshold")
    return {part["url"]: next(value for key, value in part.items() if key != "url") for part in found["extension"]}


def test_a_report_tells_whether_it_is_reached_and_says_nothing_without_one() -> None:
    assert all("extension" not in group for group in groups(15, 5))
    agreed = thresholds(AGREED)
    for met, missed, reached in ((15, 5, True), (29, 10, False)):
        told = [parts(group) for group in groups(met, missed, thresholds=agreed)]
        assert told == [{"share": 0.75, "source": "local audit lead, 2026", "reached": reached}] * 2


def test_a_hidden_score_is_not_told_by_it() -> None:
    assert "reached" not in parts(groups(2, 1, thresholds=thresholds(AGREED))[0])
