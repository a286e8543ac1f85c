"""A database that resources are put into with their search keys, and searched as storage does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from app.fhir import json, nhs_number
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.fhir.search.keys import extract
from app.fhir.search.place import Place
from app.fhir.search.query import Limits, Query
from app.storage import search as storage
from app.storage.cursor import Cursor
from app.storage.pool import ROLE, SET
from app.storage.search import Page
from app.storage.visibility import EVERYTHING, Visibility

BASES = ("https://kith.example.org/FHIR/R4",)
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
COLUMNS = {
    "tokens": ("search_token", "parameter, system, code"),
    "strings": ("search_string", "parameter, value, exact"),
    "dates": ("search_date", "parameter, low, high"),
    "references": ("search_reference", "parameter, target_type, target_id, url, system, value"),
    "uris": ("search_uri", "parameter, value"),
    "quantities": ("search_quantity", "parameter, low, high, system, code, part"),
}


class Shelf:
    """Puts resources on the shelf and finds them again."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.numbers: dict[str, str] = {}  # the patient key of an NHS number, and of a Patient's id

    async def put(
        self, resource: dict[str, Any], *, patient: str = "", organisation: str = "", updated: datetime = NOW
    ) -> int:
        """Stores a resource; `patient` is the key of the record it belongs to."""
        definition = BY_TYPE[resource["resourceType"]]
        key = await self.connection.fetchval(
            "INSERT INTO resource (type, id, patient, organisation, version, updated, content)"
            " VALUES ($1, $2, $3, $4, 1, $5, $6) RETURNING key",
            definition.type, resource["id"], patient, organisation, updated, json.dumps(resource),
        )  # fmt: skip
        if definition.type == "Patient":
            self.numbers[resource["id"]] = patient or resource["id"]
            await self._number(resource, patient or resource["id"])
        await self._index(key, patient, resource)
        return key

    async def replace(self, key: int, resource: dict[str, Any], *, updated: datetime = NOW) -> None:
        for table, _ in COLUMNS.values():
            await self.connection.execute(f"DELETE FROM {table} WHERE resource = $1", key)
        await self.connection.execute(
            "UPDATE resource SET content = $2, updated = $3 WHERE key = $1", key, json.dumps(resource), updated
        )
        await self._index(key, "", resource)

    async def delete(self, key: int) -> None:
        await self.connection.execute("UPDATE resource SET deleted = true, content = NULL WHERE key = $1", key)

    async def page(
        self, search: str, *pairs: tuple[str, str], cursor: Cursor | None = None, visibility: Visibility = EVERYTHING
    ) -> Page:
        """The page of a search such as "Consent"."""
        asked = self.parse(search, *pairs)
        return await storage.search(self.connection, asked, visibility, cursor)

    async def page_in(
        self, place: Place, *pairs: tuple[str, str], cursor: Cursor | None = None, visibility: Visibility = EVERYTHING
    ) -> Page:
        """The page of a search among several types, or in a compartment."""
        asked = query.parse_in(place, list(pairs), now=NOW, bases=BASES, limits=Limits(), lenient=False)
        return await storage.search(self.connection, asked, visibility, cursor)

    def parse(self, search: str, *pairs: tuple[str, str]) -> Query:
        return query.parse(list(pairs), BY_TYPE[search], now=NOW, bases=BASES)

    async def ids(self, search: str, *pairs: tuple[str, str]) -> list[str]:
        return [match.id for match in (await self.page(search, *pairs)).matches]

    async def _number(self, resource: dict[str, Any], patient: str) -> None:
        for identifier in resource.get("identifier", ()):
            if identifier.get("system") == nhs_number.SYSTEM:
                number = nhs_number.normal(identifier["value"])
                self.numbers[number] = patient
                await self.connection.execute(
                    "INSERT INTO nhs_number (number, patient) VALUES ($1, $2)", number, patient
                )

    async def _index(self, key: int, patient: str, resource: dict[str, Any]) -> None:
        keys = extract(resource, BY_TYPE[resource["resourceType"]], BASES)
        for kind, (table, columns) in COLUMNS.items():
            rows = getattr(keys, kind)
            if kind == "references":
                rows = [self._resolved(row) for row in rows]
            values = ", ".join(f"${number}" for number in range(4, 4 + columns.count(",") + 1))
            await self.connection.executemany(
                f"INSERT INTO {table} (resource, number, patient, {columns}) VALUES ($1, $2, $3, {values})",
                [(key, number, patient, *row) for number, row in enumerate(rows)],
            )

    def _resolved(self, row: tuple[str, ...]) -> tuple[str, ...]:
        parameter, type_, id_, url, system, value = row
        number = value if system == nhs_number.SYSTEM else id_
        return (parameter, type_, self.numbers.get(number, id_) if type_ == "Patient" else id_, url, system, value)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Shelf]:
    """A shelf in the database at `url`."""
    connection = await asyncpg.connect(url, server_settings={"role": ROLE})
    await connection.execute(SET, *EVERYTHING.settings)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    yield Shelf(connection)
    await connection.close()


@pytest.fixture
async def shelf(database_url: str) -> AsyncIterator[Shelf]:
    """An empty shelf, for one test."""
    async with opened(database_url) as made:
        yield made


@pytest.fixture(scope="module")
async def module_shelf(module_database_url: str) -> AsyncIterator[Shelf]:
    """A shelf that the tests of one module share."""
    async with opened(module_database_url) as made:
        yield made
