"""Profiles on top of UK Core: a Consent that can be decided on, a supporter, a contact restriction.

https://hl7.org/fhir/R4/profiling.html
"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir.canonical import BASE, FLAG_DETAIL
from app.fhir.extensions import EXTENSIONS, Extension
from app.fhir.published.head import Resource, head

_UK_CORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
# The profile of each type that has one.
PROFILES: Final = {
    "Consent": f"{BASE}/StructureDefinition/sharing-consent",
    "RelatedPerson": f"{BASE}/StructureDefinition/supporter",
    "Flag": f"{BASE}/StructureDefinition/contact-restriction-flag",
}

Element = dict[str, Any]


def profiles() -> list[Resource]:
    """One StructureDefinition for each type that has more rules here than in UK Core."""
    return [_consent(), _supporter(), _flag()]


def _consent() -> Resource:
    description = (
        "A decision about telling somebody something, when it is active. A refusal is an active Consent whose "
        "provision denies. Each level of the provision says permit or deny; what cannot be read is refused."
    )
    dated = "The time of the decision. It is not the time of recording: a later decision replaces an earlier one."
    decided = "Who decided: the patient, or on a named legal basis somebody else, and not who recorded it."
    basis = "On what basis: absent or OPTIN, OPTOUT ...: the patient's own. A basis that is not known permits nothing."
    about = "Who may be told (IRCP or PRCP), by reference; CST who tells."
    return _profile("Consent", "Sharing consent", description, [
        _element("Consent.dateTime", dated, min=1),
        _element("Consent.performer", decided),
        _element("Consent.policyRule", basis),
        _element("Consent.provision", "What is permitted or denied.", min=1),
        _element("Consent.provision.type", "permit or deny, at each level.", min=1),
        _element("Consent.provision.actor", about),
        _element("Consent.provision.code", "Sharing scopes.") | {
            "binding": {"strength": "extensible", "valueSet": f"{BASE}/ValueSet/sharing-scope"}
        },
    ])  # fmt: skip


def _supporter() -> Resource:
    description = (
        "Somebody who matters to the patient. Kinship and roles are codings of relationship, each role in a "
        "relationship of its own with its extensions. No role permits telling anything."
    )
    roles = "Kinship (UK Core PersonRelationshipType), or a role of the carer-role CodeSystem."
    return _profile("RelatedPerson", "Supporter", description, [
        _element("RelatedPerson.relationship", roles),
        _element("RelatedPerson.active", "false when the person is no longer a supporter; absent counts as true."),
    ])  # fmt: skip


def _flag() -> Resource:
    description = (
        "Whom the team must keep away from the patient or from information, or that the patient lacks capacity to "
        "decide about sharing."
    )
    whom = "The supporters that a restriction is about."
    detail = _slice("Flag.extension", "detail", FLAG_DETAIL, whom, many=True)
    return _profile("Flag", "Contact restriction", description, [
        detail,
        _element("Flag.category", "safety, for a restriction."),
        _element("Flag.code", "The restriction.") | {
            "binding": {"strength": "extensible", "valueSet": f"{BASE}/ValueSet/contact-restriction"}
        },
        _element("Flag.period.start", "From when it is in force.", min=1),
        _element("Flag.author", "Who found that capacity is lacking: required for that code."),
    ])  # fmt: skip


def _profile(type_: str, title: str, description: str, elements: list[Element]) -> Resource:
    slices = [element for extension in EXTENSIONS for element in _slices(type_, extension)]
    url = PROFILES[type_]
    return head("StructureDefinition", url.rpartition("/")[2], title, description) | {
        "fhirVersion": "4.0.1",
        "kind": "resource",
        "abstract": False,
        "type": type_,
        "baseDefinition": f"{_UK_CORE}{type_}",
        "derivation": "constraint",
        "differential": {"element": [{"id": type_, "path": type_}, *slices, *elements]},
    }


def _slices(type_: str, extension: Extension) -> Iterator[Element]:
    for context in extension.contexts:
        if context.split(".")[0] == type_:
            member = "modifierExtension" if extension.modifier else "extension"
            path = f"{context}.{member}"
            yield _slice(path, extension.name, extension.url, extension.description, many=extension.many)


def _slice(path: str, name: str, profile: str, definition: str, *, many: bool) -> Element:
    return {
        "id": f"{path}:{name}",
        "path": path,
        "sliceName": name,
        "definition": definition,
        "min": 0,
        "max": "*" if many else "1",
        "type": [{"code": "Extension", "profile": [profile]}],
    }


def _element(path: str, definition: str, **members: Any) -> Element:
    return {"id": path, "path": path, "definition": definition, **members}
