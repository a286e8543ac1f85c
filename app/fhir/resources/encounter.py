"""Encounter: a contact with a patient, or a stay. https://hl7.org/fhir/R4/encounter.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, CLINICAL_TYPE, COMMON

ENCOUNTER: Final = ResourceDefinition(
    type="Encounter",
    patient="subject",
    documentation=(
        "A visit, call or assessment that took place, or a stay on a ward or with a host family: who was there, "
        "supporters among them, and where. Where the patient is at present is what the sharing scope whereabouts is "
        "about."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "account", "reference", ("account",), targets=("Account",), documentation="What it is charged to."
        ),
        SearchParameter(
            "appointment",
            "reference",
            ("appointment",),
            targets=("Appointment",),
            documentation="The appointment that brought it about.",
        ),
        SearchParameter(
            "based-on", "reference", ("basedOn",), targets=("ServiceRequest",), documentation="The request it answers."
        ),
        SearchParameter("class", "token", ("class",), documentation="In the home, on a ward, by telephone ..."),
        SearchParameter("date", "date", ("period",), documentation="The time it lasted.", url=CLINICAL_DATE),
        SearchParameter(
            "diagnosis",
            "reference",
            ("diagnosis.condition",),
            targets=("Condition", "Procedure"),
            documentation="A condition or procedure it was about.",
        ),
        SearchParameter(
            "episode-of-care",
            "reference",
            ("episodeOfCare",),
            targets=("EpisodeOfCare",),
            documentation="The episode of care it is part of.",
        ),
        CLINICAL_IDENTIFIER,
        SearchParameter("length", "quantity", ("length",), documentation="How long it took, as a quantity."),
        SearchParameter(
            "location", "reference", ("location.location",), targets=("Location",), documentation="Where it took place."
        ),
        SearchParameter(
            "location-period", "date", ("location.period",), documentation="When the patient was at a place."
        ),
        SearchParameter(
            "part-of", "reference", ("partOf",), targets=("Encounter",), documentation="The encounter it is part of."
        ),
        SearchParameter(
            "participant",
            "reference",
            ("participant.individual",),
            targets=("Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who took part: staff, supporters.",
        ),
        SearchParameter("participant-type", "token", ("participant.type",), documentation="The part somebody took."),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient who was met.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "practitioner",
            "reference",
            ("participant.individual",),
            targets=("Practitioner",),
            documentation="Staff who took part.",
        ),
        SearchParameter("reason-code", "token", ("reasonCode",), documentation="Why, in codes."),
        SearchParameter(
            "reason-reference",
            "reference",
            ("reasonReference",),
            targets=("Condition", "ImmunizationRecommendation", "Observation", "Procedure"),
            documentation="Why, as a record.",
        ),
        SearchParameter(
            "service-provider",
            "reference",
            ("serviceProvider",),
            targets=("Organization",),
            documentation="The organisation that is responsible.",
        ),
        SearchParameter(
            "special-arrangement",
            "token",
            ("hospitalization.specialArrangement",),
            documentation="What was arranged for the patient: an interpreter, a wheelchair.",
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/encounter-status",
            documentation="planned, arrived, in-progress, finished, cancelled ...",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Group", "Patient"),
            documentation="The patient or group that was met.",
        ),
        SearchParameter("type", "token", ("type",), documentation="The kind of contact.", url=CLINICAL_TYPE),
    ),
    names_supporters=True,
    mandatory=("status", "class"),
    summary=(
        "identifier",
        "status",
        "class",
        "type",
        "serviceType",
        "subject",
        "episodeOfCare",
        "participant",
        "appointment",
        "reasonCode",
        "reasonReference",
        "diagnosis",
    ),
)
