"""Something grave that happened, and the supporters whom it affected: Encounters and Flags that are coded so.

https://hl7.org/fhir/R4/encounter.html, https://hl7.org/fhir/R4/flag.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from app.fhir.canonical import FLAG_DETAIL
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE
from app.involvement.indicators.entry import Unreadable, own
from app.sharing.reading import extensions, mapping, objects
from app.sharing.times import Span, span

if TYPE_CHECKING:
    from app.involvement.indicators.chart import Chart

INCIDENT: Final = "incident"


class Incident(NamedTuple):
    """One of them: when it was (None: unreadable), and the supporters whom it affected."""

    reference: str
    versioned: str
    at: Span | None
    affected: frozenset[str]


def incidents(chart: "Chart") -> list[Incident]:
    """The incidents of a patient."""
    return [*_encounters(chart), *_flags(chart)]


def unreadable_incidents(chart: "Chart") -> list[Unreadable]:
    """The incidents that do not say when."""
    return [Unreadable(one.versioned, "no-time") for one in chart.incidents if one.at is None]


def _encounters(chart: "Chart") -> Iterator[Incident]:
    for entry in chart.encounters(INCIDENT):
        participants = (one.get("individual") for one in objects(entry.content.get("participant")))
        affected = frozenset(person for one in participants for person in chart.people(one))
        began = span(mapping(entry.content.get("period")).get("start"))
        yield Incident(entry.reference, entry.versioned, began, affected)


def _flags(chart: "Chart") -> Iterator[Incident]:
    for record in chart.facts.flags:
        content = record.versions[-1].content
        if content is None or record.reference in chart.facts.unseen or content.get("status") == "entered-in-error":
            continue
        if INCIDENT in own(content.get("code"), ENCOUNTER_TYPE):
            named = (item.get("valueReference") for item in extensions(content, FLAG_DETAIL))
            affected = frozenset(person for one in named for person in chart.people(one))
            began = span(mapping(content.get("period")).get("start"))
            yield Incident(
                record.reference, f"{record.reference}/_history/{record.versions[-1].number}", began, affected
            )
