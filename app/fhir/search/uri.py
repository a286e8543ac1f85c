"""Uri parameters: URIs and canonical URLs, matched whole. https://hl7.org/fhir/R4/search.html#uri"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.fhir.search.length import short


def keys(element: Any) -> Iterator[str]:
    """The URI of an element; a canonical with |version also without it."""
    if isinstance(element, str):
        yield short(element)
        if "|" in element:
            yield short(element.rpartition("|")[0])


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI that is looked for."""

    value: str


def parse(text: str) -> Uri:
    """The URI of one unescaped alternative."""
    return Uri(short(text))
