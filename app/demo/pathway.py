"""One patient's way through the team, from referral to goals, and the forms and figures that belong to nobody."""

from app.demo.anchor import day, instant
from app.demo.codes import ACT_CODE, concept, own
from app.demo.people import Resource, patient_reference, reference
from app.demo.stories.agreeing import two_carers

_SITE = "https://northbeck.example.org"
_TEAM = {"reference": "Organization/northbeck-crisis-team"}
_NURSE = {"reference": "Practitioner/nurse-adaeze-nwosu"}
_HOME_TREATMENT = (own("care-plan-category"), "crisis-home-treatment", "Crisis home treatment")
_ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
_POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"


def pathway() -> list[Resource]:
    """Amina's referral, episode, visit, formulation, goal, and who is to be told; then a form, a measure, a figure."""
    amina, rukhsana, *_ = two_carers()
    return [*_care(amina, rukhsana), *_contact(amina, rukhsana), _form(), *_figure()]


def _care(of: Resource, by: Resource) -> list[Resource]:
    whom = patient_reference(of)
    visit = {"reference": f"Encounter/first-visit-{of['id']}"}
    return [
        {
            "resourceType": "ServiceRequest",
            "id": f"referral-{of['id']}",
            "status": "completed",
            "intent": "order",
            "priority": "urgent",
            "code": concept(text="Assessment by the crisis team"),
            "subject": whom,
            "authoredOn": instant(-9, "08:40"),
            "requester": reference(by),
            "performer": [_TEAM],
        },
        {
            "resourceType": "EpisodeOfCare",
            "id": f"episode-{of['id']}",
            "status": "active",
            "type": [concept(_HOME_TREATMENT, text="Crisis resolution and home treatment")],
            "patient": whom,
            "managingOrganization": _TEAM,
            "period": {"start": day(-9)},
            "referralRequest": [{"reference": f"ServiceRequest/referral-{of['id']}"}],
            "careManager": _NURSE,
            "team": [{"reference": f"CareTeam/crisis-team-{of['id']}"}],
        },
        {
            "resourceType": "Encounter",
            "id": f"first-visit-{of['id']}",
            "status": "finished",
            "class": {"system": ACT_CODE, "code": "HH", "display": "home health"},
            "type": [concept(text="First visit")],
            "subject": whom,
            "episodeOfCare": [{"reference": f"EpisodeOfCare/episode-{of['id']}"}],
            "participant": [{"individual": _NURSE}, {"individual": reference(by)}],
            "period": {"start": instant(-9, "11:00"), "end": instant(-9, "12:15")},
            "length": {"value": 75, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"},
            "serviceProvider": _TEAM,
        },
        {
            "resourceType": "RiskAssessment",
            "id": f"formulation-{of['id']}",
            "status": "final",
            "method": concept(text="Formulated together with Amina"),
            "subject": whom,
            "encounter": visit,
            "occurrenceDateTime": instant(-9, "12:15"),
            "performer": _NURSE,
            "basis": [{"reference": f"QuestionnaireResponse/talk-{of['id']}"}],
            "prediction": [
                {
                    "outcome": concept(text="Thoughts of dying come back after nights without sleep"),
                    "rationale": "Each time it began with several nights under four hours and with being alone.",
                }
            ],
            "mitigation": "Amina rings her mother or the team after the second such night.",
        },
        {
            "resourceType": "Goal",
            "id": f"sleep-{of['id']}",
            "lifecycleStatus": "active",
            "achievementStatus": concept((_ACHIEVEMENT, "in-progress", "In Progress")),
            "description": concept(text="Sleep six hours, three nights in a row."),
            "subject": whom,
            "startDate": day(-5),
            "target": [{"dueDate": day(25)}],
            "expressedBy": whom,
        },
    ]


def _contact(of: Resource, by: Resource) -> list[Resource]:
    whom = patient_reference(of)
    ring = {"reference": f"CommunicationRequest/ring-{by['id']}"[:85]}
    return [
        {
            "resourceType": "CommunicationRequest",
            "id": f"ring-{by['id']}"[:64],
            "status": "active",
            "priority": "routine",
            "subject": whom,
            "payload": [{"contentString": "Ring Rukhsana after the planning meeting."}],
            "occurrenceDateTime": instant(1, "16:30"),
            "authoredOn": instant(-1),
            "requester": _NURSE,
            "recipient": [reference(by)],
            "sender": _NURSE,
        },
        {
            "resourceType": "AppointmentResponse",
            "id": f"comes-{by['id']}"[:64],
            "appointment": {"reference": f"Appointment/planning-meeting-{of['id']}"},
            "actor": reference(by),
            "participantStatus": "accepted",
            "comment": "I come straight from work.",
        },
        {
            "resourceType": "List",
            "id": f"handover-{of['id']}",
            "status": "current",
            "mode": "working",
            "title": "For the night shift",
            "subject": whom,
            "date": instant(-1, "20:30"),
            "source": _NURSE,
            "entry": [{"item": {"reference": f"Goal/sleep-{of['id']}"}}, {"item": ring}],
            "note": [{"text": "Amina would like to be rung before eight."}],
        },
    ]


def _form() -> Resource:
    return {
        "resourceType": "Questionnaire",
        "id": "what-helps",
        "url": f"{_SITE}/Questionnaire/what-helps",
        "version": "1",
        "name": "WhatHelps",
        "title": "What helps",
        "status": "active",
        "subjectType": ["Patient", "RelatedPerson"],
        "date": day(-60),
        "publisher": "Northbeck Crisis Resolution Team",
        "description": "Two questions to begin a talk with.",
        "item": [
            {"linkId": "1", "text": "What helps most?", "type": "text"},
            {"linkId": "2", "text": "What do you need yourself?", "type": "text"},
        ],
    }


def _figure() -> list[Resource]:
    counts = (("denominator", "Denominator", 42), ("numerator", "Numerator", 37))
    return [
        {
            "resourceType": "MeasureReport",
            "id": "asked-about-sharing-february",
            "status": "complete",
            "type": "summary",
            "measure": "https://fhir.kith.example/Measure/NICE-ASK",
            "date": day(-2),
            "reporter": _TEAM,
            "period": {"start": "2026-02-01", "end": "2026-02-28"},
            "group": [
                {
                    "population": [
                        {"code": concept((_POPULATION, code, display)), "count": count}
                        for code, display, count in counts
                    ]
                }
            ],
        },
    ]
