"""Whose record it is: what names its patient by nothing that is known here is in no record, and no check finds it.

A decision or restriction that nobody would find protects nobody, so it is turned away. Of other records it is said.
How a patient is named: app/fhir/links.py; https://hl7.org/fhir/R4/references.html
"""

from typing import Any, Final

from app.fhir import issues, nhs_number
from app.fhir.checks.flag import protects
from app.fhir.checks.speaking import speaks
from app.fhir.definition import ResourceDefinition, Rules
from app.fhir.errors import Issue

_NAME: Final = f"Name the patient by NHS number (an identifier of the system {nhs_number.SYSTEM}) or as Patient/[id]."


def is_somebodys(resource: dict[str, Any], definition: ResourceDefinition, rules: Rules) -> list[Issue]:
    """An issue where the patient is named by neither: an error where that would take a protection, else a warning.

    A reference to another address, or to what is no Patient, is meant so; what binds is looked at again when written.
    """
    if not definition.is_kept_by_subject or definition.one_record:
        return []
    path, named = f"{definition.type}.{definition.patient}", resource.get(str(definition.patient))
    if named is None or not _leads_nowhere(named):
        return []
    if binds(resource, rules):
        return [unbound(path)]
    text = f"{path} names nobody whose record is here: it is stored in no patient's record. {_NAME}"
    return [issues.warning(issues.value(path, text))]


def binds(resource: dict[str, Any], rules: Rules) -> bool:
    """Whether this is what a check goes by."""
    match resource["resourceType"]:
        case "Consent":
            return speaks(resource, rules)
        case type_:
            return type_ == "Flag" and protects(resource)


def unbound(path: str) -> Issue:
    """What refuses that, where the element at `path` leads to nobody's record."""
    return issues.value(path, f"{path} names nobody whose record is here, so this would bind nobody. {_NAME}")


def _leads_nowhere(reference: dict[str, Any]) -> bool:
    if reference.get("type", "Patient") != "Patient" or not reference.get("reference", "#").startswith("#"):
        return False
    identifier = reference.get("identifier", {})
    return identifier.get("system") != nhs_number.SYSTEM or "value" not in identifier
