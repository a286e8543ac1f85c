"""Waiting for the audit trail: the rows of reads are written a moment after their answers."""

import asyncio

from app.storage.audit import AuditQueue


async def settled(client) -> None:
    """Once all rows that waited at this client's service are written."""
    await written(client._transport.app.state.service.audit)


async def written(queue: AuditQueue) -> None:
    """Once all rows that waited in this queue are written, which from now on wait only shortly."""
    queue.writing.seconds = 0.01
    async with asyncio.timeout(60):
        while queue.load:
            await asyncio.sleep(0.01)
