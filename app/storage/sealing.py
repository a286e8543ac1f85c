"""A worker that seals the audit trail: of all workers, one at a time."""

import logging

from app.security.seal_key import SealKey
from app.storage import seals
from app.storage.pool import Connection, Database
from app.storage.seals import Frontier

log = logging.getLogger("kith.seal")


class Sealing:
    """Seals what is old enough, and tells the log each seal: a copy that the database has not."""

    def __init__(self, database: Database, key: SealKey) -> None:
        self._database = database
        self._key = key
        self._frontier = Frontier(0, frozenset())

    async def once(self) -> int:
        """Seals all that may be sealed now; the number of seals. What is newer waits for the next time."""
        made = 0
        while True:
            async with self._database.transaction(None) as connection:
                sealed = await seals.seal(connection, self._frontier, self._key)
                if sealed is None:
                    self._frontier = await self._next(connection)
                    return made
            made += 1
            log.info("seal %d over %d audit rows: %s", sealed.number, sealed.count, sealed.digest.hex())

    async def _next(self, connection: Connection) -> Frontier:
        """The frontier to wait for: the same while somebody is at work who may still add rows below it."""
        if self._frontier.under_way & await seals.under_way(connection):
            return self._frontier
        return await seals.frontier(connection)
