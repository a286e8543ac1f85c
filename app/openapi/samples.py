"""Examples drawn from the demo: resources, what can be found by, and what the service answers."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson

from app.demo.numbers import synthetic_nhs_number
from app.demo.resources import demo
from app.fhir import base, nhs_number
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.published.everything import PUBLISHED, published
from app.fhir.references import references
from app.fhir.resources import BY_TYPE
from app.fhir.search.keys import Keys, elements, extract

Resource = dict[str, Any]

HOST = "http://127.0.0.1:8000"
ROOT = f"{HOST}{base.PATH}"
# The id of a page, which is another for each answer.
PAGE = "b2e3f7a4-6f0c-4c52-9b0e-0c1d2a9f7e55"
STORED = "2026-03-03T10:00:00.000Z"
_FALLBACK = {
    "token": "https://example.org/codes|example",
    "composite": "https://example.org/codes|example$true",
    "number": "gt0.5",
    "quantity": "5.4|http://unitsofmeasure.org|mg",
    "string": "example",
    "date": "ge2026-01-01",
    "uri": "https://example.org/example",
}
_BOOLEANS = "http://terminology.hl7.org/CodeSystem/special-values"
# Where the demo's own numbers end; each type has two numbers of its own from here.
_FIRST_NUMBER = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CENTURY = range(1900, 2100)


@cache
def everything() -> tuple[Resource, ...]:
    """The demo, made once: whoever changes one of its resources copies it first."""
    return tuple(demo())


def records(type_: str) -> list[Resource]:
    """The demo's resources of a type, or those that the product defines.

    Raises LookupError when there is none: documentation is drawn from the demo.
    """
    found = [resource for resource in everything() if resource["resourceType"] == type_]
    if type_ in PUBLISHED:
        found = list(published(type_).values())
    if not found:
        raise LookupError(f"the demo has no {type_} to show: add one to app/demo")
    return found


def sample(type_: str) -> Resource:
    """A resource of the demo that other records refer to, or the first one."""
    return deepcopy(records(type_)[0])


def spare(type_: str, which: int) -> Resource:
    """A resource like those of the demo that nothing refers to, so that it can be deleted: without id.

    NHS numbers are replaced by ones that no patient of the demo has, another for each `which`.
    """
    kept = BY_TYPE[type_].kept_once
    spares = [resource for resource in records(type_) if not (kept and kept.is_(resource))]
    drafts = [resource for resource in spares if resource.get("status") == "draft"]
    body = deepcopy((drafts or spares)[0])
    for identifier in body.get("identifier", []):
        if identifier["system"] == nhs_number.SYSTEM:
            identifier["value"] = synthetic_nhs_number(_FIRST_NUMBER + which)
    del body["id"]
    return body


def sent_along() -> str:
    """A Provenance of the demo as it comes with a write, without what it is about."""
    left_out = ("id", "target")
    told = {name: value for name, value in sample("Provenance").items() if name not in left_out}
    told["agent"] = [{"who": {"display": "A student nurse, with her mentor"}}]
    return orjson.dumps(told).decode()


def is_kept(definition: ResourceDefinition, resource: Resource) -> bool:
    """Whether deleting this resource of the demo is refused: it was in force once, or others refer to it."""
    name = f"{resource['resourceType']}/{resource['id']}"
    if definition.kept_once and definition.kept_once.is_(resource):
        return True
    return name in _referred_to()


@cache
def _referred_to() -> frozenset[str]:
    return frozenset(found.element.get("reference", "") for each in everything() for found in references(each))


def stored(resource: Resource, id_: str, version: int) -> Resource:
    """The resource as the service answers it: with its id, version and time."""
    rest = {name: value for name, value in resource.items() if name not in ("resourceType", "id", "meta")}
    meta = {"versionId": str(version), "lastUpdated": STORED} | resource.get("meta", {})
    return {"resourceType": resource["resourceType"], "id": id_, "meta": meta} | rest


def searchset(url: str, matches: list[Resource]) -> Resource:
    """The one page of a search that found these."""
    entries = [
        {
            "fullUrl": f"{ROOT}/{match['resourceType']}/{match['id']}",
            "resource": stored(match, match["id"], 1),
            "search": {"mode": "match"},
        }
        for match in matches
    ]
    return {
        "resourceType": "Bundle",
        "id": PAGE,
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": relation, "url": f"{ROOT}/{url}"} for relation in ("self", "first")],
    } | ({"entry": entries} if entries else {})


def history(url: str, total: int, entry: Resource, following: str = "") -> Resource:
    """A page of a history with one entry; `following` is the cursor of the page after it."""
    links = [{"relation": relation, "url": f"{ROOT}/{url}"} for relation in ("self", "first")]
    if following:
        links.append({"relation": "next", "url": f"{ROOT}/{url}&_cursor={following}"})
    return {"resourceType": "Bundle", "type": "history", "total": total, "link": links, "entry": [entry]}


def search_value(definition: ResourceDefinition, parameter: SearchParameter) -> str:
    """A value of this parameter by which something in the demo is found, if anything is."""
    for resource in records(definition.type):
        if parameter.name in ("_id", "_lastUpdated"):
            return str(resource["id"]) if parameter.name == "_id" else "ge2026-01-01"
        found = _value(resource, definition, parameter)
        if found:
            return found
    target = (*parameter.targets, "Patient")[0]
    if parameter.type == "quantity" and parameter.form == "composite":
        return "https://example.org/codes|example$ge18"
    return _FALLBACK.get(parameter.fhir_type, f"{target}/example")


def found(definition: ResourceDefinition, parameter: SearchParameter, value: str) -> list[Resource]:
    """The resources of the demo that a search by one of the values of `search_value` finds."""
    return [each for each in records(definition.type) if _value(each, definition, parameter) == value]


@cache
def _keys(id_: str, definition: ResourceDefinition) -> Keys:
    return extract(next(each for each in records(definition.type) if each["id"] == id_), definition, ())


def _value(resource: Resource, definition: ResourceDefinition, parameter: SearchParameter) -> str:
    if parameter.form == "contact":
        return next((str(each["value"]) for each in elements(resource, parameter)), "")
    implied = ("", parameter.system, _BOOLEANS)
    name, keys = f"{definition.type}.{parameter.name}", _keys(resource["id"], definition)
    match parameter.type:
        case "token":
            return next(
                (
                    f"{system}|{code}" if system not in implied else code
                    for key, system, code in keys.tokens
                    if key == name
                ),
                "",
            )
        case "string":
            return next((exact for key, _, exact in keys.strings if key == name), "")
        case "date":
            return next((_day(low) for key, low, _ in keys.dates if key == name), "")
        case "reference":
            return next((_referred(row) for row in keys.references if row[0] == name and (row[2] or row[5])), "")
        case "uri":
            return next((value for key, value in keys.uris if key == name), "")
        case "number" | "quantity":
            found = ((low, system, code) for key, low, _, system, code, _ in keys.quantities if key == name and system)
            return next(("|".join(map(str, row)) for row in found), "")


def _referred(row: tuple[str, str, str, str, str, str]) -> str:
    _, type_, id_, _, system, value = row
    return f"{type_}/{id_}" if id_ else f"{system}|{value}"


def _day(low: int) -> str:
    try:
        moment = _EPOCH + timedelta(microseconds=low)
    except OverflowError:
        return ""
    return f"ge{moment:%Y-%m-%d}" if moment.year in _CENTURY else ""
