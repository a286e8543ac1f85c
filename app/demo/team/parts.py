"""Plans, the part that each supporter has in them, and who was given a copy."""

from collections.abc import Iterator

from app.demo.anchor import instant
from app.demo.codes import extension
from app.demo.people import Resource, patient_reference, reference
from app.demo.plans import between, daily, part, plan, visit, weekly
from app.demo.team.care import Care
from app.demo.team.contacts import copy, is_carer

_KNOWS = frozenset({"given", "review", "again", "except"})
_PARTS = (
    ("time-together", "{} comes on Sundays and they look at the old photographs, tea and all."),
    ("affection", "{} sits close when it is bad, and asks nothing."),
    ("watch-early-signs", "{} has the card with the early signs and rings when two of them last two days."),
    ("tell-team", "{} rings on Mondays and says how the week was, the nights above all."),
    ("calming-response", "{} answers the voices with: that must be very hard."),
    ("practical-help", "{} does the shopping and puts the bills in one place."),
    ("routine-activity", "{} walks the dog along with them each morning before work."),
    ("safety-step", "{} is the third step of the safety plan, from six in the evening until eleven."),
    ("means-safety", "{} keeps the tablets in the locked box and gives out two days' worth."),
    ("home-environment", "{} turns the television down and sends the late visitors home."),
    ("childcare", "{} collects the children on Tuesdays and Thursdays, when the team visits."),
    ("respite-space", "{} stays with a friend on Fridays, and both of them sleep."),
)
_WAYS = ("in the kitchen", "at the allotment", "after the school run", "on the way to work", "at their own pace")
_LIMITS = "Not at night, and not on working days before four."


def plans(care: Care) -> Iterator[Resource]:
    """The plan of home treatment, with those who may know it; copies; what else was agreed."""
    if not care.has_come(1):
        return
    knowing = list(care.people[:1]) if care.asked in _KNOWS else []
    involved = knowing if care.random.random() < 0.75 else []
    last = care.start + 35 if care.end is None else care.end
    activities = [visit("Daily visits for the first week, then as agreed.", between(care.start, care.start + 7))]
    activities += [_part(care, one, medication=care.index % 23 == 5) for one in involved]
    words = "Home treatment at the pace that was agreed."
    treatment = plan(
        care.of,
        "crisis-home-treatment",
        words,
        activities,
        with_whom=involved,
        start=care.start + 1,
        end=last,
        status="active" if care.is_open else "completed",
        author=care.nurse["reference"],
    )
    yield treatment
    yield from _copies(care, treatment, knowing)
    yield from _further(care, knowing, last)
    yield from own_plans(care)


def own_plans(care: Care) -> Iterator[Resource]:
    """What some carers need for themselves, agreed with them and given to them."""
    for who in (one for one in care.people if is_carer(one)):
        if care.has_come(6) and care.random.random() < 0.3:
            body = plan(
                care.of,
                "carer-support",
                "An evening a week to themselves, and whom to ring when it is too much.",
                [visit("The carer lead rings every second week.", weekly("wed", time="10:00"))],
                with_whom=[who],
                start=care.start + 5,
                end=care.start + 95,
            )
            body |= {"id": f"carer-support-{who['id']}"[:64], "title": f"Support for {who['name'][0]['text']}"}
            yield body
            if care.random.random() < 0.7:
                yield copy(care, body, who, 6, "")


def _part(care: Care, who: Resource, *, medication: bool) -> Resource:
    first = who["name"][0]["given"][0]
    code, words = care.random.choice(_PARTS)
    text = f"{words.format(first)[:-1]}, {care.random.choice(_WAYS)}."
    if medication:
        code, text = "medication-support", f"{first} asks in the evening whether the tablets were taken."
    agreed = care.random.random()
    said = [_agreement(patient_reference(care.of), care, agreed=True)]
    if agreed < 0.92:
        said.append(_agreement(reference(who), care, agreed=agreed < 0.84))
    limits = [extension("carer-limits", valueString=_LIMITS)] if care.random.random() < 0.3 else []
    when = care.random.choice((daily("08:00", hours=1), weekly("sun", time="11:00", hours=3), weekly("tue", "thu")))
    return part(code, who, text, when, extension=[*said, *limits])


def _agreement(by: Resource, care: Care, *, agreed: bool) -> Resource:
    on = {"url": "on", "valueDateTime": instant(care.start + 1, "13:00")}
    parts = [{"url": "by", "valueReference": by}, {"url": "agreed", "valueBoolean": agreed}, on]
    return extension("agreement", extension=parts)


def _copies(care: Care, treatment: Resource, knowing: list[Resource]) -> Iterator[Resource]:
    """In time, late, or not at all."""
    for who in knowing:
        after = care.random.choices((3, 10, 0), (60, 20, 20))[0]
        if after and care.has_come(after):
            first = str(who["name"][0]["given"][0]).lower()
            yield copy(care, treatment, who, after, f"consent-{care.id}-{first}")


def _further(care: Care, knowing: list[Resource], last: int) -> Iterator[Resource]:
    """A safety plan for some, a relapse plan for others."""
    status = "active" if care.is_open else "completed"
    if care.index % 5 == 0 and care.has_come(2):
        step = visit("Rings the crisis line first, at any hour.", daily("00:00", hours=24))
        words = "What helps when the thoughts come, whom to ring, and what is out of the house."
        yield plan(care.of, "safety-plan", words, [step], start=care.start + 1, end=last, status=status)
    if care.index % 4 == 1 and knowing and care.has_come(6):
        words = "Notice early: short nights, unopened post, giving things away."
        signs = visit("The team goes through the signs again before the end.", between(care.start + 5, last))
        whom = knowing[:1]
        yield plan(
            care.of, "relapse-prevention", words, [signs], with_whom=whom, start=care.start + 5, end=last, status=status
        )
