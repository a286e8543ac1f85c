"""The records of the stories, as an EPR writes them. Times are days from now, for the service has the real clock."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.fhir.canonical import BASE, FLAG_DETAIL

Json = dict[str, Any]

_HL7: Final = "http://terminology.hl7.org/CodeSystem"
PROXY_BASIS: Final = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
LEGAL_BASIS: Final = f"{BASE}/CodeSystem/legal-basis"
MARK: Final = {"url": f"{BASE}/StructureDefinition/not-the-patients-decision", "valueBoolean": True}

ALWAYS_ALLOWED: Final = ("listen", "general-information", "what-they-already-know", "carers-assessment-right")


def ago(**time: float) -> str:
    """An instant before now: ago(days=3)."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


def ahead(**time: float) -> str:
    """An instant to come."""
    return (datetime.now(UTC) + timedelta(**time)).isoformat(timespec="seconds")


def day(offset: int) -> str:
    """A day before or after today."""
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def own(name: str, **value: Any) -> Json:
    """One of the product's own extensions."""
    return {"url": f"{BASE}/StructureDefinition/{name}", **value}


def patient(of: Json, name: str, born: str) -> Json:
    return {"resourceType": "Patient", "identifier": [of["identifier"]], "name": [{"text": name}], "birthDate": born}


def supporter(of: Json, name: str, *roles: Json, **more: Any) -> Json:
    """A RelatedPerson; `roles` as `role` makes them."""
    given, _, family = name.partition(" ")
    related = {"relationship": list(roles)} if roles else {}
    named = {"given": [given], **({"family": family} if family else {})}
    return {"resourceType": "RelatedPerson", "active": True, "patient": of, "name": [named], **related, **more}


def role(code: str, **extensions: Any) -> Json:
    """What a supporter is to the patient; role_verified={"valueBoolean": True} and the like beside it."""
    beside = [own(name.replace("_", "-"), **value) for name, value in extensions.items()]
    return coded(f"{BASE}/CodeSystem/carer-role", code) | ({"extension": beside} if beside else {})


def permits(of: Json, who: str, *scopes: str, **more: Any) -> Json:
    """The patient's yes, for this person and these scopes (none: all that need not be named)."""
    return _consent(of, "permit", who, scopes, more)


def refuses(of: Json, who: str, *scopes: str, **more: Any) -> Json:
    """The patient's no, for this person and these scopes (none: anything)."""
    return _consent(of, "deny", who, scopes, more)


def decided_for(of: Json, who: str, *scopes: str, basis: Json, by: list[str], **more: Any) -> Json:
    """The yes of somebody else than the patient, on that legal basis."""
    performers = [{"reference": each} for each in by]
    return permits(of, who, *scopes, policyRule=basis, performer=performers, modifierExtension=[MARK], **more)


def _consent(of: Json, type_: str, who: str, scopes: tuple[str, ...], more: Json) -> Json:
    recipient = {"role": coded(f"{_HL7}/v3-ParticipationType", "IRCP"), "reference": {"reference": who}}
    provision: Json = {"type": type_, "actor": [recipient]}
    if scopes:
        provision["code"] = [coded(f"{BASE}/CodeSystem/sharing-scope", scope) for scope in scopes]
    if "period" in more:
        provision["period"] = more.pop("period")
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": coded(f"{_HL7}/consentscope", "patient-privacy"),
        "category": [coded(f"{_HL7}/v3-ActCode", "INFA")],
        "patient": of,
        "dateTime": ago(days=3),
        "policyRule": coded(f"{_HL7}/v3-ActCode", "OPTIN" if type_ == "permit" else "OPTOUT"),
        "provision": provision,
        **more,
    }


def restriction(of: Json, code: str, *people: str, text: str = "") -> Json:
    """A Flag that keeps these people away."""
    coding = coded(f"{BASE}/CodeSystem/contact-restriction", code) | ({"text": text} if text else {})
    named = [{"url": FLAG_DETAIL, "valueReference": {"reference": one}} for one in people]
    return _flag(of, coding) | {"extension": named}


def lacks_capacity(of: Json, author: str) -> Json:
    """A Flag by which the patient cannot decide about sharing since yesterday."""
    coding = coded(f"{BASE}/CodeSystem/contact-restriction", "lacks-capacity-information-sharing")
    return _flag(of, coding) | {"author": {"reference": author}, "period": {"start": ago(days=1)}}


def _flag(of: Json, coding: Json) -> Json:
    return {
        "resourceType": "Flag",
        "status": "active",
        "category": [coded(f"{_HL7}/flag-category", "safety")],
        "code": coding,
        "subject": of,
        "period": {"start": ago(days=2)},
    }


def call(of: Json, person: str, **more: Any) -> Json:
    """A telephone call from the team to a supporter."""
    return {
        "resourceType": "Communication",
        "status": "completed",
        "medium": [coded(f"{_HL7}/v3-ParticipationMode", "PHONE")],
        "subject": of,
        "sent": ago(minutes=5),
        "recipient": [{"reference": person}],
        **more,
    }


def meeting(of: Json, *people: str, kind: str = "review-meeting", **more: Any) -> Json:
    """A meeting tomorrow, of the patient and these supporters."""
    participant = [{"actor": of, "status": "accepted"}]
    participant += [{"actor": {"reference": one}, "status": "needs-action"} for one in people]
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "serviceType": [coded(f"{BASE}/CodeSystem/meeting-type", kind)],
        "start": ahead(days=1),
        "end": ahead(days=1, hours=1),
        "participant": participant,
        **more,
    }


def plan(of: Json, *activities: Json, **more: Any) -> Json:
    """A plan from yesterday on."""
    body = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "subject": of,
        "period": {"start": day(-1)},
    }
    return body | {"activity": list(activities)} | more


def part(code: str, who: str, words: str, **more: Any) -> Json:
    """What a supporter does in a plan, in plain words."""
    kind = coded(f"{BASE}/CodeSystem/supporter-activity", code)
    detail = {"status": "in-progress", "code": kind, "description": words, "performer": [{"reference": who}]}
    return {"detail": detail | more}


def agreed(who: Json, *, yes: bool = True) -> Json:
    """That the patient or a supporter agreed to an activity, or did not."""
    return own("agreement", extension=[{"url": "by", "valueReference": who}, {"url": "agreed", "valueBoolean": yes}])


def practitioner(name: str) -> Json:
    return {"resourceType": "Practitioner", "name": [{"text": name}]}
