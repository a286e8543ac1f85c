"""A patch as it arrives: by its media type in a request, as a resource in a Bundle. https://hl7.org/fhir/R4/http.html#patch"""

from base64 import b64decode
from typing import Any, Final

from app.fhir import json
from app.fhir.bundle.names import Names
from app.fhir.errors import BadRequest, UnsupportedMediaType
from app.fhir.patch import Patch
from app.fhir.patch.fhirpath_patch import read_fhirpath_patch
from app.fhir.patch.json_patch import MEDIA_TYPE as JSON_PATCH
from app.fhir.patch.json_patch import read_json_patch, read_operations

FHIR_JSON: Final = "application/fhir+json"
PLAIN_JSON: Final = "application/json"
MEDIA_TYPES: Final = (JSON_PATCH, FHIR_JSON)


def read_patch(media_type: str, body: bytes) -> Patch:
    """The patch in the body of a request. Raises BadRequest, UnsupportedMediaType."""
    if media_type == JSON_PATCH:
        return read_json_patch(body)
    if media_type in (FHIR_JSON, PLAIN_JSON):
        return read_fhirpath_patch(json.loads(body))
    raise UnsupportedMediaType(f"A patch is {' or '.join(MEDIA_TYPES)}.")


def read_entry(resource: Any, type_: str, names: Names, root: str = "") -> Patch:
    """The patch of a Bundle.entry for a resource of this type: Parameters, or a Binary that holds a JSON Patch.

    In its values stand references for the `names` of other entries. Raises BadRequest.
    """
    if not isinstance(resource, dict) or resource.get("resourceType") != "Binary":
        return read_fhirpath_patch(names.rewritten(resource, root))
    if resource.get("contentType") != JSON_PATCH:
        raise BadRequest(f"The Binary of a patch is of contentType {JSON_PATCH}.", expression="Binary.contentType")
    try:
        body = b64decode(resource.get("data", ""), validate=True)
    except (ValueError, TypeError):
        raise BadRequest("The data of a Binary is in base64.", expression="Binary.data") from None
    return read_operations(names.rewritten_operations(json.loads(body), type_, root))
