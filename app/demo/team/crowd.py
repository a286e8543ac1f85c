"""The patients of twelve weeks, with everything that happened to them: the same for the same seed."""

from collections.abc import Iterator
from itertools import chain
from random import Random

from app.demo.agreed import agreed
from app.demo.anchor import year_of
from app.demo.people import Resource, patient, patient_reference
from app.demo.team.care import CRISIS_TEAM, Care, way
from app.demo.team.caring import tasks
from app.demo.team.circle import circle
from app.demo.team.contacts import information, talks, tries, views, worries
from app.demo.team.guarding import overrides, warnings
from app.demo.team.maps import maps
from app.demo.team.meetings import incidents, meetings, own_needs
from app.demo.team.names import patients
from app.demo.team.parts import plans

SEED = 12
WEEKS = 12
# NHS numbers from here on; mobile numbers are those of the thousand that no story has.
_FIRST = 500
_PHONES = (*range(330, 500), *range(700, 1000))
# What became of asking, by how common it is.
_ASKED = (
    ("given", 44), ("limited", 7), ("refused", 9), ("nobody-told", 2), ("undecided", 5), ("review", 4),
    ("withdrawn", 4), ("expired", 3), ("except", 3), ("again", 3), ("not-asked", 10), ("nobody", 4), ("withheld", 2),
)  # fmt: skip
_ALONE = frozenset({"nobody", "withheld"})
# Days before the anchor on which the last of them came, so that figures do not hang on the time of day.
_SETTLED = 3
# Of every so many, one is known by NHS number alone, was seen for some hours, or lives alone and was not asked.
_UNVERIFIED, _HOURS, _UNKNOWN = 33, 24, 47
_RECORDS = (way, tries, talks, information, worries, views, meetings, own_needs, incidents, plans, maps, tasks)


def crowd(how_many: int) -> Iterator[Resource]:
    """The records of so many patients, one patient after another."""
    names, phones = patients(Random(SEED)), iter(_PHONES)  # noqa: S311  # variety that is always the same, no secret
    for index in range(how_many):
        name, gender = next(names)
        yield from _records(_care(index, how_many, name, gender, phones))


def _care(index: int, of_all: int, name: str, gender: str, phones: Iterator[int]) -> Care:
    random = Random(f"{SEED} {index}")  # noqa: S311  # likewise
    start = -7 * WEEKS + index * (7 * WEEKS - _SETTLED) // of_all
    last = start + random.randint(8, 34)
    born = f"{year_of(random.choice((17, *range(18, 84))))}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
    of = patient(_FIRST + index, name, gender, born)
    asked = random.choices([state for state, _ in _ASKED], [weight for _, weight in _ASKED])[0]
    if index % _UNKNOWN == 8:
        asked = "not-asked"
    is_alone = asked in _ALONE or index % _UNKNOWN == 8
    people = {} if is_alone else {one["id"]: one for one in circle(random, index, of, start, phones)}
    return Care(
        random=random,
        index=index,
        of=of,
        people=tuple(people.values()),
        asked=asked,
        start=start,
        end=start if index % _HOURS == 7 else (last if last < 0 else None),
        ending=random.choices(("discharged", "transferred", "died"), (88, 9, 3))[0],
    )


def _records(care: Care) -> Iterator[Resource]:
    if care.index % _UNVERIFIED != 9 or "reference" in patient_reference(care.of):
        yield care.of | {"managingOrganization": CRISIS_TEAM}
    yield from care.people
    yield from chain.from_iterable(records(care) for records in (*_RECORDS, warnings))
    yield from _decided(care)
    yield from overrides(care)


def _decided(care: Care) -> Iterator[Resource]:
    """What the patient decided about the first supporter; and now and then about the second."""
    if care.asked in _ALONE or care.asked == "not-asked":
        return
    for who in care.people[: 2 if care.index % 4 == 1 else 1]:
        if "young-carer" not in str(who["relationship"]):
            yield from agreed(care.of, who, care.asked, care.random, before=max(1, -care.start))
