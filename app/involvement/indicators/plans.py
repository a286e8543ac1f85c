"""Plans and each supporter's part in them: CarePlan. https://hl7.org/fhir/R4/careplan.html"""

from typing import TYPE_CHECKING, Final, NamedTuple

from app.fhir.canonical import extension
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY, SUPPORTER_ACTIVITY
from app.fhir.words import words
from app.involvement.crisis_care import INTENTS, SNOMED
from app.involvement.indicators.entry import Entry, Unreadable, coded, own
from app.sharing.reading import EMPTY, Json, extensions, first_extensions, mapping, objects, text
from app.sharing.times import ALWAYS, BEGINNING, Span, period, span

if TYPE_CHECKING:
    from app.involvement.indicators.chart import Chart

CRISIS_PLAN: Final = "736253002"
# A completed plan was active; one that is on hold, revoked or a draft is not.
IN_FORCE: Final = words("active completed")
_OVER: Final = words("cancelled stopped entered-in-error")
_AGREEMENT: Final = extension("agreement")


class Part(NamedTuple):
    """One activity of a supporter. `agreed` is what the supporter said to it, None when that is not recorded.

    `on` is when the supporter said so, None when that is not known.
    """

    supporter: str
    activities: frozenset[str]
    description: str
    agreed: bool | None
    on: int | None

    @property
    def is_individual(self) -> bool:
        """Whether it is coded, described and agreed to by the supporter."""
        return bool(self.activities and self.description) and self.agreed is True


class Plan(NamedTuple):
    """One CarePlan. `made` is when it was made; `lasts` the time that it covers, None when that cannot be read."""

    entry: Entry
    categories: frozenset[str]
    is_crisis_plan: bool
    status: str
    made: Span
    created: Span | None
    lasts: Span | None
    parts: tuple[Part, ...]

    @property
    def taken(self) -> tuple[Part, ...]:
        """The parts that nobody declined: who said no to what somebody else wrote down does not do it."""
        return tuple([part for part in self.parts if part.agreed is not False])

    def is_of(self, time: Span) -> bool:
        """Whether it was in force at some time within, as far as it says."""
        if self.status not in IN_FORCE or self.lasts is None:
            return False
        if self.lasts.low == BEGINNING:
            return self.made.low < time.high and time.low < self.lasts.high
        return self.lasts.meets(time)


def plans(chart: "Chart") -> tuple[Plan, ...]:
    """The CarePlans of the patient that are no mere proposals, oldest first."""
    found = (_plan(chart, entry) for entry in chart.of("CarePlan") if entry.content.get("intent") in INTENTS)
    return tuple(sorted(found, key=lambda one: (one.made, one.entry.reference)))


def unreadable_plans(chart: "Chart") -> list[Unreadable]:
    """The plans of which nobody can tell when they were in force."""
    return [
        Unreadable(one.entry.versioned, "no-time")
        for one in chart.plans
        if one.lasts is None and one.status in IN_FORCE
    ]


def _plan(chart: "Chart", entry: Entry) -> Plan:
    content = entry.content
    created = span(content.get("created"))
    begins = span(mapping(content.get("period")).get("start"))
    return Plan(
        entry=entry,
        categories=own(content.get("category"), CARE_PLAN_CATEGORY),
        is_crisis_plan=CRISIS_PLAN in coded(content.get("category"), SNOMED),
        status=text(content.get("status")),
        made=created or begins or Span(entry.stored, entry.stored + 1),
        created=created,
        lasts=period(content.get("period")) if "period" in content else ALWAYS,
        parts=tuple(part for activity in objects(content.get("activity")) for part in _parts(chart, activity)),
    )


def _parts(chart: "Chart", activity: Json) -> list[Part]:
    detail = mapping(activity.get("detail"))
    if detail.get("status") in _OVER or detail.get("doNotPerform") is True:
        return []
    said = [_said(chart, item) for item in extensions(detail, _AGREEMENT)]
    return [_part(detail, person, said) for person in sorted(chart.people(detail.get("performer")))]


def _part(detail: Json, person: str, said: list[tuple[frozenset[str], bool | None, Span | None]]) -> Part:
    own_words = [(agreed, on) for people, agreed, on in said if person in people]
    answers = {agreed for agreed, _ in own_words}
    times = [on.low for _, on in own_words if on]
    # Who said both yes and no did not agree.
    agreed = False if False in answers else (True if True in answers else None)
    return Part(
        supporter=person,
        activities=own(detail.get("code"), SUPPORTER_ACTIVITY),
        description=text(detail.get("description")).strip(),
        agreed=agreed,
        on=max(times) if times else None,
    )


def _said(chart: "Chart", item: Json) -> tuple[frozenset[str], bool | None, Span | None]:
    told = first_extensions(item)
    agreed = told.get("agreed", EMPTY).get("valueBoolean")
    return (
        chart.people(told.get("by", EMPTY).get("valueReference")),
        agreed if isinstance(agreed, bool) else None,
        span(told.get("on", EMPTY).get("valueDateTime")),
    )
