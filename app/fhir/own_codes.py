"""Reads codes of the product's own systems out of a resource. https://hl7.org/fhir/R4/datatypes.html#CodeableConcept"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.fhir.vocabulary import CodeSystem

Concept = Mapping[str, Any]


def own_codes(concepts: Concept | Iterable[Concept] | None, system: CodeSystem) -> tuple[str, ...]:
    """The codes of this system in a CodeableConcept, or in a list of them, each once and in order."""
    listed = [concepts] if isinstance(concepts, Mapping) else concepts or ()
    found = (
        coding.get("code", "")
        for concept in listed
        for coding in concept.get("coding", ())
        if coding.get("system") == system.url
    )
    return tuple(dict.fromkeys(code for code in found if code in system.by_code))


def own_code(concepts: Concept | Iterable[Concept] | None, system: CodeSystem) -> str:
    """The first of them, '' when there is none."""
    return next(iter(own_codes(concepts, system)), "")


def concept(system: CodeSystem, code: str) -> dict[str, Any]:
    """A CodeableConcept of one code of this system, with its display."""
    return {"coding": [coding(system, code)]}


def coding(system: CodeSystem, code: str) -> dict[str, Any]:
    """A Coding of this system, with its display."""
    return {"system": system.url, "code": code, "display": system.by_code[code].display}
