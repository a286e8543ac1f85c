"""What a token may do: SMART v2 scopes for FHIR interactions, and Kith's own for what is no interaction.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html: `system/Consent.cruds`, `system/*.rs`, and with a
constraint `system/Consent.rs?status=active`. `c` create; `r` read, vread and the history of one resource; `u` update;
`d` delete; `s` search and the history of a type.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

Interaction = Literal["c", "r", "u", "d", "s"]
Constraint = tuple[tuple[str, str], ...]

CHECK: Final = "kith/check"
OVERRIDE: Final = "kith/override"
RESTRICTIONS: Final = "kith/restrictions"
AUDIT: Final = "kith/audit"
ADMIN: Final = "kith/admin"
PRIVILEGES: Final = {
    CHECK: "Ask whether something may be shared; reads none of the records behind the answer.",
    OVERRIDE: "Record safety overrides.",
    RESTRICTIONS: "Make, change and end contact restrictions.",
    AUDIT: "Read the audit trail.",
    ADMIN: "See the registered clients of one's own organisation, and stop one at once.",
}
EVERY_TYPE: Final = "*"
# The trail has a scope of its own, which system/* does not bring along.
_APART: Final = frozenset({"AuditEvent"})
_SCOPE: Final = re.compile(r"system/(\*|[A-Z][A-Za-z]{0,63})\.(c?r?u?d?s?)(?:\?(.+))?")
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be seen in an interaction: resources that meet one of the constraints, or all when there is none."""

    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One SMART scope: a type or `*`, some of the letters cruds, and parameters that a resource has to meet."""

    type: str
    interactions: str
    constraint: Constraint = ()

    def __str__(self) -> str:
        query = f"?{urlencode(self.constraint, safe='|:/')}" if self.constraint else ""
        return f"system/{self.type}.{self.interactions}{query}"

    def covers(self, other: "Scope") -> bool:
        """Whether this gives everything that the other gives."""
        return (
            self.type in (EVERY_TYPE, other.type)
            and set(self.interactions) >= set(other.interactions)
            and set(self.constraint) <= set(other.constraint)
        )

    def meet(self, other: "Scope") -> "Scope | None":
        """What both give, None for nothing."""
        if self.type != other.type and EVERY_TYPE not in (self.type, other.type):
            return None
        shared = "".join(letter for letter in self.interactions if letter in other.interactions)
        type_ = other.type if self.type == EVERY_TYPE else self.type
        constraint = tuple(sorted({*self.constraint, *other.constraint}))
        return Scope(type_, shared, constraint) if shared else None


@dataclass(frozen=True, slots=True)
class Scopes:
    """A set of scopes, as it was granted; `str` gives it as a token has it."""

    resources: frozenset[Scope] = frozenset()
    privileges: frozenset[str] = frozenset()

    def allows(self, type_: str, interaction: Interaction) -> Allowed | None:
        """What of a type may be seen or done in an interaction; None when it may not be done at all."""
        return _allows(self, type_, interaction)

    def has(self, privilege: str) -> bool:
        """Whether one of Kith's own scopes is among these."""
        return privilege in self.privileges

    def __and__(self, other: "Scopes") -> "Scopes":
        met = {both for one in self.resources for another in other.resources if (both := one.meet(another))}
        least = frozenset(one for one in met if not any(other != one and other.covers(one) for other in met))
        return Scopes(least, self.privileges & other.privileges)

    def __bool__(self) -> bool:
        return bool(self.resources or self.privileges)

    def __str__(self) -> str:
        return " ".join([*map(str, sorted(self.resources)), *sorted(self.privileges)])


def parse(text: str) -> Scopes:
    """The scopes of a registration, separated by spaces. ValueError says of each that is none what is wrong with it."""
    return _collected(_one(word) for word in text.split(" ") if word)


def understood(words: Iterable[str]) -> Scopes:
    """Of the scopes in a token or a request those that mean something here; whatever else they ask for is not given."""
    found = []
    for word in words:
        try:
            found.append(_one(word))
        except ValueError:
            continue
    return _collected(found)


def _collected(found: Iterable[Scope | str]) -> Scopes:
    each = list(found)
    return Scopes(
        frozenset(one for one in each if isinstance(one, Scope)),
        frozenset(one for one in each if isinstance(one, str)),
    )


def _one(word: str) -> Scope | str:
    if word in PRIVILEGES:
        return word
    match = _SCOPE.fullmatch(word) if len(word) <= _LONGEST else None
    if match is None or not match[2]:
        raise ValueError(f"{word[:100]} is no scope of this service, such as system/Consent.cruds or {CHECK}")
    type_, interactions, query = match.groups()
    if type_ in _APART:
        raise ValueError(f"{word[:100]}: {type_} is read with {AUDIT}")
    if query is None:
        return Scope(type_, interactions)
    constraint = tuple(sorted(set(parse_qsl(query, keep_blank_values=True, max_num_fields=10))))
    if not all(value.isprintable() for pair in constraint for value in pair):
        raise ValueError(f"{word[:100]}: a constraint has printable characters")
    if type_ == EVERY_TYPE or set(interactions) - set("rs") or not constraint:
        raise ValueError(
            f"{word[:100]}: a constraint narrows r and s of one type, as in system/Consent.rs?status=active"
        )
    return Scope(type_, interactions, constraint)


@lru_cache(4096)
def _allows(scopes: Scopes, type_: str, interaction: Interaction) -> Allowed | None:
    wanted = Scope(type_, interaction)
    given = [
        one
        for one in scopes.resources
        if one.type == type_ or (one.type == EVERY_TYPE and type_ not in _APART)
        if interaction in one.interactions
    ]
    if not given:
        return None
    if any(one.covers(wanted) for one in given):
        return Allowed()
    return Allowed(tuple(sorted({one.constraint for one in given})))


NOTHING: Final = Scopes()
# What everybody has while callers are not told apart (KITH_AUTHENTICATION=off).
EVERYTHING: Final = Scopes(frozenset({Scope(EVERY_TYPE, "cruds")}), frozenset({CHECK, AUDIT, ADMIN}))
PRIVILEGED: Final = Scopes(EVERYTHING.resources, frozenset(PRIVILEGES))
