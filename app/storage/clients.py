"""Registered clients and their keys: looked up and disabled by the service, changed by the command `kith client`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from app.security.client import Client, Key
from app.security.scopes import understood
from app.storage.pool import Connection, Database

_ROWS: Final = """
SELECT c.*, (SELECT json_agg(json_build_array(k.jwk, k.until) ORDER BY k.kid) FROM client_key k WHERE k.client = c.id)
            AS keys
FROM client c
"""
FIND: Final = f"{_ROWS} WHERE c.id = $1"
LIST: Final = f"{_ROWS} ORDER BY c.name"
OWN: Final = f"{_ROWS} WHERE kith_owns(c.organisation) ORDER BY c.name"
DISABLE_OWN: Final = "SELECT kith_disable($1)"
INSERT: Final = """
INSERT INTO client (id, name, organisation, sees, scopes, facing, facing_patient, sandbox, made, tokens_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
INSERT_KEYS: Final = """
INSERT INTO client_key (client, kid, jwk) SELECT $1, k.kid, k.jwk FROM unnest($2::text[], $3::json[]) AS k(kid, jwk)
"""


class StoredClients:
    """The registrations in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, id_: str) -> Client | None:
        """The client of this id, enabled or not. Raises Unavailable."""
        async with self._database.connection(None) as connection:
            row = await connection.fetchrow(FIND, id_)
        return row and _client(row)


async def every(connection: Connection) -> list[Client]:
    """All clients, by name."""
    return [_client(row) for row in await connection.fetch(LIST)]


async def own(connection: Connection) -> list[Client]:
    """The clients of the organisation for which the connection works, by name."""
    return [_client(row) for row in await connection.fetch(OWN)]


async def disable_own(connection: Connection, id_: str) -> Client | None:
    """As `disable`, a client of the organisation for which the connection works; None when it has no such client."""
    if not await connection.fetchval(DISABLE_OWN, id_):
        return None
    return _client(await connection.fetchrow(FIND, id_))


async def add(connection: Connection, client: Client) -> None:
    """Registers a client with its keys. Raises asyncpg.UniqueViolationError when its id or name is taken."""
    await connection.execute(
        INSERT,
        client.id,
        client.name,
        client.organisation,
        list(client.sees),
        str(client.scopes),
        client.facing,
        client.facing_patient,
        client.sandbox,
        client.made,
        client.tokens_from,
    )
    await _add_keys(connection, client.id, client.keys)


async def disable(connection: Connection, id_: str) -> None:
    """Refuses a client and every token it has, within seconds."""
    await connection.execute("UPDATE client SET enabled = false WHERE id = $1", id_)


async def replace_keys(
    connection: Connection, id_: str, keys: Sequence[Key], *, until: datetime, tokens_from: datetime | None
) -> None:
    """Gives a client new keys; its others are good `until` then, and tokens made before `tokens_from` no longer."""
    kids = [str(key.jwk["kid"]) for key in keys]
    await connection.execute("DELETE FROM client_key WHERE client = $1 AND (until < now() OR kid = ANY($2))", id_, kids)
    await connection.execute(
        "UPDATE client_key SET until = least(until, $2::timestamptz) WHERE client = $1", id_, until
    )
    await _add_keys(connection, id_, keys)
    if tokens_from:
        await connection.execute("UPDATE client SET tokens_from = $2 WHERE id = $1", id_, tokens_from)


async def remove(connection: Connection, id_: str) -> None:
    """Forgets a client and its keys."""
    await connection.execute("DELETE FROM client_key WHERE client = $1", id_)
    await connection.execute("DELETE FROM client WHERE id = $1", id_)


async def _add_keys(connection: Connection, id_: str, keys: Sequence[Key]) -> None:
    kids = [str(key.jwk["kid"]) for key in keys]
    await connection.execute(INSERT_KEYS, id_, kids, [orjson.dumps(dict(key.jwk)) for key in keys])


def _client(row: Any) -> Client:
    keys = orjson.loads(row["keys"]) if row["keys"] else []
    return Client(
        id=row["id"],
        name=row["name"],
        organisation=row["organisation"],
        scopes=understood(row["scopes"].split(" ")),
        made=row["made"],
        tokens_from=row["tokens_from"],
        sees=tuple(row["sees"]),
        facing=row["facing"],
        facing_patient=row["facing_patient"],
        sandbox=row["sandbox"],
        enabled=row["enabled"],
        keys=tuple(Key(jwk, until and datetime.fromisoformat(until)) for jwk, until in keys),
    )
