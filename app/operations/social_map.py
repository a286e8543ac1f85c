"""Patient/{id}/$social-map: who and what is around a patient (domain, section 2, rows 1, 8 and 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from app.fhir import json
from app.fhir.errors import Forbidden, Gone, Invalid, NotFound
from app.fhir.moments import moment
from app.involvement.kept_away import kept_away
from app.involvement.sharing_state import state
from app.involvement.social_map import SocialMap, social_map
from app.operations.permits import answers_now
from app.record.audited import read_audited
from app.record.context import Context
from app.security.scopes import CHECK, Scope
from app.storage import social_map as storage
from app.storage.pool import Connection

Json = Mapping[str, Any]

# Nobody reads a map of more; and each of them is asked about.
MOST_DRAWN: Final = 500


async def draw(context: Context, id_: str) -> SocialMap:
    """The map as the caller may see it. Raises Forbidden, NotFound, Gone, Invalid (too many), InsufficientScope,
    Unavailable.

    Restrictions are on it for those who may read Flags, and how sharing stands for staff who may check it.
    """
    async with read_audited(context, "social-map", "Patient", id_) as answered:
        if context.caller.facing != "staff":  # to say that nobody asked would be untrue
            raise Forbidden("The social map is for staff alone.")
        flags = any(one.covers(Scope("Flag", "r")) for one in context.caller.scopes.resources)
        types = ("List", "RelatedPerson", "Flag") if flags else ("List", "RelatedPerson")
        async with context.connection() as connection:
            found = await storage.found(connection, id_, types)
            if found is None:
                raise NotFound(f"There is no Patient/{id_}.")
            answered.patient = found.patient
            if found.deleted:
                raise Gone(f"Patient/{id_} was deleted; its history is at Patient/{id_}/_history.")
            bodies = {type_: [json.loads(each) for each in contents] for type_, contents in found.contents.items()}
            drawn = _drawn(context, id_, bodies)
            if len(drawn.nodes) > MOST_DRAWN:
                text = f"There are {len(drawn.nodes)} on this map; at most {MOST_DRAWN} are drawn."
                raise Invalid(text, code="too-costly", expression="List.entry")
            if context.caller.scopes.has(CHECK):
                drawn = await _with_states(context, connection, found.patient, drawn)
        return drawn


def _drawn(context: Context, id_: str, bodies: Mapping[str, Sequence[Json]]) -> SocialMap:
    """The map of what the caller sees, with the restrictions that are in force now."""
    people, now = bodies["RelatedPerson"], moment(context.rules.now)
    away = kept_away(id_, people, bodies.get("Flag", ()), context.bases, context.policy.sharing, now)
    return social_map(f"Patient/{id_}", bodies["List"], people, away, context.bases)


async def _with_states(context: Context, connection: Connection, patient: str, drawn: SocialMap) -> SocialMap:
    """The map with how sharing stands with each supporter on it."""
    people = list(dict.fromkeys(node.reference for node in drawn.nodes if node.reference))
    answers = await answers_now(context, connection, patient, people) if people else ()
    states = {who: state(list(theirs)) for who, theirs in groupby(answers, key=lambda answer: answer.recipient)}
    return replace(drawn, nodes=tuple(replace(node, consent=states.get(node.reference, "")) for node in drawn.nodes))
