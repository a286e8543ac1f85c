"""Writes that criteria decide on: https://hl7.org/fhir/R4/http.html#cond-update"""

from collections.abc import Iterator
from typing import Any

from app.fhir.errors import BadRequest, NotFound
from app.fhir.search.refusal import SPINE
from app.openapi import parameters, samples
from app.openapi.scenarios import Scenario, Scenarios, refused

_MALFORMED = "Search parameter '_id' has a value that is no id: 1 to 64 letters, digits, - and ."


def criteria(scenarios: Scenarios) -> list[dict[str, Any]]:
    """The criteria shown: two of those that the type can be searched by, all of which will do."""
    found = parameters.search(scenarios.definition)
    words = "A criterion; every search parameter of the type is one, and one resource may meet them all."
    return [
        {key: value for key, value in each.items() if key != "example"} | {"description": words}
        for each in found
        if each["name"] in ("_id", "identifier")
    ]


def create(scenarios: Scenarios) -> Iterator[Scenario]:
    """If-None-Exist when there is one."""
    there = samples.stored(samples.sample(scenarios.type), scenarios.id, 1)
    headers, body = {"If-None-Exist": f"_id={scenarios.id}"}, samples.spare(scenarios.type, 3 * scenarios.number)
    yield Scenario("there-already", "It is there already", 200, headers=headers, body=body, answer=there, etag='W/"1"')


def update(scenarios: Scenarios) -> Iterator[Scenario]:
    """By an id that nothing has yet; whatever is made is deleted by `delete`."""
    body = scenarios.chosen() | {"id": _id(scenarios)}
    made, changed = (samples.stored(body, _id(scenarios), version) for version in (1, 2))
    query = {"_id": [_id(scenarios)]}
    yield Scenario("made", "Nothing meets the criteria", 201, query=query, body=body, answer=made, etag='W/"1"')
    yield Scenario("found", "One record meets them", 200, query=query, body=body, answer=changed, etag='W/"2"')
    yield refused("malformed", "Criteria that are none", _refusal(), query={"_id": ["a b"]}, body=body)


def patch(scenarios: Scenarios) -> Iterator[Scenario]:
    """What `update` made."""
    query, change = {"_id": [_id(scenarios)]}, [{"op": "add", "path": "/language", "value": "en-GB"}]
    made = samples.stored(scenarios.chosen() | {"id": _id(scenarios), "language": "en-GB"}, _id(scenarios), 3)
    yield Scenario("found", "One record meets the criteria", 200, query=query, body=change, answer=made, etag='W/"3"')
    none = NotFound(f"No {scenarios.type} meets the criteria.")
    yield refused("nothing", "Nothing meets them", none, query={"_id": ["nobody"]}, body=change)


def delete(scenarios: Scenarios) -> Iterator[Scenario]:
    """What `update` made."""
    query = {"_id": [_id(scenarios)]}
    yield Scenario("deleted", "One record meets the criteria", 204, query=query, etag='W/"4"')
    yield refused("malformed", "Criteria that are none", _refusal(), query={"_id": ["a b"]})


def _id(scenarios: Scenarios) -> str:
    return f"found-{scenarios.type.lower()}"


def _refusal() -> BadRequest:
    return BadRequest(_MALFORMED, spine=SPINE)
