"""What happens around the people: warnings, calls, visits, tasks, answers. One builder for each resource type."""

from collections.abc import Sequence
from typing import Any

from app.demo.anchor import day, instant
from app.demo.codes import concept, identifier, own, profile
from app.demo.people import Resource, patient_reference, reference, slug

_FLAG_CATEGORY = "http://terminology.hl7.org/CodeSystem/flag-category"
_FLAG_DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"
_MEDIUM = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
_NOT_DONE = "http://terminology.hl7.org/CodeSystem/communication-not-done-reason"
_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
NURSE = {"reference": "Practitioner/nurse-adaeze-nwosu"}


def warning(of: Resource, words: str, *, start: int = -9) -> Resource:
    """A Flag that warns staff of something that has no code here."""
    return flag(of, f"warning-{of['id']}", concept(text=words), start)


def restriction(of: Resource, code: str, words: str, *supporters: Resource, start: int = -8) -> Resource:
    """A Flag that keeps these supporters away from the patient, or from knowing where the patient is."""
    body = flag(of, f"{code}-{of['id']}", concept((own("contact-restriction"), code, words)), start)
    return body | {"extension": [{"url": _FLAG_DETAIL, "valueReference": reference(one)} for one in supporters]}


def incapacity(of: Resource, *, start: int = -2) -> Resource:
    """A Flag that says the patient cannot decide about sharing at present."""
    code = (own("contact-restriction"), "lacks-capacity-information-sharing", "Lacks capacity for sharing decisions")
    return flag(of, f"lacks-capacity-{of['id']}", concept(code), start, author="dr-meera-raghavan")


def call(
    of: Resource, person: Resource, offset: int, time: str, words: str = "", *, status: str = "completed", **more: Any
) -> Resource:
    """A Communication from the team to a supporter by telephone; `words` are what was said."""
    body: Resource = {
        "resourceType": "Communication",
        "id": f"call-{person['id']}"[:64],
        "status": status,
        "medium": [concept((_MEDIUM, "PHONE", "telephone"))],
        "subject": patient_reference(of),
        "sent": instant(offset, time),
        "recipient": [reference(person)],
        "sender": NURSE,
    }
    return body | ({"payload": [{"contentString": words}]} if words else {}) | more


def told_in_confidence(of: Resource, person: Resource, offset: int, words: str) -> Resource:
    """A Communication from a supporter who asks that nobody learns of it."""
    label = {"system": own("sharing-label"), "code": "given-in-confidence", "display": "Given in confidence"}
    return {
        "resourceType": "Communication",
        "id": f"told-by-{person['id']}"[:64],
        "meta": {"security": [label]},
        "status": "completed",
        "medium": [concept((_MEDIUM, "PHONE", "telephone"))],
        "subject": patient_reference(of),
        "received": instant(offset, "11:40"),
        "recipient": [NURSE],
        "sender": reference(person),
        "payload": [{"contentString": words}],
    }


def no_answer() -> Resource:
    """The category, status and reasons of a call that nobody took: it is an attempt all the same."""
    unavailable = (_NOT_DONE, "recipient-unavailable", "Recipient Unavailable")
    outcome = (own("contact-outcome"), "no-answer", "No answer")
    category = [concept((own("communication-category"), "contact", "Contact"))]
    return {"status": "not-done", "statusReason": concept(unavailable, outcome), "category": category}


def task(of: Resource, what: str, name: str, offset: int, *, status: str = "requested", **more: Any) -> Resource:
    """A Task for a patient or a supporter, to be done by that day."""
    return {
        "resourceType": "Task",
        "id": f"{name}-{of['id']}"[:64],
        "status": status,
        "intent": "order",
        "priority": "routine",
        "code": concept(text=what),
        "for": _reference(of),
        "authoredOn": instant(-4),
        "requester": NURSE,
        "owner": {"reference": "Organization/northbeck-crisis-team"},
        "restriction": {"period": {"end": day(offset)}},
    } | more


def appointment(of: Resource, what: str, offset: int, hours: tuple[str, str], *supporters: Resource) -> Resource:
    """An Appointment of the patient with a nurse, and with these supporters."""
    actors = [patient_reference(of), NURSE, *(reference(person) for person in supporters)]
    return {
        "resourceType": "Appointment",
        "id": f"{slug(what)}-{of['id']}"[:64],
        "meta": profile("Appointment"),
        "status": "booked",
        "serviceType": [concept(text=what)],
        "start": instant(offset, hours[0]),
        "end": instant(offset, hours[1]),
        "participant": [{"actor": actor, "status": "accepted"} for actor in actors],
    }


def answers(about: Resource, given: Sequence[tuple[str, str]], offset: int) -> Resource:
    """A QuestionnaireResponse of a patient or supporter about themselves: question and answer, in their words."""
    whom = _reference(about)
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"talk-{about['id']}"[:64],
        "status": "completed",
        "subject": whom,
        "authored": instant(offset, "14:00"),
        "author": NURSE,
        "source": whom,
        "item": [
            {"linkId": str(number), "text": question, "answer": [{"valueString": answer}]}
            for number, (question, answer) in enumerate(given, start=1)
        ],
    }


def agreement(about: Resource, why: str, offset: int, *agents: tuple[str, Resource]) -> Resource:
    """A Provenance of what was agreed with somebody: the part that each of them had, and the reason."""
    return {
        "resourceType": "Provenance",
        "id": f"agreed-{about['id']}"[:64],
        "target": [reference(about)],
        "occurredDateTime": instant(offset, "14:30"),
        "recorded": instant(offset, "15:00"),
        "reason": [concept(text=why)],
        "agent": [{"type": concept((_PARTICIPANT, part, part.capitalize())), "who": who} for part, who in agents],
    }


def staff_group(name: str, title: str, members: Sequence[str]) -> Resource:
    """A Group of staff, by their roles."""
    return {
        "resourceType": "Group",
        "id": name,
        "identifier": [identifier("ods-site-code", f"ZZK02-{name}".upper())],
        "active": True,
        "type": "practitioner",
        "actual": True,
        "name": title,
        "managingEntity": {"reference": "Organization/northbeck-crisis-team"},
        "member": [{"entity": {"reference": f"PractitionerRole/{member}-role"}} for member in members],
    }


def _reference(to: Resource) -> Resource:
    return patient_reference(to) if to["resourceType"] == "Patient" else reference(to)


def flag(of: Resource, name: str, code: Resource, start: int, author: str = "nurse-adaeze-nwosu") -> Resource:
    """A Flag of that code, from that day on."""
    return {
        "resourceType": "Flag",
        "id": name[:64],
        "meta": profile("Flag"),
        "status": "active",
        "category": [concept((_FLAG_CATEGORY, "safety", "Safety"))],
        "code": code,
        "subject": patient_reference(of),
        "period": {"start": instant(start, "09:30")},
        "author": {"reference": f"Practitioner/{author}"},
    }
