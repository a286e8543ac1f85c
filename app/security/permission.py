"""Which scopes each interaction and operation takes: the one table, for every door.

A short path writes what any client could write, and answers with a check: it takes the scopes of both.
"""

from typing import Final

from app.fhir.errors import InsufficientScope
from app.fhir.published.everything import PUBLISHED
from app.security.scopes import ADMIN, AUDIT, CHECK, EVERY_TYPE, Allowed, Interaction, Scope, Scopes

_LETTERS: Final[dict[str, Interaction]] = {
    "create": "c",
    "read": "r",
    "vread": "r",
    "history-instance": "r",
    "everything": "r",
    "update": "u",
    "patch": "u",
    "delete": "d",
    "search-type": "s",
    "worklist": "s",
    "history-type": "s",
    "history-system": "s",
}
_OF_THE_PAST: Final = ("vread", "history-instance", "history-type")
# Each entry takes what it would take alone.
_OF_MANY: Final = frozenset({"transaction", "batch"})
_OPERATIONS: Final[dict[str, tuple[str | Scope, ...]]] = {
    "check": (CHECK,),
    "record-consent": (CHECK, Scope("Consent", "c")),
    "tell-nobody": (CHECK, Scope("Consent", "c")),
    "withdraw": (CHECK, Scope("Consent", "u")),
    "record-contact": (Scope("Communication", "c"),),
    "social-map": (Scope("Patient", "r"), Scope("List", "r"), Scope("RelatedPerson", "r")),
    # A trial takes the scope of the write that it tries; what is only looked at is what was sent.
    "validate": (),
    "client-list": (ADMIN,),
    "client-disable": (ADMIN,),
    # Figures of a team rest on all that is recorded, and on what may be shared.
    "evaluate-measure": (CHECK, Scope(EVERY_TYPE, "rs")),
    "first-contacts": (CHECK, Scope(EVERY_TYPE, "rs")),
    "involvement": (CHECK, Scope(EVERY_TYPE, "rs")),
    "gaps": (CHECK, Scope(EVERY_TYPE, "rs")),
    "team-gaps": (CHECK, Scope(EVERY_TYPE, "rs")),
}


def permitted(scopes: Scopes, interaction: str, type_: str) -> Allowed:
    """What the scopes allow of a type in an interaction or operation. Raises InsufficientScope naming what it takes."""
    if type_ == "AuditEvent":
        require(scopes, AUDIT)
        return Allowed()
    # What comes with the release is for everybody who may ask anything; of many types each is asked for by itself.
    if (type_ in PUBLISHED and interaction not in _OPERATIONS) or interaction == "search-system":
        return Allowed()
    if interaction in _OF_MANY:
        return Allowed()
    if interaction in _OPERATIONS:
        for needed in _OPERATIONS[interaction]:
            require(scopes, needed)
        return Allowed()
    if interaction == "history-system":
        require(scopes, Scope(EVERY_TYPE, "s"))
        return Allowed()
    letter = _LETTERS.get(interaction)
    if letter is None:  # what nobody has thought of here takes everything
        require(scopes, Scope(EVERY_TYPE, "cruds"))
        return Allowed()
    if interaction == "patch":  # who patches learns what stands there
        require(scopes, Scope(type_, "r"))
    allowed = scopes.allows(type_, letter)
    # Earlier versions and deletions may not have met what the current version meets: a part of a type has no past.
    if allowed is None or (allowed.constraints and interaction in _OF_THE_PAST):
        raise _insufficient(str(Scope(type_, letter)))
    return allowed


def require(scopes: Scopes, needed: str | Scope, why: str = "") -> None:
    """Raises InsufficientScope unless the scopes hold one of Kith's own, or a whole scope of FHIR."""
    there = scopes.has(needed) if isinstance(needed, str) else any(one.covers(needed) for one in scopes.resources)
    if not there:
        raise _insufficient(str(needed), why)


def _insufficient(needed: str, why: str = "") -> InsufficientScope:
    text = f"It takes the scope {needed}, which this token does not have."
    return InsufficientScope(f"{why} {text}" if why else text, needed)
