"""One human, several records; roles and ages (section 5, and 'Ages' in section 3)."""

import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.sharing.reference import times
from tests.sharing.reference.vocabulary import CARER_ROLE, CHILD_ROLES, extensions, keys
from tests.sharing.reference.world import Stood, World, identifiers, remembered_for_ever, resolve

_ADULT = 18
_SIXTEEN = 16


def last(world: World, reference: str) -> Stood | None:
    """A RelatedPerson as it stood, a deleted one as it last was."""
    return world.history[reference][-1] if world.person(reference) else None


def everyone(world: World) -> list[str]:
    """'Deleted and ended RelatedPersons still count here, and so do those written by other organisations.'"""
    return sorted({one.reference for one in world.facts.supporters if world.versions(one)})


@remembered_for_ever
def same(world: World, reference: str, *, wary: bool = False) -> frozenset[str]:
    """This RelatedPerson and all that are certainly the same human. Two that are linked and that somebody told apart
    are the same for denies, restrictions and ages (`wary`), and not for permits and roles: 'what cannot be ... told
    apart never permits'.
    """
    found = {reference}
    people = everyone(world)
    while True:
        more = {
            two for one, two in product(found, people) if two not in found and _one_human(world, one, two, wary=wary)
        }
        if not more:
            break
        found |= more
    return frozenset(one for one in found if wary or one == reference or not _told_apart(world, reference, one))


def _one_human(world: World, one: str, two: str, *, wary: bool) -> bool:
    """'the same person when they share an identifier of a system in a setting ... or are linked by the extension
    `same-person`'.
    """
    linked = two in _stated(world, one, "same-person") or one in _stated(world, two, "same-person")
    one_number = bool(_numbers(world, one) & _numbers(world, two))
    return (one_number or linked) and (wary or not _told_apart(world, one, two))


def _told_apart(world: World, one: str, two: str) -> bool:
    return two in _stated(world, one, "different-person") or one in _stated(world, two, "different-person")


@remembered_for_ever
def _numbers(world: World, reference: str) -> set[tuple[str, str]]:
    person = last(world, reference)
    systems = world.facts.policy.same_person_systems
    return {pair for pair in identifiers(person.content) if pair[0] in systems} if person else set()


@remembered_for_ever
def _stated(world: World, reference: str, name: str) -> set[str]:
    person = last(world, reference)
    return {
        found
        for extension in extensions(person.content if person else {}, name)
        for found in resolve(world, extension.get("valueReference"))
    }


@remembered_for_ever
def lookalikes(world: World, reference: str) -> list[str]:
    """Other RelatedPersons that may be the same human: name and birth date allow it, nobody said otherwise; with all
    records that are linked to them, for what restricts also those that somebody told apart.
    """
    group = same(world, reference, wary=True)
    alike = [
        other
        for other in everyone(world)
        if other not in group and any(_may_be_one(world, one, other) for one in group)
    ]
    return sorted({record for other in alike for record in same(world, other, wary=True)})


def _may_be_one(world: World, one: str, two: str) -> bool:
    """'same normalised family and first given name in any pair of their names, old ones included (an empty one never
    matches), birth date not contradicting ... unless somebody recorded that they differ'.
    """
    return (
        not _told_apart(world, one, two)
        and bool(_names(world, one) & _names(world, two))
        and not _contradict(world, one, two)
    )


def _names(world: World, reference: str) -> set[tuple[str, str]]:
    return {
        (family, given)
        for stood in world.history.get(reference, ())
        for name in stood.content.get("name") or ()
        if name
        for family, given in [(_normal(name.get("family")), _normal(next(iter(name.get("given") or [""]), "")))]
        if family and given
    }


def _normal(text: str | None) -> str:
    """Case, accents, spaces and punctuation do not tell names apart."""
    plain = unicodedata.normalize("NFKD", (text or "").casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _contradict(world: World, one: str, two: str) -> bool:
    first, second = times.span(born(world, one)), times.span(born(world, two))
    return first is not None and second is not None and (first.last < second.first or second.last < first.first)


def born(world: World, reference: str) -> str:
    person = last(world, reference)
    return str(person.content.get("birthDate") or "") if person else ""


def contacts(world: World, reference: str) -> set[str]:
    """Phones, e-mails and addresses, without case and spaces."""
    person = last(world, reference)
    content = person.content if person else {}
    telecoms = [point.get("value") for point in content.get("telecom") or () if point]
    addresses = [_address(address) for address in content.get("address") or () if address]
    return {"".join(text.casefold().split()) for text in (*telecoms, *addresses) if text} - {""}


def _address(address: Any) -> str:
    parts = [*(address.get("line") or ()), address.get("city"), address.get("postalCode")]
    return " ".join(part for part in parts if part)


def roles(world: World, references: frozenset[str] | set[str]) -> Iterator[tuple[str, Any]]:
    """(code of carer-role, the relationship it stands in) of these records."""
    for reference in sorted(references):
        person = last(world, reference)
        for relationship in (person.content.get("relationship") or ()) if person else ():
            for system, code in keys(relationship):
                if system == CARER_ROLE:
                    yield code, relationship


def value(relationship: Any, name: str) -> Any:
    """The value of an extension, of whatever type; None without it."""
    found = [
        member
        for extension in extensions(relationship, name)
        for kind, member in extension.items()
        if kind.startswith("value")
    ]
    return found[0] if found else None


def in_force(relationship: Any, at: int, *, blank: bool) -> bool:
    """Whether a role is in force at a time; `blank` says what a missing role-in-force-from means."""
    begins = times.span(value(relationship, "role-in-force-from"))
    begun = begins.first <= at if begins else blank
    return begun and times.contains(value(relationship, "role-period"), at)


def is_young(world: World, reference: str) -> bool:
    """'recipient under 18', judged for the youngest that any of the person's records allows."""
    return any(_is_young(world, one) for one in same(world, reference, wary=True))


def _is_young(world: World, reference: str) -> bool:
    """'A supporter with role young-carer, child-in-household or visiting-child is under 18 unless a birth date says
    otherwise.'
    """
    birthday = times.birthday(born(world, reference) or "never", _ADULT)
    if birthday is not None:
        return world.at < birthday
    return any(code in CHILD_ROLES for code, _ in roles(world, {reference}))


def patient_birthday(world: World, years: int = _SIXTEEN) -> int | None:
    """When the patient comes of an age; None when the birth date is unknown."""
    births = [patient.content.get("birthDate") for patient in world.stood(world.facts.patients)]
    birthdays = [day for day in (times.birthday(birth, years) for birth in births if birth) if day is not None]
    return max(birthdays, default=None)


def patient_is_child(world: World) -> bool:
    """'patient under 16 (London date)'; unknown: the setting."""
    birthday = patient_birthday(world)
    if birthday is None:
        return world.facts.policy.unknown_patient_age == "child"
    return world.at < birthday


def is_deceased(world: World) -> bool:
    """'deceasedBoolean true, or first instant of deceasedDateTime not after `at`'."""
    for patient in world.stood(world.facts.patients):
        died = times.span(patient.content.get("deceasedDateTime"))
        if patient.content.get("deceasedBoolean") is True or (died and died.first <= world.at):
            return True
    return False
