"""The product's own extensions stand where they are defined, with the value they are defined with.

One that is not read as it was meant would be lost without anybody noticing. https://hl7.org/fhir/R4/extensibility.html
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from app.fhir import issues
from app.fhir.canonical import BASE
from app.fhir.checks.speaking import is_active_privacy
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.extensions import BY_URL, EXTENSIONS, PROVISION, Extension
from app.fhir.references import contained_types, target_faults
from app.fhir.vocabulary import ALL

Members = dict[str, Any]

CODES = {system.name: system for system in ALL}
# Of each type the elements that may carry them, the resource itself first.
_CONTEXTS: dict[str, tuple[str, ...]] = {
    type_: tuple(dict.fromkeys((type_, *contexts)))
    for type_, contexts in groupby(
        sorted(context for each in EXTENSIONS for context in each.contexts), key=lambda context: context.split(".")[0]
    )
}


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
        if name in element
        for issue in _checked(element[name], context, f"{path}.{name}", contained)
    ]


def _places(resource: Members) -> Iterator[tuple[str, str, Members]]:
    """The elements that may carry them: what each is, its path, and itself."""
    type_ = resource["resourceType"]
    for context in _CONTEXTS.get(type_, (type_,)):
        for path, element in _at(resource, type_, context.split(".")[1:]):
            yield context, path, element
            if context == PROVISION:
                yield from ((context, *nested) for nested in _nested(element, path))


def _at(element: Members, path: str, names: list[str]) -> Iterator[tuple[str, Members]]:
    """The elements to which the names lead, with their paths."""
    if not names:
        yield path, element
        return
    inner, rest = element.get(names[0]), names[1:]
    if isinstance(inner, list):
        for index, each in enumerate(inner):
            yield from _at(each, f"{path}.{names[0]}[{index}]", rest)
    elif inner is not None:
        yield from _at(inner, f"{path}.{names[0]}", rest)


def _nested(provision: Members, path: str) -> Iterator[tuple[str, Members]]:
    for index, nested in enumerate(provision.get("provision", ())):
        yield f"{path}.provision[{index}]", nested
        yield from _nested(nested, f"{path}.provision[{index}]")


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
        yield issues.value(at, f"{defined.name} must have {_wanted(defined)}.")
        return
    value = item[defined.member]
    if defined.modifier and value is False:
        yield issues.value(at, f"{defined.name} is true or not there at all.")
    elif defined.value == "Reference":
        for problem in target_faults(value, defined.targets, contained):
            yield issues.value(at, f"{defined.name} {problem}.")
    elif _is_misspelt(value, defined):
        yield issues.value(at, f"{defined.name} must be one of {', '.join(CODES[defined.codes].codes)}.")
    for part in defined.parts:
        yield from _part([each for each in value if each.get("url") == part.name], part, defined, at, contained)


def _wanted(defined: Extension) -> str:
    """What an extension holds: a value, or extensions within it."""
    parts = (f'"{part.name}" with a {part.member}' + (" (if known)" if part.optional else "") for part in defined.parts)
    return f"within it the extensions {', '.join(parts)}" if defined.parts else f"a {defined.member}"


def _part(found: list[Members], part: Extension, of: Extension, at: str, contained: dict[str, str]) -> Iterator[Issue]:
    if not found and part.optional:
        return
    if len(found) != 1 or part.member not in found[0]:
        yield issues.value(at, f'{of.name} needs an extension "{part.name}" with a {part.member}.')
    else:
        yield from _valued(found[0], part, at, contained)


def _is_misspelt(value: object, defined: Extension) -> bool:
    """Whether it is no code of its list. What a Consent says is judged with what the Consent is."""
    if not defined.codes or any(context.startswith("Consent") for context in defined.contexts):
        return False
    return value not in CODES[defined.codes].by_code
