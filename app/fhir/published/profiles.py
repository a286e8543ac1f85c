"""Profiles on top of UK Core: a Consent that can be decided on, a supporter, a contact restriction.

https://hl7.org/fhir/R4/profiling.html
"""

from app.fhir.canonical import FLAG_DETAIL
from app.fhir.published import involvement_profiles
from app.fhir.published.head import Resource
from app.fhir.published.profiling import PROFILES, coded, element, profile, slice_
from app.fhir.vocabulary import CONTACT_RESTRICTION, SHARING_SCOPE

__all__ = ["PROFILES", "profiles"]


def profiles() -> list[Resource]:
    """One StructureDefinition for each type that has more rules here than in UK Core."""
    return [_consent(), _supporter(), _flag(), *involvement_profiles.profiles()]


def _consent() -> Resource:
    description = (
        "A decision about telling somebody something, when it is active. A refusal is an active Consent whose "
        "provision denies. Each level of the provision says permit or deny; what cannot be read is refused."
    )
    dated = "The time of the decision. It is not the time of recording: a later decision replaces an earlier one."
    decided = "Who decided: the patient, or on a named legal basis somebody else, and not who recorded it."
    basis = "On what basis: absent or OPTIN, OPTOUT ...: the patient's own. A basis that is not known permits nothing."
    about = "Who may be told (IRCP or PRCP), by reference; CST who tells."
    return profile("Consent", "Sharing consent", description, [
        element("Consent.dateTime", dated, min=1),
        element("Consent.performer", decided),
        element("Consent.policyRule", basis),
        element("Consent.provision", "What is permitted or denied.", min=1),
        element("Consent.provision.type", "permit or deny, at each level.", min=1),
        element("Consent.provision.actor", about),
        coded("Consent.provision.code", "Sharing scopes.", SHARING_SCOPE),
    ])  # fmt: skip


def _supporter() -> Resource:
    description = (
        "Somebody who matters to the patient. Kinship and roles are codings of relationship, each role in a "
        "relationship of its own with its extensions. No role permits telling anything."
    )
    roles = "Kinship (UK Core PersonRelationshipType), or a role of the carer-role CodeSystem."
    return profile("RelatedPerson", "Supporter", description, [
        element("RelatedPerson.relationship", roles),
        element("RelatedPerson.active", "false when the person is no longer a supporter; absent counts as true."),
    ])  # fmt: skip


def _flag() -> Resource:
    description = (
        "Whom the team must keep away from the patient or from information, or that the patient lacks capacity to "
        "decide about sharing."
    )
    whom = "The supporters that a restriction is about."
    detail = slice_("Flag.extension", "detail", FLAG_DETAIL, whom, many=True)
    return profile("Flag", "Contact restriction", description, [
        detail,
        element("Flag.category", "safety, for a restriction."),
        coded("Flag.code", "The restriction.", CONTACT_RESTRICTION),
        element("Flag.period.start", "From when it is in force.", min=1),
        element("Flag.author", "Who found that capacity is lacking: required for that code."),
    ])  # fmt: skip
