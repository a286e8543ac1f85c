"""The two patches, as a request body: https://hl7.org/fhir/R4/http.html#patch"""

from collections.abc import Iterable, Iterator
from typing import Any

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, Invalid
from app.fhir.patch import MOST_OPERATIONS
from app.fhir.patch.json_patch import MEDIA_TYPE as JSON_PATCH
from app.fhir.patch.json_patch import OPERATIONS
from app.fhir.patch.reading import FHIR_JSON
from app.openapi import samples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref

_SCHEMA: dict[str, Any] = {
    "type": "array",
    "maxItems": MOST_OPERATIONS,
    "items": {
        "type": "object",
        "properties": {
            "op": {"enum": list(OPERATIONS)},
            "path": {"type": "string", "description": "A JSON Pointer, such as /name/0/family."},
            "from": {"type": "string"},
            "value": {},
        },
        "required": ["op", "path"],
    },
}


def scenarios(definition: ResourceDefinition, id_: str, stored: dict[str, Any]) -> Iterator[Scenario]:
    """What is patched at version 2: a resource that these examples stored under `id_`."""
    path, type_ = {"id": id_}, definition.type
    english, welsh = (
        samples.stored(stored | {"language": language}, id_, version) for language, version in (("en-GB", 3), ("cy", 4))
    )
    add = [{"op": "add", "path": "/language", "value": "en-GB"}]
    match = {"If-Match": 'W/"2"'}
    yield Scenario("json-patch", "By JSON Patch", 200, path, {}, match, add, english, 'W/"3"')
    parts = [
        ("type", "valueCode", "replace"),
        ("path", "valueString", f"{type_}.language"),
        ("value", "valueCode", "cy"),
    ]
    replace = {
        "resourceType": "Parameters",
        "parameter": [{"name": "operation", "part": [{"name": name, value: text} for name, value, text in parts]}],
    }
    yield Scenario("fhirpath-patch", "By FHIRPath Patch", 200, path, {}, {}, replace, welsh, 'W/"4"')
    unfit = Invalid("Operation 0 (remove /implicitRules): there is no such place in the resource.", code="not-found")
    remove = [{"op": "remove", "path": "/implicitRules"}]
    yield refused("unfit", "What does not fit the record", unfit, path=path, body=remove)
    malformed = BadRequest('Operation 0 (add /language) needs a "value".', code="structure")
    yield refused("malformed", "What is no patch", malformed, path=path, body=[{"op": "add", "path": "/language"}])


def body(told: Iterable[Scenario]) -> dict[str, Any]:
    """The request body, each example under the media type of its kind."""
    content: dict[str, Any] = {
        JSON_PATCH: {"schema": _SCHEMA, "examples": {}},
        FHIR_JSON: {"schema": ref("Parameters"), "examples": {}},
    }
    for each in told:
        media_type = JSON_PATCH if isinstance(each.body, list) else FHIR_JSON
        content[media_type]["examples"][each.name] = {"summary": each.summary, "value": each.body}
    return {"required": True, "content": content}
