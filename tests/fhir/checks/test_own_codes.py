"""Codes of the product's own systems that are none of theirs."""

from typing import Any

import pytest

from app.demo.codes import own
from app.fhir.vocabulary import contacts
from tests.fhir.rules import issues, where

PATIENT = {"reference": "Patient/1"}


def attempt(code: str, system: str = own("contact-outcome")) -> dict[str, Any]:
    return {
        "resourceType": "Communication",
        "status": "not-done",
        "subject": PATIENT,
        "statusReason": {"coding": [{"system": system, "code": code}]},
    }


@pytest.mark.parametrize("code", contacts.CONTACT_OUTCOME.codes)
def test_codes_of_the_list_are_accepted(code: str) -> None:
    assert where(attempt(code)) == []


@pytest.mark.parametrize("code", ["noanswer", "No-Answer", "ｎo-answer"])
def test_a_misspelt_code_is_refused_where_it_stands(code: str) -> None:
    (issue,) = issues(attempt(code))
    assert issue.expression == "Communication.statusReason.coding[0].code"
    assert issue.diagnostics.startswith("contact-outcome has the codes spoke, message-left")


def test_codes_of_other_systems_are_theirs_to_know() -> None:
    assert where(attempt("noanswer", "https://trust.example.org/outcomes")) == []


def test_four_outcomes_are_no_attempts() -> None:
    assert set(contacts.CONTACT_OUTCOME.codes) - contacts.ATTEMPTS == {
        "not-tried-patient-refused",
        "not-tried-safeguarding",
        "no-details",
        "nobody-identified",
    }
