"""Records of one patient "p", as the tests of contacts, meetings and plans need them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.fhir.canonical import BASE
from app.sharing.facts import Facts, Record, Version

Json = dict[str, Any]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MUM = "RelatedPerson/mum"
_HL7 = "http://terminology.hl7.org/CodeSystem"


def record(name: str, *versions: tuple[datetime, Json | None]) -> Record:
    type_, _, id_ = name.partition("/")
    return Record(type_, id_, tuple(Version(n, at, content) for n, (at, content) in enumerate(versions, 1)))


def own(name: str, **value: Any) -> Json:
    """One of the product's own extensions."""
    return {"url": f"{BASE}/StructureDefinition/{name}", **value}


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{BASE}/CodeSystem/{system}", "code": code}]}


def person(name: str = MUM, *roles: str, **more: Any) -> Record:
    body: Json = {"resourceType": "RelatedPerson", "id": name.split("/")[1], "patient": {"reference": "Patient/p"}}
    if roles:
        body["relationship"] = [coded("carer-role", role) for role in roles]
    return record(name, (NOW - timedelta(days=30), body | more))


def consent(decided: datetime, type_: str = "permit", who: str = MUM, **more: Any) -> Json:
    role = {"coding": [{"system": f"{_HL7}/v3-ParticipationType", "code": "IRCP"}]}
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"system": f"{_HL7}/consentscope", "code": "patient-privacy"}]},
        "patient": {"reference": "Patient/p"},
        "dateTime": decided.isoformat(),
        "performer": [{"reference": "Patient/p"}],
        "provision": {"type": type_, "actor": [{"role": role, "reference": {"reference": who}}]},
        **more,
    }


def facts(*records: Record, **patient: Any) -> Facts:
    """What is known of the patient."""
    body = {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01", **patient}

    def of(type_: str) -> tuple[Record, ...]:
        return tuple(each for each in records if each.type == type_)

    return Facts(
        patient_key="p",
        patients=(record("Patient/p", (NOW - timedelta(days=60), body)),),
        supporters=of("RelatedPerson"),
        consents=of("Consent"),
        flags=of("Flag"),
        teams=of("CareTeam"),
    )
