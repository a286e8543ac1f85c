"""The facts of a sharing decision: every version of everything about one patient, in one round trip.

A refusal counts whoever wrote it, so this is the one read that no visibility narrows; what callers are shown of
other organisations' records is decided above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import asyncpg
import orjson

from app.fhir.links import PatientName
from app.sharing.facts import Facts, Policy, Record, Version
from app.storage.pool import Connection

OF_THE_PATIENT = ("Patient", "RelatedPerson", "Consent", "Flag", "CareTeam")
PROFESSIONALS = ("Practitioner", "PractitionerRole", "Organization")

GATHER = """
WITH RECURSIVE patient AS (
    SELECT COALESCE(
        (SELECT r.patient FROM resource r WHERE r.type = 'Patient' AND r.id = $1 AND NOT r.deleted),
        (SELECT n.patient FROM nhs_number n WHERE n.number = $2),
        NULLIF($9::text, '')
    ) AS key
),
wanted AS (
    SELECT n.type, n.id FROM unnest($3::text[], $4::text[]) AS n(type, id)
    UNION
    SELECT r.type, r.id FROM unnest($5::text[], $6::text[], $7::text[]) AS i(parameter, system, code)
    JOIN search_token k ON k.parameter = i.parameter AND k.system = i.system AND k.code = i.code
    JOIN resource r ON r.key = k.resource
),
above (type, id) AS (
    SELECT w.type, w.id FROM wanted w
    UNION
    SELECT k.target_type, k.target_id
    FROM above a JOIN resource r ON r.type = a.type AND r.id = a.id
    JOIN search_reference k ON k.resource = r.key AND k.target_type = 'Organization'
    WHERE k.parameter IN ('Organization.partof', 'CareTeam')
)
SELECT p.key, v.type, v.id, v.version, v.updated, v.content, v.organisation, v.patient
FROM patient p LEFT JOIN LATERAL (
    SELECT o.* FROM resource_version o WHERE o.patient = p.key AND o.patient <> '' AND o.type = ANY($8::text[])
    UNION ALL
    SELECT o.* FROM above a JOIN resource_version o ON o.type = a.type AND o.id = a.id
    WHERE p.key IS NOT NULL AND NOT (o.patient = p.key AND o.patient <> '' AND o.type = ANY($8::text[]))
) v ON true
ORDER BY v.type, v.id, v.version
"""


GATHER_AGAIN = """
SELECT v.type, v.id, v.version, v.updated, v.content, v.organisation, s.patient
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[]) AS s(type, id, version, patient)
JOIN resource_version v ON v.type = s.type AND v.id = s.id AND v.version <= s.version
ORDER BY v.type, v.id, v.version
"""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names beside its patient: (type, id), and identifiers as (search parameter, system, value)."""

    references: Sequence[tuple[str, str]] = ()
    identifiers: Sequence[tuple[str, str, str]] = ()


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
    connection: Connection, patient: PatientName, named: Named, policy: Policy, bases: tuple[str, ...], key: str = ""
) -> Facts | None:
    """Everything known of the patient and of what the question names; None when there is no such patient.

    With `key` there need not be a Patient: a record may be kept under the key of one that is not stored here.
    """
    rows = await connection.fetch(
        GATHER,
        patient.id,
        patient.number,
        *_columns(named.references, 2),
        *_columns(named.identifiers, 3),
        list(OF_THE_PATIENT),
        key,
    )
    found = rows[0]["key"]
    if found is None:
        return None
    asked = frozenset(f"{type_}/{id_}" for type_, id_ in named.references)
    return _facts(rows, found, patient.id, asked, bases, policy)


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
    return _facts(rows, seen.patient, first, seen.named, bases, policy), missing


def _facts(
    rows: Sequence[asyncpg.Record],
    key: str,
    first: str,
    asked: frozenset[str],
    bases: tuple[str, ...],
    policy: Policy,
) -> Facts:
    """The facts in rows of versions; `first` is the Patient named first, `asked` the references asked about."""
    found = [_record(list(versions)) for _, versions in groupby(rows, _name)]
    own = {row["type"] + "/" + row["id"] for row in rows if row["patient"] == key}
    of = {type_: tuple(r for r in found if r.type == type_ and r.reference in own) for type_ in OF_THE_PATIENT}
    return Facts(
        patient_key=key,
        patients=tuple(sorted(of["Patient"], key=lambda record: record.id != first)),
        supporters=of["RelatedPerson"],
        consents=of["Consent"],
        flags=of["Flag"],
        teams=of["CareTeam"],
        professionals=tuple(record for record in found if record.type in PROFESSIONALS),
        resources=tuple(record for record in found if record.reference in asked),
        resource_patients={_name_of(row): row["patient"] for row in rows if _name_of(row) in asked},
        bases=bases,
        policy=policy,
    )


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _name(row: asyncpg.Record) -> tuple[str, str]:
    return row["type"], row["id"]


def _name_of(row: asyncpg.Record) -> str:
    return f"{row['type']}/{row['id']}"


def _record(rows: list[asyncpg.Record]) -> Record:
    versions = tuple(Version(row["version"], row["updated"], _content(row), row["organisation"]) for row in rows)
    return Record(rows[0]["type"], rows[0]["id"], versions)


def _content(row: asyncpg.Record) -> dict[str, Any] | None:
    return None if row["content"] is None else orjson.loads(row["content"])
