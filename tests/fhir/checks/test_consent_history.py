import pytest

from app.fhir.checks.consent_history import a_renewed_decision_has_its_own_time as judge
from tests.fhir.rules import LOOSE, STRICT

DECIDED = "2026-03-02T10:00:00Z"


def _told(old: str, new: str, rules=STRICT) -> list[str]:
    ended, renewed = {"status": "inactive", "dateTime": old}, {"status": "active", "dateTime": new}
    return [issue.expression for issue in judge(ended, renewed, rules)]


@pytest.mark.parametrize("same", [DECIDED, "2026-03-02T11:00:00+01:00", "2026-03-02T05:00:00-05:00"])
def test_the_time_of_the_ended_decision_is_no_new_one_in_whatever_zone_it_is_written(same: str) -> None:
    assert _told(DECIDED, same) == ["Consent.dateTime"]


@pytest.mark.parametrize("later", ["2026-03-02T10:00:01Z", "2026-03-02T10:00:00+01:00", "2026-03-03", "2026"])
def test_another_time_is_a_new_decision(later: str) -> None:
    assert _told(DECIDED, later) == []


def test_a_service_that_takes_any_consent_takes_this_one() -> None:
    assert _told(DECIDED, DECIDED, LOOSE) == []
