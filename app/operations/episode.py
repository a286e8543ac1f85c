"""What the questions about one episode share: which episode is meant, and the records of its patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.fhir.errors import Forbidden, Invalid
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode, episodes
from app.operations.writing import there
from app.record.audited import read_audited
from app.record.context import Context
from app.record.stamp import instant as written
from app.sharing.reading import mapping
from app.sharing.times import instant, moment, period
from app.storage import indicators as storage
from app.storage import resources

Json = dict[str, Any]

_NONE: Final = (
    "This is no episode of a crisis team: that is an EpisodeOfCare that was accepted, without a type or of a crisis "
    "team's, or a CarePlan of the category crisis-home-treatment, with the intent plan or order, that is no draft."
)
_UNTIMED: Final = "Nobody can tell when this episode was: it takes a period with a start, and no end before that."


@dataclass(frozen=True, slots=True)
class OfEpisode:
    """One of the questions: its name as the trail has it, and the EpisodeOfCare or CarePlan in the path."""

    interaction: str
    type: str
    id: str


async def chart_of(context: Context, asked: OfEpisode, types: Iterable[str]) -> tuple[Chart, Episode]:
    """The records of these types of the patient of an episode, and that episode.

    A plan within the time of an EpisodeOfCare is a part of that. Raises Forbidden, InsufficientScope, NotFound, Gone,
    Invalid (no episode, or nobody can tell when), Unavailable.
    """
    async with read_audited(context, asked.interaction, asked.type, asked.id) as answered:
        if context.caller.facing != "staff":
            raise Forbidden("This is told to staff alone.")
        async with context.connection() as connection:
            found = await resources.read(connection, asked.type, asked.id, context.visibility)
            stored, content = there(found, f"{asked.type}/{asked.id}")
            answered.patient, answered.version = stored.patient, stored.version
            if not stored.patient:
                raise Invalid("It is of no patient who is known here.", expression=asked.type)
            [rows] = await storage.of_patients(connection, [stored.patient], types)
        facts = rows.facts(context.bases, context.policy.sharing)
        chart = Chart(facts, rows.entries(), context.policy.local, moment(context.rules.now))
        return chart, _episode(chart, f"{asked.type}/{asked.id}", content)


def told(episode: Episode) -> list[Json]:
    """The parameters that say which episode an answer is about."""
    found: list[Json] = [{"name": "episode", "valueReference": {"reference": episode.entry.reference}}]
    found += when("start", "valueInstant", episode.start)
    return found + when("end", "valueInstant", episode.ended_at)


def when(name: str, member: str, at: int | None) -> list[Json]:
    """A time as a parameter, none when it is not known."""
    time = None if at is None else instant(at)
    return [{"name": name, member: written(time)}] if time else []


def _episode(chart: Chart, reference: str, content: Json) -> Episode:
    found, untimed = episodes(chart)
    for one in found:
        if one.entry.reference == reference:
            return one
    if any(one.record.startswith(f"{reference}/") for one in untimed):
        raise Invalid(_UNTIMED, expression=f"{reference.partition('/')[0]}.period", code="business-rule")
    lasts = period(mapping(content).get("period"))
    for one in found:
        if reference.startswith("CarePlan/") and lasts and one.entry.type == "EpisodeOfCare" and one.time.meets(lasts):
            return one
    raise Invalid(_NONE, expression=reference.partition("/")[0], code="business-rule")
