"""What supporters worry about, and what answers it (domain, section 2, practice 25)."""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir.own_codes import own_codes
from app.fhir.own_extensions import own
from app.fhir.references import contained_types, target, type_of
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY
from app.involvement.contact import is_outbound, outcome

Json = Mapping[str, Any]

# Search keys of Kith's own, which no search asks for: those of a concern, and of what answers one.
WAITING: Final = "waiting"
ANSWERS: Final = "answers"
# A message that was left is one without clinical content.
_SAYS_NOTHING: Final = "message-left"
# By which elements a resource of a type answers the Communications that they refer to.
_ABOUT: Final = {"Communication": ("inResponseTo", "partOf"), "Task": ("focus", "reasonReference")}


def is_waiting(communication: Json) -> bool:
    """Whether it is the concern of a supporter, and does not say itself whether it was used, and why."""
    return (
        "concern" in own_codes(communication.get("category"), COMMUNICATION_CATEGORY)
        and communication.get("status") != "entered-in-error"
        and _may_be_a_supporter(communication)
        and not own(dict(communication), "knowledge-used")
    )


def _may_be_a_supporter(communication: Json) -> bool:
    """Whether it is said to be of a supporter, or nothing is said of what its sender is: somebody has to see to it."""
    sender = communication.get("sender")
    said = type_of(sender, contained_types(dict(communication))) if isinstance(sender, Mapping) else ""
    return said in ("RelatedPerson", "")


def answered(type_: str, resource: Json, bases: tuple[str, ...]) -> frozenset[str]:
    """The Communications (Communication/a) that a resource answers, if they are concerns.

    The team's own Communication in response to it or as a part of it, once it took place; a Task about it, once it is
    done. `bases` are the addresses of this service.
    """
    if resource.get("status") != "completed" or (type_ == "Communication" and not _says_something(resource)):
        return frozenset()
    named = (
        target(each.get("reference", ""), bases) for name in _ABOUT.get(type_, ()) for each in _each(resource, name)
    )
    return frozenset(f"{to.type}/{to.id}" for to in named if to and to.type == "Communication")


def keys(type_: str, resource: Json, bases: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """The search keys of a concern, and of what answers some: (parameter, system, code)."""
    found = [(ANSWERS, "", name) for name in sorted(answered(type_, resource, bases))]
    return [*found, (WAITING, "", WAITING)] if type_ == "Communication" and is_waiting(resource) else found


def _says_something(communication: Json) -> bool:
    return is_outbound(communication) and outcome(communication) != _SAYS_NOTHING


def _each(resource: Json, name: str) -> list[Json]:
    found = resource.get(name, [])
    return found if isinstance(found, list) else [found]
