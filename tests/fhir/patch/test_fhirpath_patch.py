"""FHIRPath Patch: https://hl7.org/fhir/R4/fhirpatch.html"""

import copy
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from lxml import etree  # type: ignore[import-untyped]  # no types are published with it

from app.fhir import json
from app.fhir.errors import BadRequest, Invalid
from app.fhir.patch import MOST_OPERATIONS
from app.fhir.patch.fhirpath_patch import read_fhirpath_patch
from tests.fhir.rules import DATA

CASES = DATA / "fhirpath-patch" / "fhir-patch-tests.xml"


def _json(element: Any) -> Any:
    name = etree.QName(element).localname
    model = get_fhir_model_class(name).model_validate_xml(etree.tostring(element))
    value = json.loads(model.model_dump_json(exclude_comments=True).encode())
    if "text" in value:  # the reader of XML keeps what stands between </div> and </text>
        value["text"]["div"] = value["text"]["div"].strip()
    return value


def public_cases() -> list[Any]:
    if not CASES.exists():
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason="../shared/data is not here"))]
    return [pytest.param(case, id=case.get("name")) for case in etree.parse(CASES).getroot().iterfind("case")]


@pytest.mark.parametrize("case", public_cases())
def test_public_cases(case):
    resource, parameters = _json(case.find("input")[0]), _json(case.find("diff")[0])
    patch = read_fhirpath_patch(parameters)
    if case.find("error") is not None:
        with pytest.raises(Invalid, match="nothing here"):
            patch(resource)
    else:
        assert patch(resource) == _json(case.find("output")[0])


def test_all_public_cases_are_here():
    if CASES.exists():
        assert len(public_cases()) == 33


def operation(type_: str, path: str, **parts: Any) -> dict[str, Any]:
    """A Parameters.parameter: plain values become value[x], dictionaries stand as they are."""

    def part(name: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return {"name": name, **value}
        kind = "valueInteger" if isinstance(value, int) else "valueString"
        return {"name": name, kind: value}

    said = {"type": {"valueCode": type_}, "path": path, **parts}
    return {"name": "operation", "part": [part(name, value) for name, value in said.items()]}


def patched(resource: dict[str, Any], *operations: dict[str, Any]) -> Any:
    parameters = {"resourceType": "Parameters", "parameter": list(operations)}
    return read_fhirpath_patch(json.loads(json.dumps(parameters)))(copy.deepcopy(resource))


def refusal(resource: dict[str, Any], *operations: dict[str, Any]) -> Any:
    with pytest.raises((Invalid, BadRequest)) as caught:
        patched(resource, *operations)
    return caught.value.issues[0]


PATIENT = {
    "resourceType": "Patient",
    "id": "example",
    "extension": [{"url": "https://example.org/a", "valueString": "old"}],
    "name": [{"use": "official", "family": "First", "given": ["A", "B"]}, {"use": "usual", "given": ["C"]}],
    "birthDate": "1980-01-01",
    "_birthDate": {"extension": [{"url": "https://example.org/time", "valueDateTime": "1980-01-01T10:00:00Z"}]},
    "deceasedBoolean": False,
    "contact": [{"gender": "female"}, {"gender": "male", "telecom": [{"value": "1"}, {"value": "2"}]}],
}


def test_a_choice_is_named_without_its_type():
    assert patched(
        {"resourceType": "Patient"}, operation("add", "Patient", name="deceased", value={"valueBoolean": True})
    ) == {
        "resourceType": "Patient",
        "deceasedBoolean": True,
    }


def test_replacing_a_choice_may_change_its_type():
    changed = patched(PATIENT, operation("replace", "Patient.deceased", value={"valueDateTime": "2026-01-01"}))
    assert changed["deceasedDateTime"] == "2026-01-01"
    assert "deceasedBoolean" not in changed


def test_a_choice_that_has_a_value_is_not_added_to():
    said = refusal(PATIENT, operation("add", "Patient", name="deceased", value={"valueDateTime": "2026-01-01"}))
    assert "is there already" in said.diagnostics


def test_a_choice_cannot_be_of_a_type_it_does_not_have():
    assert (
        "cannot be a"
        in refusal({"resourceType": "Patient"}, operation("add", "Patient", name="deceased", value="dead")).diagnostics
    )


@pytest.mark.parametrize(
    "path",
    [
        "Patient.name.where(use = 'official').family",
        "Patient.name[0].family",
        "name.first().family",
        "Patient.name.where(use = 'official' and given.exists()).family",
        "Patient.name.where(use != 'usual').single().family",
        "Patient.name.where((use = 'usual' or family = 'First') and family.exists()).family",
        "Patient.name.where(given = 'C' or given.first() = 'A').family",
        "Patient.name.where(period.empty() and family.exists()).family",
        "%resource.name.where($this.family = 'First').family",
    ],
)
def test_paths_that_lead_to_the_family_name(path):
    changed = patched(PATIENT, operation("replace", path, value="Changed"))
    assert changed["name"][0]["family"] == "Changed"
    assert changed["name"][1] == PATIENT["name"][1]


def test_extensions_are_found_by_their_url():
    changed = patched(PATIENT, operation("replace", "Patient.extension('https://example.org/a').value", value="new"))
    assert changed["extension"][0] == {"url": "https://example.org/a", "valueString": "new"}


def test_an_extension_of_a_primitive_can_be_reached():
    changed = patched(PATIENT, operation("delete", "Patient.birthDate.extension('https://example.org/time')"))
    assert changed["birthDate"] == "1980-01-01"
    assert "_birthDate" not in changed


def test_an_extension_can_be_added_to_a_primitive_that_has_some():
    value = {"part": [{"name": "url", "valueUri": "https://example.org/b"}, {"name": "value", "valueCode": "x"}]}
    changed = patched(PATIENT, operation("add", "Patient.birthDate", name="extension", value=value))
    assert changed["_birthDate"]["extension"][1] == {"url": "https://example.org/b", "valueCode": "x"}


def test_deleting_a_primitive_takes_its_extensions_along():
    changed = patched(PATIENT, operation("delete", "Patient.birthDate"))
    assert not {"birthDate", "_birthDate"} & changed.keys()


def test_a_primitive_with_extensions_moves_as_one():
    resource = {"resourceType": "Patient", "name": [{"given": ["A", "B", "C"], "_given": [None, {"id": "b"}, None]}]}
    changed = patched(resource, operation("move", "Patient.name[0].given", source=1, destination=0))
    assert changed["name"][0] == {"given": ["B", "A", "C"], "_given": [{"id": "b"}, None, None]}


def test_a_list_may_begin_with_an_insert():
    changed = patched(
        {"resourceType": "Patient"},
        operation("insert", "Patient.name", index=0, value={"valueHumanName": {"text": "X"}}),
    )
    assert changed["name"] == [{"text": "X"}]


def test_what_is_not_there_needs_no_deleting():
    assert patched(PATIENT, operation("delete", "Patient.maritalStatus")) == PATIENT


def test_contained_resources_are_added_and_reached():
    value = {"resource": {"resourceType": "Practitioner", "id": "p", "active": True}}
    changed = patched(
        PATIENT,
        operation("add", "Patient", name="contained", value=value),
        operation("replace", "Patient.contained[0].active", value={"valueBoolean": False}),
    )
    assert changed["contained"] == [{"resourceType": "Practitioner", "id": "p", "active": False}]


def test_parts_within_parts_make_elements_without_a_type():
    value = {"part": [{"name": "given", "valueString": "A"}, {"name": "given", "valueString": "B"}]}
    parts = {"part": [{"name": "name", **value}, {"name": "gender", "valueCode": "other"}]}
    changed = patched(PATIENT, operation("add", "Patient", name="contact", value=parts))
    assert changed["contact"][2] == {"name": {"given": ["A", "B"]}, "gender": "other"}


def test_decimals_keep_their_digits():
    parameters = b"""{"resourceType": "Parameters", "parameter": [{"name": "operation", "part": [
        {"name": "type", "valueCode": "add"}, {"name": "path", "valueString": "Patient"},
        {"name": "name", "valueString": "extension"}, {"name": "value", "part": [
            {"name": "url", "valueUri": "https://example.org/d"}, {"name": "value", "valueDecimal": 1.50}]}]}]}"""
    changed = read_fhirpath_patch(json.loads(parameters))({"resourceType": "Patient"})
    assert b'"valueDecimal":1.50' in json.dumps(changed)


def test_a_patch_can_be_applied_twice():
    value = {"valueIdentifier": {"value": "1"}}
    add = operation("add", "Patient", name="identifier", value=value)
    change = operation("replace", "Patient.identifier[0].value", value="2")
    patch = read_fhirpath_patch({"resourceType": "Parameters", "parameter": [add, change]})
    assert patch({"resourceType": "Patient"}) == patch({"resourceType": "Patient"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (operation("replace", "Patient.name", value={"valueHumanName": {"text": "X"}}), "2 elements are here"),
        (
            operation("replace", "Patient", value={"resource": {"resourceType": "Patient"}}),
            "no element of the resource",
        ),
        (operation("delete", "Patient"), "no element of the resource"),
        (operation("delete", "Patient.name"), "2 elements are here"),
        (operation("add", "Patient", name="nonsense", value="X"), "no nonsense in a Patient"),
        (operation("add", "Patient", name="birthDate", value={"valueDate": "2000-01-01"}), "is there already"),
        (operation("add", "Patient", name="id", value="other"), "cannot be changed"),
        (operation("add", "Patient", name="maritalStatus", value="text"), "is a CodeableConcept"),
        (operation("add", "Patient", name="gender", value={"valuePeriod": {"start": "2020"}}), "is a code"),
        (operation("insert", "Patient.name", index=3, value={"valueHumanName": {"text": "X"}}), "from 0 to 2"),
        (operation("insert", "Patient.name", index=-1, value={"valueHumanName": {"text": "X"}}), "from 0 to 2"),
        (operation("insert", "Patient.name[0]", index=0, value="X"), "name of a list"),
        (operation("insert", "Patient.birthDate", index=0, value="X"), "name of a list"),
        (operation("move", "Patient.name", source=2, destination=0), "source"),
        (operation("move", "Patient.name", source=0, destination=-1), "destination"),
        (operation("move", "Patient.telecom", source=0, destination=0), "0 elements"),
        (operation("replace", "Patient.name.single()", value="X"), "single() finds 2"),
        (operation("replace", "Observation.value", value="X"), "nothing here"),
        (operation("delete", "Patient.name.exists()"), "no element of the resource"),
        (operation("add", "Patient.birthDate", name="start", value="X"), "no start"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(wrong, said):
    found = refusal(PATIENT, operation("delete", "Patient.deceased"), wrong)
    assert said in found.diagnostics
    assert found.expression == "Parameters.parameter[1]"


@pytest.mark.parametrize(
    "path",
    [
        "", " ", ".", "Patient.", "Patient..name", "Patient.name[", "Patient.name[a]", "Patient.name[0",
        "Patient.name[-1]",
        "Patient.name.where()", "Patient.name.where(use = )", "Patient.name.where(use = 'official'", "Patient.name)",
        "Patient.name.children()", "Patient.name | Patient.contact", "Patient.name.where(use like 'x')", "'text'",
        "Patient.name.extension(use)", "Patient.name.first(1)", "Patient.name where", "Patient.name[99999999999999999]",
        "a" * 2001, "a.where(" * 200 + "b" + ")" * 200, "(" * 1000, "Patient.name.where(use = 'a' = 'b')", "\u0000",
        "Patient.descendants()", "Patient.name.repeat(given)", "Patient.name; drop", "`unclosed",
        "Patient.name.where('",
    ],
)  # fmt: skip
def test_a_path_that_cannot_be_read_is_a_bad_request(path):
    found = refusal(PATIENT, operation("delete", path))
    assert found.expression.startswith("Parameters.parameter[0]")


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "other", "valueString": "x"},
        {"name": "operation", "valueString": "x"},
        {"name": "operation"},
        {"name": "operation", "part": []},
        operation("remove", "Patient.name"),
        operation("delete", "Patient.name[0]", value="x"),
        operation("add", "Patient", value="x"),
        operation("add", "Patient", name="gender"),
        operation("move", "Patient.name", source=0),
        operation("insert", "Patient.name", index="0", value="x"),
        {"name": "operation", "part": [*operation("delete", "Patient.name")["part"]] * 2},
        "operation",
        None,
    ],
)
def test_parameters_that_are_no_patch_are_a_bad_request(parameter):
    assert refusal(PATIENT, parameter).expression.startswith("Parameters")


@pytest.mark.parametrize(
    "body", [None, [], {}, {"resourceType": "Patient"}, {"resourceType": "Parameters", "parameter": {}}]
)
def test_what_is_no_parameters_resource_is_a_bad_request(body):
    with pytest.raises(BadRequest):
        read_fhirpath_patch(body)


def test_more_operations_than_a_patch_may_have_are_refused():
    many = [operation("delete", "Patient.name")] * (MOST_OPERATIONS + 1)
    assert refusal(PATIENT, *many).code == "too-long"


def test_a_patch_whose_paths_visit_too_much_is_refused():
    crowd = {"resourceType": "Patient", "contact": [{"gender": "female"}] * 1000}
    many = [operation("delete", "Patient.contact.where(gender = 'male')")] * 1000
    assert refusal(crowd, *many).code == "too-costly"
