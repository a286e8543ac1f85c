"""The limit: the same rows read, found and written as Kith does, and nothing else. Starlette and asyncpg alone.

No validation, no references resolved, no audit, no request ids, no negotiation. A search is Kith's own statement; a
create knows the search keys of its three bodies beforehand and writes the rows that Kith writes.
"""

import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.config import Settings
from bench.bodies import BODIES, EXAMPLES, PATIENT, SERIAL, SUPPORTER, Body
from bench.capture import Statement, created, searched

URL_VARIABLE, PORT_VARIABLE = "BENCH_DATABASE_URL", "BENCH_PORT"
NAME = re.compile(rb"urn:uuid:[0-9a-f-]{36}")
MEDIA_TYPE = "application/fhir+json"

READ = "SELECT content, version, updated FROM resource WHERE type = $1 AND id = $2 AND NOT deleted"
# The rows of Kith's INSERT without what resolves and locks references, and without the audit row.
CREATE = """
WITH stored AS (
    INSERT INTO resource (type, id, patient, version, updated, content, level)
    VALUES ($1, $2, $3, 1, $4, $5, $23) RETURNING key
), versioned AS (
    INSERT INTO resource_version (type, id, version, patient, updated, method, content, level)
    VALUES ($1, $2, 1, $3, $4, 'POST', $5, $23)
), tokens AS (
    INSERT INTO search_token (resource, number, patient, parameter, system, code)
    SELECT s.key, k.n, $3, k.p, k.s, k.c
    FROM stored s, unnest($6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS k(p, s, c, n)
), strings AS (
    INSERT INTO search_string (resource, number, patient, parameter, value, exact)
    SELECT s.key, k.n, $3, k.p, k.v, k.e
    FROM stored s, unnest($9::text[], $10::text[], $11::text[]) WITH ORDINALITY AS k(p, v, e, n)
), dates AS (
    INSERT INTO search_date (resource, number, patient, parameter, low, high)
    SELECT s.key, k.n, $3, k.p, k.l, k.h
    FROM stored s, unnest($12::text[], $13::bigint[], $14::bigint[]) WITH ORDINALITY AS k(p, l, h, n)
), refs AS (
    INSERT INTO search_reference (resource, number, patient, parameter, target_type, target_id, url, system, value)
    SELECT s.key, k.n, $3, k.p, k.t, k.i, k.u, k.s, k.v
    FROM stored s,
         unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[])
         WITH ORDINALITY AS k(p, t, i, u, s, v, n)
), uris AS (
    INSERT INTO search_uri (resource, number, patient, parameter, value)
    SELECT s.key, k.n, $3, k.p, k.v FROM stored s, unnest($21::text[], $22::text[]) WITH ORDINALITY AS k(p, v, n)
)
SELECT key FROM stored
"""


class Form:
    """What is known beforehand of one type's creations: where its values stand in the body, and all other keys."""

    def __init__(self, body: Body, columns: list[list[Any]], level: int) -> None:
        self._level = level
        self._places = [(example, body.place(example)) for example in (PATIENT, SUPPORTER, SERIAL)]
        examples = {example for example, _ in self._places}
        self._columns = [(column, not examples.isdisjoint(column)) for column in columns]

    def of(self, body: bytes) -> tuple[str, list[Any]]:
        """The patient in a body, and the columns of its search keys, the level last."""
        values = {example: body[place].decode() for example, place in self._places}
        get = values.get
        keys = [[get(key, key) for key in column] if varies else column for column, varies in self._columns]
        return values[PATIENT], [*keys, self._level]


class Searches:
    """Kith's statement for the supporters of a patient."""

    def __init__(self, statement: Statement) -> None:
        self.text = statement.text
        self._values = statement.values

    def of(self, patient: str) -> list[Any]:
        """The statement's values for one patient."""
        return [patient if value == PATIENT else value for value in self._values]


async def application(url: str, size: int = Settings.model_fields["pool_size"].default) -> Starlette:
    """The bare service on a database that is loaded; as many connections as Kith has by default."""
    forms = {type_: await _form(type_) for type_ in EXAMPLES}
    searches = Searches(await searched("RelatedPerson", [("patient", PATIENT)]))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            url,
            min_size=size,
            max_size=size,
            init=_prepare,
            reset=_nothing,
            server_settings={"jit": "off"},
        ) as app.state.pool:
            yield

    async def read(request: Request) -> Response:
        path = request.path_params
        async with request.app.state.pool.acquire() as connection:
            row = await connection.fetchrow(READ, path["type"], path["id"])
        return Response(row["content"], media_type=MEDIA_TYPE) if row else Response(status_code=404)

    async def search(request: Request) -> Response:
        patient = request.query_params["patient"]
        async with request.app.state.pool.acquire() as connection:
            rows = await connection.fetch(searches.text, *searches.of(patient))
        return Response(_bundle(str(request.url), rows), media_type=MEDIA_TYPE)

    async def create(request: Request) -> Response:
        type_ = request.path_params["type"]
        body = await request.body()
        patient, keys = forms[type_].of(body)
        id_, now = str(uuid4()), datetime.now(UTC)
        content = _stamped(type_, id_, now, body)
        async with request.app.state.pool.acquire() as connection:
            await connection.fetchval(CREATE, type_, id_, patient, now, content, *keys)
        return Response(content, status_code=201, media_type=MEDIA_TYPE)

    async def transaction(request: Request) -> Response:
        entries = orjson.loads(await request.body())["entry"]
        ids = {entry["fullUrl"].encode(): str(uuid4()) for entry in entries if "fullUrl" in entry}
        stored = []
        async with request.app.state.pool.acquire() as connection, connection.transaction():
            for entry in entries:
                type_ = entry["resource"]["resourceType"]
                body = NAME.sub(lambda name: f"RelatedPerson/{ids[name[0]]}".encode(), orjson.dumps(entry["resource"]))
                patient, keys = forms[type_].of(body)
                id_, now = ids.get(entry.get("fullUrl", "").encode()) or str(uuid4()), datetime.now(UTC)
                stored.append(_stamped(type_, id_, now, body))
                await connection.fetchval(CREATE, type_, id_, patient, now, stored[-1], *keys)
        return Response(_answer(stored), media_type=MEDIA_TYPE)

    routes = [
        Route("/FHIR/R4", transaction, methods=["POST"]),
        Route("/FHIR/R4/{type}/{id}", read),
        Route("/FHIR/R4/{type}", search, methods=["GET"]),
        Route("/FHIR/R4/{type}", create, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _form(type_: str) -> Form:
    statement = await created(EXAMPLES[type_])
    columns = [statement.column(number) for number in (*range(15, 30), 31, 32)]
    return Form(BODIES[type_], columns, statement.column(42))


def _stamped(type_: str, id_: str, now: datetime, body: bytes) -> bytes:
    head = f'{{"resourceType":"{type_}"'
    updated = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    meta = f'"meta":{{"versionId":"1","lastUpdated":"{updated}"}}'
    return f'{head},"id":"{id_}",{meta}'.encode() + body[len(head) :]


def _bundle(url: str, rows: list[Any]) -> bytes:
    base = url.partition("?")[0]
    entries = b",".join(
        b'{"fullUrl":"%b/%b","resource":%b,"search":{"mode":"match"}}'
        % (base.encode(), row["id"].encode(), row["content"])
        for row in rows
        if row["id"]
    )
    head = f'{{"resourceType":"Bundle","id":"{uuid4()}","type":"searchset","total":{rows[0]["matches"]}'
    return f'{head},"link":[{{"relation":"self","url":"{url}"}}],"entry":['.encode() + entries + b"]}"


def _answer(stored: list[bytes]) -> bytes:
    entries = b",".join(b'{"resource":%b,"response":{"status":"201"}}' % content for content in stored)
    return b'{"resourceType":"Bundle","type":"transaction-response","entry":[%b]}' % entries


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


async def _nothing(_: Any) -> None:
    """Nothing to reset between requests, as in Kith."""


def served() -> Callable[..., Any]:
    """The ASGI application of `uvicorn --factory`, which makes itself when it starts."""
    app: Starlette | None = None

    async def first(scope: Any, receive: Any, send: Any) -> None:
        nonlocal app
        if app is None:
            app = await application(os.environ[URL_VARIABLE])
        await app(scope, receive, send)

    return first


def main() -> None:
    """Serves on loopback, one worker, as Kith's own worker is served."""
    uvicorn.run(
        "bench.bare:served",
        factory=True,
        port=int(os.environ[PORT_VARIABLE]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=2048,
    )


if __name__ == "__main__":
    main()
