"""Patient: whom the record is about. https://hl7.org/fhir/R4/patient.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks.patient import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import (
    ACTIVE,
    ADDRESS,
    BIRTHDATE,
    COMMON,
    FAMILY,
    GENDER,
    GIVEN,
    IDENTIFIER,
    NAME,
    PHONETIC,
    TELECOM,
)

PATIENT: Final = ResourceDefinition(
    type="Patient",
    level=levels.OPEN,
    documentation=(
        "The person a record is kept for. Kith holds identity only - NHS number, names, what is needed to recognise "
        "the person - and the Personal Demographics Service stays the owner of demographics. There is one Patient "
        "per NHS number; a write that names an unknown NHS number makes a minimal one, tagged as unverified."
    ),
    search_parameters=(
        *COMMON,
        ACTIVE,
        *ADDRESS,
        BIRTHDATE,
        SearchParameter("death-date", "date", ("deceasedDateTime",), documentation="Date of death, where it is known."),
        SearchParameter(
            "deceased",
            "token",
            ("deceasedBoolean", "deceasedDateTime"),
            form="flag",
            documentation="Whether the patient is known to have died; false also when nothing is recorded.",
        ),
        *TELECOM,
        FAMILY,
        GENDER,
        SearchParameter(
            "general-practitioner",
            "reference",
            ("generalPractitioner",),
            targets=("Organization", "Practitioner", "PractitionerRole"),
            documentation="The patient's registered GP or practice.",
        ),
        GIVEN,
        IDENTIFIER,
        SearchParameter(
            "language", "token", ("communication.language",), documentation="A language the patient can use."
        ),
        SearchParameter(
            "link",
            "reference",
            ("link.other",),
            targets=("Patient", "RelatedPerson"),
            documentation="Another record of the same person, such as the one this is replaced by.",
        ),
        NAME,
        SearchParameter(
            "organization",
            "reference",
            ("managingOrganization",),
            targets=("Organization",),
            documentation="The organisation that looks after this record.",
        ),
        PHONETIC,
    ),
    checks=CHECKS,
    rewrites=REWRITES,
    summary=(
        "identifier",
        "active",
        "name",
        "telecom",
        "gender",
        "birthDate",
        "deceased",
        "address",
        "managingOrganization",
        "link",
    ),
)
