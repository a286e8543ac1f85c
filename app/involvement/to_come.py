"""When a record is to be looked at again though nobody writes in it: what begins, ends or comes of age by itself."""

from collections.abc import Iterator, Sequence

from app.involvement.owed import Entry
from app.sharing import roles
from app.sharing.ages import reaches
from app.sharing.boundaries import Boundaries
from app.sharing.facts import Facts
from app.sharing.people import ADULT
from app.sharing.reading import Json
from app.sharing.times import ALWAYS, FOREVER, period
from app.sharing.view import View


def next_change(record: Sequence[Entry], facts: Facts | None, now: int) -> int | None:
    """The first time after `now` (microseconds) at which something else may be owed; None when there is none.

    `facts` are those of the sharing decision, where what is owed rests on it.
    """
    limits = [limit for entry in record if entry.type == "RelatedPerson" for limit in _of_person(entry.content)]
    if facts:
        limits += Boundaries(View(facts, now)).of_consents
    return min((limit for limit in limits if now < limit < FOREVER), default=None)


def _of_person(person: Json) -> Iterator[int]:
    """When somebody begins and ends to be a supporter or to have a role, and when they are of age."""
    yield from period(person.get("period")) or ALWAYS
    for role in roles.roles(person):
        yield from roles.boundaries(role)
    adult_from = reaches(person.get("birthDate"), ADULT)
    if adult_from is not None:
        yield adult_from
