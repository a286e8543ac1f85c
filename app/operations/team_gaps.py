"""EpisodeOfCare/$team-gaps: what is missing in the open episodes of a team, a page at a time."""

from asyncio import sleep
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from app.fhir import json
from app.fhir.errors import Forbidden
from app.fhir.operations import TEAM_GAPS
from app.fhir.search import searchset
from app.fhir.search.query import Pairs
from app.involvement.gaps.all import TYPES, gaps
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import episodes
from app.operations.gaps import to_parameters
from app.operations.paging import Paging, check_team
from app.record.audited import read_audited
from app.record.context import Context
from app.sharing.times import moment
from app.storage import indicators
from app.storage.pool import Connection
from app.storage.worklists import page as storage
from app.storage.worklists.asking import Asked
from app.storage.worklists.page import Entry

Json = dict[str, Any]
# Episodes in which nothing is missing are left out after they were read: a page reads this many times its length.
_ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class Page:
    """What is told on a page, of whom (patient keys), and the place of the last episode looked at, None at the end."""

    told: list[Json]
    patients: list[str]
    last: tuple[int, int] | None


async def ask_team_gaps(context: Context, pairs: Pairs) -> bytes:
    """A searchset of Parameters, one for each episode in which something is missing, as `$gaps` tells it.

    Raises BadRequest (parameters, a team that is not here), Forbidden, InsufficientScope, Unavailable.
    """
    paging = Paging("team-gaps", f"{context.base_url}/{TEAM_GAPS.path}", pairs)
    async with read_audited(context, "team-gaps", "EpisodeOfCare", query=urlencode(pairs)) as answered:
        if context.caller.facing != "staff":
            raise Forbidden("This is told to staff alone.")
        position, asked = paging.asked(context)
        async with context.connection() as connection:
            await check_team(connection, asked)
            page = await _page(context, connection, asked)
        answered.about(page.patients)
        entries = [searchset.nameless(json.dumps(one)) for one in page.told]
        return searchset.searchset(entries, None, list(paging.links(context, position, page.last)))


async def _page(context: Context, connection: Connection, asked: Asked) -> Page:
    """Read on until the page is full or enough was read."""
    told: list[Json] = []
    patients: list[str] = []
    after, more = asked.after, True
    for _ in range(_ROUNDS):
        found = await storage.open_episodes(connection, asked.behind(after))
        found, more = found[: asked.limit], len(found) > asked.limit
        missing = await _missing(context, connection, found)
        for place, entry in enumerate(found):
            after = entry.place
            if _name(entry) in missing:
                told.append(missing[_name(entry)])
                patients.append(entry.row.patient)
            if len(told) == asked.limit:
                more = more or place < len(found) - 1
                break
        if not more or len(told) == asked.limit:
            break
    return Page(told, patients, after if more else None)


async def _missing(context: Context, connection: Connection, found: Sequence[Entry]) -> dict[str, Json]:
    """By "Type/id" of these episodes what is missing in them, and those of which nobody can tell when they were."""
    wanted = {_name(entry) for entry in found}
    keys = list(dict.fromkeys(entry.row.patient for entry in found))
    missing: dict[str, Json] = {}
    for rows in await indicators.of_patients(connection, keys, TYPES):
        facts = rows.facts(context.bases, context.policy.sharing)
        chart = Chart(facts, rows.entries(), context.policy.local, moment(context.rules.now))
        missing |= {name: told for name, told in told_of(chart).items() if name in wanted}
        await sleep(0)  # others are answered between two records
    return missing


def told_of(chart: Chart) -> dict[str, Json]:
    """What is missing in each episode of a chart; an episode without a readable time is told as that."""
    timed, untimed = episodes(chart)
    told = {one.entry.reference: to_parameters(one, found) for one in timed if (found := gaps(chart, one))}
    return told | {one.record.partition("/_history/")[0]: _unreadable(one.record) for one in untimed}


def _unreadable(record: str) -> Json:
    parts = [{"name": "record", "valueReference": {"reference": record}}, {"name": "why", "valueCode": "no-time"}]
    return {"resourceType": "Parameters", "parameter": [{"name": "unreadable", "part": parts}]}


def _name(entry: Entry) -> str:
    return f"{entry.row.type}/{entry.row.id}"
