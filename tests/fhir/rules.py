"""The rules that tests judge by, and the one-line way to judge."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.fhir import json
from app.fhir.definition import ResourceDefinition, Rules
from app.fhir.errors import FhirError, Issue
from app.fhir.parse import parse
from app.fhir.resources import BY_TYPE

DATA = Path(__file__).parents[2].parent / "shared" / "data"
STRICT = Rules(now=datetime(2026, 11, 22, 12, tzinfo=UTC))
LOOSE = STRICT._replace(computable_consents=False, check_nhs_numbers=False)


def issues(resource: dict[str, Any], rules: Rules = STRICT) -> tuple[Issue, ...]:
    """All that is said of a resource, refused or not."""
    definition = BY_TYPE.get(resource["resourceType"]) or ResourceDefinition(resource["resourceType"], ())
    try:
        return parse(json.dumps(resource), definition, rules).warnings
    except FhirError as error:
        return error.issues


def where(resource: dict[str, Any], rules: Rules = STRICT) -> list[str]:
    """The expressions of all that is wrong with a resource."""
    return [issue.expression for issue in issues(resource, rules) if issue.severity == "error"]


def kept(body: bytes) -> bytes:
    """What is kept of a resource as it was sent: all but what the service assigns."""
    resource = json.loads(body)
    meta = resource.get("meta", {})
    for assigned in {"versionId", "lastUpdated"} & meta.keys():
        del meta[assigned]
        if not meta:
            del resource["meta"]
    return json.dumps(resource)
