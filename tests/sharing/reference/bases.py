"""On what basis a Consent stands, and whether its permits count (section 4, 6.1)."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tests.sharing.reference import flags, people, times
from tests.sharing.reference.levels import levels
from tests.sharing.reference.vocabulary import (
    CAPACITY_VIEWS,
    CONSENT_SCOPE,
    NAMED_BASES,
    OVERRIDE_REASONS,
    OWN_BASES,
    SCOPES,
    SHARING_SCOPE,
    extensions,
    is_modified,
    key,
    keys,
)
from tests.sharing.reference.world import Stood, World, remembered, resolve

PROXIES = ("advance-statement", "attorney", "deputy", "best-interest")


@lru_cache(maxsize=1000)
def is_privacy(consent: Stood) -> bool:
    """scope patient-privacy. 'a coding without system matches nothing in a permit and makes a deny uninterpretable'."""
    return is_certainly_privacy(consent) or (
        any(
            key(coding) == ("", "patient-privacy")
            for coding in (consent.content.get("scope") or {}).get("coding") or ()
        )
        and any(one.type != "permit" for one in levels(consent.root))
    )


def is_certainly_privacy(consent: Stood) -> bool:
    """Whether its scope says so with its system."""
    return (CONSENT_SCOPE, "patient-privacy") in keys(consent.content.get("scope"))


@lru_cache(maxsize=1000)
def basis(consent: Stood) -> str:
    """'own' for the patient's own, the name of a named basis, or 'unnamed' for 'anything else'."""
    rule = consent.content.get("policyRule")
    if not rule or keys(rule) & OWN_BASES:
        return "own"
    named = [NAMED_BASES[pair] for pair in sorted(keys(rule)) if pair in NAMED_BASES]
    if named[:1] == ["safety-override"] and _denies(consent):
        return "unnamed"  # an override permits; what denies is something else, and bites
    return named[0] if named else "unnamed"


def _denies(consent: Stood) -> bool:
    """A level that does not say what it is may deny."""
    return any(one.type != "permit" for one in levels(consent.root))


@remembered
def nothing_because(world: World, consent: Stood) -> str:
    """Why the permits of a readable Consent count for nothing; '' when they count."""
    decided = times.span(consent.content.get("dateTime"))
    kind = basis(consent)
    if decided is None or kind == "unnamed":
        return "unnamed-basis"
    if code(consent, "consent-method") == "implied":
        return "implied"
    if kind in ("own", "advance-statement") and _somebody_else_decided(world, consent):
        return "not-the-patients-decision"
    if kind == "own":
        return "given-without-capacity" if flags.without_capacity(world, decided) else ""
    return "" if _EVIDENCE[kind](world, consent, decided) else "basis-not-evidenced"


def code(consent: Stood, name: str) -> str:
    return next((one.get("valueCode") or "" for one in extensions(consent.content, name)), "")


def _somebody_else_decided(world: World, consent: Stood) -> bool:
    """'For basis `consent` a performer that is somebody else makes the permits count for nothing'."""
    patients = world.patient_references()
    return any(not resolve(world, performer) & patients for performer in consent.content.get("performer") or ())


def _clinicians(world: World, consent: Stood) -> set[str]:
    """Who decided, when each is a Practitioner or a PractitionerRole; otherwise nobody."""
    performers = consent.content.get("performer") or ()
    found = [_clinician(world, performer) for performer in performers]
    return set().union(*found) if found and all(found) else set()


def _clinician(world: World, performer: Any) -> set[str]:
    kinds = ("Practitioner/", "PractitionerRole/")
    named = resolve(world, performer)
    if not named and (performer.get("type") or "") + "/" in kinds and performer.get("identifier"):
        named = {f"{performer['type']}/{performer['identifier'].get('system')}|{performer['identifier'].get('value')}"}
    return {name for name in named if name.startswith(kinds)}


def _best_interest(world: World, consent: Stood, decided: times.Span) -> bool:
    """'performer Practitioner or PractitionerRole, named recipients and scopes, period.end at most 28 days after
    dateTime (setting)'.
    """
    ends = times.span((consent.content["provision"].get("period") or {}).get("end"))
    limit = decided.end + world.facts.policy.best_interest_days * times.DAY
    permitted = [one for one in levels(consent.root) if one.type == "permit"]
    return (
        bool(_clinicians(world, consent))
        and all(_all_named(world, one.recipients) and bool(_scopes(one.scoping)) for one in permitted)
        and ends is not None
        and ends.end <= limit
    )


def _all_named(world: World, actors: tuple[Any, ...]) -> bool:
    """Recipients, and all of them single supporters."""
    named = [resolve(world, actor.get("reference")) for actor in actors]
    return bool(named) and all(found and all(one.startswith("RelatedPerson/") for one in found) for found in named)


def _scopes(scoping: dict[str, Any]) -> set[str]:
    found = {code for concept in scoping.get("code") or () for system, code in keys(concept) if system == SHARING_SCOPE}
    return found & set(SCOPES)


def _holder(role: str) -> Callable[[World, Stood, times.Span], bool]:
    """'performer a RelatedPerson of this patient with role lpa-health-welfare / deputy-welfare, role-verified true,
    role-period containing dateTime and `at`'.
    """

    def evidenced(world: World, consent: Stood, decided: times.Span) -> bool:
        return _performed_by(world, consent, role, lambda held: _verified(held, world.at, decided))

    return evidenced


def _verified(held: Any, at: int, decided: times.Span) -> bool:
    period = people.value(held, "role-period")
    return (
        people.value(held, "role-verified") is True
        and bool(period)
        and times.covers(period, decided)
        and times.contains(period, at)
    )


def _performed_by(world: World, consent: Stood, role: str, holds: Callable[[Any], bool]) -> bool:
    performers = [resolve(world, performer) for performer in consent.content.get("performer") or ()]
    return bool(performers) and all(
        any(code == role and holds(held) for code, held in people.roles(world, _of_this_patient(world, found)))
        for found in performers
    )


def _of_this_patient(world: World, found: set[str]) -> set[str]:
    """All records of the people meant who have one that is neither deleted nor ended: 'roles and ages count across'."""
    present = {
        one.record.reference
        for one in world.stood(world.facts.supporters)
        if one.content.get("active") is not False
        and times.contains(one.content.get("period"), world.at)
        and not is_modified(one.content)
    }
    everyone = [people.same(world, name) for name in found if world.person(name)]
    return {other for records in everyone if records & present for other in records}


def _advance_statement(world: World, consent: Stood, decided: times.Span) -> bool:
    """'dateTime outside every lacks-capacity period'."""
    return bool(consent.content) and not flags.without_capacity(world, decided)


def _parental_responsibility(world: World, consent: Stood, decided: times.Span) -> bool:
    """'performer with that role in force; counts until the 16th birthday'. Who did not hold it then did not decide."""

    def held_then_and_now(held: Any) -> bool:
        period = people.value(held, "role-period")
        return people.in_force(held, world.at, blank=True) and times.covers(period, decided)

    by_a_parent = _performed_by(world, consent, "parental-responsibility", held_then_and_now)
    return by_a_parent and people.patient_is_child(world)


def _safety_override(world: World, consent: Stood, decided: times.Span) -> bool:
    """'extensions override-reason ..., override-justification (not blank), override-capacity-view ...; performer
    Practitioner or PractitionerRole; permit without nested provisions; recipients by direct reference and scopes by
    code, at least one each; period.start (within an hour of dateTime) and end, at most 72 h apart (setting)'.
    """
    justified = [one.get("valueString") or "" for one in extensions(consent.content, "override-justification")]
    provision = consent.content["provision"]
    root = consent.root
    return (
        code(consent, "override-reason") in OVERRIDE_REASONS
        and bool("".join(justified[:1]).strip())
        and code(consent, "override-capacity-view") in CAPACITY_VIEWS
        and bool(_clinicians(world, consent))
        and root.type == "permit"
        and not root.children
        and _all_named(world, root.recipients)
        and all((actor.get("reference") or {}).get("reference") for actor in root.recipients)
        and bool(_scopes(root.scoping))
        and _short(provision.get("period") or {}, decided, world.facts.policy.override_hours)
    )


def _short(period: Any, decided: times.Span, hours: int) -> bool:
    starts, ends = times.span(period.get("start")), times.span(period.get("end"))
    if not starts or not ends:
        return False
    apart = max(abs(starts.last - decided.first), abs(decided.last - starts.first))
    return apart <= times.HOUR and ends.last - starts.first <= hours * times.HOUR


_EVIDENCE: dict[str, Callable[[World, Stood, times.Span], bool]] = {
    "best-interest": _best_interest,
    "attorney": _holder("lpa-health-welfare"),
    "deputy": _holder("deputy-welfare"),
    "advance-statement": _advance_statement,
    "parental-responsibility": _parental_responsibility,
    "safety-override": _safety_override,
}


def deciders(world: World, consent: Stood) -> set[str]:
    """The clinicians who decided, each once: of a role who holds it, when that is known."""
    found = set()
    for name in _clinicians(world, consent):
        held = world.latest.get(name)
        holder = held.content.get("practitioner") if held and name.startswith("PractitionerRole/") else None
        found |= resolve(world, holder) or {name}
    return found


def is_competent(consent: Stood) -> bool:
    """'competence-confirmed (a Practitioner and a date)'."""
    return any(
        any(
            "Practitioner/" in ((part.get("valueReference") or {}).get("reference") or "") for part in _parts(one, "by")
        )
        and any(times.span(part.get("valueDateTime")) for part in _parts(one, "date"))
        for one in extensions(consent.content, "competence-confirmed")
    )


def _parts(extension: Any, name: str) -> list[Any]:
    return [part for part in extension.get("extension") or () if part.get("url") == name]


def refusal_considered(consent: Stood) -> bool:
    return any(one.get("valueBoolean") is True for one in extensions(consent.content, "refusal-considered"))
