"""Crisis, safety and relapse plans, and what supporters do in them: https://hl7.org/fhir/R4/careplan.html"""

from collections.abc import Sequence
from typing import Any

from app.demo.anchor import day
from app.demo.codes import CRISIS_PLAN, concept, own, profile
from app.demo.people import Resource, patient_reference, reference

_CATEGORIES = {
    "crisis-home-treatment": ("Crisis home treatment", "Crisis plan"),
    "safety-plan": ("Safety plan", "Safety plan"),
    "relapse-prevention": ("Relapse prevention", "Staying well plan"),
    "carer-support": ("Carer support", "Support plan"),
}
_TEAM = {"reference": "Organization/northbeck-crisis-team"}
_OF_CRISIS = ("crisis-home-treatment", "safety-plan")
_ACTIVITIES = {
    "time-together": "Time together",
    "affection": "Affection",
    "watch-early-signs": "Watch for early signs",
    "tell-team": "Tell the team",
    "calming-response": "Calming response",
    "practical-help": "Practical help",
    "routine-activity": "Routine activity",
    "safety-step": "Step of the safety plan",
    "means-safety": "Means safety",
    "home-environment": "Home environment",
    "childcare": "Childcare",
    "medication-support": "Medication support",
    "respite-space": "Respite and space",
}


def plan(
    of: Resource,
    category: str,
    description: str,
    activities: Sequence[Resource],
    *,
    with_whom: Sequence[Resource] = (),
    start: int = -5,
    end: int = 25,
    status: str = "active",
    author: str = "Practitioner/nurse-adaeze-nwosu",
    **more: Any,
) -> Resource:
    """A CarePlan made with the patient and these supporters, from one day to another around the anchor."""
    display, title = _CATEGORIES[category]
    own_category = concept((own("care-plan-category"), category, display))
    return {
        "resourceType": "CarePlan",
        "id": f"{category}-{of['id']}",
        "meta": profile("CarePlan"),
        "status": status,
        "intent": "plan",
        "category": [concept(CRISIS_PLAN), own_category] if category in _OF_CRISIS else [own_category],
        "title": f"{title} of {of['name'][0]['text']}",
        "description": description,
        "subject": patient_reference(of),
        "period": {"start": day(start), "end": day(end)},
        "created": day(start),
        "author": {"reference": author},
        "contributor": [patient_reference(of), *(reference(person) for person in with_whom), _TEAM],
        "activity": list(activities),
    } | more


def part(
    code: str, by: Resource, words: str, when: Resource | None = None, *, status: str = "in-progress", **more: Any
) -> Resource:
    """What a supporter does, in plain words; `when` is one of the schedules below."""
    detail = {
        "code": concept((own("supporter-activity"), code, _ACTIVITIES[code])),
        "status": status,
        **(when or {}),
        "performer": [reference(by)],
        "description": words,
    }
    return {"detail": detail | more}


def visit(words: str, when: Resource, *, status: str = "in-progress", **more: Any) -> Resource:
    """What the crisis team does."""
    detail = {"kind": "ServiceRequest", "status": status, **when, "performer": [_TEAM], "description": words}
    return {"detail": detail | more}


def daily(*times: str, hours: int = 0) -> Resource:
    """A schedule: every day at these times, for so many hours."""
    return _timing({"timeOfDay": [f"{time}:00" for time in times]}, hours)


def weekly(*days: str, time: str = "", hours: int = 0) -> Resource:
    """A schedule: every week on these days ("mon", "sat")."""
    at = {"timeOfDay": [f"{time}:00"]} if time else {}
    return _timing({"periodUnit": "wk", "dayOfWeek": list(days)} | at, hours)


def between(start: int, end: int) -> Resource:
    """A schedule: from one day to another around the anchor."""
    return {"scheduledPeriod": {"start": day(start), "end": day(end)}}


def note(words: str, by: Resource, on: int) -> Resource:
    """What a supporter or the patient said about the plan, such as that they agree to their part."""
    author = patient_reference(by) if by["resourceType"] == "Patient" else reference(by)
    return {"authorReference": author, "time": day(on), "text": words}


def _timing(when: Resource, hours: int) -> Resource:
    length = {"duration": hours, "durationUnit": "h"} if hours else {}
    return {"scheduledTiming": {"repeat": length | {"frequency": 1, "period": 1, "periodUnit": "d"} | when}}
