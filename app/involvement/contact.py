"""A contact with a supporter, as a Communication says it: https://hl7.org/fhir/R4/communication.html"""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir.own_codes import own_codes
from app.fhir.references import named_type
from app.fhir.vocabulary.contacts import ATTEMPTS, COMMUNICATION_CATEGORY, CONTACT_OUTCOME

Json = Mapping[str, Any]

_NOTHING_YET: Final = frozenset({"preparation", "entered-in-error"})
_NOT_THE_TEAM: Final = frozenset({"RelatedPerson", "Patient"})


def outcome(communication: Json) -> str:
    """The contact-outcome code that counts, '' when there is none: of several nobody can tell which."""
    said = own_codes(communication.get("statusReason"), CONTACT_OUTCOME)
    return said[0] if len(said) == 1 else ""


def is_attempt(communication: Json) -> bool:
    """Whether it is an attempt to reach somebody, by its outcome alone."""
    return outcome(communication) in ATTEMPTS and communication.get("status") not in _NOTHING_YET


def is_outbound(communication: Json) -> bool:
    """Whether the team went to somebody with it, or tried to."""
    if communication.get("status") in _NOTHING_YET or type_of(communication.get("sender")) in _NOT_THE_TEAM:
        return False
    said = outcome(communication)
    return not said or said in ATTEMPTS


def is_contact(communication: Json) -> bool:
    """Whether it was to reach somebody, and not to hand over what is owed to them, or what was asked for."""
    categories = own_codes(communication.get("category"), COMMUNICATION_CATEGORY)
    return bool(outcome(communication)) or not categories or "contact" in categories


def supporters(elements: Any) -> tuple[Json, ...]:
    """The references among these that are to supporters, or may be: an identifier alone does not say of what."""
    return tuple(each for each in elements or () if type_of(each) == "RelatedPerson" or _may_be_anybody(each))


def _may_be_anybody(reference: Any) -> bool:
    return isinstance(reference, Mapping) and not type_of(reference) and bool(reference.get("identifier"))


def type_of(reference: Any) -> str:
    """The type that a Reference says it is to, '' when it does not say."""
    element = reference if isinstance(reference, Mapping) else {}
    return named_type(element.get("reference", "")) or str(element.get("type", ""))
