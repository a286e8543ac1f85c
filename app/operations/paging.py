"""What a page of the team's work is asked for, and its links: team, _count, and a cursor."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from app.fhir.errors import BadRequest
from app.fhir.moments import moment
from app.fhir.references import target
from app.fhir.search import result, searchset
from app.fhir.search.query import CURSOR, Pairs
from app.fhir.search.refusal import invalid
from app.operations.understanding import TEAMS
from app.record.context import Context
from app.storage import cursor
from app.storage.cursor import Cursor
from app.storage.pool import Connection
from app.storage.worklists import page as storage
from app.storage.worklists.asking import BEGINNING, Asked
from app.storage.worklists.page import Entry

COUNT: Final = "_count"
# So many times its length is read for a page of which most is not told; and, after its length, so many at once.
_TIMES: Final = 10
_AT_ONCE: Final = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which list a page is of, the address at which it is asked for, and the parameters that were given."""

    name: str
    address: str
    pairs: Pairs

    def asked(self, context: Context) -> tuple[Cursor | None, Asked]:
        """What is asked for, and the place where the page begins. Raises BadRequest."""
        policy, given = context.policy, _once(self.pairs)
        position = cursor.loads(given[CURSOR], context.cursor_key) if CURSOR in given else None
        if position:
            cursor.check(position, self._fingerprint)
        # All pages of a list are of the time of its first.
        now = position.now if position else moment(context.rules.now)
        after = (int(position.values[0] or 0), position.key) if position else BEGINNING
        return position, Asked(
            now=now,
            after=after,
            limit=_count(given[COUNT], policy.max_count) if COUNT in given else policy.default_count,
            team=_team(given["team"], context.bases) if "team" in given else None,
            contact_hours=policy.contact_hours,
            concern_hours=policy.concern_hours,
            meeting_days=policy.meeting_days,
            roles=policy.key_roles,
        )

    def links(
        self, context: Context, position: Cursor | None, last: tuple[int, int] | None
    ) -> Iterator[searchset.Link]:
        """The links of the page that began at `position` and was read up to `last`, None when that was the end."""
        asked = [pair for pair in self.pairs if pair[0] != CURSOR]

        def url(*more: tuple[str, str]) -> str:
            return searchset.url(self.address, "", [*asked, *more])

        yield "self", url((CURSOR, cursor.dumps(position, context.cursor_key))) if position else url()
        yield "first", url()
        if last:
            now = position.now if position else moment(context.rules.now)
            place, key = last
            end = Cursor(self._fingerprint, now, (place,), key, None)
            yield "next", url((CURSOR, cursor.dumps(end, context.cursor_key)))

    @property
    def _fingerprint(self) -> str:
        return f"{self.name} " + repr(sorted(pair for pair in self.pairs if pair[0] == "team"))


async def read_on(
    asked: Asked,
    entries: Callable[[Asked], Awaitable[list[Entry]]],
    told_of: Callable[[list[Entry]], Awaitable[Mapping[int, T]]],
) -> tuple[list[T], tuple[int, int] | None]:
    """What is told on a page, and the place of the last entry that was looked at, None at the end of the list.

    `entries` gives the next of the list, and one more when there are more, `told_of` what is told of them by their
    number among these. What nothing is told of was read all the same: a page is read on until it is full, or ten times
    its length was read.
    """
    told: list[T] = []
    after, size, left = asked.after, asked.limit, asked.limit * _TIMES
    while left:
        found = await entries(asked.behind(after, size))
        found, more = found[:size], len(found) > size
        of = await told_of(found)
        for number, entry in enumerate(found):
            after = entry.place
            told += [of[number]] if number in of else []
            if len(told) == asked.limit:
                return told, after if more or number < len(found) - 1 else None
        if not more:
            return told, None
        left -= size
        size = min(left, max(asked.limit, _AT_ONCE))
    return told, after


async def check_team(connection: Connection, asked: Asked) -> None:
    """Raises BadRequest when the team that is asked for is not here, or not the caller's to see."""
    if asked.team and not await storage.is_there(connection, *asked.team):
        raise invalid("team", f"names {'/'.join(asked.team)}, which is not here.")


def _count(text: str, most: int) -> int:
    asked = result.count(text, most)
    if not asked:
        raise invalid(COUNT, "must be 1 or more.")
    return asked


def _once(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in ("team", COUNT, CURSOR):
            raise BadRequest(
                f"There is no parameter {name[:64]} here; there are team and {COUNT}.", code="not-supported"
            )
        if name in given:
            raise invalid(name, "may be given once.")
        given[name] = value
    return given


def _team(text: str, bases: tuple[str, ...]) -> tuple[str, str]:
    found = target(text, bases)
    if found is None or found.type not in TEAMS:
        raise invalid("team", "must be Organization/ID or CareTeam/ID.")
    return found.type, found.id
