"""A patient who is named by nothing that is known here: decisions and restrictions are refused, the rest is told."""

import pytest

from app.fhir.nhs_number import SYSTEM
from tests.fhir.checks.decisions import MUM, PATIENT, Members, consent, provision
from tests.fhir.checks.test_flag import lacking, restriction
from tests.fhir.rules import LOOSE, issues, where

NOWHERE = [
    {"identifier": {"system": "https://fhir.nhs.uk/nhs-number", "value": "9990000018"}},
    {"identifier": {"system": SYSTEM.replace("https", "http"), "value": "9990000018"}},
    {"identifier": {"value": "9990000018"}},
    {"identifier": {"system": "https://trust.example.org/mrn", "value": "77"}, "type": "Patient"},
    {"display": "Ann Example"},
    {"reference": "#ann"},
]
SOMEWHERE = [
    PATIENT,
    {"identifier": {"system": SYSTEM, "value": "9990000018"}},
    {"reference": "Patient/9990000018"},
    {"reference": "https://ehr.example.org/fhir/Patient/1"},
    {"reference": "urn:uuid:0f8e1c4a-58a5-4c0e-9d0b-7d1f0f6a2b31"},
    {"reference": "#ann", "identifier": {"system": SYSTEM, "value": "9990000018"}},
]
ANN = {"resourceType": "Patient", "id": "ann", "name": [{"family": "Example"}]}


def with_ann(resource: Members) -> Members:
    named = resource.get("patient") or resource["subject"]
    return resource | {"contained": [ANN]} if named.get("reference") == "#ann" else resource


def warned(resource: Members) -> list[str]:
    return [issue.expression for issue in issues(resource) if issue.severity == "warning"]


@pytest.mark.parametrize("patient", NOWHERE)
def test_a_decision_about_nobody_is_refused(patient: Members) -> None:
    permit, refusal = consent("OPTIN", patient=patient), consent("OPTIN", patient=patient, provision=provision("deny"))
    for resource in map(with_ann, (permit, refusal)):
        assert where(resource) == ["Consent.patient"]
        assert "Name the patient by NHS number" in issues(resource)[0].diagnostics
        assert where(resource, LOOSE) == []


@pytest.mark.parametrize("patient", NOWHERE)
def test_a_restriction_of_nobody_is_refused_and_so_is_capacity(patient: Members) -> None:
    assert where(with_ann(restriction(subject=patient))) == ["Flag.subject"]
    assert where(with_ann(lacking(subject=patient))) == ["Flag.subject"]


@pytest.mark.parametrize("patient", NOWHERE)
def test_what_is_in_nobodys_record_is_stored_and_told(patient: Members) -> None:
    draft = consent("OPTIN", patient=patient, status="draft")
    supporter = {"resourceType": "RelatedPerson", "patient": patient}
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": patient}
    for resource, path in (
        (draft, "Consent.patient"),
        (supporter, "RelatedPerson.patient"),
        (plan, "CarePlan.subject"),
    ):
        assert where(with_ann(resource)) == []
        assert path in warned(with_ann(resource))


@pytest.mark.parametrize("patient", SOMEWHERE)
def test_nothing_is_said_where_the_name_leads_somewhere(patient: Members) -> None:
    for resource in (consent("OPTIN", patient=patient), restriction(subject=patient)):
        assert where(with_ann(resource)) == []
    assert warned(with_ann({"resourceType": "RelatedPerson", "patient": patient})) == []


def test_what_is_of_no_patient_is_left_alone() -> None:
    group = {"type": "Group", "identifier": {"value": "night shift"}}
    assert warned({"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": group}) == []
    assert warned({"resourceType": "CareTeam", "participant": [{"member": MUM}]}) == []
