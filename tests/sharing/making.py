"""Plain records for tests of the sharing decision, one line each."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.sharing.answer import Answer
from app.sharing.facts import Facts, Policy, Record, Version
from app.sharing.question import Question
from tests.sharing import reference
from tests.sharing.reference.vocabulary import (
    ACT_CODE,
    ACT_REASON,
    CARE_TEAM_CATEGORY,
    CARER_ROLE,
    CONFIDENTIALITY,
    CONSENT_SCOPE,
    CONTACT_RESTRICTION,
    FLAG_DETAIL,
    PARTICIPATION,
    SHARING_LABEL,
    SHARING_SCOPE,
    url,
)

Json = dict[str, Any]
START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
OLD, NEW = "2026-02-01T10:00:00Z", "2026-03-01T10:00:00Z"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def concept(system: str, *codes: str) -> Json:
    return {"coding": [{"system": system, "code": code} for code in codes]}


def record(body: Json, *later: tuple[str, Json | None], written: str = "") -> Record:
    """A record with its versions: the first written at the start of the year, or when told."""
    first = moment(written) if written else START
    versions = [Version(1, first, body)]
    versions += [Version(number, moment(time), content) for number, (time, content) in enumerate(later, 2)]
    return Record(body["resourceType"], body["id"], tuple(versions))


def patient(born: str = "1990-05-05", **more: Any) -> Record:
    body: Json = {"resourceType": "Patient", "id": "p"} | more
    return record(body | ({"birthDate": born} if born else {}))


def role(code: str, **extensions: Any) -> Json:
    """A relationship with a carer-role; extensions as role_verified={"valueBoolean": True}."""
    found = concept(CARER_ROLE, code)
    said = [{"url": url(name.replace("_", "-"))} | value for name, value in extensions.items()]
    return found | ({"extension": said} if said else {})


def supporter(id_: str, family: str = "", *roles: Json, **more: Any) -> Record:
    name = {"family": family or id_, "given": ["Alex"]}
    body: Json = {"resourceType": "RelatedPerson", "id": id_, "patient": {"reference": "Patient/p"}, "name": [name]}
    return record(body | ({"relationship": list(roles)} if roles else {}) | more)


MUM = supporter("mum")
EX = supporter("ex")


def actor(name: str, code: str = "IRCP") -> Json:
    reference_ = name if "/" in name else f"RelatedPerson/{name}"
    return {"role": concept(PARTICIPATION, code), "reference": {"reference": reference_}}


def provision(type_: str, *who: str, scopes: str = "", **more: Any) -> Json:
    """A provision for these recipients and these sharing scopes, separated by spaces."""
    found: Json = {"type": type_}
    if who:
        found["actor"] = [actor(name) for name in who]
    if scopes:
        found["code"] = [concept(SHARING_SCOPE, code) for code in scopes.split()]
    return found | more


def consent_body(id_: str, decided: str, root: Json | None, *, basis: Json | None = None, **more: Any) -> Json:
    body: Json = {
        "resourceType": "Consent",
        "id": id_,
        "status": "active",
        "scope": concept(CONSENT_SCOPE, "patient-privacy"),
        "patient": {"reference": "Patient/p"},
    }
    body |= {"dateTime": decided} if decided else {}
    body |= {"policyRule": basis} if basis else {}
    return body | ({"provision": root} if root else {}) | more


def consent(id_: str, decided: str, root: Json | None, **more: Any) -> Record:
    return record(consent_body(id_, decided, root, **more))


def yes(*who: str, at: str = NEW, id_: str = "yes", **more: Any) -> Record:
    return consent(id_, at, provision("permit", *who, **more))


def no(*who: str, at: str = NEW, id_: str = "no", **more: Any) -> Record:
    return consent(id_, at, provision("deny", *who, **more))


def flag(id_: str, code: str, start: str, *people: str, **more: Any) -> Record:
    details = [{"url": FLAG_DETAIL, "valueReference": {"reference": f"RelatedPerson/{one}"}} for one in people]
    body: Json = {
        "resourceType": "Flag",
        "id": id_,
        "status": "active",
        "code": concept(CONTACT_RESTRICTION, code),
        "period": {"start": start},
    }
    return record(body | ({"extension": details} if details else {}) | more)


def network(id_: str, *people: str, category: str = "support-network", **more: Any) -> Record:
    body: Json = {
        "resourceType": "CareTeam",
        "id": id_,
        "status": "active",
        "category": [concept(CARE_TEAM_CATEGORY, category)],
        "participant": [{"member": {"reference": f"RelatedPerson/{one}"}} for one in people],
    }
    return record(body | more)


def extension(name: str, **value: Any) -> Json:
    return {"url": url(name)} | value


def label(code: str) -> Json:
    system = {"given-in-confidence": SHARING_LABEL, "PSY": ACT_CODE, "SDV": ACT_CODE}.get(code, CONFIDENTIALITY)
    return {"system": system, "code": code}


def document(kind: str, id_: str, scope: str, *labels: str, **more: Any) -> Record:
    meta: Json = {"security": [label(code) for code in labels]} if labels else {}
    meta |= {"tag": [{"system": SHARING_SCOPE, "code": scope}]} if scope else {}
    return record({"resourceType": kind, "id": id_, "meta": meta} | more)


def purpose(*codes: str) -> list[Json]:
    return [{"system": ACT_REASON, "code": code} for code in codes]


GROUPS = {
    "Patient": "patients",
    "RelatedPerson": "supporters",
    "Consent": "consents",
    "Flag": "flags",
    "CareTeam": "teams",
    "Practitioner": "professionals",
    "PractitionerRole": "professionals",
    "Organization": "professionals",
}


def facts(*records: Record, policy: Policy | None = None, owners: Mapping[str, str] | None = None) -> Facts:
    """The facts of patient p with these records; an adult unless a Patient is among them."""
    groups: dict[str, list[Record]] = {}
    for one in records:
        groups.setdefault(GROUPS.get(one.type, "resources"), []).append(one)
    groups.setdefault("patients", [patient()])
    named = {one.reference: "p" for one in groups.get("resources", ())}
    return Facts(
        patient_key="p",
        resource_patients=owners or named,
        policy=policy or Policy(),
        **{name: tuple(found) for name, found in groups.items()},  # type: ignore[arg-type]  # names of record fields
    )


def ask(known: Facts, who: str, scope: str = "medication", at: str = "2026-06-01T12:00:00Z", **more: Any) -> Answer:
    """The only answer of the reference, or the first, about one person and one scope."""
    reference_ = who if "/" in who or not who else f"RelatedPerson/{who}"
    scopes = tuple(scope.split())
    question = Question(at=moment(at), recipients=(reference_,) if who else (), scopes=scopes, **more)
    return reference.decide(known, question, moment(at) + timedelta(0))[0]
