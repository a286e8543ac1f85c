"""One human, several records: who is the same person, and who may be (the sharing decision, section 5)."""

from collections.abc import Mapping
from typing import NamedTuple

from app.sharing.people import Person


class Identity(NamedTuple):
    """References of the records of one human.

    `surely` are those that permits and roles count across, the record itself included. `joined` are those that are
    linked, even where somebody also said that they differ: denies, restrictions and ages count across them. `perhaps`
    are others that may be the same human: by name and birth date one of them may be one of the joined.
    """

    surely: frozenset[str]
    joined: frozenset[str]
    perhaps: frozenset[str]


def stranger(reference: str) -> Identity:
    """Somebody of whom nothing is known."""
    return Identity(frozenset({reference}), frozenset({reference}), frozenset())


def identity(one: Person, people: Mapping[str, Person], systems: frozenset[str]) -> Identity:
    """Who among `people` is the same human as this one; `systems` are those whose identifiers tell people apart."""
    if len(people) == 1:
        return stranger(one.reference)
    joined = _joined(one, people, systems)
    return Identity(_surely(one, joined, people, systems), joined, _perhaps(joined, people, systems))


def _surely(
    one: Person, joined: frozenset[str], people: Mapping[str, Person], systems: frozenset[str]
) -> frozenset[str]:
    """Of those linked, the ones that are linked to this record without anybody who was said to differ."""
    if not any(people[ref].different for ref in joined):
        return joined
    undisputed = _joined(one, people, systems, disputed=False)
    return frozenset(ref for ref in undisputed if ref == one.reference or not _said_to_differ(one, people[ref]))


def _perhaps(joined: frozenset[str], people: Mapping[str, Person], systems: frozenset[str]) -> frozenset[str]:
    """Whoever may be one of these people, with all their own records."""
    known = [people[ref] for ref in joined]
    alike = [other for ref, other in people.items() if ref not in joined and any(_may_be(one, other) for one in known)]
    return frozenset().union(*(_joined(other, people, systems) for other in alike))


def _joined(
    one: Person, people: Mapping[str, Person], systems: frozenset[str], *, disputed: bool = True
) -> frozenset[str]:
    found, waiting = {one.reference}, [one]
    while waiting:
        known = waiting.pop()
        new = [
            other
            for ref, other in people.items()
            if ref not in found and _linked(known, other, systems) and (disputed or not _said_to_differ(known, other))
        ]
        found.update(other.reference for other in new)
        waiting.extend(new)
    return frozenset(found)


def _linked(one: Person, other: Person, systems: frozenset[str]) -> bool:
    if other.reference in one.same or one.reference in other.same:
        return True
    shared = one.identifiers & other.identifiers
    return bool(shared) and any(system in systems for system, _ in shared)


def _may_be(one: Person, other: Person) -> bool:
    if _said_to_differ(one, other) or not (one.born is None or other.born is None or one.born.meets(other.born)):
        return False
    return not one.traits.names.isdisjoint(other.traits.names)


def _said_to_differ(one: Person, other: Person) -> bool:
    return other.reference in one.different or one.reference in other.different
