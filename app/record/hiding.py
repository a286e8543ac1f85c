"""Where to find a supporter who is under a contact restriction is shown to few (docs/organisations.md).

What others see in its place is worked out when a restriction, a supporter or a record that holds a copy of one is
written, by what the sharing decision makes of the record: every organisation's restrictions count, and so does
everybody who may be the same human.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from app.fhir import json
from app.fhir.levels import CONFIDENTIAL
from app.fhir.masking import SEARCHED, Mask, copies, holder, mask, supporter
from app.record.copies import restricted_until
from app.sharing.facts import Record, Version
from app.sharing.times import FOREVER, instant
from app.sharing.view import View
from app.storage import masks
from app.storage.facts import holders
from app.storage.masks import Masked
from app.storage.pool import Connection

# As long as a restriction has no end.
_ALWAYS: Final = datetime(9999, 12, 31, tzinfo=UTC)


async def hide_restricted(connection: Connection, view: View, at: int) -> None:
    """Masks the supporters who are or may be restricted at a time (microseconds) or later, and nobody else.

    So are their copies in other records of the patient.
    """
    held = [record for record in await holders(connection, view.facts.patient_key) if _holds(record)]
    until = restricted_until(held, view, at)
    people = {record.reference: _until(record, view, at) for record in view.facts.supporters}
    found = [
        *(one for record in held if record.reference not in people for one in _held(record, until)),
        *(one for record in view.facts.supporters for one in _people(record, people[record.reference], until)),
    ]
    if found:
        await masks.put(connection, found, SEARCHED)


def _holds(record: Record) -> bool:
    """Whether any version says where to find somebody of whom it holds a copy."""
    return any(copies(version.content or {}) for version in record.versions)


def _until(record: Record, view: View, at: int) -> int:
    """Until when a supporter is restricted (microseconds), as far as is known; 0 for one who is not."""
    who = view.identity(record.reference)
    people = who.joined | who.perhaps
    ends = [one.period.high for one in view.restrictions if one.period.high > at and one.restricts(people)]
    return max(ends, default=0)


def _people(record: Record, end: int, until: dict[tuple[str, int], int]) -> Iterator[Masked]:
    """Every version of a supporter that is no deletion: what was once written of them is as telling."""
    if not end:
        yield from _held(record, until)
        return
    for version in record.versions:
        if version.content is not None:
            yield _masked(record, version, supporter(dict(version.content)), end)


def _held(record: Record, until: dict[tuple[str, int], int]) -> Iterator[Masked]:
    """Every version that is no deletion of a record that may hold copies; some have another mask without them."""
    for version in record.versions:
        if version.content is not None:
            content, end = dict(version.content), until.get((record.reference, version.number), 0)
            own = mask(content)
            if end and (own is None or own.below < CONFIDENTIAL):
                yield _masked(record, version, holder(content), end)
            else:
                yield _masked(record, version, own, FOREVER)


def _masked(record: Record, version: Version, shown: Mask | None, end: int) -> Masked:
    if shown is None:
        return Masked(record.type, record.id, version.number, None, None, None)
    until = _ALWAYS if end >= FOREVER else instant(end) or _ALWAYS
    return Masked(record.type, record.id, version.number, json.dumps(shown.shown), shown.below, until)
