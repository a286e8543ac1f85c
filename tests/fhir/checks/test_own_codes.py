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


def test_a_misspelt_system_of_ours_is_refused_where_it_stands() -> None:
    (issue,) = issues(attempt("no-answer", own("contact-outcomes")))
    assert issue.expression == "Communication.statusReason.coding[0].system"
    assert "no code system" in issue.diagnostics


def test_a_circle_of_a_misspelt_category_is_refused() -> None:
    category = {"coding": [{"system": own("care-team-category"), "code": "suport-network"}]}
    team = {"resourceType": "CareTeam", "status": "active", "subject": PATIENT, "category": [category]}
    assert where(team) == ["CareTeam.category[0].coding[0].code"]


def test_codes_of_other_systems_are_theirs_to_know() -> None:
    assert where(attempt("noanswer", "https://trust.example.org/outcomes")) == []


def test_four_outcomes_are_no_attempts() -> None:
    assert set(contacts.CONTACT_OUTCOME.codes) - contacts.ATTEMPTS == {
        "not-tried-patient-refused",
        "not-tried-safeguarding",
        "no-details",
        "nobody-identified",
    }


MISSPELT = {"coding": [{"system": own("carer-role"), "code": "mother"}]}
SUPPORTER = {"resourceType": "RelatedPerson", "patient": PATIENT, "relationship": [MISSPELT]}
PERMIT = {
    "resourceType": "Consent",
    "status": "draft",
    "scope": {"text": "privacy"},
    "category": [{"text": "privacy"}],
    "patient": PATIENT,
    "policyRule": {"text": "opt in"},
    "provision": {"type": "permit", "code": [{"coding": [{"system": own("sharing-scope"), "code": "meds"}]}]},
}


@pytest.mark.parametrize(
    ("resource", "at"),
    [
        (SUPPORTER, "RelatedPerson.relationship[0].coding[0].code"),
        (PERMIT, "Consent.provision.code[0].coding[0].code"),
    ],
    ids=["a role", "a scope of a permit"],
)
def test_a_code_that_counts_for_nothing_is_stored_and_said(resource: dict[str, Any], at: str) -> None:
    assert [(issue.expression, issue.severity) for issue in issues(resource)] == [(at, "warning")]
