"""What `kith audit` does to the audit trail: verify, remove, export."""

import os
import sys
from datetime import datetime

from app import config
from app.administering import row
from app.fhir import json
from app.fhir.audit_event import audit_event
from app.refusal import Refusal
from app.security import seal_key
from app.storage import audit as trail
from app.storage import audit_events, seals
from app.storage.audit import AuditRow
from app.storage.pool import Connection


def key(chosen: config.Settings) -> seal_key.SealKey:
    """The key of the seals. Raises Refusal when there is none that fits."""
    try:
        return seal_key.from_file(chosen.seal_key)
    except seal_key.UnfitKeyError as unfit:
        raise Refusal(f"the key of the audit trail: {unfit}") from None


async def verified(connection: Connection, sealed_with: seal_key.SealKey, expect: str) -> tuple[seals.Verified, bool]:
    """What comparing rows and seals found, and whether the expected seal (number:digest) is there."""
    found = await seals.verify(connection, sealed_with)
    number, _, digest = expect.partition(":")
    kept = not expect or (number.isdecimal() and await seals.digest(connection, int(number)) == digest.lower())
    await trail.record(connection, [_row("audit-verify", "; ".join(found.problems) or "as it was")])
    return found, kept


async def removed(connection: Connection, before: datetime, sealed_with: seal_key.SealKey) -> int:
    """Removes the sealed batches that are older, each in a transaction; how many rows that were."""
    count = 0
    while True:
        async with connection.transaction():
            done = await seals.remove(connection, before, sealed_with)
            if done is None:
                return count
            number, rows = done
            count += rows
            await trail.record(connection, [_row("audit-remove", f"seal {number}: {rows} rows")])


async def exported(connection: Connection, span: tuple[datetime, datetime], site: str) -> None:
    """Writes the AuditEvents of a span of time to standard output, as somebody reads them."""
    await trail.record(connection, [_row("audit-export", f"{span[0]:%Y-%m-%d} to {span[1]:%Y-%m-%d}")])
    async with connection.transaction():
        async for found in audit_events.between(connection, *span):
            if not _written(json.dumps(audit_event(found, site)) + b"\n"):
                return


def _written(line: bytes) -> bool:
    """Writes to standard output; False when nobody reads it any more (`kith audit export ... | head`)."""
    try:
        sys.stdout.buffer.write(line)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def _row(interaction: str, outcome: str) -> AuditRow:
    return row(interaction, outcome, "kith audit", type="AuditEvent")
