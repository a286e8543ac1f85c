"""Whose figures are worked out before they are asked for: of callers who asked before, and records that changed since.

docs/decisions/0025. Only patients whose care is over: figures of an episode that goes on are of the moment alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from app.storage.pool import Connection
from app.storage.visibility import Visibility

# The day is near enough: a report that is asked for every minute is to write nothing each time.
_ASKED: Final = """
INSERT INTO figures_wanted (organisations, own, level, seen) VALUES ($1, $2, $3, $4)
ON CONFLICT (audience) DO UPDATE SET asked = now() WHERE figures_wanted.asked < now() - interval '1 day'
"""
_FORGET: Final = "DELETE FROM figures_wanted WHERE asked < now() - make_interval(days => $1)"
# Skipped while another worker has it. No row of those who asked is locked, for whoever asks now would wait for it.
_TAKE: Final = "SELECT FROM progress WHERE name = 'figures' FOR UPDATE SKIP LOCKED"
_WHO: Final = "SELECT audience, organisations, own, level, seen, place FROM figures_wanted ORDER BY seen, audience"
_SEEN: Final = "UPDATE figures_wanted SET seen = $2, place = $3 WHERE audience = $1"

_EPISODE: Final = """
SELECT FROM resource e JOIN search_date d ON d.resource = e.key
WHERE e.patient = c.patient AND e.type = 'EpisodeOfCare' AND NOT e.deleted AND d.parameter = 'EpisodeOfCare.date'
"""
_CHANGED: Final = f"""
SELECT c.patient, c.changed FROM (
    SELECT r.patient, max(r.updated) AS changed FROM resource r
    WHERE r.type = ANY($1::text[]) AND r.updated >= $2 AND r.patient <> '' GROUP BY r.patient
) c
WHERE (c.changed, c.patient) > ($2, $3) AND EXISTS ({_EPISODE}) AND NOT EXISTS ({_EPISODE} AND d.high > $4)
ORDER BY c.changed, c.patient LIMIT $5
"""


class Place(NamedTuple):
    """How far one has come: everything before `changed`, and of what changed then the patients up to `patient`."""

    changed: datetime
    patient: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Callers who see the same of the record, by the `key` of what that is, and how far their figures have come."""

    key: str
    sees: Visibility
    place: Place


async def asked(connection: Connection, sees: Visibility, seen: datetime) -> None:
    """That callers who see this much, as the connection does, want reports; what changed before is left to these."""
    await connection.execute(_ASKED, sees.parameter, sees.own, sees.level, seen)


async def take(connection: Connection) -> bool:
    """Whether working ahead is this worker's alone until its transaction ends; false while another has it."""
    return await connection.fetchrow(_TAKE) is not None


async def audiences(connection: Connection, days: int) -> list[Audience]:
    """Those who asked within so many days, first who has waited longest."""
    await connection.execute(_FORGET, days)
    return [
        Audience(key, Visibility(None if among is None else frozenset(among), own, level), Place(seen, place))
        for key, among, own, level, seen, place in await connection.fetch(_WHO)
    ]


async def come_to(connection: Connection, audience: Audience, place: Place) -> None:
    """That the figures of these callers have come so far."""
    await connection.execute(_SEEN, audience.key, place.changed, place.patient)


async def changed(connection: Connection, types: Sequence[str], after: Place, now: int, most: int) -> list[Place]:
    """The patients of whom a record of these types changed after that and whose care is over, first who changed first.

    `now` is in microseconds; no more than `most` at a time.
    """
    rows = await connection.fetch(_CHANGED, list(types), after.changed, after.patient, now, most)
    return [Place(row["changed"], row["patient"]) for row in rows]
