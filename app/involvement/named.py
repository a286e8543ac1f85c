"""Whom an element names among the supporters of a record: by address, or by an identifier that one of them has.

https://hl7.org/fhir/R4/references.html
"""

from collections.abc import Mapping
from typing import Any

from app.fhir.references import target

Json = Mapping[str, Any]


def supporters_named(element: Json, supporters: Mapping[str, Json], bases: tuple[str, ...]) -> list[str]:
    """The names ("RelatedPerson/id") of those who may be meant: by address one, whether or not it is among these.

    `supporters` are RelatedPersons by their names, `bases` the addresses of this service.
    """
    to = target(element.get("reference", ""), bases)
    if to:
        return [f"{to.type}/{to.id}"] if to.type == "RelatedPerson" else []
    named = _key(element.get("identifier", {}))
    if not named or element.get("type", "RelatedPerson") != "RelatedPerson":
        return []
    return [who for who, each in supporters.items() if named in map(_key, each.get("identifier", ()))]


def _key(identifier: Json) -> tuple[str, str] | None:
    value = identifier.get("value")
    return (identifier.get("system", ""), value) if value else None
