"""KS-13d: where the patient agrees, a key person has an individual part in the plan, coded, described and agreed to."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import key_people
from app.involvement.indicators.plans import Part, Plan
from app.involvement.indicators.supporters import Supporter

SCOPE: Final = "care-plan"
MEDICATION: Final = frozenset({"medication-support"})


class Given(NamedTuple):
    """A part in a plan, with that plan."""

    plan: Plan
    part: Part


def ks_13d(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode. Consent is judged at the time of the plan or of the agreement to the part in it."""
    subject = episode.reference
    known = key_people(chart, episode.time)
    current = [plan for plan in chart.plans if plan.is_of(episode.time)]
    given = [Given(plan, part) for plan in current for part in plan.parts]
    theirs = {one.reference: [each for each in given if each.part.supporter == one.reference] for one in known}
    agreed = [one for one in known if _is_agreed(chart, episode, one, current, theirs[one.reference])]
    counted = [each for one in agreed for each in theirs[one.reference] if _counts(one, each)]
    declined = bool(agreed) and all(_declined(theirs[one.reference]) for one in agreed)
    excluded = _excluded(chart, episode, known) if not agreed else ("declined" if declined else "")
    return [
        Case(
            subject,
            subject,
            excluded=excluded,
            met=bool(counted),
            met_adjusted=bool(counted),
            rests_on=_rests_on(chart, episode, known, current, agreed, theirs) if chart.listed else (),
            flags=_flags(agreed, theirs, counted),
            texts=frozenset(_folded(each) for each in counted),
        )
    ]


def _rests_on(
    chart: Chart,
    episode: Episode,
    known: Sequence[Supporter],
    current: Sequence[Plan],
    agreed: Sequence[Supporter],
    theirs: Mapping[str, Sequence[Given]],
) -> tuple[str, ...]:
    return (
        episode.entry.versioned,
        *dict.fromkeys(
            [
                *(one.versioned for one in known),
                *(plan.entry.versioned for plan in current),
                *(
                    rec
                    for one in agreed or known
                    for rec in _consents(chart, episode, one, current, theirs[one.reference])
                ),
            ]
        ),
    )


def _is_agreed(chart: Chart, episode: Episode, one: Supporter, current: Sequence[Plan], own: Sequence[Given]) -> bool:
    return any(
        chart.consent.permits(one.reference, SCOPE, at, episode.team) for at in _times(chart, episode, current, own)
    )


def _times(chart: Chart, episode: Episode, current: Sequence[Plan], own: Sequence[Given]) -> list[int]:
    """When consent matters: at somebody's part in a plan; for somebody without one at the plans and at the end."""
    if own:
        return list(dict.fromkeys(_agreed_on(each) for each in own))
    return list(dict.fromkeys([*(plan.made.high - 1 for plan in current), episode.last_moment(chart.clock)]))


def _agreed_on(each: Given) -> int:
    """The time of a part: when it was agreed to, at the earliest when the plan was made (all of that day)."""
    return max(each.plan.made.high - 1, each.part.on or 0)


def _counts(one: Supporter, each: Given) -> bool:
    """Whether it is an individual part. A young carer's is none: a child's load is nobody's success."""
    return each.part.is_individual and not one.is_young(_agreed_on(each))


def _declined(own: Sequence[Given]) -> bool:
    answers = {each.part.agreed for each in own}
    return False in answers and True not in answers


def _consents(
    chart: Chart, episode: Episode, one: Supporter, current: Sequence[Plan], own: Sequence[Given]
) -> list[str]:
    times = _times(chart, episode, current, own)
    at = next((each for each in times if chart.consent.permits(one.reference, SCOPE, each, episode.team)), times[0])
    return chart.consent.records(one.reference, SCOPE, at, episode.team)


def _excluded(chart: Chart, episode: Episode, known: Sequence[Supporter]) -> str:
    if not known:
        return "no-key-person"
    at = episode.last_moment(chart.clock)
    return "contact-stopped" if all(chart.consent.is_stopped(one.reference, at) for one in known) else "no-consent"


def _flags(agreed: Sequence[Supporter], theirs: dict[str, list[Given]], counted: Sequence[Given]) -> tuple[str, ...]:
    if counted:
        return ("medication-only",) if all(each.part.activities == MEDICATION for each in counted) else ()
    individual = any(each.part.is_individual for one in agreed for each in theirs[one.reference])
    return ("young-carer",) if individual else ()


def _folded(each: Given) -> str:
    """A digest of a description without case and spacing, so that the same text in many plans is noticed."""
    text = " ".join(each.part.description.casefold().split())
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
