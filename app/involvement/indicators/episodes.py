"""Episodes: the times for which a crisis team looked after a patient, how they began and how they ended.

An EpisodeOfCare; or a plan of crisis home treatment where no EpisodeOfCare covers its time.
https://hl7.org/fhir/R4/episodeofcare.html
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from app.fhir.canonical import extension
from app.involvement.clock import Clock
from app.involvement.crisis_care import is_crisis_care
from app.involvement.indicators.entry import Entry
from app.sharing.reading import Json, extension_value, mapping, text
from app.sharing.times import SECOND, Span, is_partial, period, span

if TYPE_CHECKING:
    from app.involvement.indicators.chart import Chart

INITIAL_ASSESSMENT: Final = "initial-assessment"
_END_OF_CARE: Final = extension("end-of-care")


class Episode(NamedTuple):
    """One episode. Times are microseconds; `time` is [start, end), open when it has not ended; a death ends it.

    `ended_at` is None where no end is told, and may be to come; `ending` an end-of-care code or ''. `assessment` is the
    record of the initial assessment, None when there is none and its time is the start. `teams` are Organizations and
    CareTeams by reference, and Organizations by identifier ("system|value"); `team` is the Organization that looks
    after the patient, else the CareTeam; '' when it is not known.
    """

    entry: Entry
    reference: str
    time: Span
    start: int
    ended_at: int | None
    ending: str
    assessed: int
    assessment: Entry | None
    teams: frozenset[str]
    team: str
    from_referral: Span

    def has_lasted(self, time: int, clock: Clock) -> bool:
        """Whether it has lasted so long by now, or did."""
        return clock.has_come(self.start + time) and (self.ended_at is None or self.ended_at - self.start >= time)

    def is_over(self, clock: Clock) -> bool:
        """Whether it has ended by now; that it is to end is not that."""
        return self.ended_at is not None and clock.has_come(self.ended_at)

    def last_moment(self, clock: Clock) -> int:
        """The last moment of it that has come."""
        return max(self.start, clock.at_most(self.time.high - 1))


class Untimed(NamedTuple):
    """An episode of which nobody can tell when it was, as a versioned reference, and its teams."""

    record: str
    teams: frozenset[str]


def episodes(chart: "Chart") -> tuple[list[Episode], list[Untimed]]:
    """The episodes of a patient that a crisis team accepted, and those that have no readable time."""
    cares, planned = (
        [entry for entry in chart.of(type_) if is_crisis_care(type_, entry.content)]
        for type_ in ("EpisodeOfCare", "CarePlan")
    )
    found, unreadable = _read(chart, cares)
    covered = [one.time for one in found]
    more, unreadable_plans = _read(chart, planned)
    apart = [one for one in more if not any(one.time.meets(time) for time in covered)]
    return [*found, *apart], [*unreadable, *unreadable_plans]


def _read(chart: "Chart", entries: list[Entry]) -> tuple[list[Episode], list[Untimed]]:
    found: list[Episode] = []
    unreadable: list[Untimed] = []
    for entry in entries:
        episode = _episode(chart, entry)
        if episode is None:
            unreadable.append(Untimed(entry.versioned, frozenset(_teams(chart, entry))))
        else:
            found.append(episode)
    return found, unreadable


def _episode(chart: "Chart", entry: Entry) -> Episode | None:
    stated = mapping(entry.content.get("period"))
    time, start, end = period(entry.content.get("period")), span(stated.get("start")), span(stated.get("end"))
    if time is None or start is None or ("end" in stated and end is None):
        return None
    ending = text(extension_value(entry.content, _END_OF_CARE, "valueCode"))
    died = chart.died
    # A day includes all of it: https://hl7.org/fhir/R4/datatypes.html#Period
    ended_at = (end.high if is_partial(stated.get("end")) else end.low) if end else None
    if died is not None and died.low < time.high and start.low <= died.high:
        # Likewise the day of a death; but whoever was discharged before was not looked after until then.
        over = died.high if died.high - died.low > SECOND else died.low
        time = Span(time.low, max(min(died.high, time.high), time.low + 1))
        ended_at = max(start.low, over if ended_at is None else min(over, ended_at))
        ending = ending or "died"
    elif not ending and chart.is_dead and died is None:
        ending = "died"
    teams = frozenset(_teams(chart, entry))
    from_referral = Span(min(_referred(chart, entry, start.low), time.low), time.high)
    assessed, assessment = _assessed(chart, entry, from_referral) or (start.low, None)
    return Episode(
        entry=entry,
        reference=entry.reference,
        time=time,
        start=start.low,
        ended_at=ended_at,
        ending=ending,
        assessed=assessed,
        assessment=assessment,
        teams=teams,
        team=max((one for one in teams if "|" not in one), default=""),
        from_referral=from_referral,
    )


def _teams(chart: "Chart", entry: Entry) -> Iterator[str]:
    content = entry.content
    if entry.type == "EpisodeOfCare":
        organization = mapping(content.get("managingOrganization"))
        yield from chart.named(organization)
        yield from identified([mapping(organization.get("identifier"))])
        yield from chart.named(content.get("team"))
    else:
        yield from chart.named(content.get("careTeam"))
        writers = chart.named(content.get("author")) | chart.named(content.get("contributor"))
        yield from (one for one in writers if one.startswith("Organization/"))


def identified(identifiers: Iterable[Json]) -> Iterator[str]:
    """Identifiers by which an Organization may be named in the place of a reference, as "system|value"."""
    for one in identifiers:
        system, value = text(one.get("system")), text(one.get("value"))
        if system and value:
            yield f"{system}|{value}"


def _referred(chart: "Chart", entry: Entry, start: int) -> int:
    """When the patient was referred: the earliest referral that the episode names, else its start."""
    named = chart.named(entry.content.get("referralRequest"))
    if not named:
        return start
    times = (span(one.content.get("authoredOn")) for one in chart.of("ServiceRequest") if one.reference in named)
    return min([start, *(time.low for time in times if time)])


def _assessed(chart: "Chart", episode: Entry, from_referral: Span) -> tuple[int, Entry] | None:
    """When the first initial assessment of an episode began, and its record."""
    best: tuple[int, Entry] | None = None
    for entry in chart.encounters(INITIAL_ASSESSMENT):
        began = span(mapping(entry.content.get("period")).get("start"))
        if began is None or not _is_within(chart, entry, began, episode, from_referral):
            continue
        if best is None or began.low < best[0]:
            best = (began.low, entry)
    return best


def _is_within(chart: "Chart", entry: Entry, began: Span, episode: Entry, from_referral: Span) -> bool:
    """Whether an Encounter is of an episode: as it says, else by its time, from the referral on."""
    named = chart.named(entry.content.get("episodeOfCare"))
    if named:
        return episode.reference in named
    return began.meets(from_referral)
