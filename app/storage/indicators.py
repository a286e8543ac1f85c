"""What indicators are made from: who was with a team in a time, and the records of these patients, many at once.

Records are what the caller may see; what consent rests on is of all organisations (`kith_facts_of`).
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import orjson

from app.sharing.times import DAY
from app.storage.kept_figures import Basis, in_place_of_rows
from app.storage.own_records import OF_THE_PATIENT
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
    SELECT k.resource FROM unnest($1::text[], $2::text[]) AS t(type, id)
    JOIN search_reference k ON k.target_id = t.id AND k.target_type = t.type
    WHERE split_part(k.parameter, '.', 1) IN ('EpisodeOfCare', 'CarePlan')
    UNION
    SELECT k.resource FROM unnest($6::text[], $7::text[]) AS t(system, value)
    JOIN search_reference k ON k.value = t.value AND k.system = t.system AND k.value <> ''
    WHERE k.parameter = 'EpisodeOfCare.organization'
) named JOIN resource r ON r.key = named.resource
WHERE {_TIMELY}
ORDER BY 1
"""

_EVERYBODY: Final = f"""
SELECT DISTINCT r.patient FROM resource r
WHERE cardinality($1::text[]) = 0 AND cardinality($2::text[]) = 0 AND {_TIMELY}
  AND cardinality($6::text[]) = 0 AND cardinality($7::text[]) = 0
ORDER BY 1
"""
_DATES: Final = ("EpisodeOfCare.date", "CarePlan.date")
_NOTHING: Final = b"[]"

# Patient by patient along the index, however few there are: read as a whole the table would be read for each chunk.
# One row for each, whose JSON is for whoever reads it: nobody takes apart here what is counted elsewhere.
_MICROSECONDS: Final = "(extract(epoch FROM {}.updated) * 1000000)::bigint"
_RECORDS: Final = f"""
SELECT p.key, r.rows AS records, f.rows AS versions
FROM unnest($1::text[]) WITH ORDINALITY AS p(key, place)
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(r.type, r.id, r.version, {_MICROSECONDS.format("r")}, {CONTENT})) AS rows
    FROM (
        SELECT o.* FROM resource o
        WHERE o.patient = p.key AND o.patient <> '' AND o.type = ANY ($2) AND NOT o.deleted
        OFFSET 0
    ) r
) r
LEFT JOIN (
    SELECT v.key, json_agg(json_build_array(
        v.type, v.id, v.version, {_MICROSECONDS.format("v")}, v.content, v.organisation, v.known, v.seen
    )) AS rows
    FROM kith_facts_of($1, $3) v GROUP BY v.key
) f ON f.key = p.key
ORDER BY p.place
"""


async def team(connection: Connection, type_: str, id_: str) -> dict[str, Json]:
    """The team by "Type/id" with its content, and each CareTeam that names it; empty when there is no such team."""
    rows = await connection.fetch(_TEAM, type_, id_)
    found = {f"{row['type']}/{row['id']}": orjson.loads(row["content"]) for row in rows}
    return found if f"{type_}/{id_}" in found else {}


async def patients(connection: Connection, teams: Sequence[str], low: int, high: int) -> list[str]:
    """The keys of the patients who have an episode or a plan of one of the teams in [low, high), or without a time.

    Teams are "Type/id", or "system|value" of an Organization. Without teams of all that the caller may see. A day more
    on both sides: days are of London, and keys of UTC.
    """
    by_reference = [one.split("/") for one in teams if "|" not in one]
    by_identifier = [one.split("|", 1) for one in teams if "|" in one]
    types, ids = [one[0] for one in by_reference], [one[1] for one in by_reference]
    systems, values = [one[0] for one in by_identifier], [one[1] for one in by_identifier]
    statement = _PATIENTS if teams else _EVERYBODY
    rows = await connection.fetch(statement, types, ids, list(_DATES), low - DAY, high + DAY, systems, values)
    return [row["patient"] for row in rows]


async def of_patients(connection: Connection, keys: Sequence[str], types: Iterable[str]) -> list[PatientRows]:
    """The rows of a few patients, in the order of their keys: their records of these types, and what consent rests on.

    All in memory at once: of many patients, `gather`.
    """
    rows = await connection.fetch(_RECORDS, list(keys), sorted(types), list(OF_THE_PATIENT))
    return [PatientRows(key, records or _NOTHING, versions or _NOTHING) for key, records, versions in rows]


async def gather(
    connect: Callable[[], AbstractAsyncContextManager[Connection]],
    keys: Sequence[str],
    types: frozenset[str],
    told: int = TOLD,
    basis: Basis | None = None,
) -> AsyncGenerator[list[PatientRows], None]:
    """The rows of these patients, some hundred patients read at a time and `told` given at a time.

    With a `basis` the figures that are kept take the place of the rows that they were made of.
    The next are being read while the last are looked at, each time on a connection that is borrowed for it alone.
    """

    async def read(chunk: Sequence[str]) -> list[PatientRows]:
        async with connect() as connection:
            found = await of_patients(connection, chunk, types)
            return found if basis is None else await in_place_of_rows(connection, found, basis)

    reading: asyncio.Task[list[PatientRows]] | None = None
    try:
        for start in range(0, len(keys), CHUNK):
            found = await (reading or read(keys[start : start + CHUNK]))
            following = keys[start + CHUNK : start + 2 * CHUNK]
            reading = asyncio.create_task(read(following)) if following else None
            await asyncio.sleep(0)
            for first in range(0, len(found), told):
                yield found[first : first + told]
    finally:
        if reading is not None:
            # Whoever stops early leaves nothing going on.
            await asyncio.gather(reading, return_exceptions=True)
