"""The rows of one patient, as they came from the database, and what indicators read in them.

Plain tuples, so that they can be handed to another process as they are.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final

import orjson

from app.involvement.indicators.entry import Entry
from app.sharing.facts import Facts, Policy, Record, Version
from app.sharing.times import moment
from app.storage.facts import OF_THE_PATIENT, is_unknown

# Type, id, version, when it was stored, and content as JSON.
Current = tuple[str, str, int, datetime, bytes]
# The same of each version of what consent rests on (content None: deleted), the organisation that wrote it, and
# whether the caller may know of it and see it.
Versioned = tuple[str, str, int, datetime, bytes | None, str, bool, bool]

_NAME: Final = itemgetter(0, 1)
_ORDER: Final = itemgetter(0, 1, 2)


@dataclass(slots=True)
class PatientRows:
    """All there is of one patient, by patient key: the records that the caller sees, and what consent rests on."""

    key: str
    records: list[Current] = field(default_factory=list)
    versions: list[Versioned] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """The records as indicators read them."""
        return [
            Entry(type_, id_, version, moment(stored), orjson.loads(content))
            for type_, id_, version, stored, content in self.records
        ]

    def facts(self, bases: tuple[str, ...], policy: Policy) -> Facts:
        """Everything that consent rests on."""
        of: dict[str, list[Record]] = {type_: [] for type_ in OF_THE_PATIENT}
        unknown, unseen = set(), set()
        for (type_, id_), rows in groupby(sorted(self.versions, key=_ORDER), _NAME):
            versions = list(rows)
            of[type_].append(Record(type_, id_, tuple(map(_version, versions))))
            *_, known, seen = versions[-1]
            if is_unknown(type_, known, seen):
                unknown.add(f"{type_}/{id_}")
            if not all(row[-1] for row in versions):
                unseen.add(f"{type_}/{id_}")
        return Facts(
            patient_key=self.key,
            patients=tuple(sorted(of["Patient"], key=lambda record: record.id != self.key)),
            supporters=tuple(of["RelatedPerson"]),
            consents=tuple(of["Consent"]),
            flags=tuple(of["Flag"]),
            teams=tuple(of["CareTeam"]),
            bases=bases,
            policy=policy,
            unknown=frozenset(unknown),
            unseen=frozenset(unseen),
        )


def _version(row: Versioned) -> Version:
    _, _, number, stored, content, organisation, _, _ = row
    return Version(number, stored, None if content is None else orjson.loads(content), organisation)
