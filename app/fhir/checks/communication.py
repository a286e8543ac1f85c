"""Rules of this service for Communication beyond those of FHIR: https://hl7.org/fhir/R4/communication.html"""

from typing import Any, Final

from app.fhir import issues
from app.fhir.checks import involvement
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue
from app.fhir.own_codes import own_codes
from app.fhir.vocabulary.contact_status import STANDING
from app.fhir.vocabulary.contacts import CONTACT_OUTCOME


def outcome_and_status_agree(communication: dict[str, Any], _: Rules) -> list[Issue]:
    """A warning where the status of a contact is not what its outcome says: attempts are counted by the outcome."""
    outcomes, status = own_codes(communication.get("statusReason"), CONTACT_OUTCOME), communication.get("status")
    if len(outcomes) > 1:
        text = f"Two outcomes ({', '.join(outcomes)}) say two things: it counts nowhere until one is left."
        return [issues.warning(issues.rule("Communication.statusReason", text))]
    if not outcomes or status == "entered-in-error":
        return []
    agree = STANDING[outcomes[0]].statuses
    if status in agree:
        return []
    text = f"The outcome {outcomes[0]} goes with the status {' or '.join(agree)}, and this is {status}."
    return [issues.warning(issues.rule("Communication.status", text))]


CHECKS: Final[tuple[Check, ...]] = (*involvement.CHECKS, outcome_and_status_agree)
