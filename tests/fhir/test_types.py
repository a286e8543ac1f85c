"""The tables are those of R4.

r4_elements.json was derived from HL7's own definitions (profiles-types.json and profiles-resources.json of R4 4.0.1,
CC0) for the registered types and all that they reach: the type, cardinality, reference targets and required codes of
each element. DataRequirement.type and ParameterDefinition.type, bound to the names of all types, are left out.
"""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.fhir import structure
from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.types import Element, refused, table
from tests.fhir import valid
from tests.fhir.rules import STRICT

R4 = json.loads(Path(__file__).with_name("r4_elements.json").read_text())


def _described(element: Element, path: str) -> str:
    many = "*" if element.many else "1"
    # Of a choice the element is one of several, and what is required is the choice.
    choice = next((choice for choice in table(element.owner).choices if choice.path == element.path), None)
    needed = choice.required if choice else element.required
    text = f"{path} {int(needed)}..{many}"
    text += f" -> {'|'.join(sorted(element.targets))}" if element.targets else ""
    return text + (f" = {' '.join(sorted(element.codes))}" if element.codes else "")


def _compare(name: str, path: str, seen: set[str]) -> None:
    """`name` is the type here, `path` what R4 calls it ("Consent.provision")."""
    if path in seen:
        return
    seen.add(path)
    type_, expected = table(name), R4[path]
    assert set(type_.elements) == set(expected), path
    for element in type_.elements.values():
        of = expected[element.name].split(" ")[0]
        assert _described(element, of) == expected[element.name], f"{path}.{element.name}"
        assert not element.primitive or of == element.type
        if not element.primitive and element.type != "Resource":
            _compare(element.type, of, seen)


def test_every_element_of_the_registered_types_is_that_of_r4() -> None:
    seen: set[str] = set()
    for name in (*valid.TYPES, "Measure"):  # which is published, and not stored
        _compare(name, name, seen)
    assert seen == set(R4)


@pytest.mark.parametrize("name", sorted(RESOURCE_TYPES))
def test_each_resource_type_of_r4_has_a_table_or_is_open(name: str) -> None:
    assert table(name).is_resource


def test_extensions_hold_what_r4_lets_them_hold() -> None:
    extension = table("Extension")
    assert "valueMeta" in extension.elements
    assert "_valueString" in extension.siblings
    assert "valueCodeableReference" not in extension.elements


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_valid_resource_is_refused(seed: int) -> None:
    random = Random(seed)
    resource = valid.resource(random.choice(valid.TYPES), random)
    findings = structure.check(resource, STRICT)
    # Random ids of contained resources may meet, which is refused where it is.
    found = [issue for issue in findings.issues if "contained resources have one id" not in issue.diagnostics]
    # That risk is not graded is a rule of this service.
    found = [issue for issue in found if issue.code != "business-rule"]
    assert {issue.code for issue in found} <= {"invariant", "informational"}, found
    assert refused(resource) == ()
