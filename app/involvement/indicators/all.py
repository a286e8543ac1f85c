"""All indicators, in the order in which they are published. KS-13e is none of them: no record can tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.fhir.words import words
from app.involvement.indicators.c12b import c12b
from app.involvement.indicators.c14 import c14
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.debrief import debrief
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.hoult import hoult
from app.involvement.indicators.incidents import unreadable_incidents
from app.involvement.indicators.involved import undated_maps
from app.involvement.indicators.ks_13a import ks_13a
from app.involvement.indicators.ks_13b import ks_13b
from app.involvement.indicators.ks_13c import ks_13c
from app.involvement.indicators.ks_13d import ks_13d
from app.involvement.indicators.meetings import undated_meetings
from app.involvement.indicators.messages import unreadable_contacts, unreadable_messages
from app.involvement.indicators.nice_ab import nice_ab
from app.involvement.indicators.nice_ask import nice_ask
from app.involvement.indicators.plans import unreadable_plans
from app.involvement.indicators.qs189_4 import qs189_4

# Every episode is read from these.
_EPISODE: Final = words("EpisodeOfCare CarePlan Encounter ServiceRequest")


@dataclass(frozen=True, slots=True)
class Indicator:
    """`cases` are what it counts in an episode, `unreadable` tell the records of a patient that it cannot read.

    `types` are those it reads beside those that consent rests on.
    """

    id: str
    cases: Callable[[Chart, Episode], list[Case]]
    unreadable: tuple[Callable[[Chart], list[Unreadable]], ...]
    types: frozenset[str]


def _indicator(
    id_: str,
    cases: Callable[[Chart, Episode], list[Case]],
    types: str,
    *unreadable: Callable[[Chart], list[Unreadable]],
) -> Indicator:
    return Indicator(id_, cases, unreadable, _EPISODE | words(types))


INDICATORS: Final = {
    one.id: one
    for one in (
        _indicator("KS-13a", ks_13a, "List", undated_maps),
        _indicator("KS-13b", ks_13b, "List Communication", undated_maps, unreadable_contacts),
        _indicator("KS-13c", ks_13c, "Appointment AppointmentResponse CommunicationRequest", undated_meetings),
        _indicator("KS-13d", ks_13d, "", unreadable_plans),
        _indicator("HOULT", hoult, "List Communication", undated_maps, unreadable_contacts),
        _indicator("NICE-ASK", nice_ask, "Communication", unreadable_messages),
        _indicator("NICE-AB", nice_ab, "Communication", unreadable_messages),
        _indicator("QS189-4", qs189_4, "Communication RiskAssessment", unreadable_messages),
        _indicator("C12b", c12b, "Communication", unreadable_messages, unreadable_plans),
        _indicator(
            "C14", c14, "Communication Appointment AppointmentResponse CommunicationRequest Task", unreadable_messages
        ),
        _indicator(
            "DEBRIEF", debrief, "Appointment AppointmentResponse CommunicationRequest Task", unreadable_incidents
        ),
    )
}
# What all of them read beside what consent rests on.
TYPES: Final = frozenset[str]().union(*(one.types for one in INDICATORS.values()))
