"""Seals over the audit trail: what a batch of rows looks like, chained to the batch before it.

A batch is the rows of a range of keys, and is sealed once no transaction can still add one to it: rows become visible
in the order of their commits, not of their keys. So a key is noted together with the transactions under way
(`Frontier`), and sealing up to it waits until all of them have ended. Nobody who writes waits for that.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg

from app.security.seal_key import REMOVED, SEALED, SealKey
from app.storage.pool import Connection

# One sealer at a time; the number only has to differ from other advisory locks of this service.
ONE_SEALER: Final = "SELECT pg_try_advisory_xact_lock(7115316027)"
MOST: Final = 20_000
NEWEST_KEY: Final = "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence('audit', 'key')), 0)"
# Who adds rows holds this lock on the table from before the key is taken until the end of the transaction.
UNDER_WAY: Final = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'audit'::regclass AND mode = 'RowExclusiveLock'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
LAST: Final = "SELECT number, through, digest FROM audit_seal ORDER BY number DESC LIMIT 1"
END: Final = """
SELECT max(key) FROM (SELECT key FROM audit WHERE key > $1 AND key <= $2 ORDER BY key LIMIT $3) batch
"""
# Times are microseconds since 1970 and `detail` the text as it was stored, so that no setting of a session matters.
DIGEST: Final = """
SELECT count(*) AS count, max(recorded) AS newest, sha256(
    $1::bytea || convert_to(json_build_array($2::int, $3::bigint, $4::bigint, count(*))::text, 'UTF8')
    || COALESCE(string_agg(sha256(convert_to(json_build_array(
        key, (extract(epoch FROM recorded) * 1000000)::bigint, interaction, type, id, version, patient, status, outcome,
        query, client, organisation, user_role, request_id, correlation_id, detail::text
    )::text, 'UTF8')), ''::bytea ORDER BY key), ''::bytea)) AS digest
FROM audit WHERE key > $3 AND key <= $4
"""
INSERT: Final = """
INSERT INTO audit_seal (number, after, through, count, newest, sealed, digest, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
SEALS: Final = "SELECT * FROM audit_seal WHERE number > $1 ORDER BY number LIMIT 100"
DIGEST_OF: Final = "SELECT digest FROM audit_seal WHERE number = $1"
UNSEALED: Final = "SELECT count(*) FROM audit WHERE key > $1"
REMOVABLE: Final = """
SELECT number, after, through, digest FROM audit_seal WHERE removal IS NULL AND number < (
    SELECT COALESCE(min(number), 2147483647) FROM audit_seal WHERE newest >= $1)
ORDER BY number LIMIT 1 FOR UPDATE
"""
REMOVE: Final = """
WITH gone AS (DELETE FROM audit WHERE key > $1 AND key <= $2 RETURNING key),
signed AS (UPDATE audit_seal SET removal = $4 WHERE number = $3)
SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Frontier:
    """A key, and the transactions that wrote to the trail when it was the newest: they alone may add older ones."""

    key: int
    under_way: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that was set, as it is told to whoever keeps a copy elsewhere."""

    number: int
    through: int
    count: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the whole trail found: seals, rows under them, rows not sealed yet, and what is wrong."""

    seals: int
    rows: int
    removed: int
    unsealed: int
    last: Seal | None
    problems: tuple[str, ...]


async def frontier(connection: Connection) -> Frontier:
    """The newest key there is, and who is at work now. The key first: whoever has taken one is still at work then."""
    key = await connection.fetchval(NEWEST_KEY)
    return Frontier(key, await under_way(connection))


async def under_way(connection: Connection) -> frozenset[str]:
    """The transactions that are writing to the trail."""
    return frozenset(row[0] for row in await connection.fetch(UNDER_WAY))


async def seal(connection: Connection, at: Frontier, key: SealKey) -> Seal | None:
    """Seals the next batch up to a frontier that all its transactions have left, within the caller's transaction.

    None when there is nothing to seal, when somebody is still at work, or when another process seals just now.
    """
    if not await connection.fetchval(ONE_SEALER) or at.under_way & await under_way(connection):
        return None
    last = await connection.fetchrow(LAST)
    number, after, previous = (last[0] + 1, last[1], last[2]) if last else (1, 0, b"")
    through = await connection.fetchval(END, after, at.key, MOST)
    if through is None:
        return None
    made = await connection.fetchrow(DIGEST, previous, number, after, through)
    digest = made["digest"]
    signature = key.sign(SEALED, digest)
    now = datetime.now(UTC)
    await connection.execute(INSERT, number, after, through, made["count"], made["newest"], now, digest, signature)
    return Seal(number, through, made["count"], digest)


async def verify(connection: Connection, key: SealKey) -> Verified:
    """Compares every row under a seal with it, and every seal with the one before. Changes nothing."""
    problems: list[str] = []
    seals = rows = removed = through = 0
    previous = b""
    last: Seal | None = None
    async for row in _every(connection):
        seals += 1
        if row["number"] != (last.number + 1 if last else 1):
            problems.append(f"seal {row['number'] - 1} is missing")
        if row["after"] != through:
            problems.append(f"seal {row['number']} begins after key {row['after']}, the one before ends at {through}")
        if row["removal"] is None:
            problems += await _compared(connection, row, previous)
            rows += row["count"]
        else:
            removed += row["count"]
            if not key.agrees(REMOVED, row["digest"], row["removal"]):
                problems.append(f"seal {row['number']}: its rows were removed by somebody without the key")
        if not key.agrees(SEALED, row["digest"], row["signature"]):
            problems.append(f"seal {row['number']} is not signed with this key")
        previous, through = row["digest"], row["through"]
        last = Seal(row["number"], through, row["count"], previous)
    unsealed = await connection.fetchval(UNSEALED, through)
    return Verified(seals, rows, removed, unsealed, last, tuple(problems))


async def digest(connection: Connection, number: int) -> str | None:
    """The digest of a seal as hexadecimal digits, None when there is no such seal."""
    found: bytes | None = await connection.fetchval(DIGEST_OF, number)
    return None if found is None else found.hex()


async def remove(connection: Connection, before: datetime, key: SealKey) -> tuple[int, int] | None:
    """Removes the oldest batch that is whole older than `before`: (seal, rows); None when there is none left.

    Its seal stays, with a signature over the removal. Needs the rights of kith_retention, and a transaction.
    """
    row = await connection.fetchrow(REMOVABLE, before)
    if row is None:
        return None
    signature = key.sign(REMOVED, row["digest"])
    count = await connection.fetchval(REMOVE, row["after"], row["through"], row["number"], signature)
    return row["number"], count


async def _compared(connection: Connection, row: asyncpg.Record, previous: bytes) -> list[str]:
    """What is wrong with the rows under one seal."""
    made = await connection.fetchrow(DIGEST, previous, row["number"], row["after"], row["through"])
    if made["count"] != row["count"]:
        return [f"seal {row['number']}: {row['count']} rows were sealed, {made['count']} are there"]
    if made["digest"] != row["digest"]:
        return [f"seal {row['number']}: rows with keys {row['after'] + 1} to {row['through']} are not as they were"]
    return []


async def _every(connection: Connection) -> AsyncIterator[asyncpg.Record]:
    number = 0
    while found := await connection.fetch(SEALS, number):
        for row in found:
            yield row
        number = found[-1]["number"]
