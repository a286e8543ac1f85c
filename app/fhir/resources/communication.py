"""Communication: what was said or sent, or tried in vain. https://hl7.org/fhir/R4/communication.html"""

from typing import Final

from app.fhir.canonical import own_parameter
from app.fhir.checks.communication import CHECKS
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

_ANYBODY: Final = (
    "Device",
    "HealthcareService",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
)

COMMUNICATION: Final = ResourceDefinition(
    type="Communication",
    patient="subject",
    documentation=(
        "A call, message or letter to or from a supporter, or the attempt at one. What somebody told the team in "
        "confidence carries the security label given-in-confidence and is told to nobody but them."
    ),
    checks=CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "about",
            "reference",
            ("about",),
            documentation="What it is about: the plan that was handed over, and the consent for it; an episode.",
            url=own_parameter("Communication-about"),
        ),
        SearchParameter("based-on", "reference", ("basedOn",), documentation="What it was asked for by."),
        SearchParameter("category", "token", ("category",), documentation="The kind of message."),
        SearchParameter(
            "encounter", "reference", ("encounter",), targets=("Encounter",), documentation="Where it happened."
        ),
        IDENTIFIER,
        SearchParameter(
            "instantiates-canonical",
            "reference",
            ("instantiatesCanonical",),
            targets=("ActivityDefinition", "Measure", "OperationDefinition", "PlanDefinition", "Questionnaire"),
            form="canonical",
            documentation="The protocol it follows, as a FHIR definition, with or without |version.",
        ),
        SearchParameter(
            "instantiates-uri", "uri", ("instantiatesUri",), documentation="The protocol it follows, elsewhere."
        ),
        SearchParameter("medium", "token", ("medium",), documentation="By telephone, letter, in person ..."),
        SearchParameter(
            "outcome",
            "token",
            ("statusReason",),
            documentation="What became of an attempt to reach a supporter: codes of contact-outcome.",
            url=own_parameter("Communication-outcome"),
        ),
        SearchParameter("part-of", "reference", ("partOf",), documentation="What it is a part of."),
        SearchParameter(
            "patient", "reference", ("subject",), targets=("Patient",), documentation="The patient it is about."
        ),
        SearchParameter("received", "date", ("received",), documentation="When it came in."),
        SearchParameter(
            "recipient",
            "reference",
            ("recipient",),
            targets=("CareTeam", "Group", *_ANYBODY),
            documentation="Who was told.",
        ),
        SearchParameter("sender", "reference", ("sender",), targets=_ANYBODY, documentation="Who told."),
        SearchParameter("sent", "date", ("sent",), documentation="When it went out."),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/event-status",
            documentation="preparation, in-progress, not-done, completed ...",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Group", "Patient"),
            documentation="The patient or group it is about.",
        ),
    ),
    names_supporters=True,
    mandatory=("status",),
    summary=(
        "identifier",
        "instantiatesCanonical",
        "instantiatesUri",
        "basedOn",
        "partOf",
        "status",
        "statusReason",
        "priority",
        "subject",
        "encounter",
        "reasonCode",
        "reasonReference",
    ),
)
