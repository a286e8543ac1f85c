"""What is shown of versions in the place of what they hold: written for whichever organisation's they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.storage.pool import Connection

PUT = "SELECT kith_mask($1, $2, $3, $4, $5, $6, $7)"

ALONE = "SELECT FROM resource WHERE type = 'Patient' AND patient = $1 FOR UPDATE"


class Masked(NamedTuple):
    """A version, and what those see of it who are `below` a level, `until` then; None: nothing is kept from them."""

    type: str
    id: str
    version: int
    shown: bytes | None
    below: int | None
    until: datetime | None


async def put(connection: Connection, found: Sequence[Masked], parameters: Sequence[str]) -> None:
    """Masks versions, or no longer; what is masked is not found by these search parameters ("RelatedPerson.phone")."""
    await connection.execute(PUT, *(list(column) for column in zip(*found, strict=True)), list(parameters))


async def alone(connection: Connection, patient: str) -> None:
    """Waits for whoever is storing something for this patient, and lets others wait until this transaction ends.

    What is stored at the same time as a restriction is either seen by it, or sees it.
    """
    await connection.execute(ALONE, patient)
