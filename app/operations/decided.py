"""What a patient said about telling people, as the short paths take it and as a Consent (section 8).

The Consents made here are the plain ones that any client could write: section 4 of the sharing decision.
https://hl7.org/fhir/R4/consent.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.fhir.canonical import (
    CONDITION,
    CONSENT_METHOD,
    CONSENT_NEXT_REVIEW,
    CONSENT_RECORDER,
    CONSENT_WITHDRAWN,
    SHARING_SCOPE,
)
from app.fhir.terminology import ACT_CODE, CONSENT_SCOPE, PARTICIPATION_TYPE
from app.sharing.systems import ACT_REASON

Json = dict[str, Any]

YES, NO, UNDECIDED = "yes", "no", "undecided"
# A condition that is no obligation: the provision is for emergencies alone.
EMERGENCY_ONLY: Final = "emergency-only"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: who wrote it down and how it was given, when; and of a yes or no, about what and for how long."""

    decided: str
    method: str = ""
    recorder: Mapping[str, Any] | None = None
    decision: str = NO
    scopes: Sequence[str] = ()
    until: str = ""
    next_review: str = ""
    conditions: Sequence[str] = ()


def consent(said: Decided, patient: Json, recipient: Json | None) -> Json:
    """The Consent that records it; without `recipient` it is about everybody."""
    extensions = [*_told(said)]
    if said.next_review:
        extensions.append({"url": CONSENT_NEXT_REVIEW, "valueDateTime": said.next_review})
    body: Json = {"resourceType": "Consent"}
    if extensions:
        body["extension"] = extensions
    return body | {
        "status": "draft" if said.decision == UNDECIDED else "active",
        "scope": _concept(CONSENT_SCOPE, "patient-privacy"),
        "category": [_concept(ACT_CODE, "INFA")],
        "patient": patient,
        "dateTime": said.decided,
        "performer": [patient],
        "policyRule": _concept(ACT_CODE, "OPTOUT" if said.decision == NO else "OPTIN"),
        "provision": _provision(said, recipient),
    }


def withdrawn(consent: Json, said: Decided) -> Json:
    """The next version of a Consent that the patient took back: inactive, and its dateTime as it was."""
    added = [*_told(said), {"url": CONSENT_WITHDRAWN, "valueDateTime": said.decided}]
    restated = {extension["url"] for extension in added}
    kept = [extension for extension in consent.get("extension", ()) if extension.get("url") not in restated]
    return consent | {"status": "inactive", "extension": [*kept, *added]}


def replaced(consent: Json) -> Json:
    """The next version of a Consent in whose place another one stands."""
    return consent | {"status": "inactive"}


def _told(said: Decided) -> list[Json]:
    """How the decision was given, and who wrote it down."""
    found: list[Json] = []
    if said.method:
        found.append({"url": CONSENT_METHOD, "valueCode": said.method})
    if said.recorder:
        found.append({"url": CONSENT_RECORDER, "valueReference": dict(said.recorder)})
    return found


def _provision(said: Decided, recipient: Json | None) -> Json:
    body: Json = {"type": "deny" if said.decision == NO else "permit"}
    conditions = [code for code in said.conditions if code != EMERGENCY_ONLY]
    if conditions:
        body["modifierExtension"] = [{"url": CONDITION, "valueCode": code} for code in conditions]
    if said.until:
        body["period"] = {"start": said.decided, "end": said.until}
    if recipient:
        body["actor"] = [{"role": _concept(PARTICIPATION_TYPE, "IRCP"), "reference": recipient}]
    if EMERGENCY_ONLY in said.conditions:
        body["purpose"] = [{"system": ACT_REASON, "code": "ETREAT"}]
    if said.scopes:
        body["code"] = [_concept(SHARING_SCOPE, scope) for scope in said.scopes]
    return body


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
