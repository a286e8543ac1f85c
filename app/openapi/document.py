"""The whole document: https://spec.openapis.org/oas/v3.1.0.html"""

from collections.abc import Sequence
from typing import Any

from app.fhir.capability import capability_statement
from app.fhir.definition import ResourceDefinition
from app.openapi import (
    administration,
    answers,
    audit_events,
    authzen,
    bundles,
    cds_hooks,
    checks,
    contacts,
    episodes,
    fhir_operations,
    measures,
    oauth,
    parameters,
    places,
    published,
    security,
    service,
    short_paths,
    social_map,
    team_gaps,
    worklists,
)
from app.openapi.operations import TypeOperations
from app.openapi.samples import ROOT
from app.openapi.scenarios import Scenarios
from app.openapi.schemas import schemas

_SUMMARY = "Who supports a patient in crisis, what may be shared with them, and what each does"
_DESCRIPTION = """\
Kith records who supports a patient in a mental health crisis, what the patient agreed to share with each of them, and \
what each does in the plan: FHIR R4 (4.0.1) with the conventions of UK Core and the NHS.

**Patients** are named by `Patient/<id>`, by NHS number \
(`{"type": "Patient", "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": ...}}`) or by their PDS \
address; all three name the same patient. **Errors** are OperationOutcomes that list every issue with the place it is \
at; a method that a path does not have is answered 405, with those it has in `Allow`. **Versions** are in `ETag` and \
`meta.versionId`; send `If-Match` with an update so that nobody's change is lost. An acknowledged write is kept, and \
found by the next search. **Tokens**: everything but what is about the service itself takes one; each operation takes \
its SMART scopes.

The examples can be tried on a service that holds the demo, in the order of this document: examples of one name belong \
together. NHS numbers, people and telephone numbers in them are made up.
"""


def build(definitions: Sequence[ResourceDefinition], version: str, released: str) -> dict[str, Any]:
    """The OpenAPI document of a service with these resource types, its version and the date of its release."""
    statement = capability_statement(definitions, base_url=ROOT, version=version, published=released, integrity=True)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kith", "version": version, "summary": _SUMMARY, "description": _DESCRIPTION},
        "servers": [{"url": "/", "description": "The service that this document came from."}],
        "tags": _tags(definitions),
        "security": security.REQUIREMENT,
        "paths": security.secured(_looks() | _records(definitions) | _doors() | _service(version, statement)),
        "components": _components(definitions),
    }


def _tags(definitions: Sequence[ResourceDefinition]) -> list[dict[str, Any]]:
    """In the order in which /docs shows them: first what no other service has."""
    return [
        *(checks.TAG, contacts.TAG, worklists.TAG, measures.TAG, authzen.TAG, cds_hooks.TAG),
        *({"name": each.type, "description": each.documentation} for each in definitions),
        *(fhir_operations.TAG, audit_events.TAG),
        *published.tags(),
        {"name": "Service", "description": "What the service can do, and how it is."},
    ]


def _looks() -> dict[str, Any]:
    """What is told of the demo as it is: it comes first, since the examples of other paths add to the records."""
    return episodes.paths() | team_gaps.paths() | social_map.paths() | worklists.paths()


def _records(definitions: Sequence[ResourceDefinition]) -> dict[str, Any]:
    """The interactions of FHIR, and what it says of operations and reports."""
    types = {
        path: item
        for number, definition in enumerate(definitions)
        for path, item in TypeOperations(definition, Scenarios(definition, number)).paths()
    }
    everywhere = published.paths() | bundles.paths() | places.paths() | fhir_operations.paths()
    return types | everywhere | measures.paths() | audit_events.paths()


def _doors() -> dict[str, Any]:
    """The doors to the sharing decision; the short paths come last, since they change what the others answer."""
    return checks.paths() | authzen.paths() | cds_hooks.paths() | contacts.paths() | short_paths.paths()


def _service(version: str, statement: dict[str, Any]) -> dict[str, Any]:
    return oauth.paths() | administration.paths() | service.paths(version, statement)


def _components(definitions: Sequence[ResourceDefinition]) -> dict[str, Any]:
    others = ("AuditEvent", "Bundle", "OperationOutcome", "Parameters", "CapabilityStatement")
    roots = (*(each.type for each in definitions), *others)
    return {
        "schemas": schemas((*roots, "instant", "id"))
        | {"PingAnswer": service.PING, "StatusAnswer": service.STATUS}
        | authzen.SCHEMAS
        | oauth.SCHEMAS
        | administration.SCHEMAS
        | cds_hooks.SCHEMAS,
        "parameters": parameters.COMMON,
        "headers": answers.HEADERS,
        "responses": answers.errors(),
        "securitySchemes": security.SCHEMES,
    }
