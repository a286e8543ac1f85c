"""A stored check asked again: of the versions that it saw, at the time it was asked, under the settings of then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from app.fhir.errors import NotFound
from app.operations.check_detail import Told, kept, told
from app.sharing.answer import EDITION
from app.sharing.decide import decide
from app.storage import audit_events
from app.storage.facts import gather_again
from app.storage.pool import Connection
from app.storage.visibility import EVERYTHING


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not what it was; None where there was none, or is none."""

    then: Told | None
    now: Told | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a replay went; `missing` are versions that the check saw and that are no longer stored."""

    recorded: datetime
    patient: str
    edition: str
    edition_now: str
    answers: int
    differences: tuple[Difference, ...]
    missing: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not self.differences and not self.missing


async def replay(connection: Connection, key: int) -> Replayed:
    """Asks the check of an audit row again; nothing is written. Raises NotFound when there is no such check."""
    row = await audit_events.read(connection, key, EVERYTHING)
    if row is None:
        raise NotFound(f"there is no AuditEvent/{key}")
    try:
        check = kept(row.detail)
    except KeyError:
        raise NotFound(f"AuditEvent/{key} is no check that was answered") from None
    facts, missing = await gather_again(connection, check.seen, check.policy, check.bases)
    again = told(decide(replace(facts, unknown=check.unknown), check.question, check.now))
    return Replayed(
        recorded=row.recorded,
        patient=row.patient,
        edition=check.edition,
        edition_now=EDITION,
        answers=len(check.answers),
        differences=tuple(_differences(check.answers, again)),
        missing=missing,
    )


def _differences(then: tuple[Told, ...], now: tuple[Told, ...]) -> Iterator[Difference]:
    for old, new in zip_longest(then, now):
        if old != new:
            yield Difference(old, new)
