"""Which Consents count at a time, and what each says about what is asked (the sharing decision, section 6.1).

The patient's own Consents, those on a basis for when capacity is lacking, and those of parents are three families:
each is combined for itself (section 6.3). Refusals on a basis that nobody knows bite as the patient's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.sharing.asked import Asked
from app.sharing.legal_basis import why_void
from app.sharing.provisions import Match, Provision, hides_denied_records, match
from app.sharing.statement import OTHER, OWN, PARENTAL, SAFETY_OVERRIDE, SUBSTITUTES, Statement
from app.sharing.view import ConsentRecord, View

PATIENT: Final = "patient"
SUBSTITUTE: Final = "substitute"
PARENT: Final = "parent"
_FAMILIES: Final = {
    OWN: PATIENT,
    OTHER: PATIENT,
    SAFETY_OVERRIDE: PATIENT,
    PARENTAL: PARENT,
    **dict.fromkeys(SUBSTITUTES, SUBSTITUTE),
}


class Voice(NamedTuple):
    """A Consent that speaks about what is asked, and what it says."""

    statement: Statement
    match: Match


@dataclass(slots=True)
class Voices:
    """What the Consents of one family say.

    `yeses` count; `void` are active permits that count for nothing, each with why. `noes` are refusals in force.
    `lapsed` are refusals that ended or were narrowed, `rejected` proposals that were turned down: both keep a yes
    that is not newer from counting.
    """

    yeses: list[Voice] = field(default_factory=list)
    noes: list[Voice] = field(default_factory=list)
    void: list[tuple[Voice, str]] = field(default_factory=list)
    lapsed: list[Statement] = field(default_factory=list)
    rejected: list[Statement] = field(default_factory=list)

    def with_refusals_of(self, others: Sequence["Voices"]) -> "Voices":
        """The same, with what others refused, now or before, or turned down. Their permits are left out."""
        return Voices(
            self.yeses,
            [*self.noes, *(no for other in others for no in other.noes)],
            self.void,
            [*self.lapsed, *(one for other in others for one in other.lapsed)],
            [*self.rejected, *(one for other in others for one in other.rejected)],
        )


class Heard:
    """What all Consents say: by family, the overrides in force, and those that cannot be read."""

    __slots__ = ("_families", "check_each_record", "overrides", "uninterpretable")

    def __init__(self) -> None:
        self._families: dict[str, Voices] = {}
        self.overrides: list[Voice] = []
        self.uninterpretable: list[Statement] = []
        self.check_each_record = False

    @property
    def patient(self) -> Voices:
        return self.of(PATIENT)

    @property
    def substitute(self) -> Voices:
        return self.of(SUBSTITUTE)

    @property
    def parent(self) -> Voices:
        return self.of(PARENT)

    @property
    def any_yes(self) -> bool:
        """Whether anything permits, on whatever basis."""
        return bool(self.overrides) or any(voices.yeses for voices in self._families.values())

    def family(self, basis: str) -> Voices:
        """The family of Consents on that basis."""
        return self.of(_FAMILIES[basis])

    def with_refusals_of(self, others: Sequence["Heard"]) -> "Heard":
        """The same, where what others heard refused, now or before, or turned down was heard here too."""
        found = Heard()
        found.overrides, found.uninterpretable = self.overrides, self.uninterpretable
        found.check_each_record = self.check_each_record
        found._families = {
            name: self.of(name).with_refusals_of([other.of(name) for other in others])
            for name in (PATIENT, SUBSTITUTE, PARENT)
        }
        return found

    def of(self, name: str) -> Voices:
        """The family of that name."""
        if name not in self._families:
            self._families[name] = Voices()
        return self._families[name]


def listen(view: View, asked: Asked, at: int) -> Heard:
    """What the Consents of a patient say about what is asked, at a time."""
    heard = Heard()
    for record in view.consents_on(asked.reach.maybe, asked.scope, asked.resource):
        current = record.current
        if current is not None and current.is_privacy:
            if current.status == "active":
                _hear(current, heard, view, asked, at)
            elif current.status == "rejected" and _would_speak(current, asked, at):
                heard.family(current.basis).rejected.append(current)
        if record.denials:
            _recall(record, heard, view, asked, at)
    return heard


def is_unreadable(one: Statement, asked: Asked) -> bool:
    """Whether it cannot be read for this recipient. To a supporter a refusal of Organizations alone is a riddle."""
    return one.unreadable or (one.refuses_organisations and not asked.reach.blanket)


def _may_be_about(one: Statement, asked: Asked) -> bool:
    """Whether it is not certain that what cannot be read is about others. To a supporter Organizations are a riddle."""
    return one.may_concern(asked.reach.maybe) or (one.organisations and not asked.reach.blanket)


def _hear(one: Statement, heard: Heard, view: View, asked: Asked, at: int) -> None:
    if not one.window.holds(at):
        return
    if one.root is None or is_unreadable(one, asked):
        if _may_be_about(one, asked):
            heard.uninterpretable.append(one)
        return
    void = why_void(one, view, at)
    begun = one.dated.low <= at
    found = match(one.root, asked, at, void=bool(void) or not begun or one.basis == SAFETY_OVERRIDE)
    if found is not None:
        voices = heard.family(one.basis)
        (voices.yeses if found.permits else voices.noes).append(Voice(one, found))
    elif void or one.basis == SAFETY_OVERRIDE:
        permitted = match(one.root, asked, at) if begun else None
        if permitted is not None and one.basis == SAFETY_OVERRIDE:
            heard.overrides.append(Voice(one, permitted))
        elif permitted is not None:
            heard.family(one.basis).void.append((Voice(one, permitted), void))
    if one.speaks_of_records and not heard.check_each_record:
        heard.check_each_record = hides_denied_records(one.root, asked, at)


def _would_speak(one: Statement, asked: Asked, at: int) -> bool:
    """Whether a rejected Consent would match if it were active. One that cannot be read may."""
    if one.root is None or is_unreadable(one, asked):
        return _may_be_about(one, asked)
    proposed = asked._replace(reach=asked.reach.of_proposals())
    return one.dated.low <= at and one.window.holds(at) and match(one.root, proposed, at) is not None


def _recall(record: ConsentRecord, heard: Heard, view: View, asked: Asked, at: int) -> None:
    """Notes the versions of a Consent that denied what is asked, now or at some time before."""
    for one in record.denials:
        if one.root is None or is_unreadable(one, asked):
            # One that is still in force is heard as what cannot be read, and has not lapsed.
            in_force = one is record.current and one.window.holds(at)
            denied = not in_force and _may_be_about(one, asked)
        else:
            denied = _denied(one.root, one, view, asked, at)
        if denied:
            heard.family(one.basis).lapsed.append(one)


def _denied(root: Provision, one: Statement, view: View, asked: Asked, at: int) -> bool:
    # Recorded before its time it denies at once, and its permits, which have not begun, are no exceptions.
    void = bool(why_void(one, view, at)) or one.dated.low > at or one.basis == SAFETY_OVERRIDE
    found = (match(root, asked, moment, void=void) for moment in one.moments if moment <= at)
    return any(said is not None and not said.permits for said in found)
