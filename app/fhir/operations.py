"""The operations, as the CapabilityStatement lists them: https://hl7.org/fhir/R4/operations.html

OPERATIONS are the product's own, STANDARD those that FHIR defines.
"""

from dataclasses import dataclass
from typing import Final, Literal

from app.fhir.canonical import operation_definition


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name without $, the type it is of, and whether it is asked of the type or of one resource.

    `also` are other types that it is of, `reads` says that it changes nothing.
    """

    name: str
    type: str
    level: Literal["type", "instance"]
    documentation: str
    also: tuple[str, ...] = ()
    reads: bool = False

    @property
    def definition(self) -> str:
        """The canonical address of its OperationDefinition."""
        return operation_definition(self.name)

    @property
    def types(self) -> tuple[str, ...]:
        return (self.type, *self.also)

    @property
    def path(self) -> str:
        """Where it is asked for, below [base]."""
        return self.path_of(self.type)

    def path_of(self, type_: str) -> str:
        """Likewise, of one of its types."""
        return f"{type_}/{{id}}/${self.name}" if self.level == "instance" else f"{type_}/${self.name}"


CHECK_SHARING: Final = Operation(
    "check-sharing", "Consent", "type", "May these people be told this, now? Each answer with its reason.", reads=True
)
WITHDRAW: Final = Operation(
    "withdraw", "Consent", "instance", "Takes a decision back, and says what may be told from now on."
)
RECORD_CONSENT: Final = Operation(
    "record-consent", "RelatedPerson", "instance", "Records what the patient decided about telling this supporter."
)
TELL_NOBODY: Final = Operation(
    "tell-nobody", "Patient", "instance", "Records that the patient wants nobody to be told anything."
)
RECORD_CONTACT: Final = Operation(
    "record-contact", "RelatedPerson", "instance", "Records that the team tried to reach this supporter, or why not."
)
FIRST_CONTACTS: Final = Operation(
    "first-contacts",
    "EpisodeOfCare",
    "instance",
    "Which of the first three contacts with the patient's network are made, and who is left to try.",
    also=("CarePlan",),
    reads=True,
)
INVOLVEMENT: Final = Operation(
    "involvement",
    "EpisodeOfCare",
    "instance",
    "In which phases of an episode each supporter was involved, and how.",
    also=("CarePlan",),
    reads=True,
)
GAPS: Final = Operation(
    "gaps",
    "EpisodeOfCare",
    "instance",
    "What is missing in an episode, with whom or in which record.",
    also=("CarePlan",),
    reads=True,
)
TEAM_GAPS: Final = Operation(
    "team-gaps",
    "EpisodeOfCare",
    "type",
    "What is missing in the open episodes of a team, a page at a time.",
    reads=True,
)
SOCIAL_MAP: Final = Operation(
    "social-map",
    "Patient",
    "instance",
    "Who and what is around the patient, and how: a graph, or a picture.",
    reads=True,
)
OPERATIONS: Final = (
    CHECK_SHARING,
    WITHDRAW,
    RECORD_CONSENT,
    TELL_NOBODY,
    RECORD_CONTACT,
    FIRST_CONTACTS,
    INVOLVEMENT,
    GAPS,
    TEAM_GAPS,
    SOCIAL_MAP,
)


@dataclass(frozen=True, slots=True)
class Standard:
    """An operation that FHIR defines: its name without $, its definition, and the one type it is of ('' for all)."""

    name: str
    definition: str
    documentation: str
    type: str = ""


VALIDATE: Final = Standard(
    "validate",
    "http://hl7.org/fhir/OperationDefinition/Resource-validate",
    "What a write would be refused for or warned of, without the write.",
)
EVERYTHING: Final = Standard(
    "everything",
    "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    "All of a patient's record, and those who are named in it.",
    "Patient",
)
EVALUATE_MEASURE: Final = Standard(
    "evaluate-measure",
    "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure",
    "The indicators of a team over a time: as numbers, as lists to work through, or of one patient.",
    "Measure",
)
STANDARD: Final = (VALIDATE, EVERYTHING, EVALUATE_MEASURE)
