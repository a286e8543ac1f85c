"""Small records to decide on. Everything is recorded at START unless said otherwise."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.fhir.canonical import BASE
from app.sharing.answer import Answer
from app.sharing.decide import decide
from app.sharing.facts import Facts, Policy, Record, Version
from app.sharing.question import Question
from tests.sharing.engine.codings import POLICIES, TERMINOLOGY

Json = dict[str, Any]

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
PATIENT = "p1"
MUM, DAD, TOM = "RelatedPerson/mum", "RelatedPerson/dad", "RelatedPerson/tom"

SCOPE_SYSTEM = f"{BASE}/CodeSystem/sharing-scope"


def at(text: str) -> datetime:
    """An instant: "2026-03-01", or with a time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def own(name: str, code: str) -> Json:
    """A concept of one of the product's own code systems."""
    return concept(f"{BASE}/CodeSystem/{name}", code)


def extension(name: str, **value: Any) -> Json:
    return {"url": f"{BASE}/StructureDefinition/{name}", **value}


def record(
    content: Json | None, *more: tuple[datetime, Json | None], recorded: datetime = START, name: str = ""
) -> Record:
    """A resource recorded at a time, and its later versions."""
    named = content or {}
    contents = [(recorded, content), *more]
    versions = tuple(Version(number, when, body) for number, (when, body) in enumerate(contents, 1))
    type_, _, id_ = (name or f"{named['resourceType']}/{named['id']}").partition("/")
    return Record(type_, id_, versions)


def patient(born: str | None = "1980-05-05", **more: Any) -> Json:
    body: Json = {
        "resourceType": "Patient",
        "id": PATIENT,
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    }
    return body | ({"birthDate": born} if born else {}) | more


def person(reference: str, *roles: Json, **more: Any) -> Json:
    """A RelatedPerson, of a name that nobody else has unless one is given."""
    id_ = reference.partition("/")[2]
    body: Json = {
        "resourceType": "RelatedPerson",
        "id": id_,
        "patient": {"reference": f"Patient/{PATIENT}"},
        "name": [{"family": f"Family-{id_}", "given": [id_]}],
    }
    return body | ({"relationship": list(roles)} if roles else {}) | more


def role(code: str, **extensions: Json) -> Json:
    found = own("carer-role", code)
    if extensions:
        found["extension"] = [extension(name.replace("_", "-"), **value) for name, value in extensions.items()]
    return found


def actor(reference: str, code: str = "IRCP") -> Json:
    return {"role": concept(f"{TERMINOLOGY}/v3-ParticipationType", code), "reference": {"reference": reference}}


def provision(
    type_: str,
    recipients: Sequence[str] = (),
    scopes: Sequence[str] = (),
    *,
    start: str = "",
    end: str = "",
    conditions: Sequence[str] = (),
    nested: Sequence[Json] = (),
    **more: Any,
) -> Json:
    body: Json = {"type": type_} | more
    if recipients:
        body["actor"] = [actor(recipient) for recipient in recipients] + body.get("actor", [])
    if scopes:
        body["code"] = [concept(SCOPE_SYSTEM, scope) for scope in scopes]
    if start or end:
        body["period"] = ({"start": start} if start else {}) | ({"end": end} if end else {})
    if conditions:
        body["modifierExtension"] = [extension("consent-condition", valueCode=code) for code in conditions]
    if nested:
        body["provision"] = list(nested)
    return body


def consent(
    name: str,
    root: Json | None,
    decided: str | None = "2026-02-01T10:00:00Z",
    *,
    status: str = "active",
    policy: str = "",
    extensions: Sequence[Json] = (),
    **more: Any,
) -> Json:
    body: Json = {
        "resourceType": "Consent",
        "id": name,
        "status": status,
        "scope": concept(f"{TERMINOLOGY}/consentscope", "patient-privacy"),
        "patient": {"reference": f"Patient/{PATIENT}"},
    }
    if root is not None:
        body["provision"] = root
    if decided is not None:
        body["dateTime"] = decided
    if policy:
        body["policyRule"] = concept(*POLICIES[policy])
    if extensions:
        body["extension"] = list(extensions)
    return body | more


def yes(
    name: str, recipients: Sequence[str], scopes: Sequence[str] = (), decided: str = "2026-02-01T10:00:00Z", **more: Any
) -> Json:
    """A permit; keywords of `provision` (start, end, conditions, nested) and of `consent` alike."""
    return _decided(name, "permit", recipients, scopes, decided, more)


def no(
    name: str, recipients: Sequence[str], scopes: Sequence[str] = (), decided: str = "2026-02-01T10:00:00Z", **more: Any
) -> Json:
    """A refusal; keywords as for `yes`."""
    return _decided(name, "deny", recipients, scopes, decided, more)


def _decided(name: str, type_: str, recipients: Sequence[str], scopes: Sequence[str], decided: str, more: Json) -> Json:
    inner = {
        key: more.pop(key)
        for key in (
            "start",
            "end",
            "conditions",
            "nested",
            "purpose",
            "action",
            "period",
            "securityLabel",
            "data",
            "dataPeriod",
            "actor",
        )
        if key in more
    }
    inner |= {"class": more.pop("class_")} if "class_" in more else {}
    return consent(name, provision(type_, recipients, scopes, **inner), decided, **more)


def flag(
    name: str,
    code: str,
    *people: str,
    start: str | None = "2026-02-01T00:00:00Z",
    end: str = "",
    status: str = "active",
    **more: Any,
) -> Json:
    """A contact restriction, or the Flag that capacity is lacking."""
    body: Json = {
        "resourceType": "Flag",
        "id": name,
        "status": status,
        "category": [concept(f"{TERMINOLOGY}/flag-category", "safety")],
        "code": own("contact-restriction", code),
        "subject": {"reference": f"Patient/{PATIENT}"},
        "author": {"reference": "Practitioner/nurse"},
    }
    if people:
        url = "http://hl7.org/fhir/StructureDefinition/flag-detail"
        body["extension"] = [{"url": url, "valueReference": {"reference": one}} for one in people]
    if start or end:
        body["period"] = ({"start": start} if start else {}) | ({"end": end} if end else {})
    body["extension"] = [*body.get("extension", []), *more.pop("extensions", [])]
    return body | more


def lacks_capacity(start: str = "2026-03-01T00:00:00Z", **more: Any) -> Json:
    return flag("capacity", "lacks-capacity-information-sharing", start=start, **more)


def team(name: str, *members: str, network: bool = True, status: str = "active", **more: Any) -> Json:
    body: Json = {
        "resourceType": "CareTeam",
        "id": name,
        "status": status,
        "participant": [{"member": {"reference": member}} for member in members],
    }
    if network:
        body["category"] = [own("care-team-category", "support-network")]
    return body | more


OVERRIDE_EXTENSIONS = {"reason": "risk-to-others", "view": "has-capacity", "why": "The risk was weighed with a senior."}


def override(
    name: str, recipient: str, scopes: Sequence[str], decided: str = "2026-03-03T11:00:00Z", **more: Any
) -> Json:
    """A safety override in force at NOW."""
    said = OVERRIDE_EXTENSIONS | {key: more.pop(key) for key in ("reason", "view", "why") if key in more}
    return yes(
        name,
        [recipient],
        scopes,
        decided,
        **{
            "start": decided,
            "end": "2026-03-04T11:00:00Z",
            "policy": "safety-override",
            "performer": [{"reference": "Practitioner/dr"}],
            "extensions": [
                extension("override-reason", valueCode=said["reason"]),
                extension("override-capacity-view", valueCode=said["view"]),
                extension("override-justification", valueString=said["why"]),
            ],
        }
        | more,
    )


def facts(*resources: Json | Record, policy: Policy | None = None, **more: Any) -> Facts:
    """The records of one patient: mum, dad and tom when no RelatedPerson is given, and a patient born in 1980."""
    records = [one if isinstance(one, Record) else record(one) for one in resources]
    by_type: dict[str, list[Record]] = {}
    for one in records:
        by_type.setdefault(one.type, []).append(one)
    supporters = by_type.pop("RelatedPerson", None) or [record(person(one)) for one in (MUM, DAD, TOM)]
    named = {
        "patients": tuple(by_type.pop("Patient", None) or [record(patient())]),
        "supporters": tuple(supporters),
        "consents": tuple(by_type.pop("Consent", ())),
        "flags": tuple(by_type.pop("Flag", ())),
        "teams": tuple(by_type.pop("CareTeam", ())),
        "professionals": tuple(
            one for type_ in ("Practitioner", "PractitionerRole", "Organization") for one in by_type.pop(type_, ())
        ),
        "resources": tuple(one for others in by_type.values() for one in others),
    }
    owners = {one.reference: PATIENT for one in named["resources"]}
    return Facts(PATIENT, **({"resource_patients": owners, "policy": policy or Policy()} | named | more))


def ask(
    known: Facts,
    recipient: str = MUM,
    scope: str = "medication",
    when: datetime = NOW,
    now: datetime | None = None,
    **more: Any,
) -> Answer:
    """The one answer about a recipient and a scope; asked now unless `when` is another time."""
    scopes = (scope,) if scope else ()
    question = Question(when, recipients=(recipient,), scopes=scopes, **more)
    found = decide(known, question, now or max(when, NOW))
    assert len(found) == 1, found
    return found[0]


def basis(known: Facts, recipient: str = MUM, scope: str = "medication", when: datetime = NOW, **more: Any) -> str:
    return ask(known, recipient, scope, when, **more).basis


def later(moment: datetime, **delta: float) -> datetime:
    return moment + timedelta(**delta)
