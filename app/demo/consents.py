"""What patients said about telling their supporters: https://hl7.org/fhir/R4/consent.html

One Consent for each supporter; what may be told stands in the root provision, exceptions are nested. A refusal is
an active Consent whose provision denies.
"""

from collections.abc import Sequence
from typing import Any

from app.demo.codes import (
    ACT_CODE,
    CONSENT_ACTION,
    CONSENT_SCOPE,
    PARTICIPATION,
    PROXY_LEGAL_BASIS,
    concept,
    extension,
    profile,
)
from app.demo.people import Resource, patient_reference, reference, slug
from app.fhir.vocabulary.scopes import SHARING_SCOPE

_OPT_IN = concept((ACT_CODE, "OPTIN", "opt-in"))
_OPT_OUT = concept((ACT_CODE, "OPTOUT", "opt-out"))


def permit(of: Resource, recipient: Resource, scopes: Sequence[str], decided: str, **more: Any) -> Resource:
    """A yes: this recipient may be told these scopes. Keywords as `_consent` takes them."""
    return _consent(of, recipient, "permit", scopes, decided, _OPT_IN, **more)


def refuse(of: Resource, recipient: Resource | None, scopes: Sequence[str], decided: str, **more: Any) -> Resource:
    """A no: this recipient (None: nobody at all) may not be told these scopes (none: anything)."""
    return _consent(of, recipient, "deny", scopes, decided, _OPT_OUT, **more)


def attorney(of: Resource, holder: Resource, scopes: Sequence[str], decided: str, **more: Any) -> Resource:
    """A decision of the health and welfare attorney, marked as not the patient's: for when capacity is lacking."""
    code = "health-and-welfare-lasting-power-of-attorney"
    basis = concept((PROXY_LEGAL_BASIS, code, "Health and welfare lasting power of attorney"))
    body = _consent(of, holder, "permit", scopes, decided, basis, **more)
    body["performer"] = [reference(holder)]
    body["modifierExtension"] = [extension("not-the-patients-decision", valueBoolean=True)]
    return body


def withdrawn(consent: Resource, moment: str) -> Resource:
    """The next version of that Consent, after the patient took it back."""
    taken_back = extension("consent-withdrawn", valueDateTime=moment)
    return consent | {"status": "inactive", "extension": [*consent["extension"], taken_back]}


def _consent(
    of: Resource,
    recipient: Resource | None,
    decision: str,
    scopes: Sequence[str],
    decided: str,
    basis: Resource,
    *,
    name: str = "",
    status: str = "active",
    until: str = "",
    method: str = "verbal",
    recorder: str = "nurse-adaeze-nwosu",
    next_review: str = "",
    conditions: Sequence[str] = (),
    exceptions: Sequence[str] = (),
    **more: Any,
) -> Resource:
    extensions = [
        extension("consent-method", valueCode=method),
        extension("consent-recorder", valueReference={"reference": f"Practitioner/{recorder}"}),
    ]
    if next_review:
        extensions.append(extension("consent-next-review", valueDateTime=next_review))
    return {
        "resourceType": "Consent",
        "id": name or f"consent-{of['id']}-{_called(recipient)}",
        "meta": profile("Consent"),
        "extension": extensions,
        "status": status,
        "scope": concept((CONSENT_SCOPE, "patient-privacy", "Privacy Consent")),
        "category": [concept((ACT_CODE, "INFA", "information access"))],
        "patient": patient_reference(of),
        "dateTime": decided,
        "performer": [patient_reference(of)],
        "organization": [{"reference": "Organization/northbeck-trust"}],
        "policyRule": basis,
        "provision": _provision(recipient, decision, scopes, decided, until, conditions, exceptions),
    } | more


def _called(recipient: Resource | None) -> str:
    match recipient:
        case None:
            return "nobody"
        case {"resourceType": "RelatedPerson", "name": [{"given": [first, *_]}, *_]}:
            return slug(first)
        case _:
            return "network"


def _provision(
    recipient: Resource | None,
    decision: str,
    scopes: Sequence[str],
    start: str,
    until: str,
    conditions: Sequence[str],
    exceptions: Sequence[str],
) -> Resource:
    body: Resource = {"type": decision, "period": {"start": start} | ({"end": until} if until else {})}
    if conditions:
        body["modifierExtension"] = [extension("consent-condition", valueCode=code) for code in conditions]
    if recipient:
        role = concept((PARTICIPATION, "IRCP", "information recipient"))
        body["actor"] = [{"role": role, "reference": reference(recipient)}]
    body["action"] = [concept((CONSENT_ACTION, "disclose", "Disclose"))]
    if scopes:
        body["code"] = [_scope(code) for code in scopes]
    if exceptions:
        opposite = "deny" if decision == "permit" else "permit"
        body["provision"] = [{"type": opposite, "code": [_scope(code) for code in exceptions]}]
    return body


def _scope(code: str) -> Resource:
    return concept((SHARING_SCOPE.url, code, SHARING_SCOPE.by_code[code].display))
