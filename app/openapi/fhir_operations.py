"""FHIR's own operations: $validate of every type, $everything of a patient. https://hl7.org/fhir/R4/operations.html"""

from collections.abc import Iterable
from typing import Any, Final

from app.fhir.operations import EVERYTHING, VALIDATE
from app.fhir.outcome import all_ok
from app.fhir.resources import BY_TYPE
from app.fhir.validation import MODES
from app.openapi import parameters, samples
from app.openapi.answers import MEDIA_TYPES, responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario
from app.openapi.schemas import ref

TAG: Final = {"name": "FHIR operations", "description": "What FHIR defines beyond reading and writing."}
_ID = parameters.path("id", "The id of the record.")
_TYPE = {"name": "type", "in": "path", "required": True, "description": "A type.", "schema": {"enum": list(BY_TYPE)}}
_MODE = parameters.query("mode", "Tried as if it were done, and undone; absent: only looked at.", {"enum": list(MODES)})
_PROFILE = parameters.query("profile", "The canonical URL of a profile of this service.", {"type": "string"})
_DAY = {"type": "string"}
_OF_EVERYTHING: Final = (
    parameters.query("start", "Leaves out what is about the time before.", _DAY),
    parameters.query("end", "Leaves out what is about the time after.", _DAY),
    parameters.SINCE,
    parameters.query("_type", "Only these types, with commas between them.", {"type": "string"}),
    parameters.COUNT,
    parameters.CURSOR,
)


def paths() -> dict[str, Any]:
    """The paths of both, for all types at once."""
    path = {"type": "Patient"}
    fine = all_ok("All OK: nothing was found, and nothing was stored.")
    new = Scenario(
        "fine", "Nothing to say", 200, path, body={"resourceType": "Patient", "gender": "other"}, answer=fine
    )
    id_ = str(samples.sample("Patient")["id"])
    stored = Scenario("fine", "Nothing to say", 200, path | {"id": id_}, answer=fine)
    base = {"name": "profile", "valueUri": "http://hl7.org/fhir/StructureDefinition/Patient"}
    trial = {"resourceType": "Parameters", "parameter": [{"name": "mode", "valueCode": "profile"}, base]}
    by_profile = Scenario("fine", "Nothing to say", 200, path | {"id": id_}, body=trial, answer=fine)
    page = samples.searchset(f"Patient/{id_}/$everything?_type=Patient", [samples.sample("Patient")])
    found = Scenario("found", "The Patient alone", 200, {"id": id_}, {"_type": ["Patient"]}, answer=page)
    asked = {"resourceType": "Parameters", "parameter": [{"name": "_type", "valueCode": "Patient"}]}
    posted = Scenario("found", "The Patient alone", 200, {"id": id_}, body=asked, answer=page)
    return {
        f"{ROOT}/{{type}}/$validate": {"post": _validate("validate", (_TYPE, _MODE, _PROFILE), new)},
        f"{ROOT}/{{type}}/{{id}}/$validate": {
            "get": _validate("validateStored", (_TYPE, _ID, _MODE, _PROFILE), stored),
            "post": _validate("validateInstance", (_TYPE, _ID, _MODE, _PROFILE), by_profile),
        },
        f"{ROOT}/Patient/{{id}}/$everything": {
            "get": _everything("everything", (_ID, *_OF_EVERYTHING), found),
            "post": _everything("everythingByPost", (_ID,), posted),
        },
    }


def _validate(name: str, asked: Iterable[dict[str, Any]], told: Scenario) -> dict[str, Any]:
    answer = with_body("Everything that a write would be refused for or warned of.", ref("OperationOutcome"))
    return _operation(name, VALIDATE.documentation, asked, answer, told)


def _everything(name: str, asked: Iterable[dict[str, Any]], told: Scenario) -> dict[str, Any]:
    answer = with_body("A page: the Patient, the record, and those named in it.", ref("Bundle"))
    return _operation(name, EVERYTHING.documentation, asked, answer, told)


def _operation(
    name: str, words: str, asked: Iterable[dict[str, Any]], answer: dict[str, Any], told: Scenario
) -> dict[str, Any]:
    operation = {
        "operationId": name,
        "summary": words,
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, [told]) for each in (*asked, *parameters.common())],
        "responses": responses({200: answer}, (404, 410, *((408, 413, 415) if told.body else ())), [told]),
    }
    if told.body:
        examples = {told.name: {"summary": told.summary, "value": told.body}}
        first, second = MEDIA_TYPES
        schema = ref("Parameters" if told.body["resourceType"] == "Parameters" else "Resource")
        content = {first: {"schema": schema, "examples": examples}, second: {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation
