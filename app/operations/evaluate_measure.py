"""$evaluate-measure: the indicators of a team over a time, of one patient or as numbers.

https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html
"""

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, Final
from urllib.parse import urlencode

from app import __version__
from app.fhir import nhs_number
from app.fhir.errors import Forbidden, Invalid, NotFound
from app.fhir.references import Target, target
from app.involvement.indicators.all import INDICATORS, TYPES
from app.involvement.indicators.episodes import identified
from app.involvement.indicators.listing import LISTED
from app.involvement.indicators.report import Heading, measure_report
from app.operations import keeping_figures
from app.operations.counting import APART, MANY, Counts, Wanted, counted_apart, counted_here
from app.operations.evaluation import Evaluation, from_pairs
from app.record.audited import read_audited
from app.record.context import Context
from app.record.stamp import instant
from app.sharing.reading import objects, text
from app.sharing.times import moment
from app.storage import indicators as storage
from app.storage import patients, resources
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
        tallies = await _counted(context, asked, keys, teams)
    reports = [measure_report(one, tally, _heading(context, asked, answered.patient)) for one, tally in tallies.items()]
    if asked.several:
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in reports]}
    return reports[0]


async def _counted(context: Context, asked: Evaluation, keys: list[str], teams: list[str]) -> Counts:
    wanted = _wanted(context, asked, teams)
    tallies, apart = wanted.nothing(), len(keys) >= MANY
    basis, can_keep = keeping_figures.basis(context, listed=wanted.listed), True
    if basis is not None:
        await keeping_figures.asked(context)
    # What is kept is of all measures, whichever are asked for.
    types = TYPES if basis else frozenset[str]().union(*(INDICATORS[id_].types for id_ in asked.measures))
    rows = storage.gather(context.connection, keys, types, APART if apart else storage.TOLD, basis)
    async with aclosing(rows), aclosing((counted_apart if apart else counted_here)(rows, wanted)) as counted:
        async for some in counted:
            for id_, tally in some.counts.items():
                tallies[id_].join(tally)
            if basis is not None and some.figures and can_keep:
                can_keep = await keeping_figures.keep(context, basis, some.figures)
            if sum(len(tally.cases) for tally in tallies.values()) > MOST_LISTED:
                text_ = f"More than {MOST_LISTED} things would be listed: ask for a shorter time, or for one measure."
                raise Invalid(text_, code="too-costly", expression="reportType")
    return tallies


def _wanted(context: Context, asked: Evaluation, teams: list[str]) -> Wanted:
    return Wanted(
        measures=tuple(asked.measures),
        teams=tuple(teams),
        within=asked.within,
        now=moment(context.rules.now),
        listed=asked.type in LISTED,
        bases=context.bases,
        policy=context.policy.sharing,
        local=context.policy.local,
    )


async def _teams(context: Context, connection: Connection, team: Target | None) -> list[str]:
    """The team, the CareTeams that it manages, and the identifiers of an Organization. Raises NotFound."""
    if team is None:
        return []
    found = await storage.team(connection, team.type, team.id)
    if not found:
        raise NotFound(f"There is no {team.type}/{team.id}.", expression="team")
    name = f"{team.type}/{team.id}"
    managed = (one for one, content in found.items() if one != name and _manages(context, team, content))
    numbers = identified(objects(found[name].get("identifier"))) if team.type == "Organization" else ()
    return [name, *managed, *numbers]


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
        thresholds=context.policy.thresholds,
    )
