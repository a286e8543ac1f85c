"""All that is published, by type and id, and how it is searched."""

from functools import cache
from typing import Final
from zlib import crc32

from app import RELEASED
from app.fhir import json
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.published.extensions import extensions
from app.fhir.published.head import Resource
from app.fhir.published.measures import measures
from app.fhir.published.operations import operations
from app.fhir.published.profiles import profiles
from app.fhir.published.search_parameters import search_parameters
from app.fhir.published.terminology import terminology
from app.fhir.resources.common import COMMON

_STATUS: Final = "http://hl7.org/fhir/publication-status"
_CONFORMANCE: Final = "http://hl7.org/fhir/SearchParameter/conformance-"
_TYPES: Final = {
    "CodeSystem": "The product's own codes, with what each means.",
    "ValueSet": "All codes of each of the product's code systems, for bindings.",
    "ConceptMap": "Which resource types hold what a sharing scope is about.",
    "StructureDefinition": "The product's extensions, and its profiles on top of UK Core.",
    "Measure": "The indicators of how supporters are involved, in plain words.",
    "OperationDefinition": "The product's operations.",
    "SearchParameter": "The search parameters that FHIR does not define.",
}
# Types whose search parameters the others do not share.
_OF_THEIR_OWN: Final = ("Measure", "SearchParameter")
# What FHIR demands of a type beyond that: a part of a resource has it too.
_MANDATORY: Final = {
    "CodeSystem": ("content",),
    "OperationDefinition": ("kind", "code", "system", "type", "instance"),
    "SearchParameter": ("description", "code", "base", "type"),
    "StructureDefinition": ("kind", "abstract", "type", "baseDefinition", "context"),
}


def _definition(type_: str, documentation: str) -> ResourceDefinition:
    home = f"http://hl7.org/fhir/SearchParameter/{type_}-" if type_ in _OF_THEIR_OWN else _CONFORMANCE
    return ResourceDefinition(
        type=type_,
        documentation=f"{documentation} Made from the code of this release, to be read and not written.",
        search_parameters=(
            *(parameter for parameter in COMMON if parameter.name == "_id"),
            SearchParameter("name", "string", ("name",), url=f"{home}name", documentation="Its name for programs."),
            SearchParameter(
                "status",
                "token",
                ("status",),
                system=_STATUS,
                url=f"{home}status",
                documentation="active, all.",
            ),
            SearchParameter("url", "uri", ("url",), url=f"{home}url", documentation="Its canonical address."),
        ),
        mandatory=("url", "name", "status", *_MANDATORY.get(type_, ())),
        summary=("url", "version", "name", "title", "status", "date", "publisher"),
    )


PUBLISHED: Final = {type_: _definition(type_, words) for type_, words in _TYPES.items()}


@cache
def published(type_: str) -> dict[str, Resource]:
    """The published resources of one type, by id, in alphabetical order."""
    everything = [*terminology(), *extensions(), *profiles(), *operations(), *search_parameters(), *measures()]
    found = {resource["id"]: _versioned(resource) for resource in everything if resource["resourceType"] == type_}
    return dict(sorted(found.items()))


def version(resource: Resource) -> int:
    """A number that changes when the resource does: whoever has that version has this resource."""
    return int(resource["meta"]["versionId"])


def _versioned(resource: Resource) -> Resource:
    # The audit trail keeps versions in 31 bits.
    meta = {"versionId": str(crc32(json.dumps(resource)) >> 1), "lastUpdated": f"{RELEASED}T00:00:00.000Z"}
    return {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta} | resource
