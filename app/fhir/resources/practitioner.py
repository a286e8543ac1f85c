"""Practitioner: a member of staff. https://hl7.org/fhir/R4/practitioner.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks.practitioner import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import (
    ACTIVE,
    ADDRESS,
    COMMON,
    FAMILY,
    GENDER,
    GIVEN,
    IDENTIFIER,
    NAME,
    PHONETIC,
    TELECOM,
)

PRACTITIONER: Final = ResourceDefinition(
    type="Practitioner",
    level=levels.OPEN,
    documentation=(
        "A member of staff who records, decides or takes part: identified by SDS user id or professional registration. "
        "What they do for which organisation is a PractitionerRole."
    ),
    search_parameters=(
        *COMMON,
        ACTIVE,
        *ADDRESS,
        SearchParameter(
            "communication", "token", ("communication",), documentation="A language the practitioner can use."
        ),
        *TELECOM,
        FAMILY,
        GENDER,
        GIVEN,
        IDENTIFIER,
        NAME,
        PHONETIC,
    ),
    checks=CHECKS,
    rewrites=REWRITES,
    summary=("identifier", "active", "name", "telecom", "address", "gender", "birthDate"),
)
