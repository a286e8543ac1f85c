from typing import Any

import pytest

from app.fhir.references import Target, named_type, references, target
from tests.fhir.rules import LOOSE, where

BASES = ("http://127.0.0.1:8000/FHIR/R4", "https://kith.example.org/FHIR/R4/")
PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9990000018"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Patient/1", Target("Patient", "1")),
        ("Patient/1/_history/2", Target("Patient", "1", "2")),
        ("http://127.0.0.1:8000/FHIR/R4/Patient/a-b.c", Target("Patient", "a-b.c")),
        ("https://kith.example.org/FHIR/R4/Consent/7/_history/1", Target("Consent", "7", "1")),
        ("Observation/1", Target("Observation", "1")),
        (PDS, Target("Patient", "9990000018")),
        (PDS.replace("https://", "https://sandbox."), Target("Patient", "9990000018")),
        (PDS.replace("https://", "https://int."), Target("Patient", "9990000018")),
        (PDS.replace("https://", "https://dev.") + "/_history/3", Target("Patient", "9990000018", "3")),
    ],
)
def test_a_literal_reference_names_its_target(reference: str, expected: Target) -> None:
    assert target(reference, BASES) == expected


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "Patient",
        "Patient/",
        "Patient/1/",
        "/Patient/1",
        "patient/1",
        "Nonsense/1",
        "Patient/1?x=1",
        "Patient/1\n",
        "#p",
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "https://elsewhere.example.org/FHIR/R4/Patient/1",
        "http://127.0.0.1:8000/FHIR/R4Patient/1",
        "http://127.0.0.1:8000/FHIR/R4/https://kith.example.org/FHIR/R4/Patient/1",
        PDS[:-1],
        PDS.replace("https", "http"),
        PDS.replace("api.service", "evil.example.org/api.service"),
        PDS.replace("api.service.nhs.uk", "api.service.nhs.uk.example.org"),
        PDS.replace("Patient", "RelatedPerson"),
    ],
)
def test_any_other_reference_is_not_ours_to_resolve(reference: str) -> None:
    assert target(reference, BASES) is None


@pytest.mark.parametrize(
    "reference",
    ["Patient", "Patient/", "Patient/1/", "/Patient/1", "./Patient/1", "patient/1", "Nonsense/1", "Patient/a_b",
     "Patient/1/_history", "Patient/1#p", "Patient/%31", "Patient/ 1", "Patient?identifier=1", "Bob", "http:"],
)  # fmt: skip
def test_what_is_neither_type_and_id_nor_an_address_is_refused_where_it_stands(reference: str) -> None:
    supporter = {"resourceType": "RelatedPerson", "patient": {"reference": reference}}
    assert where(supporter, LOOSE) == ["RelatedPerson.patient.reference"]


@pytest.mark.parametrize(
    "reference",
    ["Patient/1", "Patient/1/_history/2", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "urn:oid:1.2.3", PDS,
     "https://elsewhere.example.org/FHIR/R4/Patient/1", "http://elsewhere.example.org/who?id=1"],
)  # fmt: skip
def test_a_type_and_id_or_any_address_is_accepted(reference: str) -> None:
    assert where({"resourceType": "RelatedPerson", "patient": {"reference": reference}}, LOOSE) == []


def test_without_bases_only_relative_references_are_ours() -> None:
    assert target("Patient/1", ("",)) == Target("Patient", "1")
    assert target("http://127.0.0.1:8000/FHIR/R4/Patient/1", ()) is None


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Patient/1", "Patient"),
        ("Patient/1/_history/2", "Patient"),
        ("https://example.org/fhir/Patient/1#part", "Patient"),
        ("https://example.org/Patient/1/_history/3", "Patient"),
        ("https://example.org/patients/1", ""),
        ("nonsense/Patient/1", ""),
        ("Patient/", ""),
        ("Patient", ""),
        ("#Patient/1", ""),
        ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", ""),
        ("", ""),
    ],
)
def test_a_literal_reference_may_say_what_type_it_points_to(reference: str, expected: str) -> None:
    assert named_type(reference) == expected


def test_references_are_found_wherever_they_are() -> None:
    resource: dict[str, Any] = {
        "resourceType": "Consent",
        "contained": [{"resourceType": "Patient", "id": "p", "generalPractitioner": [{"reference": "Practitioner/1"}]}],
        "extension": [{"url": "a", "extension": [{"url": "b", "valueReference": {"reference": "Group/1"}}]}],
        "patient": {"type": "Patient", "identifier": {"value": "1", "assigner": {"display": "x"}}},
        "_dateTime": {"extension": [{"url": "c", "valueReference": {"reference": "Task/1"}}]},
        "sourceReference": {"reference": "Consent/1"},
        "provision": {"provision": [{"actor": [{"role": {}, "reference": {"reference": "RelatedPerson/1"}}]}]},
        "performer": [{"reference": "#p"}, {"display": "somebody"}],
    }
    assert [found.expression for found in references(resource)] == [
        "Consent.contained[0].generalPractitioner[0].reference",
        "Consent.extension[0].extension[0].value.reference",
        "Consent.patient",
        "Consent.patient.identifier.assigner",
        "Consent.dateTime.extension[0].value.reference",
        "Consent.source.reference",
        "Consent.provision.provision[0].actor[0].reference.reference",
        "Consent.performer[0].reference",
        "Consent.performer[1]",
    ]


def test_an_identifier_and_an_element_named_reference_are_no_references() -> None:
    resource = {"resourceType": "CarePlan", "activity": [{"reference": {"reference": "Task/1"}}]}
    assert [found.expression for found in references(resource)] == ["CarePlan.activity[0].reference.reference"]
