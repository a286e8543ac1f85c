"""A record as an indicator reads it, and the few ways of reading one that all of them share."""

from typing import Any, Final, NamedTuple

from app.fhir.vocabulary.concepts import CodeSystem
from app.sharing.reading import Json, objects

_NONE: Final[frozenset[str]] = frozenset()


class Entry(NamedTuple):
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


class Unreadable(NamedTuple):
    """A record that an indicator could not read, and why: it is listed and never counted."""

    record: str
    why: str


def own(concepts: Any, system: CodeSystem) -> frozenset[str]:
    """The codes of one of the product's own systems in a CodeableConcept, or in several."""
    return coded(concepts, system.url) if concepts else _NONE


def coded(concepts: Any, address: str) -> frozenset[str]:
    """The codes of the system with that address in a CodeableConcept, or in several."""
    return frozenset(
        [
            coding["code"]
            for concept in objects(concepts)
            for coding in objects(concept.get("coding"))
            if coding.get("system") == address and isinstance(coding.get("code"), str)
        ]
    )
