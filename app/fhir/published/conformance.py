"""Whether a resource does what a profile of the product declares: https://hl7.org/fhir/R4/profiling.html

Looked at are the constraints that these profiles have: elements that must be there, extensions that may not repeat, and
codes of the product's value sets. Everything else in them is said by FHIR itself, and checked for every resource.
"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import issues
from app.fhir.errors import Issue
from app.fhir.published.everything import published

_BASE: Final = "http://hl7.org/fhir/StructureDefinition/"
Element = dict[str, Any]
Place = tuple[Any, str]


def conforms(resource: dict[str, Any], profile: str) -> list[Issue]:
    """What is wrong with a valid resource by a profile, a canonical URL with or without a version."""
    url, _, version = profile.partition("|")
    type_ = resource["resourceType"]
    if url == f"{_BASE}{type_}":
        return []
    known = {each["url"]: each for each in published("StructureDefinition").values() if each["kind"] == "resource"}
    if url not in known or version not in ("", known[url]["version"]):
        text = f"This profile is not known here; known are {', '.join(known)}."
        return [Issue("not-found", text, spine="INVALID_VALUE")]
    definition = known[url]
    if definition["type"] != type_:
        return [issues.value(type_, f"The profile is for {definition['type']}, and this is a {type_}.")]
    elements = definition["differential"]["element"]
    return [issue for element in elements for issue in _check(resource, element)]


def _check(resource: dict[str, Any], element: Element) -> Iterator[Issue]:
    parent, _, name = element["path"].rpartition(".")
    if not parent:
        return
    for owner, at in _places(resource, parent.split(".")[1:]):
        held = [each for each, _ in _members(owner, at, name)]
        if "sliceName" in element:
            url = element["type"][0]["profile"][0]
            held = [each for each in held if isinstance(each, dict) and each.get("url") == url]
        yield from _counted(element, held, f"{at}.{name}")
        if "binding" in element:
            yield from _bound(element["binding"]["valueSet"], held, f"{at}.{name}")


def _counted(element: Element, held: list[Any], at: str) -> Iterator[Issue]:
    least, most = element.get("min", 0), element.get("max", "*")
    what = element.get("sliceName", "")
    if len(held) < least:
        yield issues.missing(at, "is required by the profile")
    if most != "*" and len(held) > int(most):
        yield issues.rule(at, f"The profile allows {what or 'this'} {most} time(s).")


def _bound(value_set: str, held: list[Any], at: str) -> Iterator[Issue]:
    """An extensible binding: what none of its codes says may be said by others."""
    found = next(each for each in published("ValueSet").values() if each["url"] == value_set)
    systems = {include["system"] for include in found["compose"]["include"]}
    for concept in held:
        codings = concept.get("coding", ()) if isinstance(concept, dict) else ()
        if not any(coding.get("system") in systems for coding in codings):
            text = f"None of these codes is of {value_set}: use one of them where one fits."
            yield issues.warning(issues.value(at, text))


def _places(resource: dict[str, Any], path: list[str]) -> list[Place]:
    places: list[Place] = [(resource, resource["resourceType"])]
    for name in path:
        places = [child for owner, at in places for child in _members(owner, at, name)]
    return places


def _members(owner: Any, at: str, name: str) -> list[Place]:
    held = owner.get(name) if isinstance(owner, dict) else None
    if isinstance(held, list):
        return [(each, f"{at}.{name}[{index}]") for index, each in enumerate(held)]
    return [] if held is None else [(held, f"{at}.{name}")]
