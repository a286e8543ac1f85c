"""EpisodeOfCare/$team-gaps: what is missing in the open episodes of a team, a page at a time."""

from asyncio import sleep
from collections.abc import Sequence
from functools import partial
from typing import Any
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
from app.operations.paging import Paging, check_team, read_on
from app.record.audited import read_audited
from app.record.context import Context
from app.sharing.times import moment
from app.storage import indicators
from app.storage.pool import Connection
from app.storage.worklists import page as storage
from app.storage.worklists.page import Entry

Json = dict[str, Any]


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
            missing = partial(_missing, context, connection)
            told, last = await read_on(asked, partial(storage.open_episodes, connection), missing)
        answered.about(patient for patient, _ in told)
        entries = [searchset.nameless(json.dumps(one)) for _, one in told]
        return searchset.searchset(entries, None, list(paging.links(context, position, last)))


async def _missing(context: Context, connection: Connection, found: Sequence[Entry]) -> dict[int, tuple[str, Json]]:
    """By the number of an episode among these its patient key, and what is missing in it, or that nobody can tell when
    it was.
    """
    numbers = {f"{entry.row.type}/{entry.row.id}": number for number, entry in enumerate(found)}
    keys = list(dict.fromkeys(entry.row.patient for entry in found))
    missing: dict[int, tuple[str, Json]] = {}
    for rows in await indicators.of_patients(connection, keys, TYPES):
        facts = rows.facts(context.bases, context.policy.sharing)
        chart = Chart(facts, rows.entries(), context.policy.local, moment(context.rules.now))
        missing |= {numbers[name]: (rows.key, told) for name, told in told_of(chart).items() if name in numbers}
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
