"""The outcome of a contact and the status of its Communication say one thing."""

from typing import Any

import pytest

from app.fhir.checks.communication import outcome_and_status_agree
from app.fhir.own_codes import coding
from app.fhir.vocabulary.contact_status import STANDING
from app.fhir.vocabulary.contacts import CONTACT_OUTCOME
from tests.fhir.rules import STRICT


def communication(status: str, *outcomes: str) -> dict[str, Any]:
    reason = {"coding": [coding(CONTACT_OUTCOME, outcome) for outcome in outcomes]}
    return {"resourceType": "Communication", "status": status, "statusReason": reason}


def said(body: dict[str, Any]) -> list[str]:
    found = outcome_and_status_agree(body, STRICT)
    assert all(issue.severity == "warning" for issue in found)
    return [issue.expression for issue in found]


def test_each_outcome_has_a_status_of_its_own() -> None:
    assert set(STANDING) == set(CONTACT_OUTCOME.codes)


@pytest.mark.parametrize("outcome", CONTACT_OUTCOME.codes)
def test_the_status_of_an_outcome_is_accepted_and_the_others_are_warned_of(outcome: str) -> None:
    for status in ("completed", "not-done", "in-progress", "stopped", "on-hold"):
        warned = [] if status in STANDING[outcome].statuses else ["Communication.status"]
        assert said(communication(status, outcome)) == warned


def test_what_was_entered_in_error_or_has_no_outcome_is_left_alone() -> None:
    assert said(communication("entered-in-error", "spoke")) == []
    assert said({"resourceType": "Communication", "status": "completed"}) == []


def test_two_outcomes_are_one_too_many() -> None:
    assert said(communication("completed", "spoke", "no-answer")) == ["Communication.statusReason"]
