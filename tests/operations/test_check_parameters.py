"""Parameters of a check in which nothing can be wrong are not walked through; all others are."""

import json
from typing import Any

import pytest

from app.fhir import structure
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest
from app.operations import check_parameters
from app.operations.check_parameters import NO_TIME, parse_parameters

_PLAIN: tuple[Any, ...] = (
    {"name": "scope", "valueCode": "care-plan"},
    {"name": "patient", "valueReference": {"reference": "Patient/9990000018"}},
)
_NOT_PLAIN: tuple[Any, ...] = (
    {"name": "at", "valueInstant": "2026-03-09T10:30:00Z"},
    {"name": "patient", "valueReference": {"identifier": {"value": "1"}}},
    {"name": "recipient", "valueReference": {"reference": "https://other.example/RelatedPerson/a"}},
)
_WRONG: tuple[Any, ...] = (
    None,
    [],
    "scope",
    {},
    {"name": "scope"},
    {"valueCode": "care-plan"},
    {"name": 1, "valueCode": "care-plan"},
    {"name": "", "valueCode": "care-plan"},
    {"name": "scope", "valueCode": "care plan\n"},
    {"name": "scope", "valueCode": ""},
    {"name": "scope", "valueCode": ["care-plan"]},
    {"name": "scope", "valueCode": "care-plan", "valueString": "care-plan"},
    {"name": "scope", "valueCode": "care-plan", "valueReference": {"reference": "Patient/a"}},
    {"name": "scope", "valuecode": "care-plan"},
    {"name": "patient", "valueReference": {"reference": "Nobody/a"}},
    {"name": "patient", "valueReference": {"reference": ""}},
    {"name": "patient", "valueReference": {"reference": "Patient/a", "odd": 1}},
    {"name": "patient", "valueReference": "Patient/a"},
)


def _issues(resource: dict[str, Any]) -> tuple[Any, ...]:
    return structure.check(resource, Rules(now=NO_TIME, check_nhs_numbers=False)).issues


@pytest.mark.parametrize("one", [*_PLAIN, *_NOT_PLAIN, *_WRONG])
def test_what_is_refused_is_what_the_walk_over_the_tables_refuses(one: Any) -> None:
    resource = {"resourceType": "Parameters", "parameter": [*_PLAIN, one]}
    expected = _issues(resource)
    if expected:
        with pytest.raises(BadRequest) as refused:
            parse_parameters(json.dumps(resource).encode())
        assert refused.value.issues == expected
    else:
        assert parse_parameters(json.dumps(resource).encode()) == resource


@pytest.mark.parametrize(
    "odd", [{"parameter": []}, {"parameter": _PLAIN[0]}, {"implicitRules": "urn:odd"}, {"odd": 1}, {"parameter": None}]
)
def test_an_odd_resource_around_plain_parameters_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        parse_parameters(json.dumps({"resourceType": "Parameters", "parameter": [*_PLAIN]} | odd).encode())


def test_plain_parameters_are_not_walked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_parameters, "structure", None)
    parse_parameters(json.dumps({"resourceType": "Parameters", "parameter": [*_PLAIN]}).encode())
