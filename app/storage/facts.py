"""The facts of a sharing decision: every version of everything about one patient, in one round trip.

The rows are read anew for each question; what was made of the very same rows before is used again.

A refusal counts whoever wrote it, so this is the one read that no visibility narrows: `kith_facts` of the migrations,
which runs as the owner of the tables, and says of each record whether the caller may know of it and see it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import NamedTuple

import asyncpg
import orjson

from app.fhir.links import PatientName
from app.fhir.resources import BY_TYPE
from app.sharing.facts import Facts, Policy, Record
from app.sharing.people import SAME
from app.storage.kept import Kept, Question, record
from app.storage.own_records import OF_THE_PATIENT, is_unknown, of_patient
from app.storage.pool import Connection

# Whatever is in a patient's record.
OF_A_PATIENT = ["Patient", *(type_ for type_, definition in BY_TYPE.items() if definition.patient)]
PROFESSIONALS = ("Practitioner", "PractitionerRole", "Organization")

# What this process keeps; how much that is, a worker is told by its settings.
KEPT = Kept(1_000)

GATHER = "SELECT * FROM kith_facts($1, $2, $3, $4, $5, $6, $7, $8, $9)"

PEOPLE = "SELECT * FROM kith_people($1, $2, $3, $4)"

# Of a whole record, the versions that may hold somebody's copy: one that is contained, or a contact of the patient.
HOLDERS = f"""
SELECT f.* FROM ({GATHER}) f WHERE f.content::text LIKE '%"contained"%' OR f.content::text LIKE '%"contact"%'
"""

GATHER_AGAIN = """
SELECT v.type, v.id, v.version, v.updated, COALESCE(v.whole, v.content) AS content, v.organisation, s.patient
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[]) AS s(type, id, version, patient)
JOIN resource_version v ON v.type = s.type AND v.id = s.id AND v.version <= s.version
ORDER BY v.type, v.id, v.version
"""


class Named(NamedTuple):
    """What a question names beside its patient: (type, id), and identifiers as (search parameter, system, value).

    `resources` are those of the references that are to be shared.
    """

    references: Sequence[tuple[str, str]] = ()
    identifiers: Sequence[tuple[str, str, str]] = ()
    resources: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check has seen: the patient's key, the last version of each of the patient's own records and of others.

    Versions are references ("Consent/a/_history/2"); `named` are the references that the question named.
    """

    patient: str
    own: Sequence[str]
    others: Sequence[str]
    named: frozenset[str]


async def gather(
    connection: Connection,
    patient: PatientName,
    named: Named,
    policy: Policy,
    bases: tuple[str, ...],
    key: str = "",
    types: Sequence[str] = OF_THE_PATIENT,
) -> Facts | None:
    """Everything known of the patient and of what the question names; None when there is no such patient.

    With `key` there need not be a Patient: a record may be kept under the key of one that is not stored here. `types`
    are those of the patient's own records that are wanted.
    """
    rows = await connection.fetch(
        GATHER,
        patient.id,
        patient.number,
        *_columns(named.references, 2),
        *_columns(named.identifiers, 3),
        list(types),
        key,
    )
    if not rows:
        return None
    question = Question(patient.id, _asked(rows, named), bases, policy)
    return KEPT.facts(question, tuple(rows), partial(_of_rows, rows, question))


async def gather_people(
    connection: Connection, key: str, named: Collection[str], policy: Policy, bases: tuple[str, ...]
) -> Facts | None:
    """Of what is known under a patient's key the Patient, and the supporters with these ids.

    With them come all who may be somebody under several ids, so that it can be told which records are of one human
    (app/sharing/same_person.py). None when there is nothing under the key.
    """
    systems = [_quoted(system) for system in sorted(policy.same_person_systems)]
    rows = await connection.fetch(PEOPLE, key, sorted(named), _quoted(SAME), systems)
    # Asked after a write and not kept: at the next the rows are others, and what checks ask again would make room.
    return _of_rows(rows, Question(key, frozenset(), bases, policy)) if rows else None


def _quoted(text: str) -> str:
    """A text as it stands in what is stored."""
    return orjson.dumps(text).decode()


def _asked(rows: Sequence[asyncpg.Record], named: Named) -> frozenset[str]:
    """The references asked about, less the patient's supporters: they are known, whoever of them is asked about."""
    asked = frozenset(f"{type_}/{id_}" for type_, id_ in named.references)
    supporters = frozenset(
        _name_of(row) for row in rows if row["type"] == "RelatedPerson" and row["patient"] == row["key"]
    )
    return asked - supporters | frozenset(f"{type_}/{id_}" for type_, id_ in named.resources)


def _of_rows(rows: Sequence[asyncpg.Record], question: Question) -> Facts:
    """The facts in rows, and what the caller may know and see of them. Nothing else has a part in it."""
    unseen = frozenset(_name_of(row) for row in rows if row["seen"] is False)
    return _facts(rows, rows[0]["key"], question, _unknown_of(rows), unseen)


async def holders(connection: Connection, key: str) -> list[Record]:
    """The records kept under a patient's key of which some version may hold a copy of a supporter; those versions."""
    rows = await connection.fetch(HOLDERS, "", "", *_columns((), 2), *_columns((), 3), OF_A_PATIENT, key)
    return [record(tuple(versions)) for _, versions in groupby(rows, _name)]


async def gather_again(
    connection: Connection, seen: Seen, policy: Policy, bases: tuple[str, ...]
) -> tuple[Facts, tuple[str, ...]]:
    """The facts as a check once saw them, whatever was written since; and the versions that are no longer here."""
    versions = [version.split("/") for version in (*seen.own, *seen.others)]
    keys = [seen.patient] * len(seen.own) + [""] * len(seen.others)
    columns = _columns([(type_, id_) for type_, id_, *_ in versions], 2)
    rows = await connection.fetch(GATHER_AGAIN, *columns, [int(version[-1]) for version in versions], keys)
    found = {f"{row['type']}/{row['id']}/_history/{row['version']}" for row in rows}
    first = next((id_ for type_, id_, *_ in versions if type_ == "Patient"), "")
    missing = tuple(version for version in (*seen.own, *seen.others) if version not in found)
    return _facts(rows, seen.patient, Question(first, seen.named, bases, policy)), missing


def _facts(
    rows: Sequence[asyncpg.Record],
    key: str,
    question: Question,
    unknown: frozenset[str] = frozenset(),
    unseen: frozenset[str] = frozenset(),
) -> Facts:
    """The facts in rows of versions, of the patient with this key."""
    first, asked, bases, policy = question
    found = [KEPT.record(tuple(versions)) for _, versions in groupby(rows, _name)]
    own = {row["type"] + "/" + row["id"] for row in rows if row["patient"] == key}
    of = {type_: tuple(r for r in found if r.type == type_ and r.reference in own) for type_ in OF_THE_PATIENT}
    return replace(
        of_patient(key, first, of, bases, policy, unknown, unseen),
        professionals=tuple(record for record in found if record.type in PROFESSIONALS),
        resources=tuple(record for record in found if record.reference in asked),
        resource_patients={_name_of(row): row["patient"] for row in rows if _name_of(row) in asked},
    )


def _unknown_of(rows: Iterable[asyncpg.Record]) -> frozenset[str]:
    """The records, by reference, of which the caller may not learn that they are there; `rows` are in order."""
    last = {_name_of(row): row for row in rows}
    return frozenset(name for name, row in last.items() if is_unknown(row["type"], row["known"], row["seen"]))


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _name(row: asyncpg.Record) -> tuple[str, str]:
    return row["type"], row["id"]


def _name_of(row: asyncpg.Record) -> str:
    return f"{row['type']}/{row['id']}"
