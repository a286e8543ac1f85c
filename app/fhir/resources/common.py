"""The search parameters that every resource type has, and those that the people and places share.

https://hl7.org/fhir/R4/search.html#all, https://hl7.org/fhir/R4/searchparameter-registry.html
"""

from dataclasses import replace
from typing import Final

from app.fhir.definition import SEARCH_PARAMETERS as SP
from app.fhir.definition import SearchParameter

COMMON: Final = (
    SearchParameter("_id", "token", ("id",), url=f"{SP}Resource-id", documentation="The id of the resource."),
    SearchParameter(
        "_lastUpdated",
        "date",
        ("meta.lastUpdated",),
        url=f"{SP}Resource-lastUpdated",
        documentation="When this version was stored.",
    ),
    SearchParameter("_tag", "token", ("meta.tag",), url=f"{SP}Resource-tag", documentation="A tag in meta."),
    SearchParameter(
        "_profile",
        "uri",
        ("meta.profile",),
        url=f"{SP}Resource-profile",
        documentation="A profile the resource claims to conform to.",
    ),
    SearchParameter(
        "_security",
        "token",
        ("meta.security",),
        url=f"{SP}Resource-security",
        documentation="A security label in meta.",
    ),
    SearchParameter(
        "_source",
        "uri",
        ("meta.source",),
        url=f"{SP}Resource-source",
        documentation="Where the resource came from.",
    ),
)

IDENTIFIER: Final = SearchParameter(
    "identifier",
    "token",
    ("identifier",),
    form="identifier",
    documentation="A business identifier: system|value. Spaces in NHS numbers are ignored.",
)
ACTIVE: Final = SearchParameter("active", "token", ("active",), documentation="Whether the record is in use.")

ADDRESS: Final = (
    SearchParameter(
        "address",
        "string",
        ("address",),
        documentation="Any line or part of an address, without its use.",
        url=f"{SP}individual-address",
    ),
    SearchParameter(
        "address-city",
        "string",
        ("address.city",),
        documentation="Town or city of an address.",
        url=f"{SP}individual-address-city",
    ),
    SearchParameter(
        "address-country",
        "string",
        ("address.country",),
        documentation="Country of an address.",
        url=f"{SP}individual-address-country",
    ),
    SearchParameter(
        "address-postalcode",
        "string",
        ("address.postalCode",),
        documentation="Postcode of an address.",
        url=f"{SP}individual-address-postalcode",
    ),
    SearchParameter(
        "address-state",
        "string",
        ("address.state",),
        documentation="State or county of an address.",
        url=f"{SP}individual-address-state",
    ),
    SearchParameter(
        "address-use",
        "token",
        ("address.use",),
        system="http://hl7.org/fhir/address-use",
        documentation="What an address is used for (home, work, temp ...).",
        url=f"{SP}individual-address-use",
    ),
)

_EMAIL = ("system", "email")
_PHONE = ("system", "phone")
TELECOM: Final = (
    SearchParameter(
        "email",
        "token",
        ("telecom",),
        where=_EMAIL,
        form="contact",
        documentation="An email address, whatever its case.",
        url=f"{SP}individual-email",
    ),
    SearchParameter(
        "phone",
        "token",
        ("telecom",),
        where=_PHONE,
        form="contact",
        documentation="A phone number, however it is spaced.",
        url=f"{SP}individual-phone",
    ),
    SearchParameter(
        "telecom",
        "token",
        ("telecom",),
        form="contact",
        documentation="A contact of any kind.",
        url=f"{SP}individual-telecom",
    ),
)

GENDER: Final = SearchParameter(
    "gender",
    "token",
    ("gender",),
    system="http://hl7.org/fhir/administrative-gender",
    documentation="Administrative gender.",
    url=f"{SP}individual-gender",
)
BIRTHDATE: Final = SearchParameter(
    "birthdate", "date", ("birthDate",), documentation="Date of birth.", url=f"{SP}individual-birthdate"
)
NAME: Final = SearchParameter(
    "name",
    "string",
    ("name",),
    form="name",
    documentation="The beginning of any word of a name: of family, given, prefix, suffix or text.",
)
FAMILY: Final = SearchParameter(
    "family",
    "string",
    ("name.family",),
    form="name",
    documentation="Family name, or one of several: Quinones finds Carreno Quinones.",
    url=f"{SP}individual-family",
)
GIVEN: Final = SearchParameter(
    "given",
    "string",
    ("name.given",),
    form="name",
    documentation="A given name.",
    url=f"{SP}individual-given",
)
PHONETIC: Final = SearchParameter(
    "phonetic",
    "string",
    ("name",),
    form="phonetic",
    documentation="A name that sounds like this (Metaphone).",
    url=f"{SP}individual-phonetic",
)


# The official definitions of some parameters are shared by the clinical types.
CLINICAL_IDENTIFIER: Final = replace(IDENTIFIER, url=f"{SP}clinical-identifier")
CLINICAL_DATE: Final = f"{SP}clinical-date"
CLINICAL_PATIENT: Final = f"{SP}clinical-patient"
CLINICAL_ENCOUNTER: Final = f"{SP}clinical-encounter"
CLINICAL_CODE: Final = f"{SP}clinical-code"
CLINICAL_TYPE: Final = f"{SP}clinical-type"
