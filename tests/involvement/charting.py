"""Charts of made-up patients, from resources as a client would write them, for the pure tests of indicators."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry, Unreadable
from app.involvement.indicators.evaluate import evaluate
from app.involvement.indicators.local import Local
from app.sharing.facts import Facts, Record, Version
from app.sharing.times import ALWAYS, Span, moment, span

Resource = dict[str, Any]

OWN: Final = "https://fhir.kith.example"
OF_CONSENT: Final = ("Patient", "RelatedPerson", "Consent", "Flag", "CareTeam")
# Records that say no time of their own were stored here, after all episodes of the tests.
STORED: Final = datetime(2026, 5, 1, tzinfo=UTC)
NOW: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
SUBJECT: Final = {"reference": "Patient/p"}


def chart(
    *resources: Resource,
    now: datetime = NOW,
    local: Local | None = None,
    stored: datetime = STORED,
    unseen: Sequence[str] = (),
) -> Chart:
    """The chart of patient p. Several resources of one type and id are versions of one record."""
    everything = [{"resourceType": "Patient", "id": "p"}, *resources]
    if any(one["resourceType"] == "Patient" for one in resources):
        everything = list(resources)
    facts = Facts(
        patient_key="p",
        patients=_records(everything, "Patient", stored),
        supporters=_records(everything, "RelatedPerson", stored),
        consents=_records(everything, "Consent", stored),
        flags=_records(everything, "Flag", stored),
        teams=_records(everything, "CareTeam", stored),
        unseen=frozenset(unseen),
    )
    entries = [
        Entry(one["resourceType"], one["id"], 1, moment(stored), one)
        for one in everything
        if one["resourceType"] not in OF_CONSENT
    ]
    return Chart(facts, entries, local or Local(), moment(now))


def _records(resources: Sequence[Resource], type_: str, stored: datetime) -> tuple[Record, ...]:
    versions: dict[str, list[Resource]] = {}
    for one in resources:
        if one["resourceType"] == type_:
            versions.setdefault(one["id"], []).append(one)
    return tuple(
        Record(type_, id_, tuple(Version(n, stored, one) for n, one in enumerate(found, 1)))
        for id_, found in versions.items()
    )


def cases(indicator: str, of: Chart, teams: Sequence[str] = (), within: Span = ALWAYS) -> list[Case]:
    """The cases of one indicator."""
    return [case for found in evaluate(of, [indicator], within, teams) for case in found.cases]


def case(indicator: str, *resources: Resource, **more: Any) -> Case:
    """The one case of one indicator in a chart of these resources."""
    [found] = cases(indicator, chart(*resources, **more))
    return found


def unreadable(indicator: str, of: Chart) -> list[Unreadable]:
    """What the indicator could not read."""
    return [one for found in evaluate(of, [indicator], ALWAYS) for one in found.unreadable]


def period(start: str, end: str) -> Span:
    """The time from one day or time to another, both included."""
    low, high = span(start), span(end)
    assert low
    assert high
    return Span(low.low, high.high)


def coded(system: str, code: str) -> Resource:
    """A CodeableConcept of one of the product's own codes."""
    return {"coding": [{"system": f"{OWN}/CodeSystem/{system}", "code": code}]}


def own(name: str, **value: Any) -> Resource:
    """One of the product's own extensions."""
    return {"url": f"{OWN}/StructureDefinition/{name}", **value}


def episode(start: str = "2026-03-02T10:00:00Z", end: str = "2026-03-20T10:00:00Z", **more: Any) -> Resource:
    """An episode of care; without an end it goes on."""
    period_ = {"start": start} | ({"end": end} if end else {})
    body = {"resourceType": "EpisodeOfCare", "id": "e", "status": "active", "patient": SUBJECT}
    return body | {"managingOrganization": {"reference": "Organization/o"}, "period": period_} | more


def person(id_: str = "s", role: str = "main-carer", **more: Any) -> Resource:
    """A supporter with a telephone, known from the first hour of the episode."""
    identified = own("identified", extension=[{"url": "at", "valueDateTime": "2026-03-02T11:00:00Z"}])
    body = {"resourceType": "RelatedPerson", "id": id_, "active": True, "patient": SUBJECT, "extension": [identified]}
    return body | {"relationship": [coded("carer-role", role)], "telecom": [{"system": "phone", "value": "1"}]} | more


def nobody(reason: str = "nilknown", date: str = "2026-03-02") -> Resource:
    """The record of having asked in vain."""
    concept = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": reason}]}
    body = {"resourceType": "List", "id": "l", "status": "current", "mode": "working", "subject": SUBJECT}
    return body | {"code": coded("list-code", "social-systems-map"), "date": date, "emptyReason": concept}


def contact(outcome: str = "no-answer", sent: str = "2026-03-03T09:00:00Z", id_: str = "c", to: str = "s") -> Resource:
    """An attempt to reach a supporter, or the record that there was none."""
    return {
        "resourceType": "Communication",
        "id": id_,
        "status": "not-done",
        "statusReason": coded("contact-outcome", outcome),
        "category": [coded("communication-category", "contact")],
        "subject": SUBJECT,
        "sent": sent,
        "recipient": [{"reference": f"RelatedPerson/{to}"}],
    }


def message(category: str, sent: str, *topics: str, medium: str = "PHONE", id_: str = "m", **more: Any) -> Resource:
    """Something said, told or handed over."""
    mode = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode", "code": medium}]}
    body = {"resourceType": "Communication", "id": id_, "status": "completed", "subject": SUBJECT, "sent": sent}
    category_ = [coded("communication-category", category)]
    body |= {"category": category_, "topic": {"coding": [t["coding"][0] for t in map(_topic, topics)]}}
    return body | {"medium": [mode], "recipient": [{"reference": "RelatedPerson/s"}]} | more


def _topic(code: str) -> Resource:
    return coded("information-topic", code)


def consent(*scopes: str, decided: str = "2026-03-02T12:00:00Z", to: str = "s", **more: Any) -> Resource:
    """A Consent to (`type` permit) or against these scopes for one supporter."""
    hl7 = "http://terminology.hl7.org/CodeSystem"
    kind, id_ = more.pop("type", "permit"), more.pop("id_", "k")
    role = {"coding": [{"system": f"{hl7}/v3-ParticipationType", "code": "IRCP"}]}
    provision = {"type": kind, "actor": [{"role": role, "reference": {"reference": f"RelatedPerson/{to}"}}]}
    if scopes:
        provision["code"] = [coded("sharing-scope", scope) for scope in scopes]
    provision |= more.pop("provision", {})
    body = {"resourceType": "Consent", "id": id_, "status": "active", "patient": SUBJECT, "dateTime": decided}
    scope = {"coding": [{"system": f"{hl7}/consentscope", "code": "patient-privacy"}]}
    return body | {"scope": scope, "category": [], "provision": provision} | more


def flag(code: str, start: str = "2026-03-01", to: str = "s", **more: Any) -> Resource:
    """A contact restriction, or that capacity is lacking."""
    detail = {
        "url": "http://hl7.org/fhir/StructureDefinition/flag-detail",
        "valueReference": {"reference": f"RelatedPerson/{to}"},
    }
    body = {"resourceType": "Flag", "id": "f", "status": "active", "subject": SUBJECT, "period": {"start": start}}
    safety = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"}]}
    body["category"] = [safety]
    return body | {"code": coded("contact-restriction", code)} | ({"extension": [detail]} if to else {}) | more


def meeting(
    kind: str = "planning-meeting", start: str = "2026-03-06T10:00:00Z", to: str = "s", **more: Any
) -> Resource:
    """A meeting that a supporter was invited to; nobody when `to` is empty."""
    participants: list[Resource] = [{"actor": SUBJECT, "status": "accepted"}]
    if to:
        participants.append({"actor": {"reference": f"RelatedPerson/{to}"}, "status": "needs-action"})
    body = {"resourceType": "Appointment", "id": "a", "status": "fulfilled", "start": start, "end": start}
    return body | {"serviceType": [coded("meeting-type", kind)], "participant": participants} | more


def part(
    *, to: str = "s", code: str = "tell-team", words: str = "Rings on Sundays", agreed: bool | None = True, **more: Any
) -> Resource:
    """An activity of a plan that a supporter carries out."""
    said = [{"url": "by", "valueReference": {"reference": f"RelatedPerson/{to}"}}]
    detail = {"status": "in-progress", "description": words, "performer": [{"reference": f"RelatedPerson/{to}"}]}
    if code:
        detail["code"] = coded("supporter-activity", code)
    if agreed is not None:
        detail["extension"] = [own("agreement", extension=[*said, {"url": "agreed", "valueBoolean": agreed}])]
    return {"detail": detail | more}


def plan(*parts: Resource, created: str = "2026-03-05T10:00:00Z", id_: str = "cp", **more: Any) -> Resource:
    """A plan of the crisis team."""
    body = {"resourceType": "CarePlan", "id": id_, "status": "active", "intent": "plan", "subject": SUBJECT}
    category = [{"coding": [{"system": "http://snomed.info/sct", "code": "736253002"}]}]
    body |= {"category": category, "created": created}
    return body | ({"activity": list(parts)} if parts else {}) | more


ALL: Final = tuple(INDICATORS)
