"""Compartments: everything that is about one patient, supporter, practitioner or contact, by the references to it.

Which references those are is R4's CompartmentDefinition of each.
https://hl7.org/fhir/R4/compartmentdefinition.html, https://hl7.org/fhir/R4/compartmentdefinition-patient.html
"""

from collections.abc import Mapping
from typing import Final

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import NotFound
from app.fhir.resources import BY_TYPE
from app.fhir.search import reference
from app.fhir.search.criterion import Within

# The resource that the compartment is about.
ITSELF: Final = "{def}"
COMPARTMENTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "Patient": {
        "Patient": (ITSELF, "link"),
        "RelatedPerson": ("patient",),
        "Consent": ("patient",),
        "CarePlan": ("patient", "performer"),
        "CareTeam": ("patient", "participant"),
        "Flag": ("patient",),
        "Group": ("member",),
        "Task": ("patient", "focus"),
        "Communication": ("subject", "sender", "recipient"),
        "QuestionnaireResponse": ("subject", "author"),
        "Appointment": ("actor",),
        "EpisodeOfCare": ("patient",),
        "Encounter": ("subject",),
        "ServiceRequest": ("subject", "performer"),
        "RiskAssessment": ("subject",),
        "Goal": ("patient",),
        "CommunicationRequest": ("subject", "sender", "recipient", "requester"),
        "AppointmentResponse": ("actor",),
        "List": ("subject", "source"),
        "MeasureReport": ("patient",),
        "Provenance": ("patient",),
    },
    "RelatedPerson": {
        "Patient": ("link",),
        "RelatedPerson": (ITSELF,),
        "CarePlan": ("performer",),
        "CareTeam": ("participant",),
        "Communication": ("sender", "recipient"),
        "QuestionnaireResponse": ("author", "source"),
        "Appointment": ("actor",),
        "Encounter": ("participant",),
        "ServiceRequest": ("performer",),
        "CommunicationRequest": ("sender", "recipient", "requester"),
        "AppointmentResponse": ("actor",),
        "Provenance": ("agent",),
    },
    "Practitioner": {
        "Patient": ("general-practitioner",),
        "Practitioner": (ITSELF,),
        "PractitionerRole": ("practitioner",),
        "CarePlan": ("performer",),
        "CareTeam": ("participant",),
        "Flag": ("author",),
        "Group": ("member",),
        "Communication": ("sender", "recipient"),
        "QuestionnaireResponse": ("author", "source"),
        "Appointment": ("actor",),
        "EpisodeOfCare": ("care-manager",),
        "Encounter": ("practitioner", "participant"),
        "ServiceRequest": ("performer", "requester"),
        "RiskAssessment": ("performer",),
        "CommunicationRequest": ("sender", "recipient", "requester"),
        "AppointmentResponse": ("actor",),
        "List": ("source",),
        "Provenance": ("agent",),
    },
    "Encounter": {
        "CarePlan": ("encounter",),
        "CareTeam": ("encounter",),
        "Communication": ("encounter",),
        "QuestionnaireResponse": ("encounter",),
        "Encounter": (ITSELF,),
        "ServiceRequest": ("encounter",),
        "CommunicationRequest": ("encounter",),
    },
}
EVERY_TYPE: Final = "*"


def members(compartment: str, type_: str) -> tuple[ResourceDefinition, ...]:
    """The types searched in a compartment: one, or `*` for all of it. Raises NotFound where there is no such path."""
    if compartment not in COMPARTMENTS:
        known = ", ".join(COMPARTMENTS)
        raise NotFound(f"{compartment[:64]} has no compartment here; those that have: {known}.", code="not-supported")
    within = COMPARTMENTS[compartment]
    if type_ != EVERY_TYPE and type_ not in within:
        text = f"{type_[:64]} is not in the compartment of a {compartment}; that has {', '.join(within)}."
        raise NotFound(text, code="not-supported")
    return tuple(BY_TYPE[each] for each in within if type_ in (EVERY_TYPE, each))


def within(compartment: str, id_: str, definition: ResourceDefinition) -> Within:
    """The condition that a resource is in a compartment. Raises NotFound when what should be an id is none."""
    names = COMPARTMENTS[compartment][definition.type]
    keys = tuple(f"{definition.type}.{name}" for name in names if name != ITSELF)
    try:
        about = reference.by_id(id_, (compartment,))
    except ValueError:
        raise NotFound(f"There is no {compartment} of such an id.") from None
    return Within(compartment, about, keys, itself=ITSELF in names)
