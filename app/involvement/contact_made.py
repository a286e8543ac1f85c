"""A contact, or the attempt at one, written as the Communication that any client could write.

https://hl7.org/fhir/R4/communication.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.fhir.canonical import extension
from app.fhir.own_codes import coding, concept
from app.fhir.references import named_type
from app.fhir.vocabulary.contact_status import NOT_DONE_REASON, STANDING
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY, CONTACT_OUTCOME
from app.fhir.vocabulary.media import PARTICIPATION_MODE
from app.fhir.vocabulary.plans import SUPPORTER_ACTIVITY

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContactMade:
    """Whom the team tried to reach, when (FHIR dateTime), by which medium, and what came of it; '' is not said.

    `sender` and `about` are References, `can_offer` codes of supporter-activity.
    """

    patient: str
    supporter: str
    outcome: str
    sent: str
    medium: str = ""
    sender: Mapping[str, Any] | None = None
    note: str = ""
    can_offer: tuple[str, ...] = ()
    about: Mapping[str, Any] | None = None


def communication(made: ContactMade) -> Json:
    """The Communication: its status and FHIR's reason follow from the outcome, which stands beside them."""
    body: Json = {"resourceType": "Communication"}
    if made.can_offer:
        url = extension("can-offer")
        body["extension"] = [
            {"url": url, "valueCodeableConcept": concept(SUPPORTER_ACTIVITY, code)} for code in made.can_offer
        ]
    body |= {
        "status": STANDING[made.outcome].status,
        "statusReason": {"coding": _reasons(made.outcome)},
        "category": [concept(COMMUNICATION_CATEGORY, "contact")],
    }
    if made.medium:
        body["medium"] = [{"coding": [{"system": PARTICIPATION_MODE, "code": made.medium}]}]
    body["subject"] = {"reference": made.patient}
    if made.about:
        is_encounter = named_type(made.about.get("reference", "")) == "Encounter"
        body |= {"encounter": dict(made.about)} if is_encounter else {"about": [dict(made.about)]}
    body |= {"sent": made.sent, "recipient": [{"reference": made.supporter}]}
    if made.sender:
        body["sender"] = dict(made.sender)
    if made.note:
        body["note"] = [{"text": made.note}]
    return body


def _reasons(outcome: str) -> list[Json]:
    reason = STANDING[outcome].reason
    beside = [{"system": NOT_DONE_REASON, "code": reason}] if reason else []
    return [*beside, coding(CONTACT_OUTCOME, outcome)]
