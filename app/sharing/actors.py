"""The actors of a provision: who may be told, and who tells (the sharing decision, section 6.2)."""

from typing import Final, NamedTuple

from app.sharing.directory import Directory
from app.sharing.reading import Json, codes, objects
from app.sharing.systems import PARTICIPATION_TYPE, ROLE_CODE

# Staff whom nobody here can tell apart: certainly no supporter, and perhaps any professional.
SOME_PROFESSIONAL: Final = "*professional"
# Above a team, an Organization that nobody here can tell apart: perhaps any.
SOME_ORGANISATION: Final = "*organisation"

_RECIPIENTS: Final = frozenset(
    {(PARTICIPATION_TYPE, "IRCP"), (PARTICIPATION_TYPE, "PRCP"), (ROLE_CODE, "GRANTEE"), (ROLE_CODE, "DELEGATEE")}
)
_DISCLOSER: Final = (PARTICIPATION_TYPE, "CST")
# Who cannot be refused by name: nobody can tell which supporters they stand for.
_NO_ONE: Final = frozenset({"Group", "Device", "Patient"})
# Certainly no supporters, though nobody knows which they are; an Organization may have a supporter among its people.
_STAFF: Final = frozenset({"Practitioner", "PractitionerRole"})
_PROFESSIONALS: Final = _STAFF | {"Organization"}


class Actors(NamedTuple):
    """The actors of one criterion. `references` are those that could be resolved.

    `unresolved`: there is one who could not. `nobody`: there is a Group, Device or Patient. `anybody`: nobody can be
    certain whom they stand for. `organisations`: they are Organizations and nothing else.
    """

    references: frozenset[str]
    unresolved: bool
    nobody: bool
    anybody: bool
    organisations: bool

    def may_be_of(self, team: frozenset[str]) -> bool:
        """Whether it is not certain that they are all others than a team and the Organizations above it."""
        if SOME_ORGANISATION in team and any(one.startswith("Organization/") for one in self.references):
            return True
        return not self.references.isdisjoint(team)


class Parties(NamedTuple):
    """Recipients and disclosers, None where none is named: then anybody is meant. `odd`: a role was not understood.

    `unsystematic`: a role has a code without system, which a permit may live with and a deny may not.
    """

    recipients: Actors | None
    disclosers: Actors | None
    odd: bool
    unsystematic: bool


NO_PARTIES: Final = Parties(None, None, odd=False, unsystematic=False)


def parties(provision: Json, directory: Directory) -> Parties:
    """The actors of one level of a provision."""
    written = provision.get("actor")
    if written is None:
        return NO_PARTIES
    recipients: list[Json] = []
    disclosers: list[Json] = []
    odd = not isinstance(written, list) or not written or len(objects(written)) != len(written)
    unsystematic = False
    for actor in objects(written):
        roles = codes(actor.get("role"))
        receives, discloses = not _RECIPIENTS.isdisjoint(roles), _DISCLOSER in roles
        recipients.extend([actor] * receives)
        disclosers.extend([actor] * discloses)
        odd = odd or not (receives or discloses)
        unsystematic = unsystematic or any(not system for system, _ in roles)
    return Parties(_actors(recipients, directory), _actors(disclosers, directory), odd, unsystematic)


def _actors(written: list[Json], directory: Directory) -> Actors | None:
    if not written:
        return None
    named = [directory.find(actor.get("reference")) for actor in written]
    references = {one.reference for one in named if one.reference}
    types = {one.type for one in named}
    lost = {one.type for one in named if not one.reference}
    if not lost.isdisjoint(_PROFESSIONALS):
        references.add(SOME_PROFESSIONAL)
    nobody = not types.isdisjoint(_NO_ONE)
    return Actors(
        references=frozenset(references),
        unresolved=bool(lost),
        nobody=nobody,
        anybody=nobody or not lost <= _STAFF or any("modifierExtension" in actor for actor in written),
        organisations=types == {"Organization"},
    )
