"""Which Consents cannot be read, and whom they may concern (section 6.1, 'Uninterpretable')."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.sharing.reference import bases, people, times
from tests.sharing.reference.levels import Level, levels
from tests.sharing.reference.provisions import Ask, reaches
from tests.sharing.reference.vocabulary import (
    ACT_CODE,
    CONFIDENTIALITY,
    DISCLOSER_ROLES,
    ORDER_OF_CONFIDENTIALITY,
    RECIPIENT_ROLES,
    RESOURCE_TYPES,
    SCOPES,
    SHARING_LABEL,
    SHARING_SCOPE,
    key,
    keys,
)
from tests.sharing.reference.world import Stood, World, remembered_for_ever, resolve

_DEEPEST = 5
_UNTELLABLE = ("Group/", "Device/", "Patient/")


@remembered_for_ever
def is_readable(world: World, ask: Ask, consent: Stood) -> bool:
    """Whether a Consent can be read; that of a refusal of an Organization alone depends on who asks."""
    content = consent.content
    if not times.span(content.get("dateTime")) or not content.get("provision"):
        return False
    return (
        not consent.is_strange
        and bases.is_certainly_privacy(consent)
        and all(_is_readable_level(world, ask, one) for one in levels(consent.root))
        and all(_is_known_actor(actor) for actor in _actors(content["provision"]))
    )


def concerns(world: World, ask: Ask, consent: Stood) -> bool:
    """Whether 'it is not certain that it concerns only other recipients'."""
    provision = consent.content.get("provision")
    if not provision or not all(_is_known_actor(actor) for actor in _actors(provision)):
        return True
    return any(_may_concern(world, ask, one) for one in levels(consent.root))


def _may_concern(world: World, ask: Ask, one: Level) -> bool:
    if not one.recipients or one.number > _DEEPEST:
        return True
    named = [resolve(world, actor.get("reference")) for actor in one.recipients]
    if any(not found or _untellable(found) for found in named):
        return True
    if ask.supporter and all(name.startswith("Organization/") for found in named for name in found):
        return True
    whom = Level("deny", 1, recipients=one.recipients)
    might_be = people.lookalikes(world, ask.recipient) if ask.supporter else []
    return any(reaches(world, replace(ask, recipient=one), whom) for one in (ask.recipient, *might_be))


def _untellable(found: set[str]) -> bool:
    return any(name.startswith(_UNTELLABLE) for name in found)


def _actors(provision: Any) -> Iterator[Any]:
    yield from provision.get("actor") or ()
    for child in provision.get("provision") or ():
        yield from _actors(child)


def _is_known_actor(actor: Any) -> bool:
    """'an actor with any other role, or only text, makes the Consent uninterpretable'."""
    reference = actor.get("reference") or {}
    known_role = keys(actor.get("role")) & (RECIPIENT_ROLES | DISCLOSER_ROLES)
    return bool(known_role) and bool(reference.get("reference") or reference.get("identifier"))


def _is_readable_level(world: World, ask: Ask, one: Level) -> bool:
    """'any level without `type` ... more than five levels (the root is level 1), an unknown code, class or label system
    in a deny'; a period that ends before it starts.
    """
    if not one.type or one.number > _DEEPEST:
        return False
    if not all(map(times.is_readable, (*one.periods, one.scoping.get("dataPeriod")))):
        return False
    return one.type != "deny" or (_readable_actors(world, ask, one) and _readable_codes(one))


def _readable_actors(world: World, ask: Ask, one: Level) -> bool:
    """'one that cannot be resolved ... makes a deny uninterpretable'; 'In a deny a recipient actor that is a Group,
    Device or Patient makes the Consent uninterpretable; an Organization ... where it is the only recipient actor and
    the recipient is a supporter'.
    """
    recipients = [resolve(world, actor.get("reference")) for actor in one.recipients]
    disclosers = [resolve(world, actor.get("reference")) for actor in one.disclosers]
    if not all([*recipients, *disclosers]) or any(_untellable(found) for found in recipients):
        return False
    only_organisations = bool(recipients) and all(
        name.startswith("Organization/") for found in recipients for name in found
    )
    return not (ask.supporter and only_organisations)


def _readable_codes(one: Level) -> bool:
    """'a coding without system ... makes a deny uninterpretable'."""
    concepts = [*(actor["role"] for actor in (*one.recipients, *one.disclosers)), *one.action]
    codings = [*one.purpose, *one.scoping.get("class", ()), *one.scoping.get("securityLabel", ())]
    for concept in (*concepts, *one.scoping.get("code", ())):
        codings += concept.get("coding") or ()
    return (
        all(key(coding)[0] for coding in codings)
        and all(_is_scope(concept) for concept in one.scoping.get("code", ()))
        and all(key(coding)[0] == RESOURCE_TYPES for coding in one.scoping.get("class", ()))
        and all(_is_label(*key(coding)) for coding in one.scoping.get("securityLabel", ()))
    )


def _is_scope(concept: Any) -> bool:
    return any(system == SHARING_SCOPE and code in SCOPES for system, code in keys(concept))


def _is_label(system: str, code: str) -> bool:
    if system == CONFIDENTIALITY:
        return bool(code) and code in ORDER_OF_CONFIDENTIALITY
    return system in (SHARING_LABEL, ACT_CODE)
