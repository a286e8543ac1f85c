"""PractitionerRole: what a member of staff does, and for whom. https://hl7.org/fhir/R4/practitionerrole.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks.practitioner_role import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import ACTIVE, COMMON, IDENTIFIER, TELECOM

PRACTITIONER_ROLE: Final = ResourceDefinition(
    type="PractitionerRole",
    level=levels.OPEN,
    documentation=(
        "The role of a Practitioner at an Organization over a period, identified by SDS role profile id: who a member "
        "of staff is when they act, and which team they act for."
    ),
    search_parameters=(
        *COMMON,
        ACTIVE,
        SearchParameter("date", "date", ("period",), documentation="When the role is held."),
        *TELECOM,
        SearchParameter(
            "endpoint", "reference", ("endpoint",), targets=("Endpoint",), documentation="A technical endpoint."
        ),
        IDENTIFIER,
        SearchParameter(
            "location", "reference", ("location",), targets=("Location",), documentation="A place of work."
        ),
        SearchParameter(
            "organization",
            "reference",
            ("organization",),
            targets=("Organization",),
            documentation="Where the role is held.",
        ),
        SearchParameter(
            "practitioner",
            "reference",
            ("practitioner",),
            targets=("Practitioner",),
            documentation="Who holds the role.",
        ),
        SearchParameter("role", "token", ("code",), documentation="The role."),
        SearchParameter(
            "service",
            "reference",
            ("healthcareService",),
            targets=("HealthcareService",),
            documentation="A service provided.",
        ),
        SearchParameter("specialty", "token", ("specialty",), documentation="A specialty."),
    ),
    checks=CHECKS,
    rewrites=REWRITES,
    summary=(
        "identifier",
        "active",
        "period",
        "practitioner",
        "organization",
        "code",
        "specialty",
        "location",
        "telecom",
    ),
)
