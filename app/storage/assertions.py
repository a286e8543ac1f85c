"""Client assertions that were used: each is good once, whichever worker it comes to."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from app.storage.pool import Connection

# A few of the expired go with each that comes, passing over those that somebody else is clearing away.
USE: Final = """
WITH expired AS (
    DELETE FROM used_assertion WHERE (client, jti) IN (
        SELECT client, jti FROM used_assertion WHERE expires < $4 ORDER BY expires LIMIT 20 FOR UPDATE SKIP LOCKED)
)
INSERT INTO used_assertion (client, jti, expires) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true
"""


async def use(connection: Connection, client: str, jti: str, expires: datetime, now: datetime) -> bool:
    """Whether this is the first use of an assertion, which is remembered until it `expires`."""
    digest = sha256(jti.encode("utf-8", "surrogatepass")).digest()
    return bool(await connection.fetchval(USE, client, digest, expires, now))
