"""EpisodeOfCare/{id}/$first-contacts, CarePlan/{id}/$first-contacts: the first three calls, and who is left to try."""

from typing import Any

from app.involvement.first_contacts import WANTED, FirstContacts, Left, Tried, first_contacts
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.messages import Message
from app.involvement.phases import TYPES
from app.operations.episode import OfEpisode, chart_of, told
from app.record.context import Context

Json = dict[str, Any]


async def ask_first_contacts(context: Context, type_: str, id_: str) -> Json:
    """The answer as a Parameters resource. Raises what `chart_of` does."""
    chart, episode = await chart_of(context, OfEpisode("first-contacts", type_, id_), TYPES)
    return to_parameters(episode, first_contacts(chart, episode))


def to_parameters(episode: Episode, found: FirstContacts) -> Json:
    """The answer as a Parameters resource."""
    counts = {
        "done": min(WANTED, found.attempts),
        "attempts": found.attempts,
        "people": len(found.tried),
    }
    return {
        "resourceType": "Parameters",
        "parameter": [
            *told(episode),
            *({"name": name, "valueInteger": count} for name, count in counts.items()),
            *({"name": "contact", "part": _contact(one)} for one in found.contacts),
            *({"name": "tried", "part": _tried(one)} for one in found.tried),
            *({"name": "leftToTry", "part": _left(one)} for one in found.left),
            *({"name": "notToTry", "part": _left(one)} for one in found.not_to_try),
            *(
                {"name": "unreadable", "part": [_reference("communication", one.record), _why(one.why)]}
                for one in found.unreadable
            ),
        ],
    }


def _contact(message: Message) -> list[Json]:
    return [
        _reference("communication", message.entry.versioned),
        *(_reference("supporter", person) for person in sorted(message.people)),
        {"name": "when", "valueDateTime": message.entry.content["sent"]},
        {"name": "outcome", "valueCode": message.outcome},
    ]


def _tried(one: Tried) -> list[Json]:
    return [
        _reference("supporter", one.supporter),
        {"name": "attempts", "valueInteger": one.attempts},
        {"name": "reached", "valueBoolean": one.reached},
        *({"name": "canOffer", "valueCodeableConcept": dict(each)} for each in one.can_offer),
    ]


def _left(one: Left) -> list[Json]:
    return [
        _reference("supporter", one.supporter),
        *({"name": "role", "valueCode": role} for role in one.roles),
        {"name": "decision", "valueCode": "permit" if one.permitted else "deny"},
        {"name": "basis", "valueCode": one.basis},
    ]


def _reference(name: str, reference: str) -> Json:
    return {"name": name, "valueReference": {"reference": reference}}


def _why(why: str) -> Json:
    return {"name": "why", "valueString": why}
