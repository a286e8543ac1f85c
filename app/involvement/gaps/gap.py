"""One thing that is missing, and what all that look for such things need of an episode."""

from dataclasses import dataclass
from typing import Final

from app.fhir.vocabulary import CodeSystem
from app.fhir.words import words
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import own
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.messages import Message
from app.involvement.indicators.plans import Plan
from app.involvement.indicators.supporters import Supporter
from app.sharing.reading import mapping, objects

TELLING: Final = words("information-given advice-to-carer")


@dataclass(frozen=True, slots=True)
class Gap:
    """A code of `gap`; with whom ("RelatedPerson/id"), in which version of a record, and what more; '' for none."""

    code: str
    supporter: str = ""
    record: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """An episode with its chart: its plans in force, who is around, and what they may know at its end or now."""

    chart: Chart
    episode: Episode

    @property
    def at(self) -> int:
        return self.episode.last_moment(self.chart.clock)

    @property
    def plans(self) -> list[Plan]:
        return [plan for plan in self.chart.plans if plan.is_of(self.episode.time)]

    @property
    def supporters(self) -> list[Supporter]:
        """The supporters of that time, without those who are not to be contacted."""
        return [
            one
            for _, one in sorted(self.chart.supporters.items())
            if one.linked is not None
            and one.linked.meets(self.episode.time)
            and not self.chart.consent.is_not_to_be_contacted(one.reference, self.at)
        ]

    def may_know(self, one: Supporter, scope: str) -> bool:
        return self.chart.consent.permits(one.reference, scope, self.at, self.episode.team)

    def told(self, one: Supporter) -> list[Message]:
        """What somebody was told or given, from the referral on."""
        return [
            message
            for message in self.chart.messages
            if message.is_done
            and one.reference in message.people
            and message.sent is not None
            and message.sent.meets(self.episode.from_referral)
            and self.chart.clock.has_come(message.sent.low)
        ]


def activities(plans: list[Plan], system: CodeSystem) -> frozenset[str]:
    """The codes of one system of all that is to be done in some plans."""
    return frozenset(
        code
        for plan in plans
        for activity in objects(plan.entry.content.get("activity"))
        for code in own(mapping(activity.get("detail")).get("code"), system)
    )
