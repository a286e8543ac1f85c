"""The supporters of a patient: what each is to the patient, when, and since when the team knows of them."""

from collections.abc import Collection
from typing import Final, NamedTuple

from app.fhir.canonical import extension
from app.sharing import roles
from app.sharing.ages import reaches
from app.sharing.facts import Facts, Record
from app.sharing.reading import Json, extension_value, extensions, mapping, objects
from app.sharing.roles import Role
from app.sharing.times import Span, moment, period, span

ADULT: Final = 18
# Those who give unpaid care. A host of a scheme is paid, and is a carer to whom much of the same is owed.
CARERS: Final = frozenset({"main-carer", "carer", "young-carer", "shared-lives-carer"})
_YOUNG: Final = frozenset({"young-carer"})
_IDENTIFIED: Final = extension("identified")


class Supporter(NamedTuple):
    """One RelatedPerson. `identified` is when the team learned of them, `adult_from` when they reach 18 (if known).

    `linked` is when they are somebody of this record, None when not at all.
    """

    reference: str
    versioned: str
    linked: Span | None
    roles: tuple[Role, ...]
    identified: int
    adult_from: int | None
    has_details: bool

    def is_key(self, key_roles: Collection[str], during: Span) -> bool:
        """Whether they hold one of these roles at some time within."""
        if self.linked is None or not self.linked.meets(during):
            return False
        return any(role.code in key_roles and _held(role, during) for role in self.roles)

    def is_young(self, at: int) -> bool:
        """Whether they are a young carer, or under 18, at a time."""
        if any(role.code in _YOUNG and role.is_held(at) for role in self.roles):
            return True
        return self.adult_from is not None and at < self.adult_from


def supporters(facts: Facts) -> dict[str, Supporter]:
    """Those who are stored and whom the caller may see, by reference and in that order."""
    found = (
        _supporter(record, content)
        for record in facts.supporters
        if record.reference not in facts.unseen and record.reference not in facts.unknown
        if (content := record.versions[-1].content) is not None
    )
    return {one.reference: one for one in sorted(found)}


def _supporter(record: Record, content: Json) -> Supporter:
    return Supporter(
        reference=record.reference,
        versioned=f"{record.reference}/_history/{record.versions[-1].number}",
        linked=period(content.get("period")) if content.get("active", True) is True else None,
        roles=roles.roles(content),
        identified=_identified(record, content),
        adult_from=reaches(content.get("birthDate"), ADULT),
        has_details=bool(objects(content.get("telecom")) or objects(content.get("address"))),
    )


def _identified(record: Record, content: Json) -> int:
    """When the team learned of somebody: as it says, else when they were first recorded."""
    said = next(iter(extensions(content, _IDENTIFIED)), {})
    at = span(extension_value(mapping(said), "at", "valueDateTime"))
    return at.low if at else moment(record.versions[0].recorded)


def _held(role: Role, during: Span) -> bool:
    return role.period.meets(during) if role.period else not role.says_period
