"""How the profiles of the product are written down. https://hl7.org/fhir/R4/structuredefinition.html"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir.canonical import BASE
from app.fhir.extensions import EXTENSIONS, Extension
from app.fhir.published.head import Resource, head
from app.fhir.vocabulary import CodeSystem

Element = dict[str, Any]

_UK_CORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
_R4: Final = "http://hl7.org/fhir/StructureDefinition/"
# What UK Core has no profile of.
NOT_IN_UK_CORE: Final = frozenset(
    {"RiskAssessment", "AppointmentResponse", "CommunicationRequest", "Goal", "Measure", "MeasureReport"}
)
_NAMES: Final = {
    "Consent": "sharing-consent",
    "RelatedPerson": "supporter",
    "Flag": "contact-restriction-flag",
    "Communication": "supporter-contact",
    "Appointment": "supporter-meeting",
    "CarePlan": "plan-with-supporters",
    "Task": "owed-task",
    "List": "social-map-list",
    "RiskAssessment": "risk-formulation",
    "EpisodeOfCare": "crisis-episode",
    "Encounter": "crisis-encounter",
    "CommunicationRequest": "meeting-invitation",
    "AppointmentResponse": "meeting-answer",
    "QuestionnaireResponse": "carers-view",
    "ServiceRequest": "crisis-referral",
    "Goal": "goal-of-the-patient",
    "Questionnaire": "form-of-the-service",
    "Measure": "involvement-indicator",
    "MeasureReport": "involvement-figure",
}
# The profile of each type that has one.
PROFILES: Final = {type_: f"{BASE}/StructureDefinition/{name}" for type_, name in _NAMES.items()}


def profile(type_: str, title: str, description: str, elements: list[Element]) -> Resource:
    """The StructureDefinition of a type on top of UK Core (else of R4), with the extensions that may stand in it."""
    slices = [one for extension in EXTENSIONS for one in _slices(type_, extension)]
    base = _R4 if type_ in NOT_IN_UK_CORE else _UK_CORE
    return head("StructureDefinition", _NAMES[type_], title, description) | {
        "fhirVersion": "4.0.1",
        "kind": "resource",
        "abstract": False,
        "type": type_,
        "baseDefinition": f"{base}{type_}",
        "derivation": "constraint",
        "differential": {"element": [{"id": type_, "path": type_}, *slices, *elements]},
    }


def element(path: str, definition: str, **members: Any) -> Element:
    """What is said of an element; `min` and `max` how often it is there."""
    return {"id": path, "path": path, "definition": definition, **members}


def coded(path: str, definition: str, system: CodeSystem, **members: Any) -> Element:
    """Likewise, where one of the product's codes is used if one fits."""
    binding = {"strength": "extensible", "valueSet": f"{BASE}/ValueSet/{system.name}"}
    return element(path, definition, **members) | {"binding": binding}


def slice_(path: str, name: str, address: str, definition: str, *, many: bool) -> Element:
    """An extension that may stand there."""
    return {
        "id": f"{path}:{name}",
        "path": path,
        "sliceName": name,
        "definition": definition,
        "min": 0,
        "max": "*" if many else "1",
        "type": [{"code": "Extension", "profile": [address]}],
    }


def _slices(type_: str, extension: Extension) -> Iterator[Element]:
    for context in extension.contexts:
        if context.split(".")[0] == type_:
            member = "modifierExtension" if extension.modifier else "extension"
            path = f"{context}.{member}"
            yield slice_(path, extension.name, extension.url, extension.description, many=extension.many)
