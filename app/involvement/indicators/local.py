"""What a service agrees for itself before its figures mean anything: settings, none of them a threshold or a score."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.fhir.words import words
from app.sharing.reading import Code

KEY_ROLES: Final = words("key-supporter main-carer carer young-carer shared-lives-carer")


@dataclass(frozen=True, slots=True)
class Local:
    """`key_roles` are carer-role codes; `suicidality` codes (system, code) of the source system, none: not assessable.

    `debrief_hours` is the time within which a debrief is to be offered; `holidays` are days that are no working days.
    """

    key_roles: frozenset[str] = KEY_ROLES
    suicidality: frozenset[Code] = frozenset()
    debrief_hours: int = 72
    holidays: frozenset[date] = field(default_factory=frozenset)
