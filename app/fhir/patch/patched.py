"""A stored resource with a patch applied, as the body of the update that the patch stands for.

https://hl7.org/fhir/R4/http.html#patch
"""

from typing import Any

from app.fhir import json
from app.fhir.errors import Invalid
from app.fhir.patch import Patch

_FIXED = ("resourceType", "id")


def patched(content: bytes, patch: Patch, largest: int) -> bytes:
    """The patched resource as JSON; the same bytes when nothing changed, version and time of `content` aside.

    Raises Invalid when the patch does not fit, changes what makes the resource this one, or makes it larger than
    `largest` bytes. Whether the result holds by the rules of FHIR is for whoever stores it.
    """
    before = json.loads(content)
    try:
        after = patch(json.loads(content))
        body = json.dumps(after)
    except (RecursionError, TypeError):  # TypeError is what orjson says of a value nested too deep
        raise Invalid(f"The patch nests more than {json.MAX_DEPTH} levels deep.", code="structure") from None
    _check_fixed(before, after)
    if len(body) > largest:
        raise Invalid(f"The patched resource is larger than {largest} bytes.", code="too-long")
    return content if json.dumps(_without_assigned(before)) == json.dumps(_without_assigned(after)) else body


def _check_fixed(before: dict[str, Any], after: Any) -> None:
    type_ = before["resourceType"]
    if not isinstance(after, dict):
        raise Invalid("The patch leaves no resource behind.", code="business-rule", expression=type_)
    for name in _FIXED:
        if after.get(name) != before[name]:
            raise Invalid(f"A patch cannot change {name}.", code="business-rule", expression=f"{type_}.{name}")


def _without_assigned(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource without what the service assigns to each version, whatever is sent of it."""
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return resource
    kept = {name: value for name, value in meta.items() if name not in ("versionId", "lastUpdated")}
    rest = {name: value for name, value in resource.items() if name != "meta"}
    return {**rest, "meta": kept} if kept else rest
