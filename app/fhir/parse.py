"""From the bytes of a request to a resource that holds by FHIR's rules and this service's, or all that is wrong.

https://hl7.org/fhir/R4/validation.html
"""

from dataclasses import dataclass
from typing import Any, Final

from app.fhir import issues, json, nhs_number, structure, types
from app.fhir.checks.whose import is_somebodys
from app.fhir.definition import ResourceDefinition, Rules
from app.fhir.errors import BadRequest, Invalid, Issue, MethodNotAllowed
from app.fhir.primitives import CHECKS
from app.fhir.resource_types import RESOURCE_TYPES

_ASSIGNED: Final = ("versionId", "lastUpdated")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A valid resource as its sender wrote it (completed where a warning says so), and the warnings about it."""

    resource: dict[str, Any]
    warnings: tuple[Issue, ...] = ()


def parse(body: bytes, definition: ResourceDefinition, rules: Rules, *, new: bool = False) -> Parsed:
    """The resource in `body`, without what a service assigns: version, time and, of a `new` one, the id.

    BadRequest: not JSON, or not of this type; Invalid: all the issues that refuse it.
    """
    return received(json.loads(body), definition, rules, new=new)


def received(value: Any, definition: ResourceDefinition, rules: Rules, *, new: bool = False) -> Parsed:
    """As `parse`, for JSON already read, as `app.fhir.json.loads` gives it. It may be changed in place."""
    if isinstance(value, dict):
        _forget_assigned(value, new=new)
    return check(value, definition, rules)


def _forget_assigned(resource: dict[str, Any], *, new: bool) -> None:
    """https://hl7.org/fhir/R4/http.html#create: the server ignores what is sent of these, whatever it is."""
    if new:
        resource.pop("id", None)
    meta = resource.get("meta")
    if isinstance(meta, dict) and not meta.keys().isdisjoint(_ASSIGNED):
        for name in _ASSIGNED:
            meta.pop(name, None)
        if not meta:
            del resource["meta"]


def check(value: Any, definition: ResourceDefinition, rules: Rules) -> Parsed:
    """As `received`, with whatever a service assigns kept. It may be completed in place."""
    resource = _of_type(value, definition.type)
    said = [issue for rewrite in definition.rewrites for issue in rewrite(resource, rules)]
    findings = structure.check(resource, rules)
    said.extend(findings.issues)
    if findings.sound:
        said.extend(issue for check in definition.checks for issue in check(resource, rules))
        said.extend(is_somebodys(resource, definition, rules))
        said.extend(_part_of_itself(resource))
    if rules.second_opinion and not findings.issues:
        said.extend(_second_opinion(resource))
    if any(issue.severity in ("fatal", "error") for issue in said):
        raise Invalid(issues=tuple(said))
    return Parsed(resource, tuple(said))


def check_writable(definition: ResourceDefinition, id_: str) -> None:
    """Raises MethodNotAllowed for what the service makes when it is read."""
    if definition.is_made(id_):
        text = f"{definition.type}/{id_} tells of a write, and is the service's own: it is read, never written."
        raise MethodNotAllowed(text, headers={"Allow": "GET, HEAD, OPTIONS"})


def check_chosen_id(definition: ResourceDefinition, id_: str) -> None:
    """Whether a client may choose this id. BadRequest when it is none; Invalid when it looks like an NHS number.

    MethodNotAllowed for one of those that the service makes.
    """
    check_writable(definition, id_)
    problem = CHECKS["id"](id_)
    if problem:
        raise BadRequest(f"The id {problem}.", code="value", spine="INVALID_RESOURCE_ID")
    if definition.type == "Patient" and nhs_number.has_ten_digits(id_):
        raise Invalid(
            "Ten digits are always an NHS number; choose another id, and send the NHS number as an identifier.",
            code="value",
            spine="INVALID_RESOURCE_ID",
            expression="Patient.id",
        )


def _part_of_itself(resource: dict[str, Any]) -> list[Issue]:
    """A resource as _summary or _elements show it: stored, it would wipe out all that was not shown.

    https://hl7.org/fhir/R4/search.html#elements
    """
    tags = resource.get("meta", {}).get("tag", ())
    if not any(tag.get("code") == "SUBSETTED" for tag in tags):
        return []
    path = f"{resource['resourceType']}.meta.tag"
    return [issues.rule(path, "This is a part of a record only (SUBSETTED): read the whole before you change it.")]


def _second_opinion(resource: dict[str, Any]) -> list[Issue]:
    """What fhir.resources refuses although it holds by our reading of its tables."""
    type_ = resource["resourceType"]
    paths = [f"{type_}.{name}" if name else type_ for name in types.refused(resource)]
    return [issues.shape(path, f"{path} does not hold by the definition of {type_}.") for path in paths]


def _of_type(value: Any, type_: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"A {type_} in JSON is an object.", code="structure")
    found = value.get("resourceType")
    if found is None:
        raise BadRequest(f"resourceType is missing; here it must be {type_}.", code="structure")
    if found != type_:
        name = f"a {found}" if isinstance(found, str) and found in RESOURCE_TYPES else "something else"
        raise BadRequest(f"This address takes a {type_}, and the body is {name}.", code="invalid")
    return value
