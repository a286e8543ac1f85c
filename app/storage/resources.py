"""Current rows and versions: read, lock, store and remove one resource. https://hl7.org/fhir/R4/http.html"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from app.fhir import nhs_number
from app.fhir.errors import Forbidden
from app.fhir.links import Links
from app.fhir.search.keys import Keys
from app.storage import statements
from app.storage.audit import AuditRow
from app.storage.columns import columns
from app.storage.pool import Connection
from app.storage.references import rows_of_references
from app.storage.some_values import Statement
from app.storage.visibility import CONTENT, Visibility


class Stored(NamedTuple):
    """One version as it stands in the database; `content` is None for a deletion.

    Of a locked one `organisation` is whose it is, and `masked` says that its content is more than the caller may see.
    """

    type: str
    id: str
    version: int
    updated: datetime
    patient: str
    content: bytes | None
    method: str = ""
    key: int = 0
    organisation: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One new version to store, with all that is stored beside it.

    `organisation` is whose resource it is, `level` who may see it (app/fhir/levels.py), and
    `mask` what those see of it who are `below` another level. `existing` is the key of the
    row that it replaces, 0 for a new one. `patient_parameters` are the search parameters
    over the reference to its patient ("Consent.patient"), where an NHS number can only mean a patient. `same_patient`
    demands that the supporters it names are of its own patient, `one_record` too that whatever else it refers to is in
    that patient's record, or in nobody's; `integrity` that literal references to registered
    types exist. `alone` that a new supporter is not stored where somebody is restricted or refused: see Written.
    """

    type: str
    id: str
    version: int
    updated: datetime
    content: bytes
    method: str
    links: Links
    keys: Keys
    audit: AuditRow
    organisation: str
    level: int
    mask: bytes | None = None
    below: int | None = None
    existing: int = 0
    integrity: bool = True
    same_patient: bool = False
    one_record: bool = False
    alone: bool = False
    new_numbers: tuple[str, ...] = ()
    patient_parameters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """How a write went. Nothing was stored unless `key`; then `missing` and `strangers` are what stood in the way.

    `missing` are references to what does not exist, `strangers` what is of another patient, `unknown_number`
    whether the patient's NHS number is not known here, `contradiction` whether it is that of another than the one
    who is referred to. `guarded` says of a supporter that his patient restricts or refuses somebody.
    """

    key: int
    patient: str
    missing: tuple[tuple[str, str], ...] = ()
    strangers: tuple[tuple[str, str], ...] = ()
    unknown_number: bool = False
    contradiction: bool = False
    guarded: bool = False


# The function of PostgreSQL that refuses a row by a policy; lacking rights to a whole table are no caller's mistake.
POLICY = "ExecWithCheckOptions"

READ = f"""
SELECT r.version, r.updated, {CONTENT}, r.patient FROM resource r
WHERE r.type = $1 AND r.id = $2 AND ($3::text[] IS NULL OR r.organisation = ANY($3))
"""

VREAD = f"""
SELECT r.version, r.updated, {CONTENT}, r.patient, r.method FROM resource_version r
WHERE r.type = $1 AND r.id = $2 AND r.version = $4 AND ($3::text[] IS NULL OR r.organisation = ANY($3))
"""

# Whoever changes a resource changes all of it, so the content is whole here.
_LOCKED = """
SELECT r.type, r.id, r.key, r.version, r.updated, COALESCE(r.whole, r.content) AS content, r.patient, r.organisation,
       r.whole IS NOT NULL AND r.masked_until > now() AND kith_level() < r.whole_from AS masked
FROM resource r
"""

LOCK = f"""
{_LOCKED}
WHERE r.type = $1 AND r.id = $2 AND ($3::text[] IS NULL OR r.organisation = ANY($3))
FOR NO KEY UPDATE
"""
LOCK_TO_DELETE = LOCK.replace("FOR NO KEY UPDATE", "FOR UPDATE")

# In one order whoever asks, so that nobody waits for somebody who waits for him.
LOCK_ALL = f"""
{_LOCKED} JOIN unnest($1::text[], $2::text[]) AS wanted(type, id) ON r.type = wanted.type AND r.id = wanted.id
WHERE ($3::text[] IS NULL OR r.organisation = ANY($3))
ORDER BY r.type, r.id
FOR NO KEY UPDATE OF r
"""
LOCK_ALL_TO_DELETE = LOCK_ALL.replace("FOR NO KEY UPDATE", "FOR UPDATE")


async def read(connection: Connection, type_: str, id_: str, visibility: Visibility) -> Stored | None:
    """The current version, a deletion included; None when there never was one that the caller may see."""
    row = await connection.fetchrow(READ, type_, id_, visibility.parameter)
    return row and Stored(type_, id_, row[0], row[1], row[3], row[2])


async def vread(connection: Connection, type_: str, id_: str, version: int, visibility: Visibility) -> Stored | None:
    """One version, a deletion included; None when there is no such version that the caller may see."""
    row = await connection.fetchrow(VREAD, type_, id_, visibility.parameter, version)
    return row and Stored(type_, id_, row[0], row[1], row[3], row[2], row[4])


async def lock(connection: Connection, type_: str, id_: str, visibility: Visibility) -> Stored | None:
    """As `read`, and nobody else changes the resource until this transaction ends; others may refer to it."""
    return await _locked(connection, LOCK, type_, id_, visibility)


async def lock_to_delete(connection: Connection, type_: str, id_: str, visibility: Visibility) -> Stored | None:
    """As `lock`, and nobody newly refers to the resource either."""
    return await _locked(connection, LOCK_TO_DELETE, type_, id_, visibility)


async def lock_all(
    connection: Connection, names: Collection[tuple[str, str]], visibility: Visibility, *, to_delete: bool = False
) -> dict[tuple[str, str], Stored]:
    """As `lock`, or `lock_to_delete`, for many resources at once: those of these types and ids that there are."""
    if not names:
        return {}
    types, ids = (list(column) for column in zip(*names, strict=True))
    rows = await connection.fetch(LOCK_ALL_TO_DELETE if to_delete else LOCK_ALL, types, ids, visibility.parameter)
    return {(row["type"], row["id"]): Stored(**row) for row in rows}


async def _locked(connection: Connection, sql: str, type_: str, id_: str, visibility: Visibility) -> Stored | None:
    row = await connection.fetchrow(sql, type_, id_, visibility.parameter)
    return row and Stored(**row)


async def store(connection: Connection, change: Change) -> Written:
    """Stores a new version with its keys and audit row, unless a reference is not to be had (see Written).

    Raises asyncpg.UniqueViolationError when somebody else stored the same id or NHS number first, Forbidden when the
    policies of the database do not let the caller write it.
    """
    references = reference_rows(change)
    with permitted():
        statement = _statement(change, references)
        row = await connection.fetchrow(statement.text, *statement.of(values(change, references)))
    return _written(row, change, list(change.links.wanted))


def _statement(change: Change, references: list[tuple[str, ...]]) -> Statement:
    if change.existing:
        return statements.REPLACE
    return statements.INSERT_PLAIN if is_plain(change, references) else statements.INSERT


def is_plain(change: Change, references: list[tuple[str, ...]]) -> bool:
    """Whether a version neither brings NHS numbers, URIs or quantities nor names anybody by number."""
    brings = change.new_numbers or change.keys.uris or change.keys.quantities
    return not brings and not looked_up(change, references)


def values(change: Change, references: list[tuple[str, ...]]) -> list[Any]:
    """The values of a version, by which the parameters of `statements` are numbered."""
    wanted = list(change.links.wanted)
    return [
        [type_ for type_, _ in wanted],
        [id_ for _, id_ in wanted],
        looked_up(change, references),
        change.links.patient.id,
        change.links.patient.number,
        len(wanted) if change.integrity else 0,
        change.same_patient,
        change.type,
        change.id,
        change.organisation,
        change.version,
        change.updated,
        change.mask or change.content,
        change.method,
        *columns(change.keys.tokens, 3),
        *columns(change.keys.strings, 3),
        *columns(change.keys.dates, 3),
        *columns(references, 7),
        *columns(change.keys.uris, 2),
        list(change.new_numbers),
        change.audit.interaction,
        change.audit.status,
        change.audit.client,
        change.audit.organisation,
        change.audit.user_role,
        change.audit.request_id,
        change.audit.correlation_id,
        change.links.patient.kept_with,
        change.level,
        change.alone,
        change.content if change.mask else None,
        change.below,
        change.one_record,
        *columns(change.keys.quantities, 6),
    ]


@contextmanager
def permitted() -> Iterator[None]:
    """Turns the refusal of a row by the policies of the database into Forbidden."""
    try:
        yield
    except asyncpg.InsufficientPrivilegeError as refusal:
        if refusal.server_source_function != POLICY:
            raise
        raise Forbidden("This caller may not write this record.") from None


async def forget_keys(connection: Connection, stored: Stored, old_numbers: Iterable[str] = ()) -> None:
    """Drops the search keys of a locked resource, and NHS numbers that no Patient of its record has any more."""
    numbers = list(old_numbers)
    await connection.execute(statements.FORGET, stored.key, numbers, stored.patient, nhs_number.SYSTEM)


async def hide(connection: Connection, type_: str, id_: str, level: int) -> None:
    """Raises the level of a resource above that of its writer, who then cannot see it any more."""
    await connection.execute("SELECT kith_raise($1, $2, $3)", type_, id_, level)


async def remove(connection: Connection, stored: Stored, version: int, audit: AuditRow) -> None:
    """Marks a locked resource as deleted: its keys go, its history stays."""
    by = (audit.client, audit.organisation, audit.user_role, audit.request_id, audit.correlation_id)
    with permitted():
        await connection.execute(statements.REMOVE, stored.type, stored.id, version, audit.recorded, *by)


def looked_up(change: Change, references: list[tuple[str, ...]]) -> list[str]:
    """The NHS numbers to look up: the patient's, and any by which another reference names a patient."""
    named = {row[6] for row in references} | {change.links.patient.number}
    return sorted(named - {""})


def reference_rows(change: Change) -> list[tuple[str, ...]]:
    """The reference keys of a new version: see `rows_of_references`."""
    return rows_of_references(change.type, change.keys, change.links, change.patient_parameters)


def _written(row: asyncpg.Record, change: Change, wanted: list[tuple[str, str]]) -> Written:
    if row["key"] is not None:
        return Written(row["key"], row["patient"], guarded=row["guarded"])
    there = {tuple(target.split("/")) for target in row["targets"]}
    others = {tuple(target.split("/")) for target in row["others"]}
    return Written(
        0,
        row["patient"],
        guarded=row["guarded"],
        missing=tuple(target for target in wanted if target not in there) if change.integrity else (),
        strangers=tuple(
            target for target in wanted if target in others and (change.one_record or target[0] == "RelatedPerson")
        )
        if change.same_patient
        else (),
        unknown_number=bool(change.links.patient.number) and not row["patient"],
        contradiction=row["contradiction"],
    )
