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
    return _operation("searchEverything", "Find records of several types", _asked(), [])


def paths() -> dict[str, Any]:
    """The search at [base] by POST, and those in the compartments of each type that has one."""
    form = {each["name"]: each["schema"] for each in _asked()}
    operation = _operation("searchEverythingByPost", "Find records of several types by a form", [], [], _BODY)
    operation["requestBody"] = {"content": {_FORM: {"schema": {"type": "object", "properties": form}}}}
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
    known = samples.sample(base)["id"]
    told = [Scenario("everything", f"All that is about one {base}", 200, path={"id": known, "member": EVERY_TYPE})]
    summary = f"Find what is about one {base}"
    return _operation(f"searchCompartmentOf{base}", summary, [id_, member, *_asked()], told, (404,))


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
