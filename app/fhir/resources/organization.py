"""Organization: trusts, teams and services. https://hl7.org/fhir/R4/organization.html"""

from dataclasses import replace
from typing import Final

from app.fhir import levels
from app.fhir.checks.organization import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import ACTIVE, ADDRESS, COMMON, IDENTIFIER

ORGANIZATION: Final = ResourceDefinition(
    type="Organization",
    level=levels.OPEN,
    documentation=(
        "A trust, team, practice, council or charity, identified by ODS code where it has one. Records refer to it as "
        "custodian, author, or a party that may be told something."
    ),
    search_parameters=(
        *COMMON,
        ACTIVE,
        *(replace(parameter, url="") for parameter in ADDRESS),
        SearchParameter(
            "endpoint", "reference", ("endpoint",), targets=("Endpoint",), documentation="A technical endpoint."
        ),
        IDENTIFIER,
        SearchParameter("name", "string", ("name", "alias"), documentation="The name, or another name it is known by."),
        SearchParameter(
            "partof",
            "reference",
            ("partOf",),
            targets=("Organization",),
            documentation="The organisation this is a part of.",
        ),
        SearchParameter(
            "phonetic",
            "string",
            ("name",),
            form="phonetic",
            documentation="A name that sounds like this (Metaphone).",
        ),
        SearchParameter("type", "token", ("type",), documentation="The kind of organisation."),
    ),
    checks=CHECKS,
    rewrites=REWRITES,
    summary=("identifier", "active", "type", "name", "partOf"),
)
