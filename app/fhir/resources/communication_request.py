"""CommunicationRequest: what somebody is to be told or asked. https://hl7.org/fhir/R4/communicationrequest.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

COMMUNICATION_REQUEST: Final = ResourceDefinition(
    type="CommunicationRequest",
    patient="subject",
    documentation=(
        "That somebody is to be rung, written to or told, by whom and when: ring a supporter after the visit, tell "
        "the surgery. Whether the recipient may be told is asked of $check-sharing before it is done; what was said "
        "is a Communication based on this."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter("authored", "date", ("authoredOn",), documentation="When it was asked for."),
        SearchParameter("based-on", "reference", ("basedOn",), documentation="What it follows from."),
        SearchParameter("category", "token", ("category",), documentation="The kind of message."),
        SearchParameter(
            "encounter", "reference", ("encounter",), targets=("Encounter",), documentation="Where it came up."
        ),
        SearchParameter(
            "group-identifier",
            "token",
            ("groupIdentifier",),
            form="identifier",
            documentation="What it was ordered with.",
        ),
        IDENTIFIER,
        SearchParameter("medium", "token", ("medium",), documentation="By telephone, letter, in person ..."),
        SearchParameter("occurrence", "date", ("occurrenceDateTime",), documentation="When it is to be done."),
        SearchParameter(
            "patient", "reference", ("subject",), targets=("Patient",), documentation="The patient it is about."
        ),
        SearchParameter(
            "priority",
            "token",
            ("priority",),
            system="http://hl7.org/fhir/request-priority",
            documentation="routine, urgent, asap or stat.",
        ),
        SearchParameter(
            "recipient",
            "reference",
            ("recipient",),
            targets=(
                "CareTeam",
                "Device",
                "Group",
                "HealthcareService",
                "Organization",
                "Patient",
                "Practitioner",
                "PractitionerRole",
                "RelatedPerson",
            ),
            documentation="Who is to be told.",
        ),
        SearchParameter(
            "replaces",
            "reference",
            ("replaces",),
            targets=("CommunicationRequest",),
            documentation="A request that this replaces.",
        ),
        SearchParameter(
            "requester",
            "reference",
            ("requester",),
            targets=("Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who asked for it.",
        ),
        SearchParameter(
            "sender",
            "reference",
            ("sender",),
            targets=(
                "Device",
                "HealthcareService",
                "Organization",
                "Patient",
                "Practitioner",
                "PractitionerRole",
                "RelatedPerson",
            ),
            documentation="Who is to tell.",
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
            targets=("Group", "Patient"),
            documentation="The patient or group it is about.",
        ),
    ),
    names_supporters=True,
    mandatory=("status",),
    summary=(
        "identifier",
        "basedOn",
        "replaces",
        "groupIdentifier",
        "status",
        "priority",
        "doNotPerform",
        "encounter",
        "occurrence",
        "authoredOn",
        "requester",
        "sender",
        "reasonCode",
        "reasonReference",
    ),
)
