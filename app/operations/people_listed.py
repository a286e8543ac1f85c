"""Whom a worklist of people lists: those whom the sharing decision permits it, each human once.

A human may have several records. By whichever of them something was done, it is done; listed is the first that may be,
and the others come along.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.operations.permits import Human, permitted_now
from app.record.context import Context
from app.storage.pool import Connection
from app.storage.worklists import people as storage
from app.storage.worklists.asking import Asked
from app.storage.worklists.page import Entry
from app.storage.worklists.people import Other

# What the sharing decision has to permit for somebody to be listed.
SCOPES: Final = {"no-role": "care-plan", "not-invited": "meetings"}
_TYPE: Final = "RelatedPerson/"


async def people_listed(
    context: Context, connection: Connection, name: str, asked: Asked, found: Sequence[Entry]
) -> dict[int, Entry]:
    """By their places the entries about whom somebody may be told, each with those of its people who may."""
    wanted: dict[str, list[str]] = {}
    for entry in found:
        wanted.setdefault(entry.row.patient, []).extend(_TYPE + id_ for _, id_ in _people(entry))
    humans = await permitted_now(context, connection, wanted, SCOPES[name], asked.roles) if wanted else {}
    pairs = sorted({pair for entry in found for pair in _other_records(entry, humans)})
    others: dict[int, list[Other]] = {}
    for other in await storage.others(connection, name, asked, pairs) if pairs else ():
        others.setdefault(other.entry, []).append(other)
    kept = {}
    for place, entry in enumerate(found):
        people, alike = _once(entry, humans, others.get(entry.place[1], ()))
        if people:
            kept[place] = replace(entry, along=people if entry.along else (), alike=alike)
    return kept


def _people(entry: Entry) -> tuple[tuple[int, str], ...]:
    """Those whom an entry is about: who come along with it, or the one that it is."""
    return entry.along or ((entry.place[1], entry.row.id),)


def _other_records(entry: Entry, humans: Mapping[str, Human]) -> Iterator[tuple[int, str]]:
    """The entry, by its key, with each other record of its people."""
    for _, id_ in _people(entry):
        human = humans.get(_TYPE + id_)
        if human:
            yield from ((entry.place[1], one.removeprefix(_TYPE)) for one in human.records if one != _TYPE + id_)


def _once(
    entry: Entry, humans: Mapping[str, Human], others: Sequence[Other]
) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str, str], ...]]:
    """The people of an entry, and the other records of them that would be listed too, each with the one that is."""
    people: list[tuple[int, str]] = []
    alike: list[tuple[int, str, str]] = []
    for key, id_ in _people(entry):
        human = humans.get(_TYPE + id_)
        if human is None:
            continue
        records = [one for one in others if one.id != id_ and _TYPE + one.id in human.records]
        listed = [one for one in records if one.is_listed and _TYPE + one.id in human.permitted]
        if not any(one.is_done for one in records) and all(key < one.key for one in listed):
            people.append((key, id_))
            alike += [(one.key, one.id, id_) for one in listed]
    return tuple(people), tuple(alike)
