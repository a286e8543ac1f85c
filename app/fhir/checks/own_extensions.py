"""The product's own extensions stand where they are defined, with the value they are defined with.

One that is not read as it was meant would be lost without anybody noticing. https://hl7.org/fhir/R4/extensibility.html
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.fhir import issues
from app.fhir.canonical import BASE
from app.fhir.checks.speaking import is_active_privacy
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.extensions import BY_URL, PROVISION, RELATIONSHIP, Extension
from app.fhir.references import contained_types, target_faults

Members = dict[str, Any]


def own_extensions_are_as_defined(resource: Members, rules: Rules) -> list[Issue]:
    """What is wrong with the product's own extensions of a resource. Of Consents only those that speak are judged."""
    type_ = resource["resourceType"]
    if type_ == "Consent" and not (rules.computable_consents and is_active_privacy(resource)):
        return []
    contained = contained_types(resource)
    return [
        issue
        for context, path, element in _places(resource)
        for name in ("extension", "modifierExtension")
        for issue in _checked(element.get(name, ()), context, f"{path}.{name}", contained)
    ]


def _places(resource: Members) -> Iterator[tuple[str, str, Members]]:
    """The elements that may carry them: what each is, its path, and itself."""
    type_ = resource["resourceType"]
    yield type_, type_, resource
    for index, relationship in enumerate(resource.get("relationship", ())):
        if type_ == "RelatedPerson":
            yield RELATIONSHIP, f"{RELATIONSHIP}[{index}]", relationship
    if "provision" in resource:
        yield from _provisions(resource["provision"], PROVISION)


def _provisions(provision: Members, path: str) -> Iterator[tuple[str, str, Members]]:
    yield PROVISION, path, provision
    for index, nested in enumerate(provision.get("provision", ())):
        yield from _provisions(nested, f"{path}.provision[{index}]")


def _checked(found: list[Members], context: str, path: str, contained: dict[str, str]) -> Iterator[Issue]:
    times = Counter(item["url"] for item in found)
    for index, item in enumerate(found):
        if not item["url"].startswith(f"{BASE}/"):
            continue
        at, defined = f"{path}[{index}]", BY_URL.get(item["url"])
        is_modifier = path.endswith("modifierExtension")
        if defined is None or context not in defined.contexts or (defined.modifier != is_modifier):
            yield issues.value(at, _misplaced(item["url"], defined))
        elif times[item["url"]] > 1 and not defined.many:
            yield issues.value(at, f"{defined.name} may be there once.")
        else:
            yield from _valued(item, defined, at, contained)


def _misplaced(url: str, defined: Extension | None) -> str:
    if defined is None:
        return f"There is no extension {url[:200]}; leave it out."
    kind = "a modifierExtension" if defined.modifier else "an extension"
    return f"{defined.name} is {kind} of {', '.join(defined.contexts)}."


def _valued(item: Members, defined: Extension, at: str, contained: dict[str, str]) -> Iterator[Issue]:
    if defined.member not in item:
        yield issues.value(at, f"{defined.name} must have a {defined.member}.")
        return
    value = item[defined.member]
    if defined.modifier and value is False:
        yield issues.value(at, f"{defined.name} is true or not there at all.")
    elif defined.value == "Reference":
        for problem in target_faults(value, defined.targets, contained):
            yield issues.value(at, f"{defined.name} {problem}.")
    for part in defined.parts:
        inner = [each for each in value if each.get("url") == part.name]
        if len(inner) != 1 or part.member not in inner[0]:
            yield issues.value(at, f'{defined.name} needs an extension "{part.name}" with a {part.member}.')
