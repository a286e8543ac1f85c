"""The level of each type, and what labels and names make of it: the databases' policies compare nothing else."""

import pytest

from app.fhir.labels import level
from app.fhir.levels import CONFIDENTIAL, OPEN, PATIENT, STAFF
from app.fhir.resources import BY_TYPE, DEFINITIONS

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
# docs/organisations.md; whatever is not named here is for staff.
FOR_A_CARER = (
    "Patient",
    "CarePlan",
    "Appointment",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Questionnaire",
)
FOR_THE_PATIENT = ("CareTeam", "Goal", "Consent")
SUPPORTER = {"reference": "RelatedPerson/x"}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.type)
def test_a_type_is_for_whom_the_page_says_and_labels_keep_it_from_ordinary_staff(definition):
    type_ = definition.type
    resource = {"resourceType": type_}
    expected = OPEN if type_ in FOR_A_CARER else PATIENT if type_ in FOR_THE_PATIENT else STAFF
    assert level(resource, definition) == expected
    for system, code in (
        (CONFIDENTIALITY, "R"),
        (CONFIDENTIALITY, "V"),
        (CONFIDENTIALITY.replace("http:", "https:"), "V"),
        ("https://fhir.kith.example/CodeSystem/sharing-label", "given-in-confidence"),
    ):
        labelled = resource | {"meta": {"security": [{"system": system, "code": code}]}}
        assert level(labelled, definition) == CONFIDENTIAL
    contact = {"resourceType": "Patient", "id": "x", "contact": [{"name": {"family": "Ann"}}]}
    for contained in ({"resourceType": "RelatedPerson", "id": "x"}, {"resourceType": "Person", "id": "x"}, contact):
        assert level(resource | {"contained": [contained]}, definition) == STAFF


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "CarePlan", "author": {"reference": "Practitioner/x", "display": "Dr Osei"}}, OPEN),
        ({"resourceType": "CarePlan", "author": {"display": "Ann, his sister"}}, PATIENT),
        ({"resourceType": "CarePlan", "goal": [{"display": "To go out with Ann"}]}, OPEN),
        ({"resourceType": "CarePlan", "supportingInfo": [{"display": "Told by Ann"}]}, PATIENT),
        ({"resourceType": "CarePlan", "contributor": [{"reference": "urn:uuid:x"}]}, PATIENT),
        ({"resourceType": "Appointment", "participant": [{"actor": {"display": "Ann"}}]}, PATIENT),
        ({"resourceType": "Patient", "link": [{"other": SUPPORTER, "type": "seealso"}]}, PATIENT),
        ({"resourceType": "Organization", "extension": [{"url": "urn:x", "valueReference": SUPPORTER}]}, PATIENT),
        ({"resourceType": "CareTeam", "participant": [{"member": {"display": "Ann"}}]}, PATIENT),
    ],
)
def test_what_names_a_supporter_or_may_do_so_is_not_for_a_carer(resource, expected):
    assert level(resource, BY_TYPE[resource["resourceType"]]) == expected
