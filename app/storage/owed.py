"""What the rules by which tasks arise read: whose record changed, met its time or waits, and these records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from app.fhir.canonical import BASE
from app.fhir.words import words
from app.involvement.crisis_care import HOME_TREATMENT, OPEN_CARE
from app.involvement.owed import Entry
from app.involvement.rules import OF_OUTCOME
from app.storage.pool import Connection

_CODES: Final = f"{BASE}/CodeSystem"
_TYPES: Final = words(
    "Patient RelatedPerson EpisodeOfCare CarePlan Encounter Communication Consent Appointment List Flag"
)
_CHANGED_TYPES: Final = sorted(_TYPES)
# A Task may be an answer; one that is done makes nothing else to do.
_READ_TYPES: Final = sorted(_TYPES | {"Task"})

# Skipped while another worker has it.
_TAKE: Final = "SELECT seen FROM progress WHERE name = 'rules' FOR UPDATE SKIP LOCKED"
_SEEN: Final = "UPDATE progress SET seen = $1 WHERE name = 'rules'"
# Whose tasks could not be made, and from when they are to be tried again.
_WAITING: Final = "rules of "
_WAIT: Final = f"""
INSERT INTO progress (name, seen)
SELECT '{_WAITING}' || p.key, p.at FROM unnest($1::text[], $2::timestamptz[]) AS p(key, at)
ON CONFLICT (name) DO UPDATE SET seen = EXCLUDED.seen
"""
_WAIT_NO_MORE: Final = (
    f"DELETE FROM progress WHERE name IN (SELECT '{_WAITING}' || p.key FROM unnest($1::text[]) AS p(key))"
)

# Of records that changed those of which a rule may demand something; and those whose time has come meanwhile.
_DUE: Final = f"""
WITH changed AS (
    SELECT r.patient, max(r.updated) AS changed FROM resource r
    WHERE r.type = ANY($1::text[]) AND r.updated >= $2 AND r.patient <> '' GROUP BY r.patient
)
SELECT c.patient, c.changed FROM changed c WHERE EXISTS (
    SELECT FROM resource r JOIN search_token t ON t.resource = r.key
    WHERE r.patient = c.patient AND NOT r.deleted AND (
        (t.parameter = 'EpisodeOfCare.status' AND t.code = ANY($9::text[]))
        OR (t.parameter = 'CarePlan.category' AND t.code = '{HOME_TREATMENT}')
        OR (t.parameter = 'RelatedPerson.relationship' AND t.system = '{_CODES}/carer-role'
            AND t.code IN ('young-carer', 'carer', 'main-carer'))
        OR (t.parameter = 'Encounter.type' AND t.code = 'incident' AND t.system = '{_CODES}/encounter-type')
        OR (t.parameter = 'Communication.outcome' AND t.code = ANY($3::text[]))
        OR (t.parameter = 'Communication.category' AND t.code = 'concern')
        OR (t.parameter = 'Appointment.status' AND t.code IN ('proposed', 'pending', 'booked'))))
OR EXISTS (SELECT FROM resource r WHERE r.patient = c.patient AND r.type = 'Flag' AND NOT r.deleted)
UNION
SELECT r.patient, $4::timestamptz FROM search_date d JOIN resource r ON r.key = d.resource
WHERE NOT r.deleted AND r.patient <> '' AND (
    (d.parameter = 'Consent.next-review' AND d.low > $5 AND d.low <= $6)
    OR (d.parameter = 'Consent.period' AND d.high > $5 AND d.high <= $6)
    OR (d.parameter IN ('Communication.sent', 'Communication.received') AND d.low > $7 AND d.low <= $8
        AND EXISTS (SELECT FROM search_token t WHERE t.resource = r.key
                    AND t.parameter = 'Communication.category' AND t.code = 'concern')))
UNION
SELECT substr(name, {len(_WAITING) + 1}), $4::timestamptz FROM progress WHERE name LIKE '{_WAITING}%' AND seen <= $4
"""

_RECORDS: Final = """
SELECT r.patient, r.type, r.id, r.organisation, COALESCE(r.whole, r.content) AS content
FROM resource r
WHERE r.patient = ANY($1::text[]) AND r.patient <> '' AND r.type = ANY($2::text[]) AND NOT r.deleted
ORDER BY r.key
"""
_MADE: Final = "SELECT id FROM resource WHERE type = 'Task' AND id = ANY($1::text[])"


@dataclass(frozen=True, slots=True)
class Window:
    """What changed `since`; whose time came between `low` and `high` (microseconds), of concerns `concern` later."""

    since: datetime
    now: datetime
    low: int
    high: int
    concern: int


async def take(connection: Connection) -> datetime | None:
    """How far the rules have come, for this worker alone until its transaction ends; None while another has it."""
    found: datetime | None = await connection.fetchval(_TAKE)
    return found


async def seen(connection: Connection, until: datetime) -> None:
    """That everything stored before then was looked at."""
    await connection.execute(_SEEN, until)


async def due(connection: Connection, window: Window) -> dict[str, datetime]:
    """The patients (by key) to look at, and when the record of each last changed."""
    rows = await connection.fetch(
        _DUE,
        _CHANGED_TYPES,
        window.since,
        list(OF_OUTCOME),
        window.now,
        window.low,
        window.high,
        window.low - window.concern,
        window.high - window.concern,
        list(OPEN_CARE),
    )
    return {row["patient"]: row["changed"] for row in sorted(rows, key=lambda row: row["changed"])}


async def records(connection: Connection, patients: Sequence[str]) -> dict[str, list[Entry]]:
    """What the rules read of these records, whole, by patient key."""
    found: dict[str, list[Entry]] = {patient: [] for patient in patients}
    for row in await connection.fetch(_RECORDS, list(patients), _READ_TYPES):
        content = orjson.loads(row["content"])
        found[row["patient"]].append(Entry(row["type"], row["id"], row["organisation"], content))
    return found


async def made(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these Tasks that are there or were once."""
    return {row["id"] for row in await connection.fetch(_MADE, list(ids))} if ids else set()


async def wait(connection: Connection, patients: Sequence[str], again: Mapping[str, datetime]) -> None:
    """From when of these patients (by key) some are to be looked at again; the others are not."""
    done = sorted({*patients} - {*again})
    if done:
        await connection.execute(_WAIT_NO_MORE, done)
    if again:
        await connection.execute(_WAIT, list(again), list(again.values()))
