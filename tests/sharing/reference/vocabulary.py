"""The codes that the page of the sharing decision names, and the tables it refers to."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.fhir.canonical import BASE
from app.sharing.scope_types import TYPES

Json = Any

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
PARTICIPATION = f"{TERMINOLOGY}v3-ParticipationType"
ROLE_CODE = f"{TERMINOLOGY}v3-RoleCode"
ACT_CODE = f"{TERMINOLOGY}v3-ActCode"
ACT_REASON = f"{TERMINOLOGY}v3-ActReason"
CONFIDENTIALITY = f"{TERMINOLOGY}v3-Confidentiality"
CONSENT_SCOPE = f"{TERMINOLOGY}consentscope"
CONSENT_ACTION = f"{TERMINOLOGY}consentaction"
RESOURCE_TYPES = "http://hl7.org/fhir/resource-types"
PROXY_BASIS = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
FLAG_DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"


def own(name: str) -> str:
    return f"{BASE}/CodeSystem/{name}"


def url(name: str) -> str:
    return f"{BASE}/StructureDefinition/{name}"


SHARING_SCOPE = own("sharing-scope")
SHARING_LABEL = own("sharing-label")
CARER_ROLE = own("carer-role")
CONTACT_RESTRICTION = own("contact-restriction")
LEGAL_BASIS = own("legal-basis")
CARE_TEAM_CATEGORY = own("care-team-category")

SCOPES = (
    "service-contact",
    "make-contact",
    "condition-information",
    "medication",
    "care-plan",
    "safety-plan",
    "relapse-signature",
    "risk-to-self",
    "risk-to-others",
    "appointments",
    "meetings",
    "whereabouts",
    "legal-status",
    "substance-use",
    "sensitive-history",
)
NAMED_ONLY = frozenset({"sensitive-history", "substance-use"})
YOUNG = frozenset({"risk-to-self", "risk-to-others", "substance-use", "sensitive-history"})
RISK = frozenset({"risk-to-self", "risk-to-others"})
WHEREABOUTS = frozenset({"whereabouts", "appointments", "meetings", "service-contact", "make-contact", "legal-status"})
CHILD_ROLES = frozenset({"young-carer", "child-in-household", "visiting-child"})
CONDITIONS = frozenset({"verbal-only", "with-patient-present", "no-letters"})
WISHES = frozenset({"no-contact-patient-wish", "no-contact-supporter-wish", "listen-only"})
LACKS_CAPACITY = "lacks-capacity-information-sharing"
RECIPIENT_ROLES = frozenset(
    {(PARTICIPATION, "IRCP"), (PARTICIPATION, "PRCP"), (ROLE_CODE, "GRANTEE"), (ROLE_CODE, "DELEGATEE")}
)
DISCLOSER_ROLES = frozenset({(PARTICIPATION, "CST")})
OVERRIDE_REASONS = frozenset({"risk-to-others", "safeguarding", "legal-duty", "risk-to-self"})
CAPACITY_VIEWS = frozenset({"has-capacity", "lacks-capacity", "in-doubt"})
ORDER_OF_CONFIDENTIALITY = "ULMNRV"
STILL_ALLOWED = ("listen", "general-information", "what-they-already-know", "carers-assessment-right")

DEFAULT_PURPOSES = frozenset({"TREAT", "COC", "PATRQT", "FAMRQT", "SUPNWK"})
# v3-ActReason: what each code specialises.
PARENT_PURPOSE = {
    "TREAT": "PurposeOfUse",
    "COC": "TREAT",
    "ETREAT": "TREAT",
    "BTG": "ETREAT",
    "ERTREAT": "ETREAT",
    "PATRQT": "PurposeOfUse",
    "FAMRQT": "PATRQT",
    "PWATRNY": "PATRQT",
    "SUPNWK": "PATRQT",
    "HPAYMT": "PurposeOfUse",
    "HOPERAT": "PurposeOfUse",
    "HRESCH": "PurposeOfUse",
    "HMARKT": "PurposeOfUse",
    "PUBHLTH": "PurposeOfUse",
    "THREAT": "PUBHLTH",
}

OWN_BASES = frozenset(
    {(PROXY_BASIS, "consent"), (ACT_CODE, "OPTIN"), (ACT_CODE, "OPTINR"), (ACT_CODE, "OPTOUT"), (ACT_CODE, "OPTOUTE")}
)
NAMED_BASES = {
    (LEGAL_BASIS, "advance-statement"): "advance-statement",
    (LEGAL_BASIS, "safety-override"): "safety-override",
    (PROXY_BASIS, "best-interest"): "best-interest",
    (PROXY_BASIS, "health-and-welfare-lasting-power-of-attorney"): "attorney",
    (PROXY_BASIS, "court-appointed-personal-welfare-deputy"): "deputy",
    (PROXY_BASIS, "parental-responsibility"): "parental-responsibility",
}

# "the published scope-to-types table": not on the page, so taken as the service publishes it.
TYPES_OF_SCOPE: Mapping[str, frozenset[str]] = TYPES
# "or from type and category by a published table (CarePlan, Appointment ...)": likewise.
SCOPE_OF_TYPE = {"Appointment": "appointments", "CarePlan": "care-plan"}


def key(coding: Json) -> tuple[str, str]:
    """System and code, "both spellings of terminology.hl7.org"."""
    system = coding.get("system") or ""
    if system.startswith("https://terminology.hl7.org/"):
        system = "http://" + system.removeprefix("https://")
    return system, coding.get("code") or ""


def keys(concept: Json) -> set[tuple[str, str]]:
    """All codings of a CodeableConcept; one without system matches nothing."""
    found = {key(coding) for coding in (concept or {}).get("coding") or () if coding}
    return {(system, code) for system, code in found if system}


def extensions(element: Json, name: str) -> Iterator[Json]:
    """The extensions of an element with this address or own name."""
    address = name if "://" in name else url(name)
    for extension in (element or {}).get("extension") or ():
        if extension and extension.get("url") == address:
            yield extension


def is_modified(content: Json) -> bool:
    """'what cannot be read ... never permits': what changes its meaning, and is not known to anybody here."""
    return bool(content.get("modifierExtension") or content.get("implicitRules"))
