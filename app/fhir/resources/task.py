"""Task: what somebody has to do, and whether it is done. https://hl7.org/fhir/R4/task.html"""

from typing import Final

from app.fhir.canonical import own_parameter
from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

_ANYBODY: Final = ("Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson")

TASK: Final = ResourceDefinition(
    type="Task",
    patient="for",
    patient_of_supporter=True,
    documentation=(
        "Something to do for a patient or for one of the patient's supporters, in whose patient's record it is then "
        "kept: ring back, offer a carer's assessment, review an override."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter("authored-on", "date", ("authoredOn",), documentation="When it was asked for."),
        SearchParameter("based-on", "reference", ("basedOn",), documentation="What it was asked for by."),
        SearchParameter(
            "business-status", "token", ("businessStatus",), documentation="How far it is, in local words."
        ),
        SearchParameter("code", "token", ("code",), documentation="What kind of task."),
        SearchParameter(
            "due",
            "date",
            ("restriction.period.end",),
            documentation="By when it is to be done.",
            url=own_parameter("Task-due"),
        ),
        SearchParameter(
            "encounter", "reference", ("encounter",), targets=("Encounter",), documentation="Where it came up."
        ),
        SearchParameter("focus", "reference", ("focus",), documentation="What it is to be done to."),
        SearchParameter(
            "group-identifier",
            "token",
            ("groupIdentifier",),
            form="identifier",
            documentation="What it was ordered with.",
        ),
        IDENTIFIER,
        SearchParameter(
            "intent",
            "token",
            ("intent",),
            system="http://hl7.org/fhir/request-intent",
            documentation="proposal, plan, order ...",
        ),
        SearchParameter("modified", "date", ("lastModified",), documentation="When it last changed."),
        SearchParameter(
            "owner",
            "reference",
            ("owner",),
            targets=("CareTeam", "HealthcareService", *_ANYBODY),
            documentation="Who has to do it.",
        ),
        SearchParameter(
            "part-of", "reference", ("partOf",), targets=("Task",), documentation="A task this is part of."
        ),
        SearchParameter(
            "patient", "reference", ("for",), targets=("Patient",), documentation="The patient it is done for."
        ),
        SearchParameter("performer", "token", ("performerType",), documentation="What kind of person is to do it."),
        SearchParameter("period", "date", ("executionPeriod",), documentation="When it was done."),
        SearchParameter(
            "priority",
            "token",
            ("priority",),
            system="http://hl7.org/fhir/request-priority",
            documentation="routine, urgent, asap or stat.",
        ),
        SearchParameter("requester", "reference", ("requester",), targets=_ANYBODY, documentation="Who asked for it."),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/task-status",
            documentation="draft, requested, accepted, in-progress, completed, cancelled ...",
        ),
        SearchParameter("subject", "reference", ("for",), documentation="Whom it is done for, a supporter among them."),
    ),
    names_supporters=True,
    mandatory=("status", "intent"),
    summary=(
        "instantiatesCanonical",
        "instantiatesUri",
        "basedOn",
        "groupIdentifier",
        "partOf",
        "status",
        "statusReason",
        "businessStatus",
        "intent",
        "code",
        "description",
        "focus",
        "for",
        "encounter",
        "executionPeriod",
        "lastModified",
        "requester",
        "owner",
        "location",
    ),
)
