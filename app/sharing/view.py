"""The records of one patient as they stood at a time, parsed once and shared by all answers (section 1).

Beyond Consents as they are, it keeps every earlier version that denied: a refusal that ended or was narrowed still
keeps older permissions from reviving (section 6.1).
"""

from collections.abc import Iterator
from typing import NamedTuple

from app.sharing import capacity, people, statement, teams
from app.sharing.ages import reaches
from app.sharing.asked import Reach
from app.sharing.boundaries import Boundaries
from app.sharing.capacity import Incapacity
from app.sharing.directory import Directory
from app.sharing.facts import Facts, Policy, Record, Version
from app.sharing.once import once
from app.sharing.people import Person
from app.sharing.reading import Json, mapping
from app.sharing.resources import Resource, resource
from app.sharing.restrictions import Restriction, restriction
from app.sharing.same_person import Identity, identity, stranger
from app.sharing.statement import Statement
from app.sharing.teams import Team
from app.sharing.times import BEGINNING, FOREVER, moment, span

COMPETENT_AGE = 16
# The answers to single looks that are remembered beyond one question: those about strangers are as many as are asked.
MOST_REMEMBERED = 1_000


class ConsentRecord(NamedTuple):
    """A Consent as it is (None when deleted), and all its versions so far that were in force and denied."""

    current: Statement | None
    denials: tuple[Statement, ...]

    @property
    def versions(self) -> tuple[Statement, ...]:
        return self.denials if self.current is None else (self.current, *self.denials)

    def may_concern(self, references: frozenset[str]) -> bool:
        """Whether any of these versions may be about one of these people. Organizations alone are a riddle."""
        return any(one.organisations or one.may_concern(references) for one in self.versions)

    def may_speak_of(self, scope: str, resource: Resource | None) -> bool:
        """Whether any of these versions may say something about this scope, or this resource of it."""
        return any(one.may_speak_of(scope, resource) for one in self.versions)

    def is_plain(self, *, permits: bool) -> bool:
        """Whether it is a Consent in force by which the patient permits, or refuses, and does nothing else."""
        in_force = self.current is not None and self.current.status == "active" and self.current.is_privacy
        return in_force and all(one.is_plain(permits=permits) for one in self.versions)


class View:
    """What was recorded up to `as_of` (microseconds), read when it is first asked for."""

    def __init__(self, facts: Facts, as_of: int) -> None:
        self.facts = facts
        self.as_of = as_of
        self.policy: Policy = facts.policy
        self.directory = Directory(facts, as_of)
        self.reaches: dict[str, Reach] = {}
        self._identities: dict[str, Identity] = {}
        self._humans: dict[str, list[Person]] = {}
        self._about: dict[frozenset[str], tuple[ConsentRecord, ...]] = {}
        self._on: dict[tuple[frozenset[str], str, Resource | None], tuple[ConsentRecord, ...]] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much was asked that what is remembered of it should be forgotten."""
        return len(self._identities) + len(self._about) + len(self._on) + len(self.reaches) > MOST_REMEMBERED

    @once
    def boundaries(self) -> Boundaries:
        """The times at which something that is seen may begin to say something else."""
        return Boundaries(self)

    @once
    def has_later(self) -> bool:
        """Whether any Consent or Flag was recorded after the time asked about."""
        return any(
            moment(record.versions[-1].recorded) > self.as_of for record in (*self.facts.consents, *self.facts.flags)
        )

    @once
    def directory_of_later(self) -> Directory:
        """For what was recorded later: it may name whoever is known by now."""
        return Directory(self.facts, FOREVER)

    @once
    def people(self) -> dict[str, Person]:
        """The supporters, deleted ones as they last were."""
        found = ((record.reference, self._person(record)) for record in self.facts.supporters)
        return {reference: one for reference, one in found if one}

    def human(self, reference: str) -> list[Person]:
        """All records of the human of this one. Where none is linked to another, no other is read."""
        if reference not in self._humans:
            self._humans[reference] = self._human(reference)
        return self._humans[reference]

    def identity(self, reference: str) -> Identity:
        """Which records are, or may be, the same human as this one."""
        if reference not in self._identities:
            one = self.people.get(reference)
            systems = self.policy.same_person_systems
            self._identities[reference] = identity(one, self.people, systems) if one else stranger(reference)
        return self._identities[reference]

    @once
    def consents(self) -> tuple[ConsentRecord, ...]:
        return tuple(self._consent(record, versions) for record, versions in self._seen(self.facts.consents))

    def consents_about(self, references: frozenset[str]) -> tuple[ConsentRecord, ...]:
        """The Consents of which it is not certain that they concern others alone."""
        if references not in self._about:
            self._about[references] = tuple(one for one in self.consents if one.may_concern(references))
        return self._about[references]

    def consents_on(
        self, references: frozenset[str], scope: str, resource: Resource | None
    ) -> tuple[ConsentRecord, ...]:
        """Of those Consents the ones that may say something about this scope, or this resource of it."""
        asked = (references, scope, resource)
        if asked not in self._on:
            about = self.consents_about(references)
            self._on[asked] = tuple(one for one in about if one.may_speak_of(scope, resource))
        return self._on[asked]

    @once
    def flags(self) -> tuple[tuple[str, Json], ...]:
        """Versioned reference and content of each Flag."""
        return tuple(
            (f"{record.reference}/_history/{versions[-1].number}", mapping(versions[-1].content))
            for record, versions in self._seen(self.facts.flags)
            if versions[-1].content is not None
        )

    @once
    def restrictions(self) -> tuple[Restriction, ...]:
        found = (restriction(version, flag, self.directory) for version, flag in self.flags)
        return tuple(one for one in found if one)

    @once
    def incapacities(self) -> tuple[Incapacity, ...]:
        found = (capacity.incapacity(flag, self.policy.capacity_days) for _, flag in self.flags)
        return tuple(one for one in found if one)

    @once
    def teams(self) -> dict[str, Team]:
        found: dict[str, Team] = {}
        for record, versions in self._seen(self.facts.teams):
            last = _last_content(versions)
            contents = [mapping(version.content) for version in versions if version.content is not None]
            if last is not None:
                content, deleted = mapping(last.content), versions[-1].content is None
                found[record.reference] = teams.team(record, content, deleted, contents, self.directory)
        return found

    @once
    def resources(self) -> dict[str, Resource]:
        """The named resources that exist and are this patient's, as far as whoever asks may know."""
        own, unknown = self.facts.resource_patients, self.facts.unknown
        return {
            record.reference: resource(
                record.reference,
                f"{record.reference}/_history/{versions[-1].number}",
                mapping(versions[-1].content),
                self.directory,
                self.policy.ordinary_labels,
            )
            for record, versions in self._seen(self.facts.resources)
            if versions[-1].content is not None
            and own.get(record.reference) == self.facts.patient_key
            and record.reference not in unknown
        }

    @once
    def professionals(self) -> dict[str, Json]:
        """Practitioners, PractitionerRoles and Organizations, inactive ones too, deleted ones as they last were."""
        return {
            record.reference: mapping(last.content)
            for record, versions in self._seen(self.facts.professionals)
            if (last := _last_content(versions)) is not None
        }

    @once
    def active_professionals(self) -> frozenset[str]:
        """Those of them that are stored and active."""
        return frozenset(
            record.reference
            for record, versions in self._seen(self.facts.professionals)
            if versions[-1].content is not None and versions[-1].content.get("active", True) is True
        )

    @once
    def patients(self) -> tuple[tuple[str, Json], ...]:
        """Versioned reference and content of each Patient of this record that is not deleted."""
        return tuple(
            (f"{record.reference}/_history/{versions[-1].number}", versions[-1].content)
            for record, versions in self._seen(self.facts.patients)
            if versions[-1].content is not None
        )

    @once
    def present_patients(self) -> frozenset[str]:
        """Their references, without versions."""
        return frozenset(version.partition("/_history/")[0] for version, _ in self.patients)

    @once
    def is_age_unknown(self) -> bool:
        return all(patient.get("birthDate") is None for _, patient in self.patients)

    @once
    def competent_from(self) -> int:
        """When the patient is no longer under 16, for the youngest that the record allows."""
        if self.is_age_unknown:
            return FOREVER if self.policy.unknown_patient_age == "child" else BEGINNING
        birthdays = (reaches(patient.get("birthDate"), COMPETENT_AGE) for _, patient in self.patients)
        return max(birthday for birthday in birthdays if birthday is not None)

    @once
    def deaths(self) -> tuple[tuple[str, int], ...]:
        """Versioned reference of each Patient recorded as deceased, and from when."""
        return tuple((version, died) for version, patient in self.patients if (died := _died(patient)) is not None)

    @once
    def _is_anybody_linked(self) -> bool:
        systems = self.policy.same_person_systems
        contents = (_last_content(record.until(self.as_of)) for record in self.facts.supporters)
        return any(people.may_be_linked(mapping(one.content), systems) for one in contents if one)

    def _human(self, reference: str) -> list[Person]:
        if self._is_anybody_linked:
            return [self.people[one] for one in self.identity(reference).joined if one in self.people]
        found = (self._person(record) for record in self.facts.supporters if record.reference == reference)
        return [one for one in found if one]

    def _person(self, record: Record) -> Person | None:
        versions = record.until(self.as_of)
        last = _last_content(versions)
        return people.person(record, last, versions, self.directory) if last else None

    def _seen(self, records: tuple[Record, ...]) -> Iterator[tuple[Record, tuple[Version, ...]]]:
        for record in records:
            versions = record.until(self.as_of)
            if versions:
                yield record, versions

    def _consent(self, record: Record, versions: tuple[Version, ...]) -> ConsentRecord:
        current: Statement | None = None
        denials: list[Statement] = []
        last = len(versions) - 1
        for index, version in enumerate(versions):
            if version.content is None or (index < last and version.content.get("status") != "active"):
                continue
            recorded = statement.first_recorded(versions, index)
            one = statement.statement(record.reference, version, recorded, self.directory)
            if index == last:
                current = one
            if one.status == "active" and one.has_deny and one.is_privacy:
                denials.append(one)
        return ConsentRecord(current, tuple(denials))


def _last_content(versions: tuple[Version, ...]) -> Version | None:
    return next((version for version in reversed(versions) if version.content is not None), None)


def _died(patient: Json) -> int | None:
    """From when a Patient is deceased: for ever when only that is said, or when the time cannot be read."""
    if patient.get("deceasedBoolean") is True:
        return BEGINNING
    if "deceasedDateTime" not in patient and "_deceasedDateTime" not in patient:
        return None
    died = span(patient.get("deceasedDateTime"))
    return died.low if died else BEGINNING
