import json
from typing import Any

import pytest

from app.fhir.structure import MAX_ISSUES
from tests.fhir.rules import DATA, LOOSE, issues, where

CASES = DATA / "negative-validation-cases.ndjson"
EXTENDED = {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}
NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


def _patient(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", **members}


def test_each_public_negative_case_is_refused_where_it_says() -> None:
    if not CASES.exists():
        pytest.skip("the public test material is not beside the project")
    cases = [json.loads(line) for line in CASES.read_text().splitlines()]
    assert len(cases) == 20
    assert [case["n"] for case in cases if case["x"] not in where(case["r"], LOOSE)] == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"foo": 1}, "Patient.foo"),
        ({"_foo": {"id": "a"}}, "Patient._foo"),
        ({"foo bar\n": 1}, "Patient"),
        ({"x" * 65: 1}, "Patient"),
        ({"fhir_comments": ["x"]}, "Patient.fhir_comments"),
        ({"resource_type": "Patient"}, "Patient.resource_type"),
        ({"_name": [{"id": "a"}]}, "Patient._name"),
        ({"_id": {"id": "a"}}, "Patient._id"),
        ({"name": {"family": "x"}}, "Patient.name"),
        ({"name": []}, "Patient.name"),
        ({"name": None}, "Patient.name"),
        ({"name": [None]}, "Patient.name[0]"),
        ({"name": [{}]}, "Patient.name[0]"),
        ({"name": [{"id": "a"}]}, "Patient.name[0]"),
        ({"name": ["x"]}, "Patient.name[0]"),
        ({"name": [[{"family": "x"}]]}, "Patient.name[0]"),
        ({"name": [{"resourceType": "HumanName", "family": "x"}]}, "Patient.name[0].resourceType"),
        ({"birthDate": None}, "Patient.birthDate"),
        ({"birthDate": ["2020"]}, "Patient.birthDate"),
        ({"birthDate": ""}, "Patient.birthDate"),
        ({"birthDate": {"value": "2020"}}, "Patient.birthDate"),
        ({"_birthDate": None}, "Patient.birthDate"),
        ({"_birthDate": {}}, "Patient.birthDate"),
        ({"_birthDate": [{"id": "a"}]}, "Patient.birthDate"),
        ({"_birthDate": {"value": "2020"}}, "Patient.birthDate.value"),
        ({"name": [{"given": ["a", None]}]}, "Patient.name[0].given[1]"),
        ({"name": [{"given": ["a"], "_given": [None]}]}, "Patient.name[0].given"),
        ({"name": [{"given": [None], "_given": [{"id": "a"}]}]}, "Patient.name[0].given[0]"),
        ({"_birthDate": {"id": "a"}}, "Patient.birthDate"),
        ({"name": [{"given": ["a"], "_given": [{"id": "a"}, {"id": "b"}]}]}, "Patient.name[0].given"),
        ({"name": [{"given": ["a"], "_given": {"id": "a"}}]}, "Patient.name[0].given"),
        ({"name": [{"_given": [None, EXTENDED]}]}, "Patient.name[0].given[0]"),
        ({"active": "true"}, "Patient.active"),
        ({"gender": "zzz"}, "Patient.gender"),
        ({"gender": "Male"}, "Patient.gender"),
        ({"multipleBirthInteger": 1.5}, "Patient.multipleBirth"),
        ({"deceasedBoolean": True, "deceasedDateTime": "2020"}, "Patient.deceased"),
        ({"deceasedBoolean": True, "_deceasedDateTime": EXTENDED}, "Patient.deceased"),
        ({"deceasedString": "x"}, "Patient.deceasedString"),
        ({"id": "a_b"}, "Patient.id"),
        ({"communication": [{"preferred": True}]}, "Patient.communication[0].language"),
        ({"link": [{"other": {"reference": "Patient/1"}, "type": "same"}]}, "Patient.link[0].type"),
        ({"managingOrganization": {"reference": "Patient/1"}}, "Patient.managingOrganization"),
        ({"managingOrganization": {"type": "Patient"}}, "Patient.managingOrganization"),
        ({"managingOrganization": {"reference": "https://x.org/fhir/Patient/1"}}, "Patient.managingOrganization"),
        (
            {"managingOrganization": {"type": "Organization", "reference": "Group/1"}},
            "Patient.managingOrganization",
        ),
        (
            {"extension": [{"url": "a", "valueCodeableReference": {"reference": {}}}]},
            "Patient.extension[0].valueCodeableReference",
        ),
        ({"extension": [{"valueString": "x"}]}, "Patient.extension[0].url"),
        ({"text": {"status": "generated"}}, "Patient.text.div"),
        ({"contained": [{"id": "a"}]}, "Patient.contained[0].resourceType"),
        ({"contained": [{"resourceType": "Nonsense"}]}, "Patient.contained[0].resourceType"),
        ({"contained": [{"resourceType": "Citation"}]}, "Patient.contained[0].resourceType"),
        ({"contained": [{"resourceType": ["Patient"]}]}, "Patient.contained[0].resourceType"),
        (
            {"contained": [{"resourceType": "Group", "type": "person", "actual": True, "foo": 1}]},
            "Patient.contained[0].foo",
        ),
        ({"contained": [{"resourceType": "Evidence", "id": "a", "x": [None, {"y": ""}]}]}, "Patient.contained[0].x[1]"),
        ({"identifier": [{"system": NUMBER, "value": "9990000019"}]}, "Patient.identifier[0].value"),
        ({"identifier": [{"system": NUMBER, "value": "999 000 0018"}]}, "Patient.identifier[0].value"),
    ],
)
def test_a_fault_is_reported_where_it_is(members: dict[str, Any], expected: str) -> None:
    assert set(where(_patient(**members))) == {expected}


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"birthDate": "2020", "_birthDate": {"extension": [{"url": "a", "valueString": "x"}]}},
        {"_birthDate": {"extension": [{"url": "a", "_valueString": {"extension": [{"url": "b", "valueCode": "x"}]}}]}},
        {"name": [{"given": ["a", None], "_given": [None, EXTENDED]}]},
        {"name": [{"given": ["a", "b"], "_given": [{"id": "a"}, EXTENDED]}]},
        {"name": [{"_given": [EXTENDED]}]},
        {"birthDate": "2020", "_birthDate": {"id": "b"}},
        {"_gender": {"extension": [{"url": "a", "valueCode": "unknown"}]}},
        {"extension": [{"url": "urn:unknown", "extension": [{"url": "deep", "valueMeta": {"tag": [{"code": "x"}]}}]}]},
        {"managingOrganization": {"display": "a team"}},
        {"managingOrganization": {"reference": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}},
        {"managingOrganization": {"reference": "https://example.org/organisations/1"}},
        {"managingOrganization": {"type": "http://example.org/logical", "identifier": {"value": "1"}}},
        {"identifier": [{"system": NUMBER, "value": "9990000018"}]},
        {"identifier": [{"system": NUMBER}]},
        {"identifier": [{"system": NUMBER, "_value": {"extension": [{"url": "a", "valueCode": "masked"}]}}]},
        {
            "contained": [{"resourceType": "Evidence", "id": "a", "anything": [{"goes": 1}]}],
            "extension": [{"url": "urn:x", "valueReference": {"reference": "#a"}}],
        },
    ],
)
def test_what_r4_allows_is_accepted(members: dict[str, Any]) -> None:
    assert where(_patient(**members)) == []


def test_a_contained_resource_of_another_type_is_checked_by_its_table() -> None:
    contained = {"resourceType": "Observation", "id": "o", "status": "preliminary", "code": {"text": "x"}}
    reference = {"url": "urn:x", "valueReference": {"reference": "#o"}}
    assert where(_patient(contained=[contained], extension=[reference])) == []
    assert where(_patient(contained=[{**contained, "status": None}], extension=[reference])) == [
        "Patient.contained[0].status"
    ]


def test_a_required_primitive_may_have_extensions_alone() -> None:
    plan = {"resourceType": "CarePlan", "intent": "plan", "subject": {"reference": "Patient/1"}}
    absent = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "x"}]}
    assert where(plan) == ["CarePlan.status"]
    assert where({**plan, "_status": absent}) == []


@pytest.mark.parametrize(
    ("asking", "missing"),
    [
        ({"resourceType": "Parameters", "parameter": [{"_name": EXTENDED}]}, "Parameters.parameter[0].name"),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": [{"_name": EXTENDED}]}]},
            "Parameters.parameter[0].part[0].name",
        ),
        (
            {
                "resourceType": "Bundle",
                "type": "batch",
                "entry": [{"request": {"_method": EXTENDED, "_url": EXTENDED}}],
            },
            "Bundle.entry[0].request.method",
        ),
    ],
)
def test_what_asks_for_something_says_what(asking: dict[str, Any], missing: str) -> None:
    assert missing in where(asking, LOOSE)


def test_all_faults_are_reported_at_once() -> None:
    resource = _patient(active="yes", foo=1, name=[{}], gender="x", contact=[{"gender": "x"}], birthDate="")
    assert set(where(resource)) == {
        "Patient.active",
        "Patient.foo",
        "Patient.name[0]",
        "Patient.gender",
        "Patient.contact[0].gender",
        "Patient.contact[0]",
        "Patient.birthDate",
    }


def test_of_very_many_faults_the_first_are_reported() -> None:
    said = issues(_patient(name=[0] * 100_000))
    assert len(said) == MAX_ISSUES + 1
    assert "only the first" in said[-1].diagnostics


def test_of_very_many_broken_invariants_the_first_are_reported() -> None:
    assert len(issues(_patient(telecom=[{"value": "1"}] * 10_000))) == MAX_ISSUES + 1


def test_each_kind_of_fault_has_its_code() -> None:
    resource = _patient(id="a_b", foo=1, name=[{}], gender="x", communication=[{"preferred": True}], photo={})
    assert {(issue.expression, issue.code, issue.spine) for issue in issues(resource)} == {
        ("Patient.id", "value", "INVALID_RESOURCE_ID"),
        ("Patient.foo", "structure", "ADDITIONAL_PROPERTIES"),
        ("Patient.name[0]", "invariant", "VALIDATION_ERROR"),
        ("Patient.gender", "value", "INVALID_VALUE"),
        ("Patient.communication[0].language", "required", "MISSING_VALUE"),
        ("Patient.photo", "structure", "INVALID_VALUE"),
    }


def test_an_nhs_number_is_checked_in_logical_references_too() -> None:
    person = {"resourceType": "RelatedPerson", "patient": {"identifier": {"system": NUMBER, "value": "9990000019"}}}
    assert where(person) == ["RelatedPerson.patient.identifier.value"]
    assert where(person, LOOSE) == []


def test_without_the_check_digit_rule_an_nhs_number_is_still_ten_digits() -> None:
    assert where(_patient(identifier=[{"system": NUMBER, "value": "999000001"}]), LOOSE) == [
        "Patient.identifier[0].value"
    ]
