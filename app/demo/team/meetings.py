"""Planning and review meetings, talks about a supporter's own needs, and debriefs after something grave happened."""

from collections.abc import Iterator

from app.demo.anchor import instant
from app.demo.codes import ACT_CODE, extension, profile
from app.demo.people import Resource, patient_reference, reference
from app.demo.team.care import Care
from app.demo.team.contacts import is_carer
from app.fhir.own_codes import concept
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE, MEETING_TYPE

_INCIDENTS = 11


def meetings(care: Care) -> Iterator[Resource]:
    """A planning meeting in the first days, and a review: of an open episode in the days to come."""
    if care.asked in ("given", "review", "except", "again") or care.random.random() < 0.2:
        if care.has_come(3):
            yield meeting(care, "planning-meeting", care.start + 3, _invited(care))
        if care.is_open and care.index % 2 == 0:
            yield meeting(care, "review-meeting", care.random.randint(2, 6), _invited(care))
        elif care.has_come(9):
            yield meeting(care, "review-meeting", care.start + 9, _invited(care))


def own_needs(care: Care) -> Iterator[Resource]:
    """Talks with carers about what they need for themselves."""
    if care.has_come(5):
        for who in (one for one in care.people if is_carer(one) and care.random.random() < 0.4):
            yield meeting(care, "own-needs-meeting", care.start + 5, [who], of=who["id"])


def incidents(care: Care) -> Iterator[Resource]:
    """Something grave, whom it affected, and whether they were offered to talk about it."""
    if care.index % _INCIDENTS != 3 or not care.has_come(4):
        return
    affected = care.people[:1]
    on = care.start + 4
    yield {
        "resourceType": "Encounter",
        "id": f"incident-{care.id}"[:64],
        "status": "finished",
        "class": {"system": ACT_CODE, "code": "EMER", "display": "emergency"},
        "type": [concept(ENCOUNTER_TYPE, "incident")],
        "subject": patient_reference(care.of),
        "episodeOfCare": [{"reference": f"EpisodeOfCare/episode-{care.id}"}],
        "participant": [{"individual": care.nurse}, *({"individual": reference(one)} for one in affected)],
        "period": {"start": instant(on, "02:40"), "end": instant(on, "05:00")},
        "serviceProvider": care.team,
    }
    if affected and care.index // _INCIDENTS % 3:
        yield meeting(care, "debrief", on + 1, list(affected))


def meeting(care: Care, kind: str, on: int, people: list[Resource], *, of: str = "") -> Resource:
    """An Appointment on that day (from the anchor) of the patient, a nurse and these people; `of` is in its id."""
    is_over = on < 0
    participants = [_patient(care, kind), {"actor": care.nurse, "status": "accepted"}]
    for one in people:
        came = care.random.random() < 0.7
        said = [extension("invited", valueDateTime=instant(min(on, 0) - 1, "12:00"))]
        said += [extension("attended", valueBoolean=came)] if is_over else []
        answer = "accepted" if came else care.random.choice(("declined", "tentative", "needs-action"))
        participants.append({"extension": said, "actor": reference(one), "status": answer})
    return {
        "resourceType": "Appointment",
        "id": f"{kind}-{'over-' if is_over else ''}{of or care.id}"[:64],
        "meta": profile("Appointment"),
        "status": "fulfilled" if is_over else "booked",
        "serviceType": [concept(MEETING_TYPE, kind)],
        "start": instant(on, "14:00"),
        "end": instant(on, "14:45"),
        "created": instant(min(on, 0) - 1, "11:50"),
        "participant": participants,
    }


def _patient(care: Care, kind: str) -> Resource:
    """The patient, in whose record it is; and who is not there when it is about somebody else's needs."""
    away = {} if kind in ("planning-meeting", "review-meeting") else {"required": "information-only"}
    return {"actor": patient_reference(care.of), **away, "status": "accepted"}


def _invited(care: Care) -> list[Resource]:
    """Everybody, some of them, or nobody: it was forgotten."""
    return list(care.people[: care.random.choices((0, 1, 3), (25, 35, 40))[0]])
