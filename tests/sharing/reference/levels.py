"""A Consent taken apart: its provisions level by level, and the modifier extensions that are not known."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from app.fhir.canonical import CONDITION, NOT_THE_PATIENTS_DECISION
from tests.sharing.reference.vocabulary import CONDITIONS, DISCLOSER_ROLES, RECIPIENT_ROLES, extensions, keys

_COMPOSED = (dict, list)
SCOPING = ("code", "class", "securityLabel", "data", "dataPeriod")


@dataclass(frozen=True)
class Level:
    """A provision with what it takes from its parents."""

    type: str
    number: int
    recipients: tuple[Any, ...] = ()
    disclosers: tuple[Any, ...] = ()
    action: tuple[Any, ...] = ()
    purpose: tuple[Any, ...] = ()
    scoping: dict[str, Any] = field(default_factory=dict)
    periods: tuple[Any, ...] = ()
    conditions: frozenset[str] = frozenset()
    children: tuple["Level", ...] = ()


ROOT = Level("", 0)


def level(provision: Any, above: Level = ROOT) -> Level:
    """'A nested provision takes from its parent each of recipient actors, discloser actors, action, purpose that it
    does not restate, and the data scoping as one unit if it restates none; periods always intersect.'
    """
    actors = provision.get("actor") or ()
    scoping = {name: provision[name] for name in SCOPING if provision.get(name)}
    stated = replace(
        above,
        type=provision.get("type") or "",
        number=above.number + 1,
        recipients=tuple(actor for actor in actors if keys(actor.get("role")) & RECIPIENT_ROLES) or above.recipients,
        disclosers=tuple(actor for actor in actors if keys(actor.get("role")) & DISCLOSER_ROLES) or above.disclosers,
        action=tuple(provision.get("action") or ()) or above.action,
        purpose=tuple(provision.get("purpose") or ()) or above.purpose,
        scoping=scoping or above.scoping,
        periods=(*above.periods, provision.get("period")),
        conditions=above.conditions | _conditions(provision),
        children=(),
    )
    return replace(stated, children=tuple(level(child, stated) for child in provision.get("provision") or ()))


def _conditions(provision: Any) -> frozenset[str]:
    modifiers = {"extension": provision.get("modifierExtension")}
    return frozenset(one.get("valueCode") or "" for one in extensions(modifiers, "consent-condition"))


def levels(top: Level) -> Iterator[Level]:
    """A provision and all below it."""
    yield top
    for child in top.children:
        yield from levels(child)


def has_strange_modifier(element: Any, path: str) -> bool:
    """'an unknown `modifierExtension`' anywhere."""
    if isinstance(element, list):
        return any(has_strange_modifier(item, path) for item in element)
    if any(not _is_known_modifier(extension, path) for extension in element.get("modifierExtension", ())):
        return True
    return any(
        has_strange_modifier(value, name)
        for name, value in element.items()
        if isinstance(value, _COMPOSED) and name not in ("contained", "modifierExtension")
    )


def _is_known_modifier(extension: Any, path: str) -> bool:
    if path == "Consent":
        return bool(extension.get("url") == NOT_THE_PATIENTS_DECISION)
    return path == "provision" and extension.get("url") == CONDITION and extension.get("valueCode") in CONDITIONS
