"""What indicators are made from: who was with a team in a time, and the records of these patients, many at once.

Records are what the caller may see; what consent rests on is of all organisations (`kith_facts_of`).
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any, Final

import asyncpg
import orjson

from app.sharing.times import DAY
from app.storage.facts import OF_THE_PATIENT
from app.storage.patient_rows import PatientRows
from app.storage.pool import Connection
from app.storage.visibility import CONTENT

Json = dict[str, Any]

# So many patients are read at once: the memory that a report of any size takes. And so many are told of at once.
CHUNK: Final = 400
TOLD: Final = 20

# The team itself, and the CareTeams that name it: whether they are managed by it is for the reader to see.
_TEAM: Final = f"""
SELECT r.type, r.id, {CONTENT} AS content FROM resource r
WHERE r.type = $1 AND r.id = $2 AND NOT r.deleted
UNION ALL
SELECT r.type, r.id, {CONTENT} FROM search_reference k JOIN resource r ON r.key = k.resource
WHERE k.target_type = $1 AND k.target_id = $2 AND $1 = 'Organization' AND split_part(k.parameter, '.', 1) = 'CareTeam'
  AND r.type = 'CareTeam' AND NOT r.deleted
"""

_TIMELY: Final = """
NOT r.deleted AND r.patient <> '' AND r.type IN ('EpisodeOfCare', 'CarePlan')
AND (NOT EXISTS (SELECT FROM search_date d WHERE d.resource = r.key AND d.parameter = ANY ($3))
     OR EXISTS (SELECT FROM search_date d
                WHERE d.resource = r.key AND d.parameter = ANY ($3) AND d.low < $5 AND d.high > $4))
"""

_PATIENTS: Final = f"""
SELECT DISTINCT r.patient FROM (
    SELECT DISTINCT k.resource FROM unnest($1::text[], $2::text[]) AS t(type, id)
    JOIN search_reference k ON k.target_id = t.id AND k.target_type = t.type
    WHERE split_part(k.parameter, '.', 1) IN ('EpisodeOfCare', 'CarePlan')
) named JOIN resource r ON r.key = named.resource
WHERE {_TIMELY}
ORDER BY 1
"""

_EVERYBODY: Final = f"""
SELECT DISTINCT r.patient FROM resource r
WHERE cardinality($1::text[]) = 0 AND cardinality($2::text[]) = 0 AND {_TIMELY}
ORDER BY 1
"""
_DATES: Final = ("EpisodeOfCare.date", "CarePlan.date")

# Patient by patient along the index, however few there are: read as a whole the table would be read for each chunk.
_RECORDS: Final = f"""
SELECT r.patient, r.type, r.id, r.version, r.updated, {CONTENT} AS content, NULL::text AS organisation,
       NULL::boolean AS known, NULL::boolean AS seen
FROM unnest($1::text[]) AS p(key), LATERAL (
    SELECT o.* FROM resource o
    WHERE o.patient = p.key AND o.patient <> '' AND o.type = ANY ($2) AND NOT o.deleted
    OFFSET 0
) r
UNION ALL
SELECT key, type, id, version, updated, content, organisation, known, seen FROM kith_facts_of($1, $3)
"""
# The place of `seen`: of what consent rests on alone it says something.
_SEEN: Final = 8


async def team(connection: Connection, type_: str, id_: str) -> dict[str, Json]:
    """The team by "Type/id" with its content, and each CareTeam that names it; empty when there is no such team."""
    rows = await connection.fetch(_TEAM, type_, id_)
    found = {f"{row['type']}/{row['id']}": orjson.loads(row["content"]) for row in rows}
    return found if f"{type_}/{id_}" in found else {}


async def patients(connection: Connection, teams: Sequence[str], low: int, high: int) -> list[str]:
    """The keys of the patients who have an episode or a plan of one of the teams in [low, high), or without a time.

    Without teams of all that the caller may see. A day more on both sides: days are of London, and keys of UTC.
    """
    split = [one.split("/") for one in teams]
    types, ids = [one[0] for one in split], [one[1] for one in split]
    statement = _PATIENTS if teams else _EVERYBODY
    rows = await connection.fetch(statement, types, ids, list(_DATES), low - DAY, high + DAY)
    return [row["patient"] for row in rows]


async def gather(
    connection: Connection, keys: Sequence[str], types: Iterable[str], told: int = TOLD
) -> AsyncGenerator[list[PatientRows], None]:
    """The rows of these patients, some hundred patients read at a time and `told` given at a time.

    The next are being read while the last are looked at: to be closed (`aclosing`) before the connection is let go.
    """
    chunks = [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]
    wanted = sorted(types)
    reading: asyncio.Task[list[asyncpg.Record]] | None = None
    try:
        for number, chunk in enumerate(chunks):
            rows = await (reading or connection.fetch(_RECORDS, chunk, wanted, list(OF_THE_PATIENT)))
            following = chunks[number + 1 : number + 2]
            reading = None
            if following:
                reading = asyncio.create_task(connection.fetch(_RECORDS, following[0], wanted, list(OF_THE_PATIENT)))
                await asyncio.sleep(0)
            found = _by_patient(chunk, rows)
            for start in range(0, len(found), told):
                yield found[start : start + told]
    finally:
        if reading is not None:
            # Whoever stops early hands the connection back: nothing may be going on on it.
            await asyncio.gather(reading, return_exceptions=True)


def _by_patient(keys: Sequence[str], rows: Iterable[asyncpg.Record]) -> list[PatientRows]:
    found = {key: PatientRows(key) for key in keys}
    for row in rows:
        one = found[row[0]]
        if row[_SEEN] is None:
            one.records.append(row[1:6])
        else:
            one.versions.append(row[1:])
    return list(found.values())
