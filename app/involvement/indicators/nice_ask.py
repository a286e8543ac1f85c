"""NICE-ASK: the patient was asked whether and how family and friends are to be involved."""

from typing import Final

from app.fhir import bases
from app.fhir.canonical import CONSENT_NEXT_REVIEW
from app.fhir.terminology import CONSENT_SCOPE
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import discussions
from app.sharing.facts import Record
from app.sharing.reading import Json, codes, extension_value
from app.sharing.times import Span, span

Consents = list[tuple[Record, Json]]
_PRIVACY: Final = (CONSENT_SCOPE, "patient-privacy")


def nice_ask(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode. Asked in it, from the referral on; asked again; and whether a review is overdue."""
    subject = episode.reference
    consents = _consents(chart)
    asked = [*_decisions(chart, consents, episode.from_referral), *_discussions(chart, episode.from_referral)]
    times = {at for at, _ in asked}
    lacking = chart.consent.lacks_capacity(episode.last_moment(chart.clock))
    again = "asked-again" if len(times) > 1 else ("asked-once" if times else "not-asked")
    overdue = "review-overdue" if _is_overdue(chart, consents) else "no-review-overdue"
    return [
        Case(
            subject,
            subject,
            excluded="lacks-capacity" if lacking else "",
            met=bool(asked),
            met_adjusted=bool(asked),
            rests_on=(
                episode.entry.versioned,
                *dict.fromkeys(record for _, record in asked),
            )
            if chart.listed
            else (),
            strata=(("asked", again), ("review", overdue)),
        )
    ]


def _consents(chart: Chart) -> Consents:
    """The patient's own privacy Consents that the caller may see, as they are now."""
    return [
        (record, content)
        for record in chart.facts.consents
        if record.reference not in chart.facts.unseen
        if (content := record.versions[-1].content) is not None and _is_own(content)
    ]


def _is_own(content: Json) -> bool:
    if content.get("status") == "entered-in-error" or _PRIVACY not in codes(content.get("scope")):
        return False
    return bases.basis(dict(content)) not in bases.NOT_THE_PATIENTS


def _decisions(chart: Chart, consents: Consents, within: Span) -> list[tuple[int, str]]:
    """When the patient decided something, or was asked and did not, with the version that says so."""
    found: dict[int, str] = {}
    for record, _ in consents:
        for version in record.versions:
            decided = span(version.content.get("dateTime")) if version.content else None
            if decided and decided.meets(within) and chart.clock.has_come(decided.low):
                found.setdefault(decided.low, f"{record.reference}/_history/{version.number}")
    return list(found.items())


def _discussions(chart: Chart, within: Span) -> list[tuple[int, str]]:
    held = discussions(chart, frozenset({"involvement"}), within)
    return [(one.sent.low, one.entry.versioned) for one in held if one.sent is not None]


def _is_overdue(chart: Chart, consents: Consents) -> bool:
    """Whether the day of a review has gone by of a Consent that is in force."""
    reviews = (
        span(extension_value(content, CONSENT_NEXT_REVIEW, "valueDateTime"))
        for _, content in consents
        if content.get("status") == "active"
    )
    return any(review is not None and chart.clock.has_come(review.high) for review in reviews)
