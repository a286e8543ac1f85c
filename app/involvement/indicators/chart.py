"""The records of one patient, read once and shared by all episodes and indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from app.fhir.references import target
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE
from app.fhir.words import words
from app.involvement.clock import Clock
from app.involvement.contained import uncontained
from app.involvement.indicators.consent_then import ConsentThen
from app.involvement.indicators.entry import Entry, own
from app.involvement.indicators.incidents import Incident, incidents
from app.involvement.indicators.local import Local
from app.involvement.indicators.meetings import Meeting, meetings
from app.involvement.indicators.messages import Message, messages
from app.involvement.indicators.one_human import one_human, together
from app.involvement.indicators.plans import Plan, plans
from app.involvement.indicators.supporters import Supporter, supporters
from app.sharing.directory import SELF, Directory
from app.sharing.facts import Facts, Record
from app.sharing.once import once
from app.sharing.reading import Json, objects, text
from app.sharing.times import FOREVER, Span, span

_NOBODY: Final[frozenset[str]] = frozenset()
_NOT_HELD: Final = words("planned cancelled entered-in-error")


class Chart:
    """What is recorded of one patient. `facts` hold everything that consent rests on, `entries` what the caller sees.

    `now` is the time of asking in microseconds. `listed`: it is to be told on what figures rest; where numbers alone
    are wanted nobody looks for that.
    """

    def __init__(
        self,
        facts: Facts,
        entries: Iterable[Entry],
        local: Local,
        now: int,
        *,
        listed: bool = True,
    ) -> None:
        self.facts = facts
        self.listed = listed
        self.local = local
        self.clock = Clock(now)
        # Several indicators ask who the key people at a time are, and the carers of an episode.
        self.key_people: dict[Span, list[Supporter]] = {}
        self.carers: dict[str, list[Supporter]] = {}
        self._by_type: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.content.get("status") != "entered-in-error":
                holds = "contained" in entry.content
                kept = entry._replace(content=uncontained(entry.content)) if holds else entry
                self._by_type.setdefault(entry.type, []).append(kept)

    def of(self, type_: str) -> Sequence[Entry]:
        """The records of a type that are not marked as entered in error."""
        return self._by_type.get(type_, ())

    def encounters(self, kind: str) -> Sequence[Entry]:
        """The Encounters of a type (encounter-type) that took place, or may have."""
        return self._encounters.get(kind, ())

    @once
    def _encounters(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.of("Encounter"):
            if entry.content.get("status") not in _NOT_HELD:
                for kind in own(entry.content.get("type"), ENCOUNTER_TYPE):
                    found.setdefault(kind, []).append(entry)
        return found

    @once
    def directory(self) -> Directory:
        """Whom records name. Those of whom the caller may not read are nobody, by whatever identifier."""
        facts, hidden = self.facts, self.facts.unknown | self.facts.unseen
        if hidden:
            facts = replace(facts, supporters=_without(facts.supporters, hidden), teams=_without(facts.teams, hidden))
        return Directory(facts, FOREVER)

    @once
    def consent(self) -> ConsentThen:
        return ConsentThen(self.facts, self.clock)

    @once
    def supporters(self) -> dict[str, Supporter]:
        """The supporters whom the caller may see, by reference: each human once, by the record that stands for all.

        In the order of their references.
        """
        if not self._stands_for:
            return self._records_of_supporters
        found: dict[str, list[Supporter]] = {}
        for reference, one in self._records_of_supporters.items():
            found.setdefault(self._stands_for.get(reference, reference), []).append(one)
        return {
            name: together(name, records) if len(records) > 1 else records[0] for name, records in sorted(found.items())
        }

    @once
    def _records_of_supporters(self) -> dict[str, Supporter]:
        return supporters(self.facts)

    @once
    def _stands_for(self) -> dict[str, str]:
        return one_human(self._records_of_supporters, self.facts)

    @once
    def messages(self) -> tuple[Message, ...]:
        return messages(self)

    @once
    def _sent(self) -> list[Message]:
        """The messages that were sent by now, oldest first."""
        return [one for one in self.messages if one.sent is not None and self.clock.has_come(one.sent.low)]

    @once
    def attempts(self) -> list[Message]:
        """Of these the attempts to reach a supporter."""
        return [one for one in self._sent if one.is_attempt]

    @once
    def done(self) -> list[Message]:
        """Of these those that were carried out."""
        return [one for one in self._sent if one.is_done]

    @once
    def meetings(self) -> tuple[Meeting, ...]:
        return meetings(self)

    @once
    def incidents(self) -> Sequence[Incident]:
        return incidents(self)

    @once
    def plans(self) -> tuple[Plan, ...]:
        return plans(self)

    @once
    def patients(self) -> Sequence[Json]:
        """The Patient resources of this record, as they are now."""
        last = [record.versions[-1].content for record in self.facts.patients]
        return [content for content in last if content is not None]

    @once
    def died(self) -> Span | None:
        """When the patient died, as far as it is recorded."""
        times = [span(patient["deceasedDateTime"]) for patient in self.patients if "deceasedDateTime" in patient]
        return next((time for time in times if time), None)

    @property
    def is_dead(self) -> bool:
        """Whether it is recorded that the patient died, at whatever time."""
        return any(patient.get("deceasedBoolean") is True for patient in self.patients)

    def people(self, elements: Any) -> frozenset[str]:
        """The supporters of this patient among some References, in whatever way they are named; each human once."""
        if not elements:
            return _NOBODY
        known = self._by_reference
        found = []
        for element in objects(elements):
            literal = element.get("reference")
            # Most are named by the very reference of their record.
            person = known.get(literal) if isinstance(literal, str) else None
            found.append(self._found(element) if person is None else person)
        return frozenset([person for person in found if person])

    def _found(self, element: Json) -> str:
        """The supporter whom a Reference names in another way, '' for none."""
        one = self.directory.find(element)
        return self._by_reference.get(one.reference, "") if one.type == "RelatedPerson" else ""

    @once
    def _by_reference(self) -> dict[str, str]:
        """Of each record of a supporter, seen or not, the one that stands for the human; '' of the patient's own."""
        stands_for = self._stands_for
        patients = dict.fromkeys([record.reference for record in self.facts.patients], "")
        names = [record.reference for record in self.facts.supporters]
        return patients | {name: stands_for.get(name, name) for name in names}

    def names_a_stranger(self, elements: Any) -> bool:
        """Whether some of these References are to a supporter who is not of this patient."""
        if not elements:
            return False
        named = (self.directory.find(element) for element in objects(elements))
        return any(one.type == "RelatedPerson" and not one.reference for one in named)

    def names_the_patient(self, elements: Any) -> bool:
        """Whether some of these References are to this patient."""
        return any(self.directory.find(element).reference == SELF for element in objects(elements))

    def named(self, elements: Any) -> frozenset[str]:
        """What some References name by literal, as "Type/id"."""
        if not elements:
            return _NOBODY
        found = [_target(text(element.get("reference")), self.facts.bases) for element in objects(elements)]
        return frozenset([one for one in found if one])


@lru_cache(maxsize=4096)
def _target(literal: str, bases: tuple[str, ...]) -> str:
    found = target(literal, bases)
    return f"{found.type}/{found.id}" if found else ""


def _without(records: Iterable[Record], hidden: frozenset[str]) -> tuple[Record, ...]:
    return tuple(record for record in records if record.reference not in hidden)
