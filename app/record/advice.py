"""What the rest of a patient's record says to the crisis team's work with supporters: contacts, invitations, plans.

Most of it is warned of and stored, for the record must be true. Only a plan may be refused.
"""

from typing import Final

from app.fhir import issues
from app.fhir.errors import Invalid
from app.fhir.links import PatientName
from app.involvement.parts import named_supporters
from app.record.context import Context
from app.record.draft import Draft
from app.record.judgement import contacts, copies, meetings, plans
from app.record.judgement.judged import Judged
from app.sharing.facts import Facts
from app.storage.facts import Named, gather, gather_people
from app.storage.own_records import OF_THE_PATIENT
from app.storage.pool import AWAY, Connection
from app.storage.resources import Stored

# Ids of supporters, None for all of them.
Supporters = frozenset[str] | None
# Facts by patient, types and plans, with the supporters that they were read for; for as long as nothing that they hold
# is written between two judgements.
Known = dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[Supporters, Facts]]
_MOST_KNOWN: Final = 50
# Of a plan, who has a part in it: what may be shared with them is no question here.
_TYPES: Final = {"CarePlan": ("Patient", "RelatedPerson")}
_JUDGES: Final = {
    "Appointment": meetings.judge,
    "CarePlan": plans.judge,
    "Communication": contacts.judge,
    "CommunicationRequest": meetings.judge,
}


def may_warn(context: Context, draft: Draft) -> bool:
    """Whether there may be something to say. What may be shared is told to those alone who may ask it."""
    match draft.definition.type:
        case "CarePlan":
            return plans.needs_judgement(draft.resource)
        case "Communication":
            return context.may_ask and contacts.needs_judgement(draft.resource)
        case "Appointment" | "CommunicationRequest":
            return context.may_ask and meetings.needs_judgement(draft.replaced, draft.resource)
        case _:
            return False


def may_refuse(draft: Draft) -> bool:
    """Whether it may have to be undone."""
    return draft.definition.type == "CarePlan" and plans.may_refuse(draft.resource)


async def advise(
    context: Context, connection: Connection, draft: Draft, stored: Stored, known: Known | None = None
) -> None:
    """Leaves in the draft what the record says against it, now that it is stored. Raises Invalid (a plan).

    `known` are the facts by which others of the same transaction were judged, and is added to.
    """
    if not may_warn(context, draft) or not stored.patient:  # of nobody's record, or of a group
        return
    facts = await _facts(context, connection, draft, stored.patient, {} if known is None else known)
    name = f"{stored.type}/{stored.id}"
    found = _JUDGES[stored.type](Judged(name, draft.replaced, draft.resource, facts, context.rules, stored.updated))
    if found.issues:
        raise Invalid(issues=tuple(found.issues))
    draft.warnings[:] = found.warnings if context.caller.facing == "staff" else []


async def advise_afterwards(
    context: Context, connection: Connection, draft: Draft, stored: Stored, known: Known | None = None
) -> None:
    """As `advise`, of what is committed already, and so was done whatever becomes of the question."""
    try:
        await advise(context, connection, draft, stored, known)
    except AWAY:
        text = "It is stored. What the rest of the record says to it could not be looked up."
        draft.warnings[:] = [issues.warning(issues.rule(stored.type, text))]


async def _facts(context: Context, connection: Connection, draft: Draft, patient: str, known: Known) -> Facts:
    type_ = draft.definition.type
    types = _TYPES.get(type_, OF_THE_PATIENT)
    asked = named_supporters(draft.resource, context.bases) if type_ == "CarePlan" else None
    copied = copies.plans_named(draft.resource, context.bases) if type_ == "Communication" else ()
    key = patient, types, copied
    if key in known:
        read_for, facts = known[key]
        if read_for is None or (asked is not None and asked <= read_for):
            return facts
        asked = None  # rather everybody once than a few for each plan
    if len(known) == _MOST_KNOWN:
        known.clear()
    facts = await (
        _of_everybody(context, connection, key) if asked is None else _of_some(context, connection, patient, asked)
    )
    known[key] = asked, facts
    return facts


async def _of_everybody(
    context: Context, connection: Connection, key: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> Facts:
    patient, types, copied = key
    plans_ = [("CarePlan", id_) for id_ in copied]
    policy, bases = context.policy.sharing, context.bases
    named = Named(references=plans_, resources=plans_)
    found = await gather(connection, PatientName(id=patient), named, policy, bases, patient, types)
    return found or Facts(patient, (), bases=bases, policy=policy)


async def _of_some(context: Context, connection: Connection, patient: str, asked: frozenset[str]) -> Facts:
    policy, bases = context.policy.sharing, context.bases
    found = await gather_people(connection, patient, asked, policy, bases)
    return found or Facts(patient, (), bases=bases, policy=policy)
