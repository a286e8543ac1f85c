"""Where to find a supporter who is under a contact restriction is shown to few (docs/organisations.md).

What others see in its place is worked out when a restriction or a supporter is written, by what the sharing decision
makes of the record: every organisation's restrictions count, and so does everybody who may be the same human.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from app.fhir import json
from app.fhir.masking import SEARCHED, Mask, supporter
from app.sharing.facts import Record
from app.sharing.times import FOREVER, instant
from app.sharing.view import View
from app.storage import masks
from app.storage.masks import Masked
from app.storage.pool import Connection

# As long as a restriction has no end.
_ALWAYS: Final = datetime(9999, 12, 31, tzinfo=UTC)


async def hide_restricted(connection: Connection, view: View, at: int) -> None:
    """Masks the supporters who are or may be restricted at a time (microseconds) or later, and nobody else."""
    found = [one for record in view.facts.supporters for one in _versions(record, _until(record, view, at))]
    if found:
        await masks.put(connection, found, SEARCHED)


def _until(record: Record, view: View, at: int) -> datetime | None:
    """Until when a supporter is restricted, as far as is known; None for one who is not."""
    who = view.identity(record.reference)
    people = who.joined | who.perhaps
    ends = [one.period.high for one in view.restrictions if one.period.high > at and one.restricts(people)]
    if not ends:
        return None
    return _ALWAYS if max(ends) >= FOREVER else instant(max(ends)) or _ALWAYS


def _versions(record: Record, until: datetime | None) -> Iterator[Masked]:
    """Every version of a supporter that is no deletion: what was once written of them is as telling."""
    for version in record.versions:
        if version.content is not None:
            shown: Mask | None = supporter(dict(version.content)) if until else None
            content = json.dumps(shown.shown) if shown else None
            yield Masked(record.type, record.id, version.number, content, shown.below if shown else None, until)
