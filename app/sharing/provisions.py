"""One Consent, one recipient and scope: permit, deny or not applicable (the sharing decision, section 6.2)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from app.sharing import scoping as scopings
from app.sharing.actors import Actors
from app.sharing.asked import Asked
from app.sharing.resources import Resource
from app.sharing.scoping import Scoping
from app.sharing.times import Span

# How closely a match says who it is about (section 6.3).
ANYONE, A_GROUP, NAMED = 0, 1, 2


class Provision(NamedTuple):
    """One level of a provision, with what it takes from its parents. `purposes` is None where any will do."""

    permits: bool
    recipients: Actors | None
    disclosers: Actors | None
    discloses: bool
    purposes: frozenset[str] | None
    strange_purpose: bool
    scoping: Scoping | None
    period: Span
    conditions: frozenset[str]
    nested: tuple["Provision", ...]


class Match(NamedTuple):
    """What a Consent says about what is asked, and how closely: on who, and on what."""

    permits: bool
    recipient: int
    information: int
    conditions: frozenset[str]


_NO_CONDITIONS: Final[frozenset[str]] = frozenset()


def match(provision: Provision, asked: Asked, at: int | None, *, void: bool = False) -> Match | None:
    """What a provision says about what is asked at a time (None: as if no period had an end or a start).

    Nested provisions are exceptions and are looked at whether or not this level matches: if any says something, deny
    wins among them, else this level speaks for itself. With `void` the permits count for nothing: no exception to a
    refusal either.
    """
    decided: Match | None = None
    for nested in provision.nested:
        found = match(nested, asked, at, void=void)
        if found is not None:
            decided = found if decided is None else _stronger(decided, found)
    if decided is not None:
        return decided
    if provision.permits:
        return None if void else _permit(provision, asked, at)
    return _deny(provision, asked, at)


def levels(provision: Provision) -> Iterator[Provision]:
    """This level and all below it."""
    yield provision
    for nested in provision.nested:
        yield from levels(nested)


def speaks_of(provision: Provision, scope: str, resource: Resource | None) -> bool:
    """Whether any level may say something about this scope, or this resource of it, to anybody at any time."""
    for level in levels(provision):
        if level.permits:
            if scopings.permits(level.scoping, scope, resource) is not None:
                return True
        elif level.scoping is None or scopings.about(level.scoping, scope, resource):
            return True
    return False


def hides_denied_records(provision: Provision, asked: Asked, at: int) -> bool:
    """Whether a deny within speaks of certain records of this scope alone, so that each record must be checked."""
    return any(
        not level.permits
        and level.scoping is not None
        and level.scoping.speaks_of_records
        and scopings.about(level.scoping, asked.scope, None)
        and scopings.denies(level.scoping, asked.scope, None) is None
        and _denies_whom(level, asked, at) is not None
        for level in levels(provision)
    )


def permits_recipient(provision: Provision, asked: Asked, at: int) -> bool:
    """Whether anything at all within is permitted to this supporter, now or later, by name or support network."""
    return any(
        level.permits
        and level.discloses
        and level.recipients is not None
        and level.period.high > at
        and _reaches(level.recipients, asked.reach.permit_names, asked.reach.permit_groups) is not None
        for level in levels(provision)
    )


def _permit(provision: Provision, asked: Asked, at: int | None) -> Match | None:
    if not provision.discloses or (at is not None and not provision.period.holds(at)):
        return None
    reach = asked.reach
    if provision.recipients is None:
        who: int | None = ANYONE if reach.blanket else None
    else:
        who = _reaches(provision.recipients, reach.permit_names, reach.permit_groups)
    if who is None or (provision.purposes is not None and provision.purposes.isdisjoint(asked.purposes.by_permit)):
        return None
    if provision.disclosers is not None and asked.team.isdisjoint(provision.disclosers.references):
        return None
    what = scopings.permits(provision.scoping, asked.scope, asked.resource)
    return None if what is None else Match(True, who, what, provision.conditions)


def _deny(provision: Provision, asked: Asked, at: int | None) -> Match | None:
    who = _denies_whom(provision, asked, at)
    if who is None:
        return None
    what = scopings.denies(provision.scoping, asked.scope, asked.resource)
    return None if what is None else Match(False, who, what, _NO_CONDITIONS)


def _denies_whom(provision: Provision, asked: Asked, at: int | None) -> int | None:
    """How closely a deny names the recipient, when all but its data scoping fits; else None."""
    if not provision.discloses or (at is not None and not provision.period.holds(at)):
        return None
    purposes = provision.purposes
    if purposes is not None and not provision.strange_purpose and purposes.isdisjoint(asked.purposes.by_deny):
        return None
    # Who would tell is not known: then a deny for certain disclosers bites.
    if provision.disclosers is not None and asked.team and not provision.disclosers.may_be_of(asked.team):
        return None
    if provision.recipients is None:
        return ANYONE
    return _reaches(provision.recipients, asked.reach.deny_names, asked.reach.deny_groups)


def _reaches(actors: Actors, names: frozenset[str], groups: frozenset[str]) -> int | None:
    if not actors.references.isdisjoint(names):
        return NAMED
    return None if actors.references.isdisjoint(groups) else A_GROUP


def _stronger(one: Match, other: Match) -> Match:
    """Deny before permit; of the same, the more specific on recipient, then on information; conditions of both."""
    if one.permits != other.permits:
        return other if one.permits else one
    best = max(one, other, key=lambda found: (found.recipient, found.information))
    return best._replace(conditions=one.conditions | other.conditions)
