"""RelatedPerson/{id}/$record-contact: that the team tried to reach a supporter, or why it did not.

A call that nobody took is as easy to record as one that somebody did. https://hl7.org/fhir/R4/communication.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.fhir import issues
from app.fhir.checks.london import lies_ahead
from app.fhir.errors import Invalid, Issue
from app.fhir.parse import check
from app.fhir.references import Target, target
from app.fhir.resources import BY_TYPE
from app.fhir.vocabulary.contacts import CONTACT_OUTCOME
from app.fhir.vocabulary.media import MEDIA
from app.fhir.vocabulary.plans import SUPPORTER_ACTIVITY
from app.involvement.contact_made import ContactMade, communication
from app.operations import inputs
from app.operations.inputs import Given, Input
from app.operations.writing import Request, there
from app.record.audited import write_audited
from app.record.context import Context
from app.record.existing import existing
from app.record.stamp import instant, new_id
from app.record.write import Draft, retrying, write
from app.storage import resources
from app.storage.pool import Connection
from app.storage.resources import Stored

COMMUNICATION: Final = BY_TYPE["Communication"]
INPUTS: Final = {
    "who": Input("valueReference"),
    "when": Input("valueDateTime"),
    "medium": Input("valueCode", codes=MEDIA),
    "outcome": Input("valueCode", required=True, codes=CONTACT_OUTCOME.codes),
    "note": Input("valueString"),
    "canOffer": Input("valueCode", many=True, codes=SUPPORTER_ACTIVITY.codes),
    "about": Input("valueReference"),
}
WHO: Final = ("Practitioner", "PractitionerRole", "Organization")
ABOUT: Final = ("EpisodeOfCare", "Encounter", "CarePlan")


@dataclass(frozen=True, slots=True)
class Kept:
    """The version of the Communication that is there now, and what was said about it."""

    communication: str
    warnings: tuple[Issue, ...] = ()


async def record_contact(context: Context, request: Request) -> Kept:
    """Writes the Communication in one transaction, whatever it says: the record must be true.

    Raises BadRequest, NotFound, Gone (the supporter), Invalid, PreconditionFailed, Conflict, Unavailable.
    """
    async with write_audited(context, "record-contact", "RelatedPerson", request.id):
        given = inputs.read(request.body, INPUTS, context.rules)
        problems = [*_future(given, context), *_strange(given, "who", WHO, context)]
        problems += _strange(given, "about", ABOUT, context)
        if problems:
            raise Invalid(issues=tuple(problems))
        return await retrying(lambda: _in_transaction(context, request, given))


def to_parameters(kept: Kept) -> dict[str, Any]:
    """The answer as a Parameters resource."""
    written = {"name": "communication", "valueReference": {"reference": kept.communication}}
    warnings = [{"name": "warning", "valueString": issue.diagnostics} for issue in kept.warnings]
    return {"resourceType": "Parameters", "parameter": [written, *warnings]}


async def _in_transaction(context: Context, request: Request, given: Given) -> Kept:
    supporter = f"RelatedPerson/{request.id}"
    async with context.transaction() as connection:
        found = await resources.read(connection, "RelatedPerson", request.id, context.visibility)
        person, _ = there(found, supporter)
        if not person.patient:
            raise Invalid("The patient of this supporter is not known here.", expression="RelatedPerson.patient")
        await _check_about(context, connection, given, person.patient)
        old = await _existing(context, connection, request, person.patient)
        if old is not None:
            return Kept(_name(old))
        parsed = check(_communication(given, context, supporter, person.patient), COMMUNICATION, context.rules)
        draft = Draft(COMMUNICATION, parsed.resource, new_id(), "POST", "create", 201)
        stored = await write(context, connection, draft)
        return Kept(_name(stored), (*parsed.warnings, *draft.warnings))


def _communication(given: Given, context: Context, supporter: str, patient: str) -> dict[str, Any]:
    made = ContactMade(
        patient=f"Patient/{patient}",
        supporter=supporter,
        outcome=given.text("outcome"),
        sent=given.text("when") or instant(context.rules.now),
        medium=given.text("medium"),
        sender=given.one("who"),
        note=given.text("note"),
        can_offer=tuple(dict.fromkeys(given.all("canOffer"))),
        about=given.one("about"),
    )
    return communication(made)


async def _existing(context: Context, connection: Connection, request: Request, patient: str) -> Stored | None:
    """The Communication to this supporter that If-None-Exist means."""
    if request.if_none_exist is None:
        return None
    criteria = [*request.if_none_exist, ("recipient", f"RelatedPerson/{request.id}")]
    return await existing(context, connection, COMMUNICATION, criteria, patient)


async def _check_about(context: Context, connection: Connection, given: Given, patient: str) -> None:
    """Raises Invalid when it is said to be about an episode, encounter or plan that is not this patient's."""
    named = _target(given, "about", context)
    if named is None or named.type not in BY_TYPE:
        return
    found = await resources.read(connection, named.type, named.id, context.visibility)
    if found is None or found.content is None or found.patient != patient:
        text = f"There is no such {named.type} of this supporter's patient."
        raise Invalid(issues=(issues.value(given.place("about"), text),))


def _future(given: Given, context: Context) -> Iterator[Issue]:
    when = given.text("when")
    if when and lies_ahead(when, context.rules.now):
        text = "Parameter when, the time of the contact, lies in the future. Write down what happened, once it did."
        yield issues.value(given.place("when"), text)


def _strange(given: Given, name: str, types: tuple[str, ...], context: Context) -> Iterator[Issue]:
    reference: dict[str, Any] | None = given.one(name)
    if reference is None:
        return
    literal = _target(given, name, context)
    type_ = literal.type if literal else reference.get("type", types[0])
    if type_ not in types or not (literal or reference.get("identifier", {}).get("value")):
        text = f"Parameter {name} is a {', '.join(types)}, by reference or by identifier."
        yield issues.value(given.place(name), text)


def _target(given: Given, name: str, context: Context) -> Target | None:
    return target((given.one(name) or {}).get("reference") or "", context.bases)


def _name(stored: Stored) -> str:
    return f"{stored.type}/{stored.id}/_history/{stored.version}"
