"""Appointment: a visit, call or meeting, and who is to come. https://hl7.org/fhir/R4/appointment.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

_ACTOR: Final = ("participant.actor",)

APPOINTMENT: Final = ResourceDefinition(
    type="Appointment",
    level=levels.OPEN,
    patient="participant.actor",
    documentation=(
        "A visit, call or meeting. It belongs to the record of the one Patient among its participants; an appointment "
        "of several patients, or of none, belongs to no patient's record."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "actor",
            "reference",
            _ACTOR,
            targets=(
                "Device",
                "HealthcareService",
                "Location",
                "Patient",
                "Practitioner",
                "PractitionerRole",
                "RelatedPerson",
            ),
            documentation="Who or what takes part.",
        ),
        SearchParameter(
            "appointment-type", "token", ("appointmentType",), documentation="The style: walk-in, follow-up."
        ),
        SearchParameter(
            "based-on",
            "reference",
            ("basedOn",),
            targets=("ServiceRequest",),
            documentation="The request it is made for.",
        ),
        SearchParameter("date", "date", ("start",), documentation="When it begins."),
        IDENTIFIER,
        SearchParameter("location", "reference", _ACTOR, targets=("Location",), documentation="Where it takes place."),
        SearchParameter(
            "part-status",
            "token",
            ("participant.status",),
            system="http://hl7.org/fhir/participationstatus",
            documentation="accepted, declined, tentative or needs-action.",
        ),
        SearchParameter(
            "patient", "reference", _ACTOR, targets=("Patient",), documentation="A patient who takes part."
        ),
        SearchParameter(
            "practitioner", "reference", _ACTOR, targets=("Practitioner",), documentation="Staff who take part."
        ),
        SearchParameter("reason-code", "token", ("reasonCode",), documentation="Why, in codes."),
        SearchParameter(
            "reason-reference",
            "reference",
            ("reasonReference",),
            targets=("Condition", "ImmunizationRecommendation", "Observation", "Procedure"),
            documentation="Why, as a record.",
        ),
        SearchParameter("service-category", "token", ("serviceCategory",), documentation="The broad kind of service."),
        SearchParameter("service-type", "token", ("serviceType",), documentation="The service."),
        SearchParameter("slot", "reference", ("slot",), targets=("Slot",), documentation="The slots it fills."),
        SearchParameter("specialty", "token", ("specialty",), documentation="The specialty it needs."),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/appointmentstatus",
            documentation="proposed, pending, booked, arrived, fulfilled, cancelled, noshow ...",
        ),
        SearchParameter(
            "supporting-info", "reference", ("supportingInformation",), documentation="What helps to prepare for it."
        ),
    ),
    names_supporters=True,
    mandatory=("status", "participant"),
    summary=(
        "identifier",
        "status",
        "cancelationReason",
        "serviceCategory",
        "serviceType",
        "specialty",
        "appointmentType",
        "reasonCode",
        "start",
        "end",
    ),
)
