"""The rest of the team's caseload: people in every state that consent can be in, filled in with a fixed seed."""

from collections.abc import Iterator
from random import Random

from app.demo.agreed import agreed
from app.demo.anchor import day, year_of
from app.demo.people import Resource, patient, role, supporter
from app.demo.plans import between, daily, note, part, plan, visit, weekly
from app.demo.teams import crisis_team

SEED = 20260303

# patient, gender, age, supporter, kinship, what became of asking
_PEOPLE = (
    ("Oluwaseun Adebisi-Hart", "male", 31, "Folake Adebisi", "SIS", "given"),
    ("Margaret Hebblethwaite", "female", 68, "Raymond Hebblethwaite", "HUSB", "given"),
    ("Anh Thi Duong-Marsh", "female", 45, "Minh Duong", "BRO", "limited"),
    ("Jarek Wisniak", "male", 29, "Bozena Wisniak", "MTH", "refused"),
    ("Chloe Garthwaite", "female", 22, "Lorraine Garthwaite", "MTH", "undecided"),
    ("Yusuf Abdirahman-Cole", "male", 37, "Hodan Abdirahman", "WIFE", "given"),
    ("Siân Meredith-Vaughan", "female", 52, "Rhodri Vaughan", "HUSB", "expired"),
    ("Patrick Mulgrew-Dunne", "male", 60, "Aoife Mulgrew", "SIS", "withdrawn"),
    ("Mei-Lin Cheung-Booth", "female", 34, "Darren Booth", "DOMPART", "network"),
    ("Gurpreet Sandhu-Birch", "male", 41, "Harjit Sandhu", "FTH", "except"),
    ("Zainab Olorunfemi", "female", 26, "Kudirat Olorunfemi", "MTH", "again"),
    ("Craig Birkenshaw", "male", 48, "Lesley Birkenshaw", "WIFE", "not-asked"),
    ("Eleni Papakosta-Rudd", "female", 57, "Stavros Papakostas", "BRO", "nobody-told"),
    ("Curtis Lavender-Hope", "male", 19, "Yvonne Lavender", "GRMTH", "given"),
)
PARTS = (
    ("time-together", "{} brings the grandchildren round on Saturdays; they bake, and nobody minds the mess."),
    ("calming-response", "When the voices are loud {} says that it must be very hard, and stays in the room."),
    ("practical-help", "{} cooks for two and leaves a plate, and sorts the post once a week."),
    ("routine-activity", "{} comes for a walk round the park every morning, talking or not."),
    ("watch-early-signs", "{} keeps the card with the early signs and rings the team when two of them last two days."),
    ("respite-space", "On Fridays {} stays with a friend, so that both of them have an evening apart."),
)


def caseload() -> Iterator[Resource]:
    """The records of each of these people: patient, supporter, what was agreed, and the plan."""
    random = Random(SEED)  # noqa: S311  # variety that is the same every time, not a secret
    for index, (name, gender, age, other, kin, state) in enumerate(_PEOPLE):
        born = f"{year_of(age + 1)}-{random.randint(4, 12):02d}-{random.randint(1, 28):02d}"
        of = patient(30 + index, name, gender, born)
        by = supporter(300 + index, other, of, kin, role(random.choice(("main-carer", "carer", "key-supporter"))))
        yield from (of, by, crisis_team(of, *((by,) if state == "given" else ())))
        yield from agreed(of, by, state, random, before=random.randint(3, 20))
        yield _plan(of, by, state, random)


def _plan(of: Resource, by: Resource, state: str, random: Random) -> Resource:
    """A crisis plan; the supporter has a part in it where that was agreed."""
    start = -random.randint(1, 12)
    activities = [visit("The team visits every day for the first week.", between(start, start + 7))]
    if state not in ("given", "except", "again", "network"):
        return plan(of, "crisis-home-treatment", "Home treatment.", activities, start=start, end=start + 35)
    code, words = random.choice(PARTS)
    first = by["name"][0]["given"][0]
    when = random.choice((daily("08:00", hours=1), weekly("sat", time="11:00", hours=3), weekly("tue", "thu")))
    activities.append(part(code, by, words.format(first), when))
    return plan(
        of,
        "crisis-home-treatment",
        f"Home treatment, with {first}'s help as they both wished.",
        activities,
        with_whom=[by],
        start=start,
        end=start + 35,
        careTeam=[{"reference": f"CareTeam/crisis-team-{of['id']}"}],
        note=[note(f"{first} and I talked this through on {day(start)}.", of, start)],
    )
