"""What each supporter does in a plan: CarePlan.activity.detail with a RelatedPerson as performer.

https://hl7.org/fhir/R4/careplan.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.fhir.canonical import extension
from app.fhir.own_codes import own_codes
from app.fhir.references import contained_types, target, type_of
from app.fhir.vocabulary.plans import PLAN_STATUS_REASON, SUPPORTER_ACTIVITY
from app.fhir.words import words
from app.sharing.directory import SELF, Directory, Named
from app.sharing.reading import Json, extension_value, extensions, mapping, objects, text
from app.sharing.times import ALWAYS, Span, period, span

MEDICATION: Final = "medication-support"
FAMILY_PROVIDING: Final = "family-providing"
# A plan of which something is still to be done, as far as it says; a part that is not, or was not to be, done; and one
# that is done as it was meant. Whatever else is done because the family does the rest, fewer visits say, is reduced.
LIVE: Final = words("draft active on-hold unknown")
_OVER: Final = words("completed cancelled stopped entered-in-error")
_NOT_REDUCED: Final = words("completed entered-in-error")
_STAFF: Final = words("Practitioner PractitionerRole")


@dataclass(frozen=True, slots=True)
class Part:
    """What one supporter is to do. `path` is the activity's, `time` when: of the activity, or else of the plan.

    `supporter` is "RelatedPerson/id", '' of somebody who is not known here: of them there is at most what the plan
    itself holds, in `contained`.
    """

    path: str
    performer: str
    supporter: str
    codes: tuple[str, ...]
    time: Span
    confirmed: bool
    contained: Json = field(default_factory=dict)

    @property
    def is_medication(self) -> bool:
        return MEDICATION in self.codes


def parts(plan: Json, directory: Directory) -> list[Part]:
    """The parts of supporters, known here or not, in what is still to be done, in their order."""
    if plan.get("status") not in LIVE:
        return []
    within = (each for each in objects(plan.get("contained")) if each.get("resourceType") == "RelatedPerson")
    people = _People(directory, contained_types(dict(plan)), {f"#{text(each.get('id'))}": each for each in within})
    return [part for path, detail in _details(plan) for part in _parts(plan, path, detail, people)]


def names_supporters(plan: Json) -> bool:
    """Whether one who is or may be a supporter has a part in a plan of which something is still to be done."""
    if plan.get("status") not in LIVE:
        return False
    types = contained_types(dict(plan))
    performers = (each for _, detail in _details(plan) for each in objects(detail.get("performer")))
    return any(_may_be_supporter(each, types) for each in performers)


def named_supporters(plan: Json, bases: tuple[str, ...]) -> frozenset[str] | None:
    """The ids of the supporters who have a part in a plan, or agree to something: `bases` are the addresses of [base].

    None where it takes all supporters to tell: somebody is named by an identifier, or stands in the plan itself.
    """
    types = contained_types(dict(plan))
    elements = [performer for _, detail in _details(plan) for performer in objects(detail.get("performer"))]
    elements += [_by(each) for _, detail in _reduced(plan) for each in _agreements(detail)]
    found = set()
    for element in elements:
        literal = text(element.get("reference"))
        who = target(literal, bases)
        if (who.type if who else type_of(element, types)) not in ("", "RelatedPerson"):
            continue
        if "identifier" in element or literal.startswith("#"):
            return None
        if who:
            found.add(who.id)
    return frozenset(found)


def _may_be_supporter(performer: Json, contained: Mapping[str, str]) -> bool:
    """Whether it is said to be one, or nothing is said of what it is that an identifier names."""
    type_ = type_of(performer, contained)
    return type_ == "RelatedPerson" or (not type_ and bool(mapping(performer.get("identifier"))))


def supports_with_medication(plan: Json) -> bool:
    """Whether support with medication is something that is still to be done in it, by whomever."""
    return any(MEDICATION in _codes(detail) for _, detail in _details(plan))


def is_reduced_for_family(plan: Json) -> bool:
    """Whether something is stopped, cancelled or on hold because the family does it."""
    return plan.get("status") in LIVE and any(True for _ in _reduced(plan))


def not_agreed(plan: Json, directory: Directory) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For each such activity, with its path, who has not agreed: "the patient", "a supporter" (NICE, A3)."""
    for path, detail in _reduced(plan):
        who = [directory.find(_by(each)) for each in _agreements(detail)]
        missing = []
        if not any(one.reference == SELF for one in who):
            missing.append("the patient")
        if not any(one.type == "RelatedPerson" and one.reference for one in who):
            missing.append("a supporter")
        if missing:
            yield path, tuple(missing)


def time_of(plan: Json) -> Span:
    """When a plan is to be carried out; always, as far as it does not say, or nobody can read it."""
    return period(plan.get("period")) or ALWAYS


def _reduced(plan: Json) -> Iterator[tuple[str, Json]]:
    for index, activity in enumerate(objects(plan.get("activity"))):
        detail = mapping(activity.get("detail"))
        reasons = own_codes(mapping(detail.get("statusReason")), PLAN_STATUS_REASON)
        if detail.get("status") not in _NOT_REDUCED and FAMILY_PROVIDING in reasons:
            yield f"CarePlan.activity[{index}].detail", detail


def _agreements(detail: Json) -> Iterator[Json]:
    """The agreements that are a yes."""
    for said in extensions(detail, extension("agreement")):
        if extension_value(said, "agreed", "valueBoolean") is True:
            yield said


def _by(said: Json) -> Json:
    """Who says it, of an agreement or a confirmation."""
    return mapping(extension_value(said, "by", "valueReference"))


def _details(plan: Json) -> Iterator[tuple[str, Json]]:
    for index, activity in enumerate(objects(plan.get("activity"))):
        detail = mapping(activity.get("detail"))
        if detail and detail.get("status") not in _OVER and detail.get("doNotPerform") is not True:
            yield f"CarePlan.activity[{index}].detail", detail


@dataclass(frozen=True, slots=True)
class _People:
    """Who the performers of a plan may be: somebody in the `directory`, or `within` the plan, by "#id"."""

    directory: Directory
    types: Mapping[str, str]
    within: Mapping[str, Json]

    def find(self, performer: Json) -> Named:
        """Whom a performer names; one that is contained, by the identifiers that it has there."""
        named = objects(self.contained(performer).get("identifier"))
        elements = (performer, *({"identifier": each, "type": "RelatedPerson"} for each in named))
        found = (self.directory.find(each) for each in elements)
        return next((who for who in found if who.reference), Named("", ""))

    def contained(self, performer: Json) -> Json:
        """The RelatedPerson within the plan, {} for none."""
        return self.within.get(text(performer.get("reference")), {})


def _parts(plan: Json, path: str, detail: Json, people: _People) -> Iterator[Part]:
    codes = _codes(detail)
    for index, performer in enumerate(objects(detail.get("performer"))):
        who = people.find(performer)
        is_known = who.type == "RelatedPerson" and bool(who.reference)
        # An identifier of no said type that is nobody's here is mostly a professional's.
        may_be = MEDICATION in codes or type_of(performer, people.types) == "RelatedPerson"
        if is_known or (not who.reference and may_be and _may_be_supporter(performer, people.types)):
            yield Part(
                path,
                f"{path}.performer[{index}]",
                who.reference if is_known else "",
                codes,
                _time(plan, detail),
                _is_confirmed(detail, people.directory),
                people.contained(performer),
            )


def _codes(detail: Json) -> tuple[str, ...]:
    return own_codes(mapping(detail.get("code")), SUPPORTER_ACTIVITY)


def _time(plan: Json, detail: Json) -> Span:
    """When the activity is to take place: its period, or the bounds of its timing; else that of the plan."""
    timing = mapping(detail.get("scheduledTiming"))
    bounds = mapping(timing.get("repeat")).get("boundsPeriod")
    for stated in (detail.get("scheduledPeriod"), bounds):
        found = period(stated) if stated is not None else None
        if found:
            return found
    events = [one for one in map(span, timing.get("event") or ()) if one]
    return Span(min(one.low for one in events), max(one.high for one in events)) if events else time_of(plan)


def _is_confirmed(detail: Json, directory: Directory) -> bool:
    """Whether a named clinician stands by it."""
    return any(
        directory.find(_by(each)).type in _STAFF for each in extensions(detail, extension("clinician-confirmed"))
    )
