"""Nothing that arrives can raise anything but a FhirError, and what is accepted is what was sent."""

import copy
import json as stdlib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.fhir import json, parse
from app.fhir.errors import FhirError
from app.fhir.outcome import operation_outcome
from app.fhir.references import references
from app.fhir.resources import BY_TYPE
from app.fhir.types import table
from tests.fhir import valid
from tests.fhir.rules import DATA, STRICT, kept

pytestmark = pytest.mark.long

BOUNDED = settings(max_examples=300, deadline=None, derandomize=True)
ODD: tuple[Any, ...] = (
    None,
    "",
    " ",
    "x",
    "#x",
    "\x00",
    "'; DROP TABLE resource; --",
    "9990000018",
    0,
    -1,
    2**63,
    10**40,
    1.5,
    True,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": ""},
    {"id": "x"},
    {"extension": []},
    {"extension": [{"url": "a"}]},
    {"resourceType": "Patient"},
    {"reference": "#"},
    {"reference": "Device/1", "type": "Patient", "identifier": {}},
    {"coding": {}},
    "1" * 100_000,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=15,
)


def _is_refusal(error: FhirError) -> None:
    assert error.status in (400, 422)
    assert json.dumps(operation_outcome(error.issues))
    assert all(len(issue.diagnostics) < 2_000 for issue in error.issues)


def _judge(body: bytes, type_: str) -> None:
    """Accepts or refuses, and either can be said in JSON."""
    try:
        parsed = parse.parse(body, BY_TYPE[type_], STRICT)
    except FhirError as error:
        _is_refusal(error)
        return
    references(parsed.resource)
    if not parsed.warnings:
        assert json.dumps(parsed.resource) == kept(body)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with each of its keys."""
    found: list[tuple[Any, Any]] = []
    left = [value]
    while left:
        container = left.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        found.extend((container, key) for key in keys)
        left.extend(child for key in keys if isinstance(child := container[key], dict | list))
    return found


def _mutate(resource: Any, random: Random) -> None:
    for _ in range(random.randint(1, 3)):
        places = _places(resource)
        if not places:
            return
        container, key = random.choice(places)
        odd = copy.deepcopy(random.choice(ODD))
        match random.randint(0, 4):
            case 0:
                del container[key]
            case 1:
                container[key] = odd
            case 2 if isinstance(container, dict):
                other, name = random.choice(places)
                container[str(name) if random.random() < 0.5 else f"_{name}"] = copy.deepcopy(other[name])
            case 3:
                container[key] = [container[key]]
            case _ if isinstance(container, dict):
                container[random.choice(["", "_id", "resourceType", "contained", "extension", "modifierExtension"])] = (
                    odd
                )
            case _:
                container.insert(0, odd)


@given(st.integers(0, 2**32))
@BOUNDED
def test_a_damaged_resource_is_accepted_or_refused(seed: int) -> None:
    _damage_and_judge(seed)


@pytest.mark.soak
@given(st.integers(0, 2**32))
@settings(max_examples=20_000, deadline=None)
def test_any_damaged_resource_is_accepted_or_refused(seed: int) -> None:
    _damage_and_judge(seed)


def _damage_and_judge(seed: int) -> None:
    random = Random(seed)
    type_ = random.choice(valid.TYPES)
    resource = json.loads(json.dumps(valid.resource(type_, random)))
    _mutate(resource, random)
    _judge(stdlib.dumps(resource, default=float).encode(), type_)


@cache
def _public_examples() -> list[Path]:
    """Those of the registered types."""
    found = sorted((DATA / "hl7-r4-examples").glob("*.json")) + sorted((DATA / "pcf").glob("Consent*.json"))
    return [path for path in found if path.name.split("-")[0] in valid.TYPES]


@given(st.integers(0, 2**32))
@BOUNDED
def test_a_damaged_public_example_is_accepted_or_refused(seed: int) -> None:
    random = Random(seed)
    examples = _public_examples()
    if not examples:
        pytest.skip("the public test material is not beside the project")
    resource = stdlib.loads(random.choice(examples).read_text())
    type_ = resource["resourceType"]
    _mutate(resource, random)
    _judge(stdlib.dumps(resource).encode(), type_)


@given(JSON, st.sampled_from(valid.TYPES))
@BOUNDED
def test_any_json_is_accepted_or_refused(value: Any, type_: str) -> None:
    _judge(stdlib.dumps(value).encode(), type_)
    if isinstance(value, dict):
        _judge(stdlib.dumps({"resourceType": type_, **value}).encode(), type_)


@given(st.sampled_from(valid.TYPES), st.data())
@BOUNDED
def test_any_json_in_any_element_is_accepted_or_refused(type_: str, data: st.DataObject) -> None:
    names = sorted(table(type_).elements)
    members = data.draw(st.dictionaries(st.sampled_from([*names, *(f"_{name}" for name in names)]), JSON, max_size=4))
    _judge(stdlib.dumps({"resourceType": type_, **members}).encode(), type_)


@given(st.binary(max_size=300), st.integers(0, 2**32))
@BOUNDED
def test_bytes_thrown_into_a_resource_are_accepted_or_refused(noise: bytes, seed: int) -> None:
    random = Random(seed)
    body = json.dumps(valid.resource("Patient", random))
    at = random.randint(0, len(body))
    _judge(body[:at] + noise + body[at:], "Patient")
    _judge(body[:at], "Patient")
