"""Who is around a patient: family, friends, neighbours, a host, a child, and sometimes nobody."""

from collections.abc import Iterator
from random import Random

from app.demo.anchor import ANCHOR, day, instant
from app.demo.codes import extension
from app.demo.people import Resource, role, supporter
from app.demo.team.names import relative

# kinship, gender, whether the family name is the patient's, what they are to the patient, how common
_KINDS = (
    ("MTH", "female", True, "main-carer", 16), ("FTH", "male", True, "key-supporter", 8),
    ("WIFE", "female", True, "main-carer", 10), ("HUSB", "male", True, "main-carer", 10),
    ("DOMPART", "male", False, "carer", 7), ("DOMPART", "female", False, "carer", 6),
    ("SIS", "female", True, "key-supporter", 9), ("BRO", "male", True, "key-supporter", 7),
    ("DAUC", "female", True, "carer", 7), ("SONC", "male", True, "carer", 6),
    ("AUNT", "female", False, "key-supporter", 3), ("COUSN", "male", True, "informal-supporter", 2),
    ("FRND", "female", False, "key-supporter", 7), ("FRND", "male", False, "informal-supporter", 5),
    ("NBOR", "female", False, "informal-supporter", 3), ("NBOR", "male", False, "key-supporter", 2),
    ("GRMTH", "female", False, "carer", 2), ("SIGOTHR", "other", False, "key-supporter", 2),
)  # fmt: skip
_ALSO = ("next-of-kin", "emergency-contact", "household-member")
# Every so many patients have a young carer, a host, a child who visits, or somebody without a number.
_YOUNG, _HOST, _VISITING, _UNREACHABLE = 37, 41, 29, 31
_PLACEMENT = 12
# Every so many have a mother from whom they are to be protected, or whom they do not want; some have nobody else.
ESTRANGED = 19


def circle(random: Random, index: int, of: Resource, start: int, phones: Iterator[int]) -> Iterator[Resource]:
    """The supporters of one patient whose episode begins that many days after the anchor: one to four."""
    weights = [kind[-1] for kind in _KINDS]
    alone = index % ESTRANGED == 4 and index // ESTRANGED % 2 == 0
    for place in range(0 if alone else random.choices((1, 2, 3), (50, 35, 15))[0]):
        kin, gender, shares, main, _ = random.choices(_KINDS, weights)[0]
        roles = [role(main)] + ([role(random.choice(_ALSO))] if random.random() < 0.3 else [])
        name = relative(random, gender, of["name"][0]["text"], shares_name=shares)
        late = 4 if random.random() < 0.15 else 0
        one = supporter(next(phones), name, of, kin, *roles, email=place == 0, extension=known(start + late))
        yield {key: value for key, value in one.items() if key != "telecom" or index % _UNREACHABLE}
    yield from _others(random, index, of, start, phones)


def known(offset: int) -> list[Resource]:
    """The extension that says when the team learned of somebody."""
    by = {"reference": "Practitioner/nurse-adaeze-nwosu"}
    at = {"url": "at", "valueDateTime": instant(offset, "11:30")}
    return [extension("identified", extension=[at, {"url": "by", "valueReference": by}])]


def _others(random: Random, index: int, of: Resource, start: int, phones: Iterator[int]) -> Iterator[Resource]:
    """A young carer, a Shared Lives host for some days, a child who visits, an estranged mother."""
    name = of["name"][0]["text"]
    if index % _YOUNG == 0:
        child = relative(random, random.choice(("female", "male")), name, shares_name=True)
        roles = role("young-carer"), role("child-in-household")
        yield supporter(next(phones), child, of, "CHILD", *roles, born=_born(13), extension=known(start))
    if index % _HOST == 0:
        host = relative(random, "female", name, shares_name=False)
        stay = {"valuePeriod": {"start": day(start), "end": day(start + _PLACEMENT)}}
        wales = {"valueCode": "GB-WLS"}
        kind = role("shared-lives-carer", role_period=stay, role_jurisdiction=wales)
        yield supporter(next(phones), host, of, "FRND", kind, extension=known(start))
    if index % _VISITING == 0:
        child = relative(random, random.choice(("female", "male")), name, shares_name=False)
        yield supporter(next(phones), child, of, "GRNDSON", role("visiting-child"), born=_born(7))
    if index % ESTRANGED == 4:
        mother = relative(random, "female", name, shares_name=True)
        roles = role("key-supporter"), role("next-of-kin")
        yield supporter(next(phones), mother, of, "MTH", *roles, extension=known(start))


def _born(age: int) -> str:
    return f"{ANCHOR.year - age}-01-15"
