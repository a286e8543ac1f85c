"""What is owed to the people around, whatever the patient agreed to: done, declined, or still to do."""

from collections.abc import Iterator

from app.demo.anchor import instant
from app.demo.people import Resource, patient_reference, reference
from app.demo.team.care import Care
from app.demo.team.contacts import is_carer
from app.involvement.owed import Owed, task
from app.involvement.rules import BY_NAME
from app.sharing.times import span

_KINDS = ("support-information", "carers-assessment", "own-needs-meeting", "peer-support")
_EVERY = 7
_STATES = ("completed", "requested", "rejected", "completed", "requested")


def tasks(care: Care) -> Iterator[Resource]:
    """Tasks as the rules make them, so that the rules do not make them again: of one carer in seven."""
    if care.index % _EVERY or not care.has_come(2):
        return
    for who in (one for one in care.people[:1] if is_carer(one)):
        for place, rule in enumerate(_KINDS):
            yield _task(care, who, rule, _STATES[(care.index // _EVERY + place) % len(_STATES)])


def _task(care: Care, who: Resource, rule: str, state: str) -> Resource:
    began = span(instant(care.start, "09:00"))
    owed = Owed(rule, "", began.low if began else 0, f"EpisodeOfCare/episode-{care.id}", f"RelatedPerson/{who['id']}")
    body = task(owed, f"Patient/{care.id}", BY_NAME[rule].hours)
    people = {"focus": patient_reference(care.of), "for": reference(who), "owner": care.team}
    if state == "requested" and not care.is_open:
        state = "completed"
    done = {} if state == "requested" else {"executionPeriod": {"end": care.at(2)}}
    return body | people | {"status": state, "authoredOn": instant(care.start, "12:00"), **done}
