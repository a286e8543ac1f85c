"""What is missing with a supporter: contact, information, advice, copies, and a question that nobody asked."""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir.vocabulary.scopes import SHARING_SCOPE
from app.involvement.gaps.gap import TELLING, Around, Gap
from app.involvement.indicators.c12b import copies
from app.involvement.indicators.entry import own
from app.involvement.indicators.involved import asked_and_nobody, attempts, carers, key_people
from app.involvement.indicators.nice_ab import TOPICS
from app.involvement.indicators.supporters import Supporter
from app.sharing.reading import Json, mapping, objects
from app.sharing.times import DAY

_NEW: Final = 30 * DAY
_GUIDANCE: Final = frozenset({"what-to-watch", "how-to-respond"})
_CONDITION: Final = "condition-information"
# What a supporter who may know of it gets a copy of: category of the plan, and scope.
_COPIES: Final = (
    ("relapse-plan-not-given", "relapse-prevention", "relapse-signature"),
    ("safety-plan-not-given", "safety-plan", "safety-plan"),
)


def of_nobody(of: Around) -> Iterator[Gap]:
    """Nobody who matters is known by now, and the patient was not asked, or not as far as anybody wrote down."""
    asked = asked_and_nobody(of.chart, of.episode.from_referral)
    if not asked and not key_people(of.chart, of.episode.time):
        yield Gap("nobody-identified")


def of_people(of: Around) -> Iterator[Gap]:
    """The gaps with each supporter of an episode."""
    caring = {one.reference for one in carers(of.chart, of.episode)}
    parts = {part.supporter for plan in of.plans for part in plan.taken}
    for one in of.supporters:
        yield from _contact(of, one)
        yield from _copies(of, one)
        yield from _asked(of, one)
        if one.reference in parts:
            yield from _advice(of, one)
        if one.reference in caring:
            yield from _carer(of, one)


def _contact(of: Around, one: Supporter) -> Iterator[Gap]:
    is_key = one.is_key(of.chart.local.key_roles, of.episode.time)
    tried = attempts(of.chart, of.episode.from_referral, frozenset({one.reference}))
    if is_key and not tried and of.may_know(one, "make-contact"):
        yield Gap("never-contacted", one.reference)


def _copies(of: Around, one: Supporter) -> Iterator[Gap]:
    for code, category, scope in _COPIES:
        plans = [plan for plan in of.plans if category in plan.categories]
        given = any(one.reference in copy.people for copy in copies(of.chart, plans, of.episode))
        if plans and not given and of.may_know(one, scope):
            yield Gap(code, one.reference, plans[-1].entry.versioned)


def _asked(of: Around, one: Supporter) -> Iterator[Gap]:
    """NICE B1: who wants somebody not involved is asked apart whether the condition may be told."""
    found = of.chart.consent.finding(one.reference, "care-plan", of.at, of.episode.team)
    if found.basis == "patient-refusal" and not any(_names(of, each, one) for each in _consents(of)):
        yield Gap("condition-not-asked", one.reference)


def _advice(of: Around, one: Supporter) -> Iterator[Gap]:
    told = of.told(one)
    if not any("advice-to-carer" in message.categories for message in told):
        yield Gap("no-advice", one.reference)
    if not any("escalation" in message.topics for message in told):
        yield Gap("no-escalation", one.reference)


def _carer(of: Around, one: Supporter) -> Iterator[Gap]:
    told = [message for message in of.told(one) if message.categories & TELLING]
    is_new = one.identified >= of.episode.start - _NEW
    if is_new and not any(message.topics & _GUIDANCE for message in told):
        yield Gap("no-guidance", one.reference)
    owed = (*TOPICS, "condition-and-treatment") if of.may_know(one, _CONDITION) else TOPICS
    for topic in owed:
        for way, done in (("told", "is_verbal"), ("in writing", "is_written")):
            if not any(topic in message.topics and getattr(message, done) for message in told):
                yield Gap("information-missing", one.reference, what=f"{topic}, {way}")


def _consents(of: Around) -> list[Json]:
    last = (record.versions[-1].content for record in of.chart.facts.consents)
    return [content for content in last if content is not None and content.get("status") != "entered-in-error"]


def _names(of: Around, consent: Json, one: Supporter) -> bool:
    """Whether a Consent speaks of the condition, and of this supporter or of nobody by name."""
    root = mapping(consent.get("provision"))
    actors = [mapping(each).get("reference") for each in objects(root.get("actor"))]
    is_about = not actors or one.reference in of.chart.people(actors)
    return is_about and _speaks(root)


def _speaks(provision: Any) -> bool:
    level = mapping(provision)
    return _CONDITION in own(level.get("code"), SHARING_SCOPE) or any(map(_speaks, objects(level.get("provision"))))
