"""RelatedPerson: who supports the patient. https://hl7.org/fhir/R4/relatedperson.html"""

from typing import Final

from app.fhir.checks.related_person import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import (
    ACTIVE,
    ADDRESS,
    BIRTHDATE,
    COMMON,
    GENDER,
    IDENTIFIER,
    NAME,
    PHONETIC,
    TELECOM,
)

RELATED_PERSON: Final = ResourceDefinition(
    type="RelatedPerson",
    patient="patient",
    documentation=(
        "Someone who supports a patient, or matters to them: kin or not, carer or not. The relationship holds kinship, "
        "next of kin and caring role as codings of their own, because none of them implies another, and none of them "
        "permits sharing information: that is what a Consent is for."
    ),
    search_parameters=(
        *COMMON,
        ACTIVE,
        *ADDRESS,
        BIRTHDATE,
        *TELECOM,
        GENDER,
        IDENTIFIER,
        NAME,
        SearchParameter(
            "patient",
            "reference",
            ("patient",),
            targets=("Patient",),
            documentation="The patient this person is related to.",
        ),
        PHONETIC,
        SearchParameter(
            "relationship", "token", ("relationship",), documentation="Kinship, next of kin or caring role."
        ),
    ),
    checks=CHECKS,
    kept_for=("Consent", "CareTeam", "Flag"),
    rewrites=REWRITES,
    mandatory=("patient",),
    summary=("identifier", "active", "patient", "relationship", "name", "telecom", "gender", "birthDate", "address"),
)
