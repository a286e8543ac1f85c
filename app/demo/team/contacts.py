"""What was said between the team, the patient and the people around: tries, talks, information, worries, copies."""

from collections.abc import Iterator
from typing import Any

from app.demo.people import Resource, patient_reference, reference
from app.demo.team.care import Care
from app.fhir.canonical import extension
from app.fhir.own_codes import coding, concept
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY, INFORMATION_TOPIC
from app.fhir.vocabulary.media import PARTICIPATION_MODE
from app.fhir.vocabulary.people import CARER_ROLE
from app.involvement.contact_made import ContactMade, communication

_OUTCOMES = (
    ("spoke", "PHONE", 36), ("no-answer", "PHONE", 20), ("message-left", "PHONE", 9), ("in-person", "FACE", 9),
    ("text-or-letter-sent", "WRITTEN", 6), ("call-back-requested", "PHONE", 4), ("answered-by-other", "PHONE", 4),
    ("wrong-number", "PHONE", 3), ("declined-by-supporter", "PHONE", 3), ("unobtainable", "PHONE", 2),
    ("needs-interpreter", "PHONE", 2),
)  # fmt: skip
_OFFERS = ("practical-help", "time-together", "watch-early-signs", "childcare", "routine-activity", "tell-team")
_ADVICE = ("what-to-watch", "how-to-respond", "how-to-help")
_WORRIES = (
    "Says everything is fine, and has not slept for three nights.",
    "Gives things away again, as before the last time.",
    "Does not eat when I am at work, and hides it.",
    "I am afraid to leave the house in the evening.",
)
_CARERS = frozenset({"main-carer", "carer", "key-supporter"})


def tries(care: Care) -> Iterator[Resource]:
    """Up to three tries to reach the people around in the first days; or why there was none."""
    random = care.random
    how_many = random.choices((0, 1, 2, 3), (8, 44, 34, 14))[0] if care.people else 0
    if care.asked in ("refused", "nobody-told"):
        how_many = 1 if random.random() < 0.6 else 0
    for number in range(how_many):
        who = care.people[number % len(care.people)]
        outcome, medium, _ = random.choices(_OUTCOMES, [row[-1] for row in _OUTCOMES])[0]
        if care.asked in ("refused", "nobody-told"):
            outcome, medium = "not-tried-patient-refused", ""
        after = number // 2
        if care.has_come(after):
            yield _try(care, who, outcome, medium, number, after)


def talks(care: Care) -> Iterator[Resource]:
    """Talks with the patient about whom to involve and what may be told without consent."""
    if care.asked == "not-asked" or not care.has_come(1):
        return
    if care.random.random() < 0.5:
        yield _said(care, "discussion", 1, ("involvement",), "FACE", care.of)
    if care.index % 4 == 0:
        yield _said(care, "discussion", 2, ("whom-to-involve", "limits-of-confidentiality"), "FACE", care.of)


def information(care: Care) -> Iterator[Resource]:
    """What carers were told and handed over, whatever the patient agreed to; to some of them nothing yet."""
    for who in (one for one in care.people if is_carer(one)):
        told = care.random.random()
        topics = ("local-support-groups", "carers-assessment-right")
        if told < 0.8 and care.has_come(1):
            yield _said(care, "information-given", 1, topics, "PHONE", who)
        if told < 0.62 and care.has_come(2):
            yield _said(care, "information-given", 2, (*topics, "escalation"), "WRITTEN", who)
        if care.random.random() < 0.2 and care.has_come(3):
            yield _said(care, "advice-to-carer", 3, (care.random.choice(_ADVICE),), "FACE", who)


def worries(care: Care) -> Iterator[Resource]:
    """What a supporter worries about: answered, used, or waiting for an answer."""
    if not care.people or care.index % 7 or not care.has_come(3):
        return
    who = care.people[0]
    body = _heard(care, "concern", who, care.random.choice(_WORRIES))
    state = care.index // 7 % 3
    if state == 0:
        yield body
    elif state == 1:
        used = [{"url": "used", "valueBoolean": True}, {"url": "why", "valueString": "It changed the times of visits."}]
        yield body | {"extension": [{"url": extension("knowledge-used"), "extension": used}]}
    else:
        answer = _said(care, "advice-to-carer", 3, ("how-to-respond",), "PHONE", who)
        worry = {"reference": f"Communication/{body['id']}"}
        yield from (body, answer | {"id": f"answer-{care.id}"[:64], "inResponseTo": [worry]})


def views(care: Care) -> Iterator[Resource]:
    """How a supporter sees it; some ask that nobody learns of it."""
    if not care.people or care.index % 9 != 2 or not care.has_come(2):
        return
    body = _heard(care, "carer-view", care.people[-1], "It began with the move; at home nobody talks of it.")
    if care.index % 2:
        label = "https://fhir.kith.example/CodeSystem/sharing-label"
        body["meta"] = {"security": [{"system": label, "code": "given-in-confidence"}]}
    yield body


def copy(care: Care, of_plan: Resource, who: Resource, after: int, consent: str) -> Resource:
    """A plan handed over in writing, and by which Consent ('': it is their own)."""
    body = _said(care, "plan-copy", after, (), "WRITTEN", who)
    body |= {"id": f"copy-{of_plan['id']}-{who['id']}"[:64], "about": [reference(of_plan)]}
    body["about"] += [{"reference": f"Consent/{consent}"}] if consent else []
    return body


def is_carer(who: Resource) -> bool:
    """Whether somebody has a role to which support is owed."""
    held = {code["code"] for one in who["relationship"] for code in one["coding"] if code["system"] == CARER_ROLE.url}
    return not held.isdisjoint(_CARERS)


def _try(care: Care, who: Resource, outcome: str, medium: str, number: int, after: int) -> Resource:
    made = ContactMade(
        patient="",
        supporter="",
        outcome=outcome,
        sent=care.at(after),
        medium=medium,
        sender=care.nurse,
        can_offer=(care.random.choice(_OFFERS),) if outcome in ("spoke", "in-person") else (),
        about={"reference": f"EpisodeOfCare/episode-{care.id}"},
    )
    people = {"subject": patient_reference(care.of), "recipient": [reference(who)]}
    return communication(made) | {"id": f"try-{number + 1}-{who['id']}"[:64]} | people


def _said(care: Care, category: str, after: int, topics: tuple[str, ...], medium: str, to: Resource) -> Resource:
    body: dict[str, Any] = {
        "resourceType": "Communication",
        "id": f"{category}-{after}-{to['id']}"[:64],
        "status": "completed",
        "category": [concept(COMMUNICATION_CATEGORY, category)],
        "medium": [{"coding": [{"system": PARTICIPATION_MODE, "code": medium}]}],
        "subject": patient_reference(care.of),
        "sent": care.at(after),
        "recipient": [patient_reference(to) if to is care.of else reference(to)],
        "sender": care.nurse,
    }
    return body | ({"topic": {"coding": [coding(INFORMATION_TOPIC, one) for one in topics]}} if topics else {})


def _heard(care: Care, category: str, who: Resource, words: str) -> Resource:
    return {
        "resourceType": "Communication",
        "id": f"{category}-{care.id}"[:64],
        "status": "completed",
        "category": [concept(COMMUNICATION_CATEGORY, category)],
        "subject": patient_reference(care.of),
        "received": care.at(2),
        "recipient": [care.nurse],
        "sender": reference(who),
        "payload": [{"contentString": words}],
    }
