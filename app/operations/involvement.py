"""EpisodeOfCare/{id}/$involvement, CarePlan/{id}/$involvement: phase by supporter, each cell with its records."""

from typing import Any

from app.fhir.vocabulary.episodes import PHASE
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.supporters import Supporter
from app.involvement.phases import TYPES, Cell, Grid, Involved, grid, is_involved
from app.operations.episode import OfEpisode, chart_of, told, when
from app.record.context import Context

Json = dict[str, Any]


async def ask_involvement(context: Context, type_: str, id_: str) -> Json:
    """The answer as a Parameters resource. Raises what `chart_of` does."""
    chart, episode = await chart_of(context, OfEpisode("involvement", type_, id_), TYPES)
    return to_parameters(episode, people_of(chart, episode), grid(chart, episode))


def people_of(chart: Chart, episode: Episode) -> list[Supporter]:
    """The supporters of the time of an episode, by reference."""
    everybody = (one for _, one in sorted(chart.supporters.items()))
    return [one for one in everybody if one.linked is not None and one.linked.meets(episode.from_referral)]


def to_parameters(episode: Episode, people: list[Supporter], found: Grid) -> Json:
    """The grid of these supporters as a Parameters resource."""
    rows = [{"name": "supporter", "part": _row(one, found, episode)} for one in people]
    return {"resourceType": "Parameters", "parameter": [*told(episode), *rows]}


def _row(one: Supporter, found: Grid, episode: Episode) -> list[Json]:
    roles = dict.fromkeys(
        role.code for role in one.roles if role.period is None or role.period.meets(episode.from_referral)
    )
    return [
        {"name": "reference", "valueReference": {"reference": one.reference}},
        *({"name": "role", "valueCode": role} for role in roles),
        *({"name": "phase", "part": _cell(code, found.get(Cell(one.reference, code), []))} for code in PHASE.codes),
    ]


def _cell(phase: str, records: list[Involved]) -> list[Json]:
    return [
        {"name": "code", "valueCode": phase},
        {"name": "involved", "valueBoolean": is_involved(records)},
        *({"name": "record", "part": _record(one)} for one in records),
    ]


def _record(one: Involved) -> list[Json]:
    return [
        {"name": "reference", "valueReference": {"reference": one.record}},
        {"name": "how", "valueCode": one.how},
        *when("when", "valueInstant", one.at),
        *([{"name": "answer", "valueCode": one.answer}] if one.answer else ()),
    ]
