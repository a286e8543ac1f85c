"""A decision that takes meetings away from somebody who is invited: a Task for each invitation, with the decision.

No Appointment is changed or deleted: what becomes of an invitation is for the team to decide with the patient.
"""

from app.fhir.checks import flag
from app.fhir.checks.levels import denies
from app.fhir.links import PatientName
from app.fhir.resources import BY_TYPE
from app.involvement.invitation_review import RULE, identifier, review
from app.involvement.invitations import no_longer_permitted
from app.record.context import Context
from app.record.draft import Draft
from app.record.stamp import new_id
from app.sharing.times import moment
from app.storage import invitations as storage
from app.storage.facts import Named, gather
from app.storage.pool import Connection
from app.storage.resources import Stored


def may_take_away(draft: Draft) -> bool:
    """Whether somebody may be permitted less by this: a Consent that refuses or is changed, a Flag that protects."""
    match draft.definition.type:
        case "Consent":
            return draft.existing is not None or denies(draft.resource)
        case "Flag":
            return flag.protects(draft.resource)
        case _:
            return False


async def reviews(context: Context, connection: Connection, draft: Draft, stored: Stored) -> list[Draft]:
    """The Tasks to look at invitations to come that are no longer permitted now that this is stored."""
    if not may_take_away(draft) or not stored.patient:
        return []
    now = max(context.rules.now, stored.updated)
    meetings = await storage.to_come(connection, stored.patient, context.visibility, moment(now))
    if not meetings:
        return []
    name, policy = PatientName(id=stored.patient), context.policy.sharing
    facts = await gather(connection, name, Named(), policy, context.bases, stored.patient)
    found = no_longer_permitted(facts, meetings, now) if facts else []
    known = await storage.looked_at(connection, RULE, [identifier(one) for one in found]) if found else frozenset()
    tasks = [review(one, stored.patient, now) for one in found if identifier(one) not in known]
    return [Draft(BY_TYPE["Task"], task, new_id(), "POST", "create", 201) for task in tasks]
