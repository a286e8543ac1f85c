"""Reference parameters: to a resource here, to one elsewhere, or by identifier.

https://hl7.org/fhir/R4/search.html#reference
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.fhir import nhs_number, references
from app.fhir.definition import SearchParameter
from app.fhir.search import token
from app.fhir.search.escape import unescape
from app.fhir.search.length import KEPT, short
from app.fhir.search.token import Token, normal_code, normal_system

# (target type, target id, url, system, value)
ReferenceKey = tuple[str, str, str, str, str]

_ID: Final = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.+")


def keys(element: Any, parameter: SearchParameter, bases: tuple[str, ...]) -> Iterator[ReferenceKey]:
    """The key of a Reference as it is written, and of the version it is to; of a canonical, its URL with and without
    |version, which then stands as the system: it is what a chain or include goes on to.

    A Reference to a type that the parameter does not cover gives none. One that cannot be searched for (text alone,
    or a contained resource) gives an empty key: it is there, so it is not missing.
    """
    if isinstance(element, str):
        yield "", "", short(element), "", ""
        url, bar, version = element.rpartition("|")
        if bar:
            yield "", "", short(url), short(version), ""
    elif isinstance(element, dict):
        type_, id_, url = _literal(element.get("reference"), bases)
        system, value = _identifier(element.get("identifier"))
        type_ = type_ or _declared(element) or ("Patient" if system == nhs_number.SYSTEM and not url else "")
        if _may_refer_to(parameter, type_ or references.named_type(url)):
            yield type_, id_, url, system, value
            version = _version(element.get("reference"), bases) if parameter.form == "versioned" else ""
            if version:
                yield "", "", version, "", ""


@dataclass(frozen=True, slots=True)
class Target:
    """A resource here; `types` are those it may be of, none meaning any."""

    types: tuple[str, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """The patient with this NHS number."""

    number: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A resource at another address, one version of a resource here, or a canonical URL."""

    url: str


@dataclass(frozen=True, slots=True)
class Identified:
    """A reference that carries this identifier; None in either place means any, a system '' that there is none."""

    system: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a canonical URL that are this one (url|1) or parts of it (url|1.0)."""

    url: str


Sought = Target | Numbered | Elsewhere | Identified | Versions


def parse(text: str, parameter: SearchParameter, modifier: str, bases: tuple[str, ...]) -> tuple[Sought, ...]:
    """One still escaped alternative; modifier is '', 'below', 'identifier' or a type. ValueError says what is wrong."""
    if parameter.form == "canonical":
        return (_versions(unescape(text)) if modifier else Elsewhere(short(unescape(text))),)
    if modifier == "identifier":
        return tuple(_identified(sought, parameter) for sought in token.parse(text, parameter))
    if modifier:
        return (by_id(unescape(text).removeprefix(f"{modifier}/"), (modifier,)),)
    if "|" in text:
        return (_number(text, parameter),)
    return (_literal_sought(unescape(text), parameter, bases),)


def by_id(text: str, types: tuple[str, ...]) -> Target | Numbered:
    """The resource of one of these types (none: any) that an id or NHS number stands for. ValueError for neither."""
    number = nhs_number.normal(text)
    if nhs_number.has_ten_digits(number) and (not types or "Patient" in types):
        return Numbered(number)
    if not _ID.fullmatch(text):
        raise ValueError("has a value that is no id (1 to 64 letters, digits, - and .), Type/id or URL.")
    return Target(types, text)


def _versions(url: str) -> Versions | Elsewhere:
    """https://hl7.org/fhir/R4/search.html#versions: without a version, all there are."""
    if "|" not in url:
        return Elsewhere(short(url))
    if len(url) > KEPT:
        raise ValueError(f"has a value of more than {KEPT} characters, which :below does not take with a version.")
    return Versions(url)


def _number(text: str, parameter: SearchParameter) -> Numbered:
    numbered = _numbered(token.parse(text, parameter)[0], parameter)
    if numbered is None:
        raise ValueError(
            "takes system|value only for the NHS number of a patient; for other identifiers use :identifier."
        )
    return numbered


def _literal_sought(text: str, parameter: SearchParameter, bases: tuple[str, ...]) -> Sought:
    target = references.target(text, bases)
    if target is None:
        return Elsewhere(short(text)) if _ABSOLUTE.fullmatch(text) else by_id(text, parameter.targets)
    if target.version and parameter.form == "versioned":
        return Elsewhere(_version(text, bases))
    if not _may_refer_to(parameter, target.type):
        raise ValueError(f"has a value of another type; it refers to {', '.join(parameter.targets)}.")
    return by_id(target.id, (target.type,))


def _identified(sought: Token, parameter: SearchParameter) -> Numbered | Identified:
    return _numbered(sought, parameter) or Identified(sought.system, sought.code)


def _numbered(sought: Token, parameter: SearchParameter) -> Numbered | None:
    is_number = sought.system == nhs_number.SYSTEM and _may_refer_to(parameter, "Patient")
    return Numbered(sought.code) if is_number and sought.code else None


def _may_refer_to(parameter: SearchParameter, type_: str) -> bool:
    return not parameter.targets or not type_ or type_ in parameter.targets


def _literal(reference: Any, bases: tuple[str, ...]) -> tuple[str, str, str]:
    if not isinstance(reference, str) or reference.startswith("#"):
        return "", "", ""
    target = references.target(reference, bases)
    return (target.type, target.id, "") if target else ("", "", short(reference))


def _version(reference: Any, bases: tuple[str, ...]) -> str:
    """The relative address of the one version of a resource here that a reference is to, '' when it is to none."""
    named = references.target(reference, bases) if isinstance(reference, str) else None
    return f"{named.type}/{named.id}/_history/{named.version}" if named and named.version else ""


def _declared(element: dict[str, Any]) -> str:
    declared = element.get("type")
    return declared if isinstance(declared, str) else ""


def _identifier(identifier: Any) -> tuple[str, str]:
    if not isinstance(identifier, dict):
        return "", ""
    system, value = identifier.get("system"), identifier.get("value")
    system = normal_system(system) if isinstance(system, str) else ""
    return system, normal_code(system, value) if isinstance(value, str) else ""
