"""How the product's own codes are written down."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from app.fhir.canonical import BASE


@dataclass(frozen=True, slots=True)
class Concept:
    """A code, what people call it, and what it means."""

    code: str
    display: str
    definition: str


@dataclass(frozen=True)
class CodeSystem:
    """A list of codes in their order; `name` is the last part of its address."""

    name: str
    title: str
    description: str
    concepts: tuple[Concept, ...]

    @cached_property
    def url(self) -> str:
        """Its canonical address: the system of its codings."""
        return f"{BASE}/CodeSystem/{self.name}"

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes in their order."""
        return tuple(concept.code for concept in self.concepts)

    @cached_property
    def by_code(self) -> dict[str, Concept]:
        return {concept.code: concept for concept in self.concepts}

    def in_order(self, codes: Collection[str]) -> tuple[str, ...]:
        """Some of these codes, in the order of the list."""
        return tuple([code for code in self.codes if code in codes]) if codes else ()


def concepts(*rows: tuple[str, str, str]) -> tuple[Concept, ...]:
    """Rows of code, display and definition."""
    return tuple(Concept(*row) for row in rows)
