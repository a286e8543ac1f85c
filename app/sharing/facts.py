"""Everything of one patient that a decision may rest on, as it was recorded (sharing decision, sections 1 and 4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from app.sharing.times import moment

if TYPE_CHECKING:
    from app.sharing.people import Person
    from app.sharing.view import View

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


class Version(NamedTuple):
    """One version of a record: its number, when it was written (aware, UTC), and what it says.

    `content` is FHIR R4 JSON, None for a deletion. `organisation` is the ODS code of who wrote it, '' when unknown.
    """

    number: int
    recorded: datetime
    content: Mapping[str, Any] | None
    organisation: str = ""


# Records and Facts are never changed. To have that guarded (frozen) triples the time that making one takes, and reports
# on a team make them by the hundred thousand.
@dataclass(slots=True)
class Record:
    """One resource with all its versions, oldest first; there is at least one."""

    type: str
    id: str
    versions: tuple[Version, ...]
    # What was read of a supporter, by how many of the versions: the same whoever else is in the patient's record.
    read: "dict[int, Person]" = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"

    def until(self, as_of: int) -> tuple[Version, ...]:
        """The versions recorded up to a time (microseconds), oldest first."""
        if moment(self.versions[-1].recorded) <= as_of:
            return self.versions
        return tuple(version for version in self.versions if moment(version.recorded) <= as_of)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a service may set (section 3, 4 and 6); the defaults are the page's."""

    capacity_days: int = 28
    best_interest_days: int = 28
    override_hours: int = 72
    unknown_patient_age: str = "adult"
    same_person_systems: frozenset[str] = frozenset({NHS_NUMBER})
    ordinary_labels: frozenset[str] = frozenset({"PSY"})


@dataclass(slots=True)
class Facts:
    """All that is known of one patient, from every organisation, in every status, deleted records included.

    `patients` are the Patients that share this record's key, the one asked about first. `supporters` are its
    RelatedPersons, `consents`, `flags` and `teams` (CareTeam) those of the patient. `professionals` are the named
    recipients that are Practitioner, PractitionerRole or Organization, and the Organizations that a team is part of.
    `resources` are the named resources that exist, of whichever patient; `resource_patients` gives, for each such
    reference, the patient keys it belongs to. `patient_key` is the id of the Patient the record is kept under.
    `bases` are the addresses under which this service is known, so that absolute references resolve.

    All of it counts. Of `unknown` records whoever asks may not learn that they are there, so that they are nobody to
    ask about; of `unseen` ones, which hold those, an answer names none that it rests on.
    """

    patient_key: str
    patients: tuple[Record, ...]
    supporters: tuple[Record, ...] = ()
    consents: tuple[Record, ...] = ()
    flags: tuple[Record, ...] = ()
    teams: tuple[Record, ...] = ()
    professionals: tuple[Record, ...] = ()
    resources: tuple[Record, ...] = ()
    resource_patients: Mapping[str, str] = field(default_factory=dict)
    bases: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    unknown: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    # What a decision has read of them, for the next one about the present (`decide.seen`).
    read: "list[View]" = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def records(self) -> Iterator[Record]:
        """All of them; a named resource may come twice."""
        yield from (*self.patients, *self.supporters, *self.consents, *self.flags, *self.teams)
        yield from (*self.professionals, *self.resources)

    @property
    def newest(self) -> datetime:
        """When the last of the records was written."""
        return max((record.versions[-1].recorded for record in self.records), default=datetime.min.replace(tzinfo=UTC))
