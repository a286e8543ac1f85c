"""A record as an indicator reads it, and the few ways of reading one that all of them share."""

from dataclasses import dataclass
from typing import Any, Final

from app.fhir.vocabulary.concepts import CodeSystem
from app.sharing.reading import Json

_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """The current version of a record; `stored` is when that was stored, in microseconds."""

    type: str
    id: str
    version: int
    stored: int
    content: Json

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"

    @property
    def versioned(self) -> str:
        return f"{self.type}/{self.id}/_history/{self.version}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that an indicator could not read, and why: it is listed and never counted."""

    record: str
    why: str


def own(concepts: Any, system: CodeSystem) -> frozenset[str]:
    """The codes of one of the product's own systems in a CodeableConcept, or in several."""
    if not concepts:
        return _NONE
    address = system.url
    return frozenset(
        code
        for concept in (concepts if isinstance(concepts, list) else (concepts,))
        if isinstance(concept, dict)
        for coding in concept.get("coding") or ()
        if isinstance(coding, dict) and coding.get("system") == address and isinstance(code := coding.get("code"), str)
    )
