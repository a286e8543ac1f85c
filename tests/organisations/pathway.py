"""A patient's goal, episode, visit, formulation, referral, handover and answer, each holding a secret."""

from typing import Any

Resource = dict[str, Any]


def pathway(of: Resource, friend: Resource, secret: str) -> dict[str, Resource]:
    """By their names in the table of who sees what; `friend` is a supporter of the patient."""
    bodies: dict[str, tuple[str, Resource]] = {
        "goal": ("Goal", {"lifecycleStatus": "active", "description": {"text": secret}, "subject": of}),
        "episode": ("EpisodeOfCare", {"status": "active", "type": [{"text": secret}], "patient": of}),
        "encounter": (
            "Encounter",
            {"status": "finished", "class": {"code": "HH"}, "type": [{"text": secret}], "subject": of},
        ),
        "risk-assessment": ("RiskAssessment", {"status": "final", "mitigation": secret, "subject": of}),
        "request": ("ServiceRequest", {"status": "active", "intent": "order", "code": {"text": secret}, "subject": of}),
        "ring": (
            "CommunicationRequest",
            {"status": "active", "recipient": [friend], "category": [{"text": secret}], "subject": of},
        ),
        "handover": ("List", {"status": "current", "mode": "working", "title": secret, "subject": of}),
        "answer": (
            "AppointmentResponse",
            {"appointment": {"display": "x"}, "participantStatus": "accepted", "comment": secret, "actor": of},
        ),
        "figure": (
            "MeasureReport",
            {
                "status": "complete",
                "type": "individual",
                "measure": "urn:m",
                "period": {"start": "2026"},
                "subject": of,
                "reporter": {"display": secret},
            },
        ),
    }
    return {key: {"resourceType": type_, **body} for key, (type_, body) in bodies.items()}
