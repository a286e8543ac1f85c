"""Searches of several types at once, and in a compartment: https://hl7.org/fhir/R4/http.html#search"""

from typing import Any, Final

from app.fhir.resources import BY_TYPE
from app.fhir.search.compartment import COMPARTMENTS, EVERY_TYPE
from app.openapi import parameters, samples
from app.openapi.answers import responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.parameters import Parameter
from app.openapi.scenarios import Scenario
from app.openapi.schemas import ref

_FOUND: Final = {200: with_body("A page of matches; links lead to the next.", ref("Bundle"))}
_FORM: Final = "application/x-www-form-urlencoded"
_BODY: Final = (408, 413, 415)
_TYPES: Final = "Which types to search, separated by commas; every parameter is one that all of them have."


def everything() -> dict[str, Any]:
    """The search at [base] by GET."""
    _, given, answer = _by_id()
    told = [Scenario("found", "Among two types, by id", 200, query={**given, "_id": [given["_id"]]}, answer=answer)]
    return _operation("searchEverything", "Find records of several types", _asked(), told)


def paths() -> dict[str, Any]:
    """The search at [base] by POST, and those in the compartments of each type that has one."""
    form = {"type": "object", "properties": {each["name"]: each["schema"] for each in _asked()}}
    name, given, answer = _by_id()
    told = [Scenario(name, "Among two types, by id", 200, body=given, answer=answer)]
    operation = _operation("searchEverythingByPost", "Find records of several types by a form", [], told, _BODY)
    examples = {name: {"summary": told[0].summary, "value": given}}
    operation["requestBody"] = {"content": {_FORM: {"schema": form, "examples": examples}}}
    found = {f"{ROOT}/_search": {"post": operation}}
    for base in COMPARTMENTS:
        found[f"{ROOT}/{base}/{{id}}/{{member}}"] = {"get": _compartment(base)}
    return found


def _compartment(base: str) -> dict[str, Any]:
    id_ = parameters.path("id", f"The id of the {base}{', or her NHS number' if base == 'Patient' else ''}.")
    member = {
        "name": "member",
        "in": "path",
        "required": True,
        "description": "The type to search, or `*` for everything in the compartment.",
        "schema": {"enum": [*COMPARTMENTS[base], EVERY_TYPE]},
    }
    itself = samples.sample(base)
    answer = samples.searchset(f"{base}/{itself['id']}/{base}", [itself])
    told = [Scenario("itself", "Those of its own type", 200, path={"id": itself["id"], "member": base}, answer=answer)]
    summary = f"Find what is about one {base}"
    # What a value finds depends on the type; of one alone the parameter _type is not taken.
    asked = [{name: value for name, value in each.items() if name != "example"} for each in _asked()]
    return _operation(f"searchCompartmentOf{base}", summary, [id_, member, *asked], told, (404,))


def _by_id() -> tuple[str, dict[str, str], dict[str, Any]]:
    """A search among two types: the name of the example, its parameters, and what it finds."""
    first, second = list(BY_TYPE)[:2]
    one = samples.sample(first)
    given = {"_type": f"{first},{second}", "_id": str(one["id"])}
    return "found", given, samples.searchset(f"?_type={first},{second}&_id={one['id']}", [one])


def _asked() -> list[Parameter]:
    types = parameters.query("_type", _TYPES, {"type": "string"}) | {"example": ",".join(list(BY_TYPE)[:2])}
    return [types, *parameters.of_every_type(), parameters.PREFER_HANDLING]


def _operation(
    name: str, summary: str, asked: list[Parameter], told: list[Scenario], statuses: tuple[int, ...] = ()
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": "Takes the search parameters of the types searched, and those that shape the result.",
        "tags": ["Service"],
        "parameters": [with_examples(each, told) for each in (*asked, *parameters.common())],
        "responses": responses(_FOUND, statuses, told),
    }
