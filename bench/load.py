"""Fills the database with patients, by COPY of exactly the rows that Kith would have written."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

import asyncpg

from app.storage.audit import COLUMNS
from bench import capture, people
from bench.capture import Statement

PATIENTS_AT_ONCE = 500
# Table, columns, and the first and last array of Kith's INSERT that hold its rows ($15 to $17 ...).
_SEARCH = (
    ("search_token", ("parameter", "system", "code"), 15, 17),
    ("search_string", ("parameter", "value", "exact"), 18, 20),
    ("search_date", ("parameter", "low", "high"), 21, 23),
    ("search_reference", ("parameter", "target_type", "target_id", "url", "system", "value"), 24, 29),
    ("search_uri", ("parameter", "value"), 31, 32),
)
_RESOURCE = ("key", "type", "id", "patient", "organisation", "version", "updated", "content", "level")
_VERSION = ("type", "id", "version", "sequence", "patient", "organisation", "updated", "method", "content", "level")

Rows = dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]]


async def load(url: str, patients: int, progress: Callable[[int], None]) -> None:
    """Writes `patients` households into an empty, migrated database; `progress` is told of each so many patients."""
    chunks = range(0, patients, PATIENTS_AT_ONCE)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        work = {
            processes.submit(_load, url, first, min(PATIENTS_AT_ONCE, patients - first)): min(
                PATIENTS_AT_ONCE, patients - first
            )
            for first in chunks
        }
        for done in as_completed(work):
            done.result()
            progress(work[done])
    await settle(url)


async def settle(url: str) -> None:
    """Sets the sequences behind what was copied, and brings statistics, visibility and disk up to date."""
    connection = await asyncpg.connect(url)
    for table, column in (("resource", "key"), ("resource_version", "sequence"), ("audit", "key")):
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"
        )
    await connection.execute("VACUUM (ANALYZE)", timeout=3600)
    await connection.execute("CHECKPOINT", timeout=3600)
    await connection.close()


def _load(url: str, first: int, count: int) -> None:
    asyncio.run(copy(url, first, count))


async def copy(url: str, first: int, count: int) -> None:
    """Copies the households from index `first` on, in one transaction."""
    rows: Rows = {}
    for index, number in enumerate(people.nhs_numbers(first, count), first):
        for place, resource in enumerate(people.household(index, number), index * people.PER_PATIENT + 1):
            patient = people.ids(index)[0]
            _add(rows, place, patient, await capture.created(resource, capture.later(place // 100)))
    # As their owner: COPY goes into no table that has row-level security.
    connection = await asyncpg.connect(url)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    async with connection.transaction():
        for (table, columns), records in rows.items():
            await connection.copy_records_to_table(table, records=records, columns=columns, timeout=600)
    await connection.close()


def _add(rows: Rows, key: int, patient: str, statement: Statement) -> None:
    """The rows of one creation; its reference to its patient is a literal one, and so the key as it stands."""
    value = statement.column
    type_, id_, organisation, version, updated = (value(number) for number in range(8, 13))
    content, method, level = value(13), value(14), value(42)

    def add(table: str, columns: tuple[str, ...], *record: Any) -> None:
        rows.setdefault((table, columns), []).append(record)

    add("resource", _RESOURCE, key, type_, id_, patient, organisation, version, updated, content, level)
    add(
        "resource_version",
        _VERSION,
        type_,
        id_,
        version,
        key,
        patient,
        organisation,
        updated,
        method,
        content,
        value(42),
    )
    for table, columns, first, last in _SEARCH:
        for number, record in enumerate(statement.rows(first, last), 1):
            add(table, ("resource", "number", "patient", *columns), key, number, patient, *record)
    for number in value(33):
        add("nhs_number", ("number", "organisation", "patient"), number, organisation, patient)
    audit = (updated, value(34), type_, id_, version, patient, value(35), "", "", *statement.values[35:40], None)
    add("audit", tuple(COLUMNS.split(", ")), *audit)
