"""The Task to look again at an invitation that the patient's decisions no longer permit. https://hl7.org/fhir/R4/task.html"""

from datetime import datetime
from typing import Any

from app.fhir.own_codes import concept
from app.fhir.vocabulary.episodes import TASK_CODE
from app.involvement.indicators.tasks import RULE
from app.involvement.invitations import Unpermitted

__all__ = ["RULE", "identifier", "review"]


def identifier(one: Unpermitted) -> str:
    """What names the Task, so that there is one for each invitation while it is not done."""
    return f"invitation-review:{one.appointment}:{one.supporter}"


def review(one: Unpermitted, patient: str, now: datetime) -> dict[str, Any]:
    """The Task, due when the meeting begins."""
    body: dict[str, Any] = {
        "resourceType": "Task",
        "identifier": [{"system": RULE, "value": identifier(one)}],
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": concept(TASK_CODE, "invitation-review"),
        "description": "The patient's decisions no longer permit this invitation: decide with the patient.",
        "focus": {"reference": f"Patient/{patient}"},
        "for": {"reference": one.supporter},
        "reasonReference": {"reference": one.appointment},
        "authoredOn": now.isoformat(timespec="seconds"),
    }
    return body | ({"restriction": {"period": {"end": one.start}}} if one.start else {})
