"""Token parameters: codes, identifiers, booleans and contacts. https://hl7.org/fhir/R4/search.html#token"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.definition import SearchParameter
from app.fhir.search.escape import split, unescape
from app.fhir.search.length import short

BOOLEAN: Final = "http://terminology.hl7.org/CodeSystem/special-values"
# The modifier, and what keys under which identifiers are kept by their type are named after.
OF_TYPE: Final = "of-type"
_MISSPELT: Final = "https://terminology.hl7.org"
_PHONE_NUMBER: Final = re.compile(r"[0-9 +().\-/]*")


def normal_system(system: str) -> str:
    """The spelling a system is stored and searched under: http://terminology.hl7.org, also when sent with https."""
    return short("http" + system[5:] if system.startswith(_MISSPELT) else system)


def normal_code(system: str, code: str) -> str:
    """The spelling a code or identifier is stored and searched under: NHS numbers without spaces."""
    return short(nhs_number.normal(code) if system == nhs_number.SYSTEM else code)


def normal_contact(value: str) -> str:
    """An email address without case; a phone number as its digits alone."""
    digits = "".join(filter(str.isdigit, value)) if _PHONE_NUMBER.fullmatch(value) else ""
    return short(digits or value.strip().casefold())


def keys(element: Any, parameter: SearchParameter) -> Iterator[tuple[str, str]]:
    """(system, code) of each code of an element: a code, boolean, Coding, CodeableConcept, Identifier or ContactPoint.

    A CodeableConcept of text alone gives ('', ''), which no search asks for: it is there, so it is not missing.
    """
    if isinstance(element, bool):
        yield BOOLEAN, str(element).lower()
    elif isinstance(element, str):
        yield parameter.system, short(element)
    elif not isinstance(element, dict):
        return
    elif parameter.form == "contact":
        if isinstance(element.get("value"), str):
            yield _text(element.get("use")), normal_contact(element["value"])
    elif "coding" in element or "text" in element:
        codings = element.get("coding")
        yield from map(_coding, codings if isinstance(codings, list) and codings else [{}])
    elif "code" in element or "value" in element or "system" in element:
        yield _coding(element)


def typed_keys(element: Any) -> Iterator[tuple[str, str]]:
    """(system of the type, "code|value") for each type of an Identifier that has a value."""
    type_, value = (element.get("type"), element.get("value")) if isinstance(element, dict) else (None, None)
    if not isinstance(type_, dict) or not isinstance(value, str) or not isinstance(type_.get("coding"), list):
        return
    value = normal_code(normal_system(_text(element.get("system"))), value)
    for coding in type_["coding"]:
        system, code = _coding(coding)
        if code:
            yield system, short(f"{code}|{value}")


@dataclass(frozen=True, slots=True)
class Token:
    """A code that is looked for; None in either place means any, a system '' means that there is none."""

    system: str | None
    code: str | None


def parse(text: str, parameter: SearchParameter) -> tuple[Token, ...]:
    """One still escaped alternative (code, system|code, |code or system|) in every spelling it may be stored under.

    ValueError says what is wrong with it.
    """
    *systems, code = [unescape(part) for part in split(text, "|")]
    if len(systems) > 1:
        raise ValueError(r"has more than one | in a value; write \| where it is part of the code or system.")
    system = systems[0] if systems else None
    if not code and not system:
        raise ValueError("has a | with neither system nor code.")
    if parameter.form == "contact":
        return (Token(system, normal_contact(code) if code else None),)
    if system is None:
        return tuple(Token(None, spelling) for spelling in _spellings(code))
    system = normal_system(system or parameter.system)
    return (Token(system, normal_code(system, code) if code else None),)


def of_type(text: str) -> tuple[Token, ...]:
    """An Identifier by its type: system|code|value, still escaped. ValueError when one of the three is missing."""
    parts = [unescape(part) for part in split(text, "|")]
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004  # system, code, value
        raise ValueError("takes the type of an identifier and its value: system|code|value.")
    system, code, value = parts
    return tuple(Token(normal_system(system), short(f"{code}|{spelling}")) for spelling in _spellings(value))


def flag(elements: Iterable[Any]) -> tuple[str, str]:
    """The token of a parameter of form "flag": true when one of the elements is anything but false."""
    return BOOLEAN, str(any(element is not False for element in elements)).lower()


def _coding(element: Any) -> tuple[str, str]:
    if not isinstance(element, dict):
        return "", ""
    system = normal_system(_text(element.get("system")))
    return system, normal_code(system, _text(element.get("code", element.get("value"))))


def _spellings(code: str) -> Iterator[str]:
    """The code, and without the spaces in it when it may be an NHS number."""
    yield short(code)
    number = nhs_number.normal(code)
    if number != code and nhs_number.has_ten_digits(number):
        yield number


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
