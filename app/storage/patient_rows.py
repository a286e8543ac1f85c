"""The rows of one patient, as they came from the database, and what indicators read in them.

Plain JSON, so that they can be handed to another process as they are.
"""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import orjson

from app.involvement.indicators.entry import Entry
from app.sharing.facts import Facts, Policy, Record, Version
from app.sharing.times import instant
from app.storage.own_records import OF_THE_PATIENT, is_unknown, of_patient

_NAME: Final = itemgetter(0, 1)
_ORDER: Final = itemgetter(0, 1, 2)


@dataclass(frozen=True, slots=True)
class PatientRows:
    """All there is of one patient, by patient key: two JSON arrays, of rows that are arrays too.

    `records` are those that the caller sees, in their current version: type, id, version, when it was stored
    (microseconds), and content. `versions` are the same of each version of what consent rests on (content null:
    deleted), the organisation that wrote it, and whether the caller may know of it and see it. `digest` is of all that
    figures are made of, '' where none are to be kept. Where `figures` are kept there are no rows.
    """

    key: str
    records: bytes = b"[]"
    versions: bytes = b"[]"
    digest: bytes = b""
    figures: bytes = b""

    def entries(self) -> list[Entry]:
        """The records as indicators read them."""
        return list(map(Entry._make, orjson.loads(self.records)))

    def facts(self, bases: tuple[str, ...], policy: Policy) -> Facts:
        """Everything that consent rests on."""
        of: dict[str, list[Record]] = {type_: [] for type_ in OF_THE_PATIENT}
        unknown, unseen = set(), set()
        for (type_, id_), rows in groupby(sorted(orjson.loads(self.versions), key=_ORDER), _NAME):
            versions = list(rows)
            of[type_].append(Record(type_, id_, tuple([_version(row) for row in versions])))
            *_, known, seen = versions[-1]
            if is_unknown(type_, known, seen):
                unknown.add(f"{type_}/{id_}")
            if not all(row[-1] for row in versions):
                unseen.add(f"{type_}/{id_}")
        return of_patient(self.key, self.key, of, bases, policy, frozenset(unknown), frozenset(unseen))


def _version(row: list[Any]) -> Version:
    _, _, number, stored, content, organisation, _, _ = row
    recorded = instant(stored)
    assert recorded is not None, "PostgreSQL stores no time that Python has not"
    return Version(number, recorded, content, organisation)
