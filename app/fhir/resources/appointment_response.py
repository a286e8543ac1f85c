"""AppointmentResponse: whether somebody will come. https://hl7.org/fhir/R4/appointmentresponse.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

APPOINTMENT_RESPONSE: Final = ResourceDefinition(
    type="AppointmentResponse",
    patient="actor",
    patient_of_supporter=True,
    kept_with="appointment",
    documentation=(
        "Whether a patient, a supporter or staff will come to an appointment, and what they said. It belongs to the "
        "record of the patient who answers, or whom the answering supporter supports; what others answer to the "
        "record of the appointment."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "actor",
            "reference",
            ("actor",),
            targets=(
                "Device",
                "HealthcareService",
                "Location",
                "Patient",
                "Practitioner",
                "PractitionerRole",
                "RelatedPerson",
            ),
            documentation="Who answers.",
        ),
        SearchParameter(
            "appointment", "reference", ("appointment",), targets=("Appointment",), documentation="The appointment."
        ),
        IDENTIFIER,
        SearchParameter(
            "location", "reference", ("actor",), targets=("Location",), documentation="A place that answers."
        ),
        SearchParameter(
            "part-status",
            "token",
            ("participantStatus",),
            system="http://hl7.org/fhir/participationstatus",
            documentation="accepted, declined, tentative or needs-action.",
        ),
        SearchParameter(
            "patient", "reference", ("actor",), targets=("Patient",), documentation="The patient who answers."
        ),
        SearchParameter(
            "practitioner", "reference", ("actor",), targets=("Practitioner",), documentation="Staff who answer."
        ),
    ),
    names_supporters=True,
    mandatory=("appointment", "participantStatus"),
    summary=("identifier", "appointment", "participantType", "actor", "participantStatus"),
)
