"""Copies of supporters in other records, `contained` or in Patient.contact: until when they are or may be restricted.

Who a copy is, is asked as of any other supporter: by identifier, or by name and birth date. Whoever has the telephone
number or address of somebody is taken for them too, half a name for whoever has that half, and none for anybody.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from app.fhir import json
from app.fhir.masking import copies
from app.sharing.facts import Record, Version
from app.sharing.people import Person, folded, person
from app.sharing.reading import Json, objects, text
from app.sharing.restrictions import Restriction
from app.sharing.same_person import identity
from app.sharing.view import View

# Of a copy there is one version, and when it was written down does not matter.
_EVER = datetime.min.replace(tzinfo=UTC)


def restricted_until(holders: Iterable[Record], view: View, at: int) -> dict[tuple[str, int], int]:
    """The versions, by reference and number, that hold somebody restricted; and until when (microseconds)."""
    standing = [one for one in view.restrictions if one.period.high > at]
    ends: dict[bytes, int] = {}
    until: dict[tuple[str, int], int] = {}
    for record in holders if standing else ():
        for version in record.versions:
            for copy in copies(version.content or {}):
                said = json.dumps(copy)  # most versions hold the same people
                if said not in ends:
                    ends[said] = _end(copy, standing, view)
                if ends[said]:
                    place = record.reference, version.number
                    until[place] = max(ends[said], until.get(place, 0))
    return until


def _end(copy: Json, standing: list[Restriction], view: View) -> int:
    """Until when this person is restricted; 0 for who is not."""
    version = Version(1, _EVER, copy)
    record = Record("RelatedPerson", "#", (version,))
    one = person(record, version, record.versions, view.directory)
    people = _people(copy, one, view)
    return max((each.period.high for each in standing if not people or each.restricts(people)), default=0)


def _people(copy: Json, one: Person, view: View) -> frozenset[str]:
    """The supporters who this copy is or may be, itself included; empty for who may be anybody."""
    systems = view.policy.same_person_systems
    written = folded("".join(_words(copy)))
    if not written and not any(system in systems for system, _ in one.identifiers):
        return frozenset()
    who = identity(one, {**view.people, one.reference: one}, systems)
    alike = [
        view.identity(reference)
        for reference, other in view.people.items()
        if one.traits.contacts & other.traits.contacts or (not one.traits.names and _may_be_named(written, other))
    ]
    return frozenset().union(*(each.joined | each.perhaps for each in (who, *alike)))


def _may_be_named(written: str, other: Person) -> bool:
    """Whether a name that is no whole one may be theirs: of whom none is known, every one may be."""
    names = other.traits.names
    return not names or any(part in written for name in names for part in name)


def _words(copy: Json) -> Iterator[str]:
    for name in objects(copy.get("name")):
        given = name.get("given")
        yield from (text(name.get("text")), text(name.get("family")))
        yield from map(text, given if isinstance(given, list) else ())
