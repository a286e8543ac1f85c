"""The conditions that the invariants put on their elements; the table in `invariants` says which is whose.

Each takes an element whose members of interest are sound, and the context, and says whether the condition holds.
https://hl7.org/fhir/R4/fhirpath.html
"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import nhs_number, terminology
from app.fhir.invariant import Condition, Context, Members
from app.fhir.references import is_literal, type_of
from app.fhir.search.date import span

_UCUM: Final = "http://unitsofmeasure.org"
# The furthest that two zones can be apart from UTC: what a date without a zone leaves open.
_ZONES: Final = 14 * 3600 * 1_000_000
_MEALS: Final = frozenset({"C", "CM", "CD", "CV"})
TIMING: Final = ("timingTiming", "timingReference", "timingDate", "timingDateTime")


def has(element: Members, *names: str) -> bool:
    """Whether any of these is there, with a value or with extensions alone."""
    for name in names:  # noqa: SIM110  # any() takes three times as long, and this is asked of every element
        if name in element or f"_{name}" in element:
            return True
    return False


def needs(one: str, other: str) -> Condition:
    """With the one there must be the other."""
    return lambda element, _: not has(element, one) or has(element, other)


def starts_before_it_ends(period: Members, _: Context) -> bool:
    start, end = span(period.get("start") or ""), span(period.get("end") or "")
    if start is None or end is None:
        return True
    # A date without time has no zone; beside one that has, it may mean any zone.
    zoned = ["T" in period[name] for name in ("start", "end")]
    return end[1] + (_ZONES if zoned[0] != zoned[1] else 0) > start[0]


def low_is_not_above_high(range_: Members, _: Context) -> bool:
    low, high = range_.get("low", {}), range_.get("high", {})
    units = [(side.get("system"), side.get("code") or side.get("unit")) for side in (low, high)]
    if units[0] != units[1] or "value" not in low or "value" not in high:
        return True
    return bool(low["value"] <= high["value"])


def measure(*, positive: bool = False) -> Condition:
    def holds(quantity: Members, _: Context) -> bool:
        value = quantity.get("value")
        coded = has(quantity, "code") or not has(quantity, "value")
        return coded and quantity.get("system", _UCUM) == _UCUM and (not positive or value is None or value > 0)

    return holds


def count(element: Members, context: Context) -> bool:
    whole = "." not in str(element.get("value", ""))
    return measure()(element, context) and element.get("code", "1") == "1" and whole


def duration(element: Members, _: Context) -> bool:
    return not has(element, "code") or (element.get("system") == _UCUM and has(element, "value"))


def ratio(element: Members, _: Context) -> bool:
    sides = [has(element, "numerator"), has(element, "denominator")]
    return sides[0] == sides[1] and (sides[0] or has(element, "extension"))


def resolved(reference: Members, context: Context) -> bool:
    literal = reference.get("reference", "")
    return not literal.startswith("#") or literal == "#" or literal[1:] in context.contained


def value_or_extensions(extension: Members, _: Context) -> bool:
    return has(extension, "extension") != any(name.lstrip("_").startswith("value") for name in extension)


def offset_of_when(repeat: Members, _: Context) -> bool:
    return not has(repeat, "offset") or (has(repeat, "when") and _MEALS.isdisjoint(repeat.get("when", ())))


def not_negative(name: str) -> Condition:
    return lambda element, _: name not in element or element[name] >= 0


def one_of(*names: str) -> Condition:
    return lambda element, _: sum(has(element, name) for name in names) == 1


def not_both(*names: str) -> Condition:
    return lambda element, _: sum(has(element, name) for name in names) < len(names)


def trigger_of_its_type(trigger: Members, _: Context) -> bool:
    type_ = trigger.get("type", "")
    if type_ == "named-event":
        return has(trigger, "name")
    if type_ == "periodic":
        return has(trigger, *TIMING)
    return not type_.startswith("data-") or has(trigger, "data")


def nhs_number_if_so_called(identifier: Members, context: Context) -> bool:
    value = identifier.get("value")
    if identifier.get("system") != nhs_number.SYSTEM or value is None:
        return True
    return nhs_number.is_valid(value) if context.rules.check_nhs_numbers else nhs_number.has_ten_digits(value)


def literal(reference: Members, _: Context) -> bool:
    return is_literal(reference.get("reference") or "#")


def acts_for_somebody(participant: Members, context: Context) -> bool:
    member = type_of(participant.get("member", {}), context.contained)
    return not has(participant, "onBehalfOf") or member in ("", "Practitioner")


def patient_for(scope: str) -> Condition:
    def holds(consent: Members, _: Context) -> bool:
        return has(consent, "patient") or not terminology.has(
            consent.get("scope", {}), terminology.CONSENT_SCOPE, scope
        )

    return holds


def some(*names: str) -> Condition:
    """At least one of these is there."""
    return lambda element, _: has(element, *names)


def without(name: str) -> Condition:
    """This is not there."""
    return lambda element, _: not has(element, name)


def data_or_timing(trigger: Members, _: Context) -> bool:
    """trd-1."""
    return not has(trigger, "data") or not has(trigger, *TIMING)


def not_home(element: Members, _: Context) -> bool:
    return element.get("use") != "home"


def both_or_neither(one: str, other: str) -> Condition:
    return lambda element, _: has(element, one) == has(element, other)


def timed_unless(*statuses: str) -> Condition:
    """app-3."""
    return lambda element, _: (has(element, "start") and has(element, "end")) or element.get("status") in statuses


def only_with_status(name: str, *statuses: str) -> Condition:
    return lambda element, _: not has(element, name) or element.get("status") in statuses


def members_are_actual(group: Members, _: Context) -> bool:
    """grp-1."""
    return not has(group, "member") or group.get("actual") is True


def modified_after_it_was_authored(task: Members, context: Context) -> bool:
    """inv-1 of Task: the same comparison as that of a period."""
    return starts_before_it_ends(
        {name: task[of] for name, of in (("start", "authoredOn"), ("end", "lastModified")) if of in task}, context
    )


def strings(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            yield item
        else:
            left.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())


def contained_is_flat(resource: Members, _: Context) -> bool:
    """dom-2."""
    return not any("contained" in contained for contained in resource.get("contained", ()))


def contained_are_told_apart(resource: Members, _: Context) -> bool:
    """Each contained resource has an id of its own, for # must name one."""
    ids = [contained["id"] for contained in resource.get("contained", ()) if "id" in contained]
    return len(ids) == len(set(ids))


def contained_is_used(resource: Members, _: Context) -> bool:
    """dom-3: each contained resource is referred to, or refers to its container."""
    inside = resource.get("contained", ())
    if not inside:
        return True
    local = {text.split("|")[0] for text in strings(resource) if text.startswith("#")}
    return all("id" not in part or f"#{part['id']}" in local or "#" in strings(part) for part in inside)


def contained_has_no(*names: str) -> Condition:
    """dom-4, dom-5: contained resources have none of these in their meta."""

    def holds(resource: Members, _: Context) -> bool:
        metas = (part.get("meta", {}) for part in resource.get("contained", ()))
        return not any(isinstance(meta, dict) and has(meta, *names) for meta in metas)

    return holds


def detail_of_a_measure(target: Members, _: Context) -> bool:
    return has(target, "measure") or not any(name.lstrip("_").startswith("detail") for name in target)


def entries(name: str, mode: str) -> Condition:
    """Only entries of a list in this mode have the member."""
    return lambda list_, _: list_.get("mode") == mode or not any(has(entry, name) for entry in list_.get("entry", ()))


def collected_without_groups(report: Members, _: Context) -> bool:
    return report.get("type") != "data-collection" or not has(report, "group")
