"""The public examples of the registered types, and which settings each needs to be stored."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from lxml import etree  # type: ignore[import-untyped]  # no types are published with it

from app.fhir import json
from app.fhir.errors import FhirError, Issue
from app.fhir.parse import check
from app.fhir.references import references, target
from app.fhir.resources import BY_TYPE
from tests.fhir.rules import DATA, STRICT

FOLDERS = ("england", "hl7-r4-examples", "pcf", "pds", "ukcore", "vrs")
# The settings of validation that can let more through.
RELAXED = ("check_nhs_numbers", "computable_consents", "vrs_leniency")
_FHIR = "{http://hl7.org/fhir}"


def files() -> list[Path]:
    """Every file of public material that holds a resource of a registered type, errors and patches left out."""
    found = [
        path for folder in FOLDERS for path in sorted((DATA / folder).rglob("*")) if path.suffix in (".json", ".xml")
    ]
    return [path for path in found if "errors" not in path.parts and _is_example(path) and resources(path)]


@cache
def resources(path: Path) -> tuple[bytes, ...]:
    """The resources of registered types in a file, a Bundle or a resource, as JSON."""
    found = _in_xml(path) if path.suffix == ".xml" else _in_json(json.loads(path.read_bytes()))
    return tuple(found)


def needs(path: Path) -> tuple[set[str], list[Issue]]:
    """The fewest settings with which all resources of a file are accepted, and the issues that none of them lifts."""
    needed: set[str] = set()
    left: list[Issue] = []
    for body in resources(path):
        least = _least(body)
        if least is None:
            left.extend(_issues(body, RELAXED))
        else:
            needed.update(least)
        if refers_to_registered(json.loads(body)):
            needed.add("referential_integrity")
    return needed, left


def refers_to_registered(resource: dict[str, Any]) -> bool:
    """Whether a resource refers by a literal to a registered type, which must then be stored first."""
    literals = (found.element.get("reference", "") for found in _references(resource))
    targets = (target(literal, ()) for literal in literals)
    return any(named is not None and named.type in BY_TYPE for named in targets)


def _references(resource: dict[str, Any]) -> list[Any]:
    try:
        return list(references(resource))
    except (KeyError, TypeError, AttributeError):
        return []


def _least(body: bytes) -> tuple[str, ...] | None:
    choices = (names for count in range(len(RELAXED) + 1) for names in combinations(RELAXED, count))
    return next((names for names in choices if not _issues(body, names)), None)


def _issues(body: bytes, relaxed: tuple[str, ...]) -> list[Issue]:
    resource = json.loads(body)
    rules = STRICT._replace(
        check_nhs_numbers="check_nhs_numbers" not in relaxed,
        computable_consents="computable_consents" not in relaxed,
        vrs_leniency="vrs_leniency" in relaxed,
    )
    try:
        check(resource, BY_TYPE[resource["resourceType"]], rules)
    except FhirError as error:
        return [issue for issue in error.issues if issue.severity == "error"]
    return []


def _is_example(path: Path) -> bool:
    return "examples" in path.parts or path.parts[-2] in (*FOLDERS, "POST_Consent") or "responses" in path.parts


def _in_json(value: Any) -> Iterator[bytes]:
    if not isinstance(value, dict):
        return
    if value.get("resourceType") == "Bundle":
        for entry in value.get("entry", ()):
            yield from _in_json(entry.get("resource"))
    elif value.get("resourceType") in BY_TYPE:
        yield json.dumps(value)


def _in_xml(path: Path) -> Iterator[bytes]:
    """XML read by fhir.resources, whose comments (fhir_comments) are no part of FHIR and left out."""
    root = etree.fromstring(path.read_bytes())
    entries = root.iterfind(".//{*}resource/*") if root.tag == f"{_FHIR}Bundle" else [root]
    for entry in entries:
        name = etree.QName(entry).localname
        if name in BY_TYPE:
            model = get_fhir_model_class(name).model_validate_xml(etree.tostring(entry))
            yield model.model_dump_json(exclude_comments=True).encode()
