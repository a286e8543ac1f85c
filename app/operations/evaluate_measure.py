"""$evaluate-measure: the indicators of a team over a time, of one patient or as numbers.

https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html
"""

import asyncio
import gc
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any, Final
from urllib.parse import urlencode

from app import __version__
from app.fhir import nhs_number
from app.fhir.errors import Forbidden, Invalid, NotFound
from app.fhir.references import Target, target
from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry
from app.involvement.indicators.evaluate import evaluate
from app.involvement.indicators.listing import LISTED
from app.involvement.indicators.report import Heading, measure_report
from app.involvement.indicators.tally import Tally
from app.operations.evaluation import Evaluation, from_pairs
from app.record.audited import read_audited
from app.record.context import Context
from app.record.stamp import instant
from app.sharing.reading import objects, text
from app.sharing.times import moment
from app.storage import indicators as storage
from app.storage import patients, resources
from app.storage.indicators import Gathered
from app.storage.pool import Connection

Json = dict[str, Any]
# A list is for a team to work through; of more than this a report would be larger than anybody reads.
MOST_LISTED: Final = 20_000


async def evaluate_measure(context: Context, id_: str, pairs: list[tuple[str, str]]) -> Json:
    """A MeasureReport; asked of several measures, or of the type without one, a Bundle of them.

    Raises BadRequest, Invalid, NotFound (no such Measure, team or patient), Forbidden, InsufficientScope, Unavailable.
    """
    async with read_audited(context, "evaluate-measure", "Measure", id_, query=urlencode(pairs)) as answered:
        if context.caller.facing != "staff":
            raise Forbidden("Indicators are told to staff alone.")
        asked = from_pairs(pairs, id_, context.bases)
        async with context.connection() as connection:
            teams = await _teams(context, connection, asked.team)
            if asked.subject:
                key = await _patient(context, connection, asked.subject)
                answered.patient = key
                keys = [key]
            else:
                keys = await storage.patients(connection, teams, *asked.within)
            tallies = await _counted(context, connection, asked, keys, teams)
    reports = [measure_report(one, tally, _heading(context, asked, answered.patient)) for one, tally in tallies.items()]
    if asked.several:
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in reports]}
    return reports[0]


async def _counted(
    context: Context, connection: Connection, asked: Evaluation, keys: list[str], teams: list[str]
) -> dict[str, Tally]:
    tallies = {id_: Tally(listed=asked.type in LISTED) for id_ in asked.measures}
    types = frozenset().union(*(INDICATORS[id_].types for id_ in asked.measures))
    policy = context.policy.sharing
    async with aclosing(storage.gather(connection, keys, types, context.bases, policy)) as everybody:
        async for some in everybody:
            with _without_collection():
                for gathered in some:
                    for found in evaluate(_chart(context, asked, gathered), asked.measures, teams):
                        tallies[found.indicator].add(found)
            if sum(len(tally.cases) for tally in tallies.values()) > MOST_LISTED:
                text_ = f"More than {MOST_LISTED} things would be listed: ask for a shorter time, or for one measure."
                raise Invalid(text_, code="too-costly", expression="reportType")
            # Others wait for this process too.
            await asyncio.sleep(0)
    return tallies


@contextmanager
def _without_collection() -> Iterator[None]:
    """Charts are many small objects and hardly any cycles: looking for those takes longer than the work itself."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _chart(context: Context, asked: Evaluation, gathered: Gathered) -> Chart:
    entries = [
        Entry(row["type"], row["id"], row["version"], moment(row["updated"]), storage.content(row))
        for row in gathered.records
    ]
    return Chart(gathered.facts, entries, context.policy.local, moment(context.rules.now), asked.within)


async def _teams(context: Context, connection: Connection, team: Target | None) -> list[str]:
    """The team and the CareTeams that it manages. Raises NotFound."""
    if team is None:
        return []
    found = await storage.team(connection, team.type, team.id)
    if not found:
        raise NotFound(f"There is no {team.type}/{team.id}.", expression="team")
    name = f"{team.type}/{team.id}"
    return [name, *(one for one, content in found.items() if one != name and _manages(context, team, content))]


async def _patient(context: Context, connection: Connection, subject: Target) -> str:
    """The patient key of a subject, by id or NHS number. Raises NotFound."""
    if nhs_number.has_ten_digits(subject.id):
        key = await patients.key_of(connection, subject.id, context.caller.organisation)
    else:
        stored = await resources.read(connection, "Patient", subject.id, context.visibility)
        key = stored.patient if stored and stored.content is not None else ""
    if not key:
        raise NotFound("There is no such patient here.", expression="subject")
    return key


def _manages(context: Context, team: Target, care_team: Mapping[str, Any]) -> bool:
    named = (
        target(text(one.get("reference")), context.bases) for one in objects(care_team.get("managingOrganization"))
    )
    return any(one is not None and (one.type, one.id) == (team.type, team.id) for one in named)


def _heading(context: Context, asked: Evaluation, patient: str) -> Heading:
    return Heading(
        type=asked.type,
        start=asked.start,
        end=asked.end,
        made=instant(context.rules.now),
        version=__version__,
        subject=f"Patient/{patient}" if patient else "",
        reporter=f"Organization/{asked.team.id}" if asked.team and asked.team.type == "Organization" else "",
        least=context.policy.small_number,
    )
