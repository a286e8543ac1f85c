"""The keys that sign access tokens: every worker of every host finds the same ones in the database."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from app.storage.pool import Database

# Longer than any token is good that one of them signed.
KEPT: Final = timedelta(days=3)
ADD: Final = """
WITH old AS (DELETE FROM signing_key WHERE made < $5)
INSERT INTO signing_key (period, kid, private, made) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""


class StoredSigningKeys:
    """The signing keys in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def every(self) -> dict[int, Mapping[str, Any]]:
        """The private JWK of each period. Raises Unavailable."""
        async with self._database.connection(None) as connection:
            rows = await connection.fetch("SELECT period, private FROM signing_key ORDER BY period")
        return {row["period"]: orjson.loads(row["private"]) for row in rows}

    async def add(self, period: int, jwk: Mapping[str, Any], now: datetime) -> None:
        """Keeps the key of a period, unless there is one, and lets go those that signed nothing still in use."""
        async with self._database.connection(None) as connection:
            await connection.execute(ADD, period, jwk["kid"], orjson.dumps(dict(jwk)), now, now - KEPT)
