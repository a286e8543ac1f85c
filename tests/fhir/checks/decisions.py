"""Consents on every basis, complete; tests leave something out."""

from typing import Any

from app.fhir.canonical import BASE

Members = dict[str, Any]

HL7 = "http://terminology.hl7.org/CodeSystem"
PROXY = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
MARK = {"url": f"{BASE}/StructureDefinition/not-the-patients-decision", "valueBoolean": True}
PATIENT = {"reference": "Patient/1"}
NURSE = {"reference": "Practitioner/1"}
MUM = {"reference": "RelatedPerson/1"}
BASES = {
    "consent": (PROXY, "consent"),
    "OPTIN": (f"{HL7}/v3-ActCode", "OPTIN"),
    "IMPLIED": (f"{HL7}/v3-ActCode", "IMPLIED"),
    "EMRGONLY": (f"{HL7}/v3-ActCode", "EMRGONLY"),
    "best-interest": (PROXY, "best-interest"),
    "attorney": (PROXY, "health-and-welfare-lasting-power-of-attorney"),
    "deputy": (PROXY, "court-appointed-personal-welfare-deputy"),
    "parental-responsibility": (PROXY, "parental-responsibility"),
    "advance-statement": (f"{BASE}/CodeSystem/legal-basis", "advance-statement"),
    "safety-override": (f"{BASE}/CodeSystem/legal-basis", "safety-override"),
}


def own(name: str, **value: Any) -> Members:
    return {"url": f"{BASE}/StructureDefinition/{name}", **value}


def concept(system: str, code: str) -> Members:
    return {"coding": [{"system": system, "code": code}]}


def scope(code: str) -> Members:
    return concept(f"{BASE}/CodeSystem/sharing-scope", code)


def actor(reference: Members = MUM, role: str = "IRCP") -> Members:
    return {"role": concept(f"{HL7}/v3-ParticipationType", role), "reference": reference}


def provision(kind: str = "permit", **members: Any) -> Members:
    return {"type": kind, "actor": [actor()], "code": [scope("care-plan")], **members}


def consent(basis: str, *left_out: str, **members: Any) -> Members:
    """An active Consent on a basis, with the provision of `provision` unless one is given."""
    body = {
        "resourceType": "Consent",
        "status": "active",
        "scope": concept(f"{HL7}/consentscope", "patient-privacy"),
        "category": [{"text": "sharing"}],
        "patient": PATIENT,
        "dateTime": "2026-11-01T10:00:00Z",
        "policyRule": concept(*BASES[basis]),
        "provision": provision(),
        **members,
    }
    return {name: value for name, value in body.items() if name not in left_out}


def best_interest(*left_out: str, **members: Any) -> Members:
    period = {"end": "2026-11-20"}
    complete = {"performer": [NURSE], "modifierExtension": [MARK], "provision": provision(period=period)}
    return consent("best-interest", *left_out, **{**complete, **members})


def override(*left_out: str, **members: Any) -> Members:
    period = {"start": "2026-11-01T10:30:00Z", "end": "2026-11-04T10:30:00Z"}
    complete = {
        "performer": [NURSE],
        "modifierExtension": [MARK],
        "extension": [
            own("override-reason", valueCode="risk-to-others"),
            own("override-justification", valueString="A threat was made today."),
            own("override-capacity-view", valueCode="in-doubt"),
        ],
        "provision": provision(period=period),
    }
    return consent("safety-override", *left_out, **{**complete, **members})
