"""What a supporter is to the patient: the roles of RelatedPerson.relationship (the sharing decision, section 4)."""

from typing import Final, NamedTuple

from app.sharing.reading import EMPTY, Json, codes, first_extensions, objects
from app.sharing.systems import CARER_ROLE, extension
from app.sharing.times import ALWAYS, Span, period, span

YOUNG: Final = frozenset({"young-carer", "child-in-household", "visiting-child"})

_PERIOD, _VERIFIED, _IN_FORCE = extension("role-period"), extension("role-verified"), extension("role-in-force-from")


class Role(NamedTuple):
    """One role. `period` and `in_force_from` are None when they are not said or cannot be read."""

    code: str
    period: Span | None
    says_period: bool
    verified: bool
    in_force_from: int | None
    says_in_force: bool

    def is_held(self, at: int) -> bool:
        """Whether the role's period, when it has one, contains this time."""
        return self.period.holds(at) if self.period else not self.says_period

    def is_held_during(self, time: Span) -> bool:
        """Likewise for all of a time that may be a whole day."""
        return self.period.contains(time) if self.period else not self.says_period

    def is_in_force(self, at: int, *, blank: bool = False) -> bool:
        """Whether the role has come into force and is held; `blank` is what no date for that means."""
        begun = self.in_force_from <= at if self.in_force_from is not None else blank and not self.says_in_force
        return begun and self.is_held(at)


def roles(person: Json) -> tuple[Role, ...]:
    """The roles of a RelatedPerson. One of a child counts even when its code came without a system."""
    return tuple(
        [
            _role(code, relationship)
            for relationship in objects(person.get("relationship"))
            for system, code in codes(relationship)
            if system == CARER_ROLE or (not system and code in YOUNG)
        ]
    )


def _role(code: str, relationship: Json) -> Role:
    said = first_extensions(relationship)
    written = said.get(_PERIOD, EMPTY).get("valuePeriod")
    begins = span(said.get(_IN_FORCE, EMPTY).get("valueDateTime"))
    return Role(
        code=code,
        period=period(written) if written is not None else None,
        says_period=_PERIOD in said,
        verified=said.get(_VERIFIED, EMPTY).get("valueBoolean") is True,
        in_force_from=begins.low if begins else None,
        says_in_force=_IN_FORCE in said,
    )


def boundaries(role: Role) -> tuple[int, ...]:
    """The times at which what this role allows may change."""
    return (*(role.period or ALWAYS), *(() if role.in_force_from is None else (role.in_force_from,)))
