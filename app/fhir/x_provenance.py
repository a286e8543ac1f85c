"""The header X-Provenance: a Provenance without target, for what the request writes.

https://hl7.org/fhir/R4/provenance.html#header
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from app.fhir import issues, json
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest, FhirError, Invalid
from app.fhir.parse import received
from app.fhir.resources.provenance import PROVENANCE

NAME: Final = "X-Provenance"
# Stands for the target while the rest is looked at.
_WHAT_IS_WRITTEN: Final = [{"display": "what the request writes"}]


def sent(headers: Sequence[bytes], rules: Rules) -> dict[str, Any]:
    """The Provenance in the one header that there may be. Raises BadRequest, Invalid naming the place."""
    if len(headers) != 1:
        raise BadRequest(f"{NAME} may be sent once.", spine="INVALID_VALUE")
    try:
        provenance = json.loads(headers[0])
        if isinstance(provenance, dict) and "target" in provenance:
            text = "is what the request writes, which the service fills in: leave it out"
            raise Invalid(issues=(issues.rule("Provenance.target", f"Provenance.target {text}."),))
        parsed = received(_with_target(provenance), PROVENANCE, rules, new=True)
    except FhirError as refusal:
        refusal.issues = tuple(replace(one, diagnostics=f"{NAME}: {one.diagnostics}") for one in refusal.issues)
        raise
    return parsed.resource


def about(provenance: dict[str, Any], name: str, version: int, patient: str) -> dict[str, Any]:
    """The Provenance of a version of the resource of this name, in the record of the patient of this key ('': none)."""
    record = [{"reference": f"Patient/{patient}"}] if patient and name != f"Patient/{patient}" else []
    return {**provenance, "target": [*record, {"reference": f"{name}/_history/{version}"}]}


def _with_target(provenance: Any) -> Any:
    return {**provenance, "target": _WHAT_IS_WRITTEN} if isinstance(provenance, dict) else provenance
