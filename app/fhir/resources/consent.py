"""Consent: what the patient agreed to share, and refused. https://hl7.org/fhir/R4/consent.html"""

from typing import Final

from app.fhir import levels
from app.fhir.canonical import SHARING_SCOPE, own_parameter
from app.fhir.checks.consent import CHECKS, REWRITES
from app.fhir.checks.consent_history import TRANSITIONS
from app.fhir.definition import Kept, ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, COMMON

_ACTORS: Final = (
    "CareTeam",
    "Device",
    "Group",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
)
KEPT: Final = Kept(
    "status", "active", lambda consent: consent.get("status") == "active", "withdraw it (status inactive)"
)

CONSENT: Final = ResourceDefinition(
    type="Consent",
    level=levels.PATIENT,
    patient="patient",
    documentation=(
        "What a patient permits or refuses: who may be told what, for which purpose, from when to when. A sharing "
        "check decides by these records. A decision that was ever in force is kept: it is made inactive, not deleted. "
        "The search parameters look at the root provision only, as FHIR R4 defines them; "
        "any-actor and sharing-scope look at nested provisions too."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter(
            "action", "token", ("provision.action",), documentation="An action that the root provision is about."
        ),
        SearchParameter(
            "actor",
            "reference",
            ("provision.actor.reference",),
            targets=_ACTORS,
            documentation="Whom the root provision is about.",
        ),
        SearchParameter("category", "token", ("category",), documentation="The kind of consent."),
        SearchParameter(
            "consentor",
            "reference",
            ("performer",),
            targets=("Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who made the decision.",
        ),
        SearchParameter(
            "data", "reference", ("provision.data.reference",), documentation="A record the root provision is about."
        ),
        SearchParameter("date", "date", ("dateTime",), documentation="When the decision was made.", url=CLINICAL_DATE),
        CLINICAL_IDENTIFIER,
        SearchParameter(
            "organization",
            "reference",
            ("organization",),
            targets=("Organization",),
            documentation="Custodian of the consent.",
        ),
        SearchParameter(
            "patient",
            "reference",
            ("patient",),
            targets=("Patient",),
            documentation="The patient whose information it is.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter("period", "date", ("provision.period",), documentation="When the root provision holds."),
        SearchParameter(
            "purpose", "token", ("provision.purpose",), documentation="A purpose that the root provision covers."
        ),
        SearchParameter(
            "any-actor",
            "reference",
            ("provision*.actor.reference",),
            targets=_ACTORS,
            documentation="Whom a provision is about, the root or a nested one.",
            url=own_parameter("Consent-any-actor"),
        ),
        SearchParameter(
            "next-review",
            "date",
            ("extension:consent-next-review.valueDateTime",),
            documentation="When to talk about the decision again.",
            url=own_parameter("Consent-next-review"),
        ),
        SearchParameter(
            "sharing-scope",
            "token",
            ("provision*.code.coding",),
            where=("system", SHARING_SCOPE),
            documentation="What a provision is about, the root or a nested one: codes of sharing-scope.",
            url=own_parameter("Consent-sharing-scope"),
        ),
        SearchParameter("scope", "token", ("scope",), documentation="patient-privacy, treatment, research or adr."),
        SearchParameter(
            "security-label",
            "token",
            ("provision.securityLabel",),
            documentation="A security label of the records concerned.",
        ),
        SearchParameter(
            "source-reference",
            "reference",
            ("sourceReference",),
            targets=("Consent", "Contract", "DocumentReference", "QuestionnaireResponse"),
            documentation="The document or form it was taken from.",
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/consent-state-codes",
            documentation="draft, proposed, active, rejected, inactive or entered-in-error.",
        ),
    ),
    checks=CHECKS,
    transitions=TRANSITIONS,
    kept_once=KEPT,
    names_supporters=True,
    rewrites=REWRITES,
    mandatory=("status", "scope", "category"),
    summary=(
        "identifier",
        "status",
        "scope",
        "category",
        "patient",
        "dateTime",
        "performer",
        "organization",
        "source",
        "policyRule",
        "verification",
        "provision",
    ),
)
