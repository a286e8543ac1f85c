"""The words of the hand-worked tables: what an EPR records of one patient, each time as a clock in London tells it.

`~` stands for the case (Patient/~ is its patient, RelatedPerson/~-mother the mother), `^` for the table, whose team has
that id. Posting puts their names there.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.fhir.canonical import BASE
from tests.stories import records

Json = dict[str, Any]

LONDON: Final = ZoneInfo("Europe/London")
YEAR: Final = 2025
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ME: Final[Json] = {"reference": "Patient/~"}
TEAM: Final = "Organization/^"
MODES: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"


def at(words: str, *, second_time: bool = False) -> str:
    """at("3 Mar 10:00") is that instant of 2025 in London, at("3 Mar") the day."""
    day, month, *clock = words.split()
    date = f"{YEAR}-{MONTHS.index(month) + 1:02}-{int(day):02}"
    return datetime.fromisoformat(f"{date}T{clock[0]}").replace(tzinfo=LONDON).isoformat() if clock else date


def who(name: str) -> str:
    return f"RelatedPerson/~-{name}"


def code(system: str, value: str) -> Json:
    """A CodeableConcept of one of the product's own code systems."""
    return records.coded(f"{BASE}/CodeSystem/{system}", value)


def named(name: str, resource: Json) -> Json:
    """A record with an id of its own, so that others can refer to it."""
    return resource | {"id": f"~-{name}" if name else "~"}


def patient(**more: Any) -> Json:
    return named("", {"resourceType": "Patient", "name": [{"text": "~"}], "birthDate": "1990-05-01", **more})


def episode(start: str | None, end: str | None = None, *, name: str = "episode", **more: Any) -> Json:
    """The time under the crisis team; an open one without `end`. Times as `at` takes them, or as they are."""
    period = {"start": start and _time(start), "end": end and _time(end)}
    body: Json = {"resourceType": "EpisodeOfCare", "status": "finished" if end else "active", "patient": ME}
    body |= {"managingOrganization": {"reference": TEAM}}
    if start or end:
        body["period"] = {bound: time for bound, time in period.items() if time}
    return named(name, body | more)


def ended(how: str) -> Json:
    """How the care ended, as the extension of an episode."""
    return {"extension": [records.own("end-of-care", valueCode=how)]}


def referral(when: str) -> Json:
    body = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": ME}
    return named("referral", body | {"authoredOn": _time(when)})


def assessment(when: str, **more: Any) -> Json:
    return encounter("initial-assessment", when, name="assessment", **more)


def encounter(kind: str, when: str, *people: str, name: str, **more: Any) -> Json:
    body = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HH"},
        "type": [code("encounter-type", kind)],
        "subject": ME,
        "period": {"start": _time(when), "end": _time(when)},
    }
    taking_part = {"participant": [{"individual": {"reference": who(one)}} for one in people]} if people else {}
    return named(name, body | taking_part | more)


def person(name: str, *roles: str, known: str | None = "1 Mar 09:00", phone: bool = True, **more: Any) -> Json:
    """A supporter in these roles, of whom the team learned at `known` (None: nobody wrote down when)."""
    learned = {"extension": [{"url": "at", "valueDateTime": _time(known)}]} if known else {}
    extension = [records.own("identified", **learned)] if known else []
    telecom = {"telecom": [{"system": "phone", "value": "01632 960001"}]} if phone else {}
    body = records.supporter(ME, f"{name.title()} ~", *(records.role(role) for role in roles), **telecom)
    return named(name, body | ({"extension": extension} if extension else {}) | more)


def nobody(when: str, reason: str = "nilknown", **more: Any) -> Json:
    """An empty social map: asked, and there is nobody (nilknown), or nobody is to be named (withheld)."""
    body = {"resourceType": "List", "status": "current", "mode": "working", "subject": ME, "date": _time(when)}
    empty = records.coded("http://terminology.hl7.org/CodeSystem/list-empty-reason", reason)
    return body | {"code": code("list-code", "social-systems-map"), "emptyReason": empty} | more


def tried(name: str, when: str | None, outcome: str = "no-answer", status: str = "not-done", **more: Any) -> Json:
    """A contact with a supporter, or the attempt at one, by its outcome."""
    body = records.call(ME, who(name), category=[code("communication-category", "contact")], status=status)
    body.pop("sent")
    sent = {"sent": _time(when)} if when else {}
    return body | {"statusReason": code("contact-outcome", outcome)} | sent | more


def yes(name: str, *scopes: str, on: str, **more: Any) -> Json:
    """The patient's yes to this supporter."""
    return records.permits(ME, who(name), *scopes, dateTime=_time(on), **more)


def no(name: str, *scopes: str, on: str, **more: Any) -> Json:
    """The patient's no to this supporter; to everything, without scopes."""
    return records.refuses(ME, who(name), *scopes, dateTime=_time(on), **more)


def taken_back(consent: Json, when: str) -> Json:
    """The same Consent after the patient took it back."""
    return consent | {"status": "inactive", "extension": [records.own("consent-withdrawn", valueDateTime=_time(when))]}


def until(start: str, end: str) -> Json:
    """The period of a Consent, as an argument of `yes` and `no`."""
    return {"period": {"start": _time(start), "end": _time(end)}}


def kept_away(kind: str, *names: str, since: str, till: str | None = None) -> Json:
    """A contact restriction."""
    flag = records.restriction(ME, kind, *(who(name) for name in names))
    return flag | {"period": _period(since, till), "status": "inactive" if till else "active"}


def cannot_decide(since: str, till: str | None = None) -> Json:
    """Capacity to decide about sharing is lacking."""
    flag = records.lacks_capacity(ME, "Practitioner/nurse")
    return flag | {"period": _period(since, till), "status": "inactive" if till else "active"}


def meeting(kind: str, start: str, *invited: Json, status: str = "booked", **more: Any) -> Json:
    """A meeting of the patient, the nurse and those who are `invited`."""
    body = records.meeting(ME, kind=kind, status=status, **more)
    begins = datetime.fromisoformat(_time(start))
    body |= {"start": begins.isoformat(), "end": (begins + timedelta(hours=1)).isoformat()}
    return body | {"participant": [*body["participant"], *invited]}


def invited(name: str, when: str | None, status: str = "needs-action", *, came: bool | None = None) -> Json:
    """A supporter among those who are invited to a meeting."""
    extension = [records.own("invited", valueDateTime=_time(when))] if when else []
    extension += [records.own("attended", valueBoolean=came)] if came is not None else []
    return {"actor": {"reference": who(name)}, "status": status} | ({"extension": extension} if extension else {})


def plan(when: str, *activities: Json, kind: str = "crisis-home-treatment", name: str = "plan", **more: Any) -> Json:
    """A plan made on that day."""
    kinds = [code("care-plan-category", kind)]
    body = records.plan(ME, *activities, category=kinds, created=_time(when), period={"start": _time(when)})
    return named(name, {element: value for element, value in (body | more).items() if value != []})


def part(name: str, *, agreed: str | None, kind: str = "watch-early-signs", yes: bool = True, **more: Any) -> Json:
    """What a supporter does in a plan, and when that supporter agreed to it, or said no."""
    activity = records.part(kind, who(name), f"What {name} does for ~, in words of their own.", **more)
    if agreed:
        agreement = records.agreed({"reference": who(name)}, yes=yes)
        agreement["extension"].append({"url": "on", "valueDateTime": _time(agreed)})
        activity["detail"]["extension"] = [agreement]
    return activity


def said(category: str, when: str, *topics: str, to: str = "", medium: str = "PHONE", **more: Any) -> Json:
    """Something told or given to a supporter, or discussed with the patient."""
    topic = {"topic": {"coding": [{"system": f"{BASE}/CodeSystem/information-topic", "code": one} for one in topics]}}
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [code("communication-category", category)],
        "medium": [records.coded(MODES, medium)],
        "subject": ME,
        "recipient": [{"reference": who(to)} if to else ME],
        "sent": _time(when),
        **(topic if topics else {}),
        **more,
    }


def _period(since: str, till: str | None) -> Json:
    return {"start": _time(since)} | ({"end": _time(till)} if till else {})


def _time(words: str) -> str:
    return words if re.match(r"\d{4}", words) else at(words)
