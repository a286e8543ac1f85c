"""Who may read a resource at all: a level, from its type, whom it names, and its security labels.

https://hl7.org/fhir/R4/security-labels.html
"""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir import terminology
from app.fhir.canonical import NOT_THE_PATIENTS_DECISION, SHARING_LABEL
from app.fhir.checks.flag import restricts, says_capacity_is_lacking
from app.fhir.definition import ResourceDefinition
from app.fhir.levels import CONFIDENTIAL, PATIENT, STAFF
from app.fhir.masking import contains_people
from app.fhir.references import Found, contained_types, references, type_of
from app.fhir.terminology import CONFIDENTIALITY

_SUPPORTER: Final = "RelatedPerson"
# What takes the scope kith/restrictions to read.
_CONFIDENTIAL: Final = frozenset(
    {(CONFIDENTIALITY, "R"), (CONFIDENTIALITY, "V"), (SHARING_LABEL, "given-in-confidence")}
)


def level(resource: dict[str, Any], definition: ResourceDefinition) -> int:
    """The least level of a client that may read a resource (app/fhir/levels.py)."""
    if confidential(resource) and not _all_staff_must_know(resource):
        return CONFIDENTIAL
    if definition.level >= STAFF or _is_not_the_patients(resource) or contains_people(resource):
        return STAFF
    return max(definition.level, PATIENT) if _may_name_supporters(resource) else definition.level


def confidential(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The labels of a resource that keep it from ordinary staff, so that what is made of it can have them too."""
    labels = resource.get("meta", {}).get("security", ())
    return [label for label in labels if terminology.key(label) in _CONFIDENTIAL]


def _all_staff_must_know(resource: dict[str, Any]) -> bool:
    """A restriction that nobody sees protects nobody: of it only the reason is confidential (app/fhir/masking.py)."""
    return resource["resourceType"] == "Flag" and (restricts(resource) or says_capacity_is_lacking(resource))


def _is_not_the_patients(resource: dict[str, Any]) -> bool:
    """Whether somebody else decided in the patient's place: an override says what they were not to know."""
    return any(one.get("url") == NOT_THE_PATIENTS_DECISION for one in resource.get("modifierExtension", ()))


def _may_name_supporters(resource: dict[str, Any]) -> bool:
    """Whether it refers to a supporter, or by name or identifier alone to somebody who may be one."""
    contained = contained_types(resource)
    return any(_may_be_supporter(found, contained) for found in references(resource))


def _may_be_supporter(found: Found, contained: dict[str, str]) -> bool:
    if _SUPPORTER in found.element.get("reference", ""):
        return True
    named = type_of(found.element, contained)
    return named == _SUPPORTER if named else not found.targets or _SUPPORTER in found.targets
