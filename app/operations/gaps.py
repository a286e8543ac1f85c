"""EpisodeOfCare/{id}/$gaps, CarePlan/{id}/$gaps: what is missing, with whom or in which record."""

from typing import Any

from app.involvement.gaps.all import TYPES, gaps
from app.involvement.gaps.gap import Gap
from app.involvement.indicators.episodes import Episode
from app.operations.episode import OfEpisode, chart_of, told
from app.record.context import Context

Json = dict[str, Any]


async def ask_gaps(context: Context, type_: str, id_: str) -> Json:
    """The answer as a Parameters resource. Raises what `chart_of` does."""
    chart, episode = await chart_of(context, OfEpisode("gaps", type_, id_), TYPES)
    return to_parameters(episode, gaps(chart, episode))


def to_parameters(episode: Episode, found: list[Gap]) -> Json:
    """These gaps as a Parameters resource."""
    missing = [{"name": "gap", "part": _part(one)} for one in found]
    return {"resourceType": "Parameters", "parameter": [*told(episode), *missing]}


def _part(one: Gap) -> list[Json]:
    return [
        {"name": "code", "valueCode": one.code},
        *([{"name": "supporter", "valueReference": {"reference": one.supporter}}] if one.supporter else []),
        *([{"name": "record", "valueReference": {"reference": one.record}}] if one.record else []),
        *([{"name": "what", "valueString": one.what}] if one.what else []),
    ]
