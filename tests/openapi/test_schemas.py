"""The schemas tell what a resource may hold in the way that generators of typed clients understand."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.fhir.types import table
from tests.openapi.kept import DOCUMENT

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
HIDDEN = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}


def inside(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from inside(each)


def is_held(type_: str, value: dict[str, Any]) -> bool:
    """Whether the schema of this type lets the value through."""
    whole = {"$ref": f"#/components/schemas/{type_}", "components": DOCUMENT["components"]}
    return Draft202012Validator(whole).is_valid(value)


def test_no_schema_names_members_by_a_pattern_which_no_generated_type_can_hold() -> None:
    assert [schema for schema in SCHEMAS.values() if "patternProperties" in schema] == []


def test_a_header_of_one_value_is_a_list_of_one_because_generators_leave_out_operations_with_a_constant() -> None:
    headers = [each for each in inside(DOCUMENT["paths"]) if each.get("in") == "header"]
    assert len(headers) > 1
    assert [each["name"] for each in headers if "const" in each["schema"]] == []


@pytest.mark.parametrize("name", sorted(SCHEMAS.keys() & {"Patient", "HumanName", "Period", "Extension", "Consent"}))
def test_a_primitive_element_may_have_its_extensions_beside_it_and_no_other_element_may(name: str) -> None:
    beside = {each for each in SCHEMAS[name]["properties"] if each.startswith("_")}
    assert beside == table(name).siblings.keys()


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ({"_birthDate": HIDDEN}, True),
        ({"birthDate": "1990", "_birthDate": {"id": "a"}}, True),
        ({"name": [{"given": ["A", "B"], "_given": [None, HIDDEN]}]}, True),
        ({"_birthDate": [HIDDEN]}, False),
        ({"name": [{"given": ["A"], "_given": HIDDEN}]}, False),
        ({"_birthDate": {"valueCode": "masked"}}, False),
        ({"_birthDay": HIDDEN}, False),
        ({"_name": HIDDEN}, False),
    ],
)
def test_extensions_of_primitive_elements_have_the_form_of_fhir_json(value: dict[str, Any], held: bool) -> None:
    assert is_held("Patient", {"resourceType": "Patient"} | value) is held


def test_an_entry_of_a_bundle_holds_a_resource_with_whatever_members_its_type_has() -> None:
    entry = {
        "resource": {"resourceType": "Organization", "name": "A"},
        "request": {"method": "POST", "url": "Organization"},
    }
    assert is_held("Bundle", {"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    assert SCHEMAS["Resource"]["additionalProperties"] is True
