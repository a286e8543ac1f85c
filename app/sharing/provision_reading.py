"""Reads Consent.provision, level by level, with what each level takes from its parent (section 6.2)."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from app.fhir.terminology import CONSENT_CONDITIONS
from app.sharing.actors import Actors, parties
from app.sharing.directory import Directory
from app.sharing.provisions import Provision
from app.sharing.purposes import CODES
from app.sharing.reading import Json, code, codes, objects
from app.sharing.scoping import Scoping, scoping
from app.sharing.systems import ACT_REASON, CONDITION, CONSENT_ACTION
from app.sharing.times import ALWAYS, Span, period

MAX_LEVELS: Final = 5
_PERMITTED: Final = frozenset({(CONSENT_ACTION, "disclose"), (CONSENT_ACTION, "access")})
_OTHER_ACTIONS: Final = frozenset({(CONSENT_ACTION, "collect"), (CONSENT_ACTION, "correct")})


@dataclass(slots=True)
class Found:
    """What came to light while reading: whether it can be read, and whom it may concern."""

    unreadable: bool = False
    has_deny: bool = False
    organisations: bool = False
    refuses_organisations: bool = False
    anybody: bool = False
    references: set[str] = field(default_factory=set)
    speaks_of_records: bool = False


class _Inherited(NamedTuple):
    recipients: Actors | None = None
    disclosers: Actors | None = None
    actions: list[tuple[str, str]] | None = None
    purposes: list[tuple[str, str]] | None = None
    scoping: Scoping | None = None
    period: Span = ALWAYS
    conditions: frozenset[str] = frozenset()


def read(root: Any, directory: Directory, found: Found) -> Provision | None:
    """The root provision. What cannot be read is noted in `found`; None when there is no provision at all."""
    if not isinstance(root, dict):
        found.unreadable = found.anybody = found.has_deny = True
        return None
    return _level(root, directory, found, _Inherited(), 1)


def _level(written: Json, directory: Directory, found: Found, above: _Inherited, depth: int) -> Provision | None:
    if depth > MAX_LEVELS:
        found.unreadable = found.anybody = found.has_deny = True
        return None
    taken = _taken(written, directory, found, above)
    permits = written.get("type") == "permit"
    found.unreadable |= written.get("type") not in ("permit", "deny")
    found.has_deny |= not permits
    _whom(taken.recipients, found, permits)
    if not permits:
        found.unreadable |= _is_unclear_deny(taken)
    nested = [_level(item, directory, found, taken, depth + 1) for item in _items(written, "provision", found)]
    actions, purposes = taken.actions, taken.purposes
    return Provision(
        permits=permits,
        recipients=taken.recipients,
        disclosers=taken.disclosers,
        discloses=actions is None or _discloses(actions, permits),
        purposes=None if purposes is None else frozenset(c for s, c in purposes if s == ACT_REASON),
        strange_purpose=purposes is not None and any(s != ACT_REASON or c not in CODES for s, c in purposes),
        scoping=taken.scoping,
        period=taken.period,
        conditions=taken.conditions,
        nested=tuple(item for item in nested if item is not None),
    )


def _taken(written: Json, directory: Directory, found: Found, above: _Inherited) -> _Inherited:
    """What this level says, and what it takes from its parent because it does not say it itself."""
    actors = parties(written, directory)
    if actors.odd:
        found.unreadable = found.anybody = True
    if actors.unsystematic and written.get("type") != "permit":
        found.unreadable = True
    own = period(written.get("period"))
    if own is None or ("dataPeriod" in written and period(written["dataPeriod"]) is None):
        found.unreadable = True
    data = scoping(written, directory) or above.scoping
    if data is not None and data.speaks_of_records:
        found.speaks_of_records = True
    concepts = _items(written, "action", found)
    return _Inherited(
        recipients=actors.recipients or above.recipients,
        disclosers=actors.disclosers or above.disclosers,
        actions=[c for concept in concepts for c in codes(concept) or [("?", "")]] if concepts else above.actions,
        purposes=[code(coding) for coding in _items(written, "purpose", found)] or above.purposes,
        scoping=data,
        period=_intersection(own or ALWAYS, above.period),
        conditions=above.conditions | _conditions(written, found),
    )


def _whom(recipients: Actors | None, found: Found, permits: bool) -> None:
    """Notes whom this level may concern, and whether it names Organizations and nobody else."""
    if recipients is None:
        found.anybody = True
        return
    found.references |= recipients.references
    found.anybody |= recipients.anybody
    found.organisations |= recipients.organisations
    found.refuses_organisations |= recipients.organisations and not permits


def _is_unclear_deny(taken: _Inherited) -> bool:
    """Whether a refusal holds something that nobody here can understand, so that nobody knows what it refuses."""
    recipients, disclosers = taken.recipients, taken.disclosers
    return (
        (recipients is not None and (recipients.unresolved or recipients.nobody))
        or (disclosers is not None and disclosers.unresolved)
        or (taken.scoping is not None and taken.scoping.unclear)
        or any(not system for system, _ in (*(taken.actions or ()), *(taken.purposes or ())))
    )


def _discloses(actions: list[tuple[str, str]], permits: bool) -> bool:
    """Whether the actions include telling; in a deny also using, and whatever is not known to be something else."""
    if permits:
        return not _PERMITTED.isdisjoint(actions)
    return any(action not in _OTHER_ACTIONS for action in actions)


def _conditions(written: Json, found: Found) -> frozenset[str]:
    known: set[str] = set()
    for item in _items(written, "modifierExtension", found):
        value = item.get("valueCode")
        if item.get("url") == CONDITION and isinstance(value, str) and value in CONSENT_CONDITIONS:
            known.add(value)
        else:
            found.unreadable = True
    return frozenset(known)


def _intersection(one: Span, other: Span) -> Span:
    """The time that both cover; empty, and so never holding, when there is none."""
    return Span(max(one.low, other.low), min(one.high, other.high))


def _items(written: Json, name: str, found: Found) -> list[Json]:
    """The objects under a name; something else under it cannot be read."""
    if name not in written:
        return []
    value = written[name]
    whole = value if isinstance(value, list) else []
    items = objects(whole)
    if not items or len(items) != len(whole):
        found.unreadable = found.anybody = found.has_deny = True
    return items
