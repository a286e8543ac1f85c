"""Contact restrictions and the lack of capacity (section 4)."""

from typing import Any

from tests.sharing.reference import people, times
from tests.sharing.reference.vocabulary import (
    CONTACT_RESTRICTION,
    FLAG_DETAIL,
    LACKS_CAPACITY,
    WHEREABOUTS,
    WISHES,
    extensions,
    is_modified,
    keys,
)
from tests.sharing.reference.world import Stood, World, remembered, remembered_for_ever, resolve


def codes(flag: Stood) -> set[str]:
    """The codes of the contact-restriction CodeSystem that a Flag has."""
    return {code for system, code in keys(flag.content.get("code")) if system == CONTACT_RESTRICTION}


@remembered
def active(world: World, wanted: str) -> list[Stood]:
    """The active restrictions at the time: 'absolute', 'wish', or of one code.

    'an unknown code of that CodeSystem covers every scope', and can be lifted by nobody.
    """
    return [
        flag
        for flag in world.stood(world.facts.flags)
        if flag.content.get("status") == "active"
        and times.may_contain(flag.content.get("period"), world.at)
        and any(wanted in (code, _kind(code)) for code in codes(flag) - {LACKS_CAPACITY})
    ]


def _kind(code: str) -> str:
    return "wish" if code in WISHES else "absolute"


def restricted(world: World, flag: Stood) -> set[str] | None:
    """The supporters that a restriction names; None for everyone.

    'A restriction that names no resolvable supporter restricts everyone.'
    """
    named = {
        person
        for detail in extensions(flag.content, FLAG_DETAIL)
        for person in resolve(world, detail.get("valueReference"))
        if person.startswith("RelatedPerson/")
    }
    return named or None


def names(world: World, flag: Stood, reference: str) -> bool:
    """Whether a restriction is about this person: by name, as the same person, or about everyone."""
    named = restricted(world, flag)
    return named is None or bool(named & people.same(world, reference, wary=True))


def covering(world: World, wanted: str, reference: str, scope: str, resources: list[Stood]) -> list[Stood]:
    """The active restrictions of a kind that cover this person and this question."""
    return [
        flag
        for flag in active(world, wanted)
        if names(world, flag, reference)
        and any(_covers(code, scope, resources) for code in codes(flag) if _kind(code) == wanted)
    ]


def _covers(code: str, scope: str, resources: list[Stood]) -> bool:
    """'no-contact-* and listen-only cover every scope; no-whereabouts covers whereabouts ... and any resource with a
    location'.
    """
    if code == LACKS_CAPACITY:
        return False
    if code != "no-whereabouts":
        return True
    return scope in WHEREABOUTS or any(_has_location(resource.content) for resource in resources)


def _has_location(element: Any) -> bool:
    """A `location` or a reference to a Location, anywhere."""
    if isinstance(element, list):
        return any(_has_location(item) for item in element)
    if not isinstance(element, dict):
        return False
    literal = element.get("reference")
    to_location = isinstance(literal, str) and "Location/" in literal
    return to_location or "location" in element or any(_has_location(item) for item in element.values())


def is_restricted(world: World, reference: str) -> bool:
    """Whether any active restriction is about this person."""
    return any(names(world, flag, reference) for kind in ("absolute", "wish") for flag in active(world, kind))


def may_not_know_where(world: World, reference: str) -> bool:
    """no-whereabouts 'puts obligation no-whereabouts on other permits'."""
    return any(names(world, flag, reference) for flag in active(world, "no-whereabouts"))


@remembered_for_ever
def lacking(world: World, statuses: tuple[str, ...], *, surely: bool = False) -> list[tuple[int, int]]:
    """The periods without capacity by Flags in some statuses: first and last microsecond. A Flag with modifiers nobody
    knows, or without a period that can be read, may mean that, and permits nothing.

    'in force to the earlier of period.end and 28 days (setting) after the latest start or confirmation, gaps between
    them included; overlapping partial times count as in force'.
    """
    found = []
    for flag in world.stood(world.facts.flags):
        if LACKS_CAPACITY not in codes(flag) or flag.content.get("status") not in statuses:
            continue
        period = flag.content.get("period")
        if surely and (is_modified(flag.content) or not times.is_readable(period) or "start" not in (period or {})):
            continue
        confirmed = [extension.get("valueDateTime") for extension in extensions(flag.content, "capacity-confirmed")]
        seen = [times.span(text) for text in [(period or {}).get("start"), *confirmed]]
        latest = max((one.end for one in seen if one), default=times.ALWAYS)
        limit = latest + world.facts.policy.capacity_days * times.DAY
        found.append((times.start_of(period), min(times.end_of(period), limit)))
    return found


def lacks_capacity(world: World) -> bool:
    """Whether a lacks-capacity Flag is in force at the time; one that is inactive is not, whatever end it gives."""
    return any(first <= world.at <= end for first, end in lacking(world, ("active",), surely=True))


def without_capacity(world: World, given: times.Span) -> bool:
    """Whether a time may lie within a period without capacity, of Flags ended since too."""
    return any(given.first <= end and first <= given.end for first, end in lacking(world, ("active", "inactive")))
