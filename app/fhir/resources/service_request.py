"""ServiceRequest: a referral, or a service that is asked for. https://hl7.org/fhir/R4/servicerequest.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_CODE, CLINICAL_ENCOUNTER, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, COMMON

SERVICE_REQUEST: Final = ResourceDefinition(
    type="ServiceRequest",
    patient="subject",
    documentation=(
        "A referral to the team or by it, or a service that is asked for: crisis assessment, home treatment, an "
        "assessment under the Mental Health Act, a carer's assessment. It says who asks, a supporter perhaps, and who "
        "is to do it."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter("authored", "date", ("authoredOn",), documentation="When it was signed."),
        SearchParameter(
            "based-on",
            "reference",
            ("basedOn",),
            targets=("CarePlan", "MedicationRequest", "ServiceRequest"),
            documentation="What it follows from.",
        ),
        SearchParameter("body-site", "token", ("bodySite",), documentation="A place of the body."),
        SearchParameter("category", "token", ("category",), documentation="The kind of service."),
        SearchParameter("code", "token", ("code",), documentation="What is asked for.", url=CLINICAL_CODE),
        SearchParameter(
            "encounter",
            "reference",
            ("encounter",),
            targets=("Encounter", "EpisodeOfCare"),
            documentation="Where it was made.",
            url=CLINICAL_ENCOUNTER,
        ),
        CLINICAL_IDENTIFIER,
        SearchParameter(
            "instantiates-canonical",
            "reference",
            ("instantiatesCanonical",),
            targets=("ActivityDefinition", "PlanDefinition"),
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
            documentation="proposal, plan, directive, order ...",
        ),
        SearchParameter(
            "occurrence",
            "date",
            ("occurrenceDateTime", "occurrencePeriod", "occurrenceTiming"),
            documentation="When it is to be done.",
        ),
        SearchParameter("order-detail", "token", ("orderDetail",), documentation="What else is asked for, in codes."),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient it is for.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "performer",
            "reference",
            ("performer",),
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
            documentation="Who is asked to do it.",
        ),
        SearchParameter(
            "performer-type", "token", ("performerType",), documentation="What kind of person is to do it."
        ),
        SearchParameter(
            "priority",
            "token",
            ("priority",),
            system="http://hl7.org/fhir/request-priority",
            documentation="routine, urgent, asap or stat.",
        ),
        SearchParameter(
            "replaces",
            "reference",
            ("replaces",),
            targets=("ServiceRequest",),
            documentation="A request that this replaces.",
        ),
        SearchParameter(
            "requester",
            "reference",
            ("requester",),
            targets=("Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who asks for it.",
        ),
        SearchParameter(
            "requisition", "token", ("requisition",), form="identifier", documentation="What it was ordered with."
        ),
        SearchParameter(
            "specimen", "reference", ("specimen",), targets=("Specimen",), documentation="A specimen it is about."
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/request-status",
            documentation="draft, active, on-hold, revoked, completed ...",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Device", "Group", "Location", "Patient"),
            documentation="The patient, group, place or device it is for.",
        ),
    ),
    names_supporters=True,
    mandatory=("status", "intent", "subject"),
    summary=(
        "identifier",
        "instantiatesCanonical",
        "instantiatesUri",
        "basedOn",
        "replaces",
        "requisition",
        "status",
        "intent",
        "category",
        "priority",
        "doNotPerform",
        "code",
        "orderDetail",
        "quantity",
        "subject",
        "encounter",
        "occurrence",
        "asNeeded",
        "authoredOn",
        "requester",
        "performerType",
        "performer",
        "locationCode",
        "locationReference",
        "reasonCode",
        "reasonReference",
        "specimen",
        "bodySite",
        "patientInstruction",
    ),
)
