"""The involvement grid: each record stands in its phase, and to be invited is not to be involved."""

import pytest

from app.involvement.indicators.episodes import episodes
from app.involvement.phases import Cell, Grid, grid, is_involved
from tests.involvement.charting import SUBJECT, Resource, chart, coded, contact, episode, own, person

MUM = {"reference": "RelatedPerson/s"}


def found(*resources: Resource) -> Grid:
    of = chart(episode(), person(), *resources)
    [one] = [one for one in episodes(of)[0] if one.entry.type == "EpisodeOfCare"]
    return grid(of, one)


def cells(*resources: Resource) -> dict[str, list[str]]:
    """The phases of the mother, with how she was involved in each."""
    return {cell.phase: [one.how for one in records] for cell, records in found(*resources).items() if cell.phase}


def meeting(kind: str, *, came: bool | None = None, start: str = "2026-03-10T10:00:00Z", **more: object) -> Resource:
    attended = {} if came is None else {"extension": [own("attended", valueBoolean=came)]}
    body = {"resourceType": "Appointment", "id": "m", "status": "booked", "serviceType": [coded("meeting-type", kind)]}
    return body | {"start": start, "participant": [{"actor": SUBJECT}, {"actor": MUM, **attended}]} | more


def encounter(*, kind: str = "", **more: object) -> Resource:
    body = {"resourceType": "Encounter", "id": "v", "status": "finished", "subject": SUBJECT}
    typed = {"type": [coded("encounter-type", kind)]} if kind else {}
    return body | {"period": {"start": "2026-03-02T14:00:00Z"}, "participant": [{"individual": MUM}]} | typed | more


def plan(**more: object) -> Resource:
    body = {"resourceType": "CarePlan", "id": "p1", "status": "active", "intent": "plan", "subject": SUBJECT}
    return body | {"created": "2026-03-04", "period": {"start": "2026-03-04"}} | more


def part() -> Resource:
    return {"detail": {"status": "in-progress", "code": coded("supporter-activity", "affection"), "performer": [MUM]}}


@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        ("planning-meeting", "planning"),
        ("review-meeting", "intervention"),
        ("network-meeting", "intervention"),
        ("visit", "intervention"),
        ("discharge-meeting", "ending"),
    ],
)
def test_a_meeting_stands_in_the_phase_of_its_kind(kind: str, phase: str) -> None:
    assert cells(meeting(kind)) == {phase: ["invited"]}
    assert cells(meeting(kind, came=False)) == {phase: ["invited"]}
    assert cells(meeting(kind, came=True)) == {phase: ["attended"]}


def response(status: str, **more: object) -> Resource:
    body = {"resourceType": "AppointmentResponse", "id": "a", "appointment": {"reference": "Appointment/m"}}
    return body | {"actor": MUM, "participantStatus": status} | more


def test_an_answer_is_told_with_the_invitation_whichever_record_it_stands_in() -> None:
    def answers(*resources: Resource) -> list[str]:
        return [one.answer for records in found(*resources).values() for one in records]

    said = meeting("planning-meeting", participant=[{"actor": SUBJECT}, {"actor": MUM, "status": "tentative"}])
    assert answers(meeting("planning-meeting")) == [""]
    assert answers(said) == ["tentative"]
    assert answers(said, response("declined")) == ["declined"]
    assert answers(said, response("needs-action")) == ["tentative"]
    assert answers(said, response("declined", actor=SUBJECT)) == ["tentative"]


def test_whoever_answers_was_invited() -> None:
    alone = meeting("planning-meeting", participant=[{"actor": SUBJECT}])
    assert cells(alone) == {}
    assert cells(alone, response("accepted")) == {"planning": ["invited"]}


def test_meetings_of_her_own_are_no_phase_unless_they_say_so() -> None:
    assert cells(meeting("own-needs-meeting", came=True)) == {}
    said = [own("phase", valueCode="ending")]
    assert cells(meeting("own-needs-meeting", came=True, extension=said)) == {"ending": ["attended"]}
    assert cells(meeting("planning-meeting", extension=said)) == {"ending": ["invited"]}


def test_a_cancelled_meeting_and_one_of_another_time_are_left_out() -> None:
    assert cells(meeting("review-meeting", status="cancelled")) == {}
    assert cells(meeting("review-meeting", start="2026-04-10T10:00:00Z")) == {}


def test_the_assessment_is_where_she_took_part_in_it() -> None:
    assert cells(encounter(kind="initial-assessment")) == {"assessment": ["attended"]}
    assert cells(encounter()) == {}
    assert cells(encounter(kind="initial-assessment", status="cancelled")) == {}
    assert cells(encounter(kind="initial-assessment", episodeOfCare=[{"reference": "EpisodeOfCare/other"}])) == {}


def test_an_encounter_of_a_meeting_stands_in_the_phase_of_the_meeting() -> None:
    both = cells(meeting("planning-meeting"), encounter(appointment=[{"reference": "Appointment/m"}]))
    assert sorted(both["planning"]) == ["attended", "attended"]


def test_a_plan_that_she_wrote_with_others_is_planning_and_her_part_is_intervention() -> None:
    assert cells(plan(contributor=[SUBJECT, MUM])) == {"planning": ["contributed"]}
    assert cells(plan(activity=[part()])) == {"intervention": ["takes-part"]}
    assert cells(plan(contributor=[MUM], status="draft")) == {}
    assert cells(plan(contributor=[MUM], extension=[own("phase", valueCode="ending")])) == {"ending": ["contributed"]}


def test_who_was_spoken_with_was_contacted_in_the_phase_that_is_said() -> None:
    said = {"extension": [own("phase", valueCode="assessment")]}
    assert cells(contact("spoke") | said) == {"assessment": ["contacted"]}
    assert cells(contact("no-answer") | said) == {}
    assert cells(contact("spoke")) == {}
    at = {"encounter": {"reference": "Encounter/v"}}
    both = cells(encounter(kind="initial-assessment"), contact("spoke") | at)
    assert sorted(both["assessment"]) == ["attended", "contacted"]


def test_a_supporter_of_another_patient_has_no_row() -> None:
    theirs = [{"actor": {"reference": "RelatedPerson/of-another"}}]
    assert cells(meeting("planning-meeting", participant=theirs)) == {}


def test_to_have_been_invited_is_not_to_have_been_involved() -> None:
    cell = Cell("RelatedPerson/s", "planning")
    assert not is_involved(found(meeting("planning-meeting"))[cell])
    assert is_involved(found(meeting("planning-meeting", came=True))[cell])
    assert not is_involved([])


def test_whoever_declined_a_part_takes_none() -> None:
    said = own("agreement", extension=[{"url": "by", "valueReference": MUM}, {"url": "agreed", "valueBoolean": False}])
    declined = {"detail": part()["detail"] | {"extension": [said]}}
    assert cells(plan(activity=[declined])) == {}
    assert cells(plan(activity=[declined, part()])) == {"intervention": ["takes-part"]}
