"""CarePlan: what each supporter does in the plan. https://hl7.org/fhir/R4/careplan.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks.care_plan import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, COMMON

CARE_PLAN: Final = ResourceDefinition(
    type="CarePlan",
    level=levels.OPEN,
    patient="subject",
    documentation=(
        "A crisis, safety, relapse-prevention or home-treatment plan. Each thing that a supporter agreed to do is an "
        "activity with that RelatedPerson as performer, so that everybody can see who does what, and when. A plan for "
        "a Group is stored too, and belongs to no patient's record."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter(
            "activity-code", "token", ("activity.detail.code",), documentation="What is done in an activity."
        ),
        SearchParameter(
            "activity-date",
            "date",
            ("activity.detail.scheduledPeriod", "activity.detail.scheduledTiming"),
            documentation="When an activity takes place: its period, or the outer limits of its timing.",
        ),
        SearchParameter(
            "activity-reference",
            "reference",
            ("activity.reference",),
            targets=(
                "Appointment",
                "CommunicationRequest",
                "DeviceRequest",
                "MedicationRequest",
                "NutritionOrder",
                "RequestGroup",
                "ServiceRequest",
                "Task",
                "VisionPrescription",
            ),
            documentation="A request or task that stands for an activity.",
        ),
        SearchParameter(
            "based-on", "reference", ("basedOn",), targets=("CarePlan",), documentation="A plan that this fulfils."
        ),
        SearchParameter(
            "care-team", "reference", ("careTeam",), targets=("CareTeam",), documentation="The team involved."
        ),
        SearchParameter("category", "token", ("category",), documentation="The kind of plan."),
        SearchParameter(
            "condition", "reference", ("addresses",), targets=("Condition",), documentation="A condition it addresses."
        ),
        SearchParameter("date", "date", ("period",), documentation="The time the plan covers.", url=CLINICAL_DATE),
        SearchParameter(
            "encounter", "reference", ("encounter",), targets=("Encounter",), documentation="Where it was made."
        ),
        SearchParameter("goal", "reference", ("goal",), targets=("Goal",), documentation="What it wants to reach."),
        CLINICAL_IDENTIFIER,
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
        SearchParameter(
            "intent",
            "token",
            ("intent",),
            system="http://hl7.org/fhir/request-intent",
            documentation="proposal, plan, order or option.",
        ),
        SearchParameter(
            "part-of", "reference", ("partOf",), targets=("CarePlan",), documentation="The plan this is a part of."
        ),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient the plan is for.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "performer",
            "reference",
            ("activity.detail.performer",),
            targets=(
                "CareTeam",
                "Device",
                "HealthcareService",
                "Organization",
                "Patient",
                "Practitioner",
                "PractitionerRole",
                "RelatedPerson",
            ),
            documentation="Who carries out an activity: a supporter, the patient, staff.",
        ),
        SearchParameter(
            "replaces", "reference", ("replaces",), targets=("CarePlan",), documentation="A plan that this replaces."
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/request-status",
            documentation="draft, active, on-hold, revoked, completed, entered-in-error or unknown.",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Group", "Patient"),
            documentation="The patient or group it is for.",
        ),
    ),
    checks=CHECKS,
    names_supporters=True,
    rewrites=REWRITES,
    mandatory=("status", "intent", "subject"),
    summary=(
        "identifier",
        "instantiatesCanonical",
        "instantiatesUri",
        "basedOn",
        "replaces",
        "partOf",
        "status",
        "intent",
        "category",
        "title",
        "description",
        "subject",
        "encounter",
        "period",
        "created",
        "author",
        "addresses",
    ),
)
