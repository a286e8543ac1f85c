"""A record as an indicator reads it, and the few ways of reading one that all of them share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.fhir.canonical import BASE
from app.fhir.vocabulary.concepts import CodeSystem
from app.sharing.reading import Json, codes, objects


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
    address = f"{BASE}/CodeSystem/{system.name}"
    return frozenset(code for concept in _concepts(concepts) for system_, code in codes(concept) if system_ == address)


def _concepts(value: Any) -> Iterable[Json]:
    return objects(value)
