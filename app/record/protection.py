"""Taking protection away is privileged; and what a Consent, Flag or supporter needs that the rest of the record tells.

The version is stored already in this transaction, so that it is judged among the records as they will be; what is
refused is rolled back. See the sharing decision, sections 4 and 5.
"""

from typing import Any

from app.fhir import issues
from app.fhir.checks.flag import restricts
from app.fhir.errors import Forbidden, Invalid, Issue
from app.fhir.labels import confidential
from app.fhir.links import PatientName
from app.fhir.masking import copies
from app.fhir.own_codes import concept
from app.fhir.own_extensions import own, text
from app.fhir.references import target
from app.fhir.resources import BY_TYPE
from app.fhir.vocabulary.episodes import TASK_CODE
from app.record.context import Context
from app.record.draft import Draft
from app.record.hiding import hide_restricted
from app.record.judgement import consents, flags, refusals, supporters
from app.record.judgement.judged import Judged, Judgement
from app.record.stamp import instant, new_id
from app.security.permission import require
from app.security.scopes import OVERRIDE, RESTRICTIONS
from app.sharing.facts import Facts
from app.sharing.times import moment
from app.sharing.view import View
from app.storage import masks
from app.storage.facts import Named, gather
from app.storage.pool import Connection
from app.storage.resources import Stored

# By what two Patients may turn out to be one.
_JOINS = ("identifier", "link")
_JUDGES = {"Consent": consents.judge, "Flag": flags.judge, "RelatedPerson": supporters.judge}


def needs_judgement(context: Context, draft: Draft) -> bool:
    """Whether the rest of the record has a say in this write."""
    match draft.definition.type:
        case "Consent":
            enforced = context.policy.referential_integrity
            return consents.needs_judgement(draft.replaced, draft.resource, context.rules, enforced=enforced)
        case "Flag":
            return flags.needs_judgement(draft.replaced, draft.resource)
        case type_:
            # A new supporter changes nothing for others, unless he is said to be somebody else than one of them.
            known = draft.existing is not None or bool(own(draft.resource, "different-person"))
            return type_ == "RelatedPerson" and known


async def warn(context: Context, connection: Connection, draft: Draft, stored: Stored) -> None:
    """Leaves in the draft of a new supporter that he may be somebody who is restricted or refused."""
    facts = await _facts(context, connection, draft, stored)
    name = f"{stored.type}/{stored.id}"
    judged = Judged(name, draft.replaced, draft.resource, facts, context.rules, stored.updated)
    draft.warnings[:] = _told(context, stored, supporters.judge(judged))
    await _hide(connection, judged)


async def protect(context: Context, connection: Connection, draft: Draft, stored: Stored) -> Draft | None:
    """Judges what was stored, and gives what must be stored with it: the review of an override.

    Raises Forbidden when it takes a privilege that the caller has not, Invalid when something is missing. Warnings
    are left in the draft.
    """
    if not needs_judgement(context, draft):
        return None
    if stored.type == "Flag" and restricts(draft.resource):
        await masks.alone(connection, stored.patient)
    facts = await _facts(context, connection, draft, stored)
    name = f"{stored.type}/{stored.id}"
    judged = Judged(name, draft.replaced, draft.resource, facts, context.rules, stored.updated)
    found = _JUDGES[stored.type](judged)
    _check_privileges(context, found)
    if found.ends and not text(draft.resource, "end-reason"):
        found.issues.append(issues.missing(f"{stored.type}.extension", f"must hold end-reason. {found.ends}: say why"))
    if found.issues:
        raise Invalid(issues=tuple(found.issues))
    draft.warnings[:] = _told(context, stored, found)
    if found.restricts or stored.type == "RelatedPerson":
        await _hide(connection, judged, restricts=found.restricts)
    return _review(context, stored, judged) if found.overrides and consents.is_new_override(judged) else None


def _told(context: Context, stored: Stored, found: Judgement) -> list[Issue]:
    """The warnings that are for the caller: that a supporter may be somebody who must not be told is a decision."""
    return found.warnings if context.may_ask or stored.type != "RelatedPerson" else []


def may_tell_where(draft: Draft) -> bool:
    """Whether it holds a copy of a supporter who may be restricted, or makes one record of two."""
    is_patient = draft.definition.type == "Patient"
    return bool(copies(draft.resource)) or (is_patient and _may_join(draft.replaced, draft.resource))


def _may_join(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    return old is not None and any(old.get(name) != new.get(name) for name in _JOINS)


async def hide_where(context: Context, connection: Connection, draft: Draft, stored: Stored) -> None:
    """Masks where to find those who are or may be restricted, in whichever record of the patient it stands."""
    if stored.patient:
        facts, name = await _facts(context, connection, draft, stored), f"{stored.type}/{stored.id}"
        judged = Judged(name, draft.replaced, draft.resource, facts, context.rules, stored.updated)
        await _hide(connection, judged)


def check_decider(context: Context, draft: Draft) -> None:
    """Raises Forbidden for a Consent by a client that faces a carer: nobody agrees, or takes back, in the patient's
    name to what they are told themselves.
    """
    if draft.definition.type == "Consent" and context.caller.facing == "carer":
        raise Forbidden("What a patient decided is not for a client that faces a carer to record.")


async def _hide(connection: Connection, judged: Judged, *, restricts: bool = False) -> None:
    """Sees to it that where to find restricted supporters is masked, after a write that may change who that is.

    What others have committed meanwhile counts, though their requests came later than this one.
    """
    at = max(judged.at, moment(judged.facts.newest))
    view = View(judged.facts, at)
    if restricts or view.restrictions:
        await hide_restricted(connection, view, at)


def _check_privileges(context: Context, found: Judgement) -> None:
    if found.overrides:
        require(context.caller.scopes, OVERRIDE, "A safety override is a privilege.")
    # Whoever is not told apart from others may restrict: too much protection is the lesser harm.
    if found.restricts and context.caller.is_known:
        require(context.caller.scopes, RESTRICTIONS, "A contact restriction is a privilege.")
    if found.ends:
        require(context.caller.scopes, RESTRICTIONS, f"{found.ends}, which is a privilege.")


async def _facts(context: Context, connection: Connection, draft: Draft, stored: Stored) -> Facts:
    performers = (target(each.get("reference", ""), context.bases) for each in draft.resource.get("performer", ()))
    roles = [(who.type, who.id) for who in performers if who and who.type == "PractitionerRole"]
    named = Named(roles, refusals.identifiers(draft.resource) if stored.type == "Consent" else ())
    patient, policy = PatientName(id=stored.patient), context.policy.sharing
    found = await gather(connection, patient, named, policy, context.bases, stored.patient)
    return found or Facts(stored.patient, (), bases=context.bases, policy=policy)


def _review(context: Context, stored: Stored, judged: Judged) -> Draft:
    """The Task to look at an override afterwards."""
    decided: dict[str, Any] = next(iter(judged.new.get("performer", ())), {})
    requester = {"requester": decided} if target(decided.get("reference", ""), context.bases) else {}
    labels = confidential(judged.new)
    task: dict[str, Any] = {
        "resourceType": "Task",
        **({"meta": {"security": labels}} if labels else {}),
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": concept(TASK_CODE, "override-review"),
        "description": "Look at whether the override was right, and tell the patient.",
        "focus": {"reference": judged.reference},
        "for": {"reference": f"Patient/{stored.patient}"},
        "authoredOn": instant(context.rules.now),
        **requester,
    }
    return Draft(BY_TYPE["Task"], task, new_id(), "POST", "create", 201)
