"""What is missing in plans and formulations of risk, and for children."""

from collections.abc import Iterator
from typing import Final

from app.fhir.vocabulary.plans import PLAN_ACTIVITY, SUPPORTER_ACTIVITY
from app.involvement.gaps.gap import Around, Gap, activities
from app.involvement.indicators.entry import Entry
from app.involvement.parts import not_agreed
from app.sharing.directory import SELF
from app.sharing.reading import mapping, objects
from app.sharing.times import period, span

_CHILDREN: Final = frozenset({"child-in-household", "visiting-child"})
_AT_HOME: Final = frozenset({"child-in-household"})


def of_plans(of: Around) -> Iterator[Gap]:
    """Safety plans without the patient, and what is not done because the family does it."""
    for plan in of.plans:
        writers = [of.chart.directory.find(each).reference for each in objects(plan.entry.content.get("contributor"))]
        if "safety-plan" in plan.categories and SELF not in writers:
            yield Gap("written-without-patient", record=plan.entry.versioned)
        for _, missing in not_agreed(plan.entry.content, of.chart.directory):
            yield Gap("reduced-without-agreement", record=plan.entry.versioned, what=" and ".join(missing))


def of_risk(of: Around) -> Iterator[Gap]:
    """Formulations of risk that rest on nothing that a supporter said."""
    if not any(of.may_know(one, "make-contact") for one in of.supporters):
        return
    views = {entry.reference for type_ in ("QuestionnaireResponse", "Communication") for entry in _views(of, type_)}
    for entry in of.chart.of("RiskAssessment"):
        content = entry.content
        when = span(content.get("occurrenceDateTime")) or period(content.get("occurrencePeriod"))
        if when and when.meets(of.episode.time) and views.isdisjoint(of.chart.named(content.get("basis"))):
            yield Gap("no-supporters-view", record=entry.versioned)


def of_children(of: Around) -> Iterator[Gap]:
    """Children who live or visit there, and nobody planned for them."""
    own, parts = activities(of.plans, PLAN_ACTIVITY), activities(of.plans, SUPPORTER_ACTIVITY)
    is_looked_after = (
        "childcare-arrangement" in own
        or "childcare" in parts
        or any("childcare" in each.categories for each in of.plans)
    )
    for one in of.supporters:
        if one.is_key(_AT_HOME, of.episode.time) and not is_looked_after:
            yield Gap("no-childcare", one.reference)
        if one.is_key(_CHILDREN, of.episode.time) and "child-safety" not in own:
            yield Gap("no-child-safety", one.reference)


def _views(of: Around, type_: str) -> list[Entry]:
    said_by = "source" if type_ == "QuestionnaireResponse" else "sender"
    return [one for one in of.chart.of(type_) if of.chart.people([mapping(one.content.get(said_by))])]
