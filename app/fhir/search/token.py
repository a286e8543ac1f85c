"""Token parameters: codes, identifiers, booleans and contacts. https://hl7.org/fhir/R4/search.html#token"""

import re
from collections.abc import Iterator
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.definition import SearchParameter
from app.fhir.search.length import short

BOOLEAN: Final = "http://terminology.hl7.org/CodeSystem/special-values"
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
    if _PHONE_NUMBER.fullmatch(value):
        return short("".join(filter(str.isdigit, value)))
    return short(value.strip().casefold())


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
            yield element.get("use") or "", normal_contact(element["value"])
    elif "coding" in element or "text" in element:
        codings = element.get("coding")
        yield from map(_coding, codings if isinstance(codings, list) and codings else [{}])
    elif "code" in element or "value" in element or "system" in element:
        yield _coding(element)


def flag(elements: Iterator[Any]) -> tuple[str, str]:
    """The token of a parameter of form "flag": true when one of the elements is anything but false."""
    return BOOLEAN, str(any(element is not False for element in elements)).lower()


def _coding(element: dict[str, Any]) -> tuple[str, str]:
    system = normal_system(_text(element.get("system")))
    return system, normal_code(system, _text(element.get("code", element.get("value"))))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
