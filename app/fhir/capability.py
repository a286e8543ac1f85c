"""The CapabilityStatement, made from the definitions that make the routes: https://hl7.org/fhir/R4/capabilitystatement.html"""

from collections.abc import Iterable, Iterator
from typing import Any

from app.fhir.canonical import BASE
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.operations import OPERATIONS, STANDARD, Operation, Standard
from app.fhir.patch.reading import MEDIA_TYPES as PATCHES
from app.fhir.published.everything import PUBLISHED
from app.fhir.published.profiles import PROFILES
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.fhir.resources.audit_event import INTERACTIONS as READ_ONLY
from app.fhir.resources.common import COMMON
from app.fhir.search import include
from app.fhir.search.compartment import COMPARTMENTS

INTERACTIONS = (
    "read",
    "vread",
    "update",
    "patch",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
)
SYSTEM_INTERACTIONS = ("transaction", "batch", "history-system", "search-system")


def capability_statement(
    definitions: Iterable[ResourceDefinition],
    *,
    base_url: str,
    version: str,
    published: str,
    integrity: bool,
    token_url: str | None = None,
) -> dict[str, Any]:
    """What this service can do: the types it has, and for each the same interactions and its search parameters.

    `published` is the date of the release, `integrity` whether literal references are enforced, `token_url` where
    access tokens are to be had ('': elsewhere; None: none is wanted).
    """
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{BASE}/CapabilityStatement/kith",
        "version": version,
        "name": "Kith",
        "title": "Kith: key supporters, consents and carer roles for crisis teams",
        "status": "active",
        "date": published,
        "publisher": "Kith",
        "description": "Records who supports a patient, what the patient agreed to share, and who does what in a plan.",
        "kind": "instance",
        "software": {"name": "Kith", "version": version},
        "implementation": {"description": "Kith", "url": base_url},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json", "application/json"],
        "patchFormat": list(PATCHES),
        "rest": [_rest(definitions, integrity, token_url)],
    }


def _rest(definitions: Iterable[ResourceDefinition], integrity: bool, token_url: str | None) -> dict[str, Any]:
    compartments = [f"{name[0].lower()}{name[1:]}" for name in COMPARTMENTS]
    return {
        "mode": "server",
        "documentation": "OpenAPI: /openapi.json, and for reading: /docs.",
        **({} if token_url is None else {"security": _security(token_url)}),
        "interaction": [{"code": code} for code in SYSTEM_INTERACTIONS],
        "resource": [*(_resource(definition, integrity) for definition in definitions), *_read_only()],
        "searchParam": [_search_parameter(parameter) for parameter in COMMON],
        "compartment": [f"http://hl7.org/fhir/CompartmentDefinition/{name}" for name in compartments],
    }


def _security(token_url: str) -> dict[str, Any]:
    """https://hl7.org/fhir/smart-app-launch/conformance.html"""
    service = {"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}
    said = {
        "service": [{"coding": [service]}],
        "description": "Everything but this takes an access token with SMART scopes (system/Consent.rs, kith/check).",
    }
    uris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    where = {"url": uris, "extension": [{"url": "token", "valueUri": token_url}]}
    return {"extension": [where], **said} if token_url else said


def _resource(definition: ResourceDefinition, integrity: bool) -> dict[str, Any]:
    shown = {
        "type": definition.type,
        **_profile(definition.type),
        "documentation": definition.documentation,
        "interaction": [{"code": code} for code in INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
        "referencePolicy": ["literal", "logical", *(["enforced"] if integrity else []), "local"],
        "searchInclude": ["*", f"{definition.type}:*", *include.includes(definition)],
        "searchRevInclude": ["*", *include.reverse_includes(definition)],
        "searchParam": [_search_parameter(parameter) for parameter in definition.search_parameters],
    }
    standard = [_operation(each) for each in STANDARD if each.type in ("", definition.type)]
    own = [_operation(each) for each in OPERATIONS if definition.type in each.types]
    return shown | {"operation": [*standard, *own]}


def _operation(operation: Operation | Standard) -> dict[str, str]:
    return {"name": operation.name, "definition": operation.definition, "documentation": operation.documentation}


def _read_only() -> Iterator[dict[str, Any]]:
    """What the service makes itself can be read, and not written."""
    for definition in (AUDIT_EVENT, *PUBLISHED.values()):
        yield {
            "type": definition.type,
            **_profile(definition.type),
            "documentation": definition.documentation,
            "interaction": [{"code": code} for code in READ_ONLY],
            "searchParam": [_search_parameter(parameter) for parameter in definition.search_parameters],
            **({"operation": standard} if (standard := _standard(definition.type)) else {}),
        }


def _profile(type_: str) -> dict[str, list[str]]:
    return {"supportedProfile": [PROFILES[type_]]} if type_ in PROFILES else {}


def _standard(type_: str) -> list[dict[str, str]]:
    return [_operation(each) for each in STANDARD if each.type == type_]


def _search_parameter(parameter: SearchParameter) -> dict[str, Any]:
    shown = {"name": parameter.name, "type": parameter.fhir_type}
    if parameter.url:
        shown["definition"] = parameter.url
    if parameter.documentation:
        shown["documentation"] = parameter.documentation
    return shown
