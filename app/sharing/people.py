"""The supporters of a patient as they are recorded: RelatedPerson (the sharing decision, sections 3 and 5)."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from app.sharing import roles as roles_
from app.sharing.ages import born, reaches
from app.sharing.directory import Directory, identifiers
from app.sharing.facts import Record, Version
from app.sharing.once import once
from app.sharing.reading import Json, extensions, is_modified, mapping, objects, text
from app.sharing.roles import YOUNG, Role
from app.sharing.systems import extension
from app.sharing.times import BEGINNING, FOREVER, Span, period

ADULT = 18
SAME = extension("same-person")
_DIFFERENT = extension("different-person")


class Traits:
    """By what somebody may be recognised in another record, read when it is first asked for: of most nobody does."""

    def __init__(self, content: Json, earlier: Sequence[Version]) -> None:
        self._content = content
        self._earlier = earlier

    @once
    def names(self) -> frozenset[tuple[str, str]]:
        """Those of all versions so far: a new name does not make another human."""
        return frozenset(name for version in self._earlier for name in _names(mapping(version.content)))

    @once
    def contacts(self) -> frozenset[tuple[str, str]]:
        """Telephone numbers, e-mail and postal addresses, written in one way."""
        return _contacts(self._content)


class Person(NamedTuple):
    """One RelatedPerson. `linked` is when it may be a recipient, None never; `active` is its element of that name."""

    reference: str
    version: str
    active: bool
    linked: Span | None
    grown_up: int
    born: Span | None
    roles: tuple[Role, ...]
    identifiers: frozenset[tuple[str, str]]
    traits: Traits
    same: frozenset[str]
    different: frozenset[str]


def person(record: Record, last: Version, earlier: Sequence[Version], directory: Directory) -> Person:
    """A RelatedPerson read from its `last` version that is no deletion; `earlier` are all its versions so far."""
    if len(earlier) not in record.read:
        record.read[len(earlier)] = _alone(record, last, earlier)
    alone, content = record.read[len(earlier)], mapping(last.content)
    same, different = _references(content, SAME, directory), _references(content, _DIFFERENT, directory)
    return alone._replace(same=same, different=different) if same or different else alone


def _alone(record: Record, last: Version, earlier: Sequence[Version]) -> Person:
    """What one record says, whoever the others are that it may name."""
    content = mapping(last.content)
    active = earlier[-1] is last and content.get("active", True) is True
    held = roles_.roles(content)
    return Person(
        reference=record.reference,
        version=f"{record.reference}/_history/{last.number}",
        active=active,
        linked=period(content.get("period")) if active and not is_modified(content) else None,
        grown_up=grown_up(content, held),
        born=born(content.get("birthDate")),
        roles=held,
        identifiers=identifiers(content),
        traits=Traits(content, earlier),
        same=frozenset(),
        different=frozenset(),
    )


def may_be_linked(content: Json, systems: frozenset[str]) -> bool:
    """Whether a RelatedPerson names another record of the same human, or has an identifier that tells people apart."""
    named = any(True for _ in extensions(content, SAME))
    return named or any(text(one.get("system")) in systems for one in objects(content.get("identifier")))


def boundaries(one: Person) -> tuple[int, ...]:
    """The times at which what is known of this person may change."""
    held = (boundary for role in one.roles for boundary in roles_.boundaries(role))
    return (*(one.linked or ()), one.grown_up, *held)


def folded(written: str) -> str:
    """A text without case, accents, spaces and marks, so that spellings of one name compare as equal."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def grown_up(content: Json, held: tuple[Role, ...]) -> int:
    """When this person is no longer under 18. Without a birth date a child's role is for ever, else nobody is."""
    birthday = reaches(content.get("birthDate"), ADULT)
    if birthday is not None:
        return birthday
    return FOREVER if any(role.code in YOUNG for role in held) else BEGINNING


def _names(content: Json) -> frozenset[tuple[str, str]]:
    """Family and first given name of every name, old ones too. One that is empty is left out: it never matches."""
    found = ((folded(text(name.get("family"))), folded(_first_given(name))) for name in objects(content.get("name")))
    return frozenset((family, given) for family, given in found if family and given)


def _first_given(name: Json) -> str:
    given = name.get("given")
    first = text(given[0]) if isinstance(given, list) and given else ""
    return first.split()[0] if first.split() else ""


def _contacts(content: Json) -> frozenset[tuple[str, str]]:
    reached = {
        (text(point.get("system")), _reached_at(text(point.get("value")))) for point in objects(content.get("telecom"))
    }
    lives = {("address", _address(address)) for address in objects(content.get("address"))}
    return frozenset(contact for contact in reached | lives if contact[1])


def _reached_at(value: str) -> str:
    digits = "".join(letter for letter in value if letter.isdigit())
    if "@" in value or not digits:
        return value.strip().casefold()
    return (
        f"0{digits.removeprefix('0044').removeprefix('44')}"
        if value.strip()[:1] == "+" or digits[:2] == "00"
        else digits
    )


def _address(address: Json) -> str:
    lines = address.get("line")
    street = "".join(text(line) for line in lines) if isinstance(lines, list) else ""
    written = street + text(address.get("postalCode")) if street else text(address.get("text"))
    return folded(written)


def _references(content: Json, url: str, directory: Directory) -> frozenset[str]:
    named = (directory.find(mapping(item).get("valueReference")).reference for item in extensions(content, url))
    return frozenset(reference for reference in named if reference)
