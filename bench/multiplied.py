"""Makes many households of few, by SQL: the rows that Kith wrote, time and again under other ids and numbers.

A million resources are there in minutes, where COPY of each as Kith would have written it takes hours of a processor.
"""

import re

import asyncpg

from bench import load, people

# The third group of an id tells the copy: those that people.ids makes begin it with a 4.
_ID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-)[0-9a-f]{4}(-[0-9a-f]{4}-[0-9a-f]{12})")
# What a Patient (by NHS number) or supporter (by a serial number that begins with that of the household) is called.
_CALLED = f"""
CREATE TEMP TABLE called AS
SELECT resource AS key, parameter LIKE 'Patient.%' AS is_patient, code AS old,
       ((resource - 1) / {people.PER_PATIENT})::int AS household
FROM search_token WHERE parameter IN ('Patient.identifier', 'RelatedPerson.identifier')
"""
_NEWLY_CALLED = """
(SELECT key, is_patient, old, CASE WHEN is_patient THEN ($2::text[])[household + 1] ELSE
        lpad(($1::int * cardinality($2::text[]) + household)::text, 9, '0') || right(old, 1) END AS new FROM called)
"""
_KEY = "o.{} + $1::int * $3::bigint"
_UUID = "overlay(o.{} PLACING lpad(to_hex($1::int), 4, '0') FROM 15)"
_CONTENT = f"""
regexp_replace(replace(o.content::text, COALESCE(c.old, ' '), COALESCE(c.new, ' ')), '{_ID.pattern}',
               '\\1' || lpad(to_hex($1::int), 4, '0') || '\\2', 'g')::json
"""
_TARGET = f"CASE o.target_id WHEN '' THEN '' ELSE {_UUID.format('target_id')} END"
# A version holds what its resource holds, which was copied before.
_CONTENT_OF_RESOURCE = f"(SELECT r.content FROM resource r WHERE r.key = {_KEY.format('sequence')})"
_IDS = {"id": _UUID.format("id"), "patient": _UUID.format("patient")}
_KEYS = {"resource": _KEY.format("resource"), "patient": _UUID.format("patient")}
# What differs from the first rows of each table, whose key is in this column: `o` is such a row, `c` what it is called.
_TABLES = {
    "resource": ("key", {"key": _KEY.format("key"), "content": _CONTENT, **_IDS}),
    "resource_version": ("sequence", {"sequence": _KEY.format("sequence"), "content": _CONTENT_OF_RESOURCE, **_IDS}),
    "search_token": ("resource", {**_KEYS, "code": "CASE o.code WHEN c.old THEN c.new ELSE o.code END"}),
    "search_string": ("resource", _KEYS),
    "search_date": ("resource", _KEYS),
    "search_reference": ("resource", {**_KEYS, "target_id": _TARGET}),
    "search_uri": ("resource", _KEYS),
    "search_quantity": ("resource", _KEYS),
    "audit": ("key", {"key": _KEY.format("key"), **_IDS}),
}
_COPY = f"""
INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
SELECT {{values}} FROM pg_temp.first_{{table}} o LEFT JOIN {_NEWLY_CALLED} c ON c.key = o.{{key}}
"""
_NUMBERS = f"""
INSERT INTO nhs_number (number, organisation, patient)
SELECT c.new, o.organisation, {_UUID.format("patient")}
FROM pg_temp.first_nhs_number o JOIN {_NEWLY_CALLED} c ON c.old = o.number AND c.is_patient
"""
_INDEXES = """
SELECT indexname AS name, indexdef AS definition FROM pg_indexes
WHERE tablename = ANY($1) AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def other(text: str, copy: int) -> str:
    """What of a copy of a household, from 1 on, stands where the first one says `text`; 0 is the first."""
    return _ID.sub(rf"\g<1>{copy:04x}\2", text) if copy else text


async def multiply(url: str, patients: int, times: int) -> None:
    """Makes of the first so many households, which were loaded, so many times as many."""
    connection = await asyncpg.connect(url)
    indexes = await connection.fetch(_INDEXES, [*_TABLES, "nhs_number"])
    # What triggers do was done for the first rows, and without the indexes it would take long.
    await connection.execute("SET session_replication_role = replica")
    for index in indexes:  # built at the end, in a fraction of the time
        await connection.execute(f"DROP INDEX {index['name']}")
    statements = await _prepared(connection)
    last = await connection.fetchval("SELECT max(key) FROM resource")
    for copy in range(1, times):
        numbers = list(people.nhs_numbers(copy * patients, patients))
        await connection.execute(_NUMBERS, copy, numbers)
        for statement in statements:
            await connection.execute(statement, copy, numbers, last, timeout=600)
    for index in indexes:
        await connection.execute(index["definition"], timeout=3600)
    await connection.close()
    await load.settle(url)


async def _prepared(connection: asyncpg.Connection) -> list[str]:
    """The statements that copy the first rows of each table, which are laid aside, as copy $1.

    $2 are its NHS numbers, $3 is the last key of the first rows.
    """
    await connection.execute(_CALLED)
    for table in (*_TABLES, "nhs_number"):
        await connection.execute(f"CREATE TEMP TABLE first_{table} AS TABLE {table}")
    await connection.execute("ANALYZE")
    made = []
    for table, (key, different) in _TABLES.items():
        row = await connection.prepare(f"SELECT * FROM {table}")
        columns = [one.name for one in row.get_attributes()]
        values = ", ".join(different.get(name, f"o.{name}") for name in columns)
        made.append(_COPY.format(table=table, key=key, columns=", ".join(columns), values=values))
    return made
