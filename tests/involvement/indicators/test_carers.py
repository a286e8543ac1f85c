"""C12b, C14, DEBRIEF and working days by hand."""

from datetime import UTC, date, datetime

import pytest

from app.involvement.indicators.local import Local
from app.involvement.indicators.working_days import end_after
from app.sharing.times import span
from tests.involvement.charting import (
    case,
    cases,
    chart,
    coded,
    consent,
    episode,
    meeting,
    message,
    period,
    person,
    plan,
    unreadable,
)

ABOUT = {"about": [{"reference": "CarePlan/cp"}]}


def copy(sent, medium="MAILWRIT", **more):
    return message("plan-copy", sent, medium=medium, **ABOUT | more)


def moment(written):
    return span(written).low


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-06"),  # Monday to Friday
        ("2026-03-05T09:00:00Z", "2026-03-11"),  # Thursday, over a weekend
        ("2026-03-07T09:00:00Z", "2026-03-12"),  # Saturday
        ("2026-03-01T23:59:59Z", "2026-03-05"),  # Sunday evening
        ("2026-03-26T23:30:00Z", "2026-04-01"),  # over the night in which the clock goes forward
        ("2026-10-22T22:30:00Z", "2026-10-28"),  # and back: it is Thursday in London still
        ("2026-10-22T23:30:00Z", "2026-10-29"),  # and here already Friday
    ],
)
def test_four_working_days_end_at_midnight_in_london(made, due):
    assert end_after(moment(made), 4, ()) == span(due).high


def test_holidays_are_those_of_the_setting():
    friday, monday = date(2026, 4, 3), date(2026, 4, 6)
    assert end_after(moment("2026-04-01T09:00:00Z"), 4, (friday, monday)) == span("2026-04-09").high


def test_beyond_the_years_that_there_are_there_is_no_end():
    assert end_after(moment("9999-12-30T09:00:00Z"), 4, ()) is None


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [("2026-03-11T23:59:59Z", "met"), ("2026-03-12T00:00:00Z", "not-met"), ("2026-03-05T10:00:00Z", "met")],
)
def test_a_copy_is_in_time_until_the_fourth_working_day_is_over(sent, outcome):
    assert case("C12b", episode(), person(), consent("care-plan"), plan(), copy(sent)).outcome("strict") == outcome


def test_a_copy_is_in_writing_of_that_plan_and_carried_out():
    known = [episode(), person(), consent("care-plan"), plan()]
    sent = "2026-03-06T10:00:00Z"
    assert case("C12b", *known, copy(sent, "PHONE")).strata == (("copy", "none"),)
    assert not case("C12b", *known, copy(sent, about=[{"reference": "CarePlan/other"}])).met
    assert not case("C12b", *known, copy(sent, status="not-done")).met


def test_without_consent_then_a_carer_is_left_out():
    sent = copy("2026-03-06T10:00:00Z")
    assert case("C12b", episode(), person(), plan(), sent).excluded == "no-consent"
    late = consent("care-plan", decided="2026-03-08T10:00:00Z")
    assert case("C12b", episode(), person(), plan(), sent, late).excluded == "no-consent"
    assert case("C12b", episode(), person(), plan(), late).outcome("strict") == "not-met"


def test_without_a_plan_the_days_run_from_the_first_of_the_episode():
    assert case("C12b", episode(), person(), consent("care-plan")).outcome("strict") == "not-met"
    now = datetime(2026, 3, 4, tzinfo=UTC)
    assert case("C12b", episode(end=""), person(), consent("care-plan"), now=now).excluded == "not-yet-due"


def test_own_needs_take_a_meeting_and_a_copy_of_the_plan():
    support = plan(category=[coded("care-plan-category", "carer-support")])
    given, offered = copy("2026-03-08T10:00:00Z"), meeting("own-needs-meeting")
    assert case("C14", episode(), person(), support, given, offered).met
    found = case("C14", episode(), person(), support, offered)
    assert found.strata == (("own-needs-meeting", "offered"), ("carer-plan-copy", "not-given"))
    assert found.outcome("strict") == "not-met"
    assert case("C14", episode(), person(), support, given).outcome("strict") == "not-met"


@pytest.mark.parametrize(("status", "offered"), [("completed", True), ("rejected", True), ("requested", False)])
def test_a_task_is_an_offer_once_it_was_carried_out_or_declined(status, offered):
    task = {
        "resourceType": "Task",
        "id": "t",
        "status": status,
        "code": coded("task-code", "own-needs-meeting"),
        "for": {"reference": "RelatedPerson/s"},
        "lastModified": "2026-03-08T10:00:00Z",
    }
    assert ("own-needs-meeting", "offered" if offered else "not-offered") in case(
        "C14", episode(), person(), task
    ).strata


def incident(start="2026-03-10T02:00:00Z", *affected, id_="i"):
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "type": [coded("encounter-type", "incident")],
        "period": {"start": start} if start else {},
        "participant": [{"individual": {"reference": f"RelatedPerson/{one}"}} for one in affected],
    }


def debriefing(offered, to="s", id_="a", **more):
    return meeting("debrief", "2026-03-18T10:00:00Z", to=to, created=offered, id=id_, **more)


@pytest.mark.parametrize(
    ("offered", "outcome"),
    [("2026-03-13T02:00:00Z", "met"), ("2026-03-13T02:00:01Z", "not-met"), ("2026-03-09T10:00:00Z", "not-met")],
)
def test_a_debrief_is_offered_within_the_hours_agreed_locally(offered, outcome):
    found = case("DEBRIEF", episode(), person(), incident("2026-03-10T02:00:00Z", "s"), debriefing(offered))
    assert found.outcome("strict") == outcome


def test_the_hours_are_a_setting():
    happened = [episode(), person(), incident("2026-03-10T02:00:00Z", "s"), debriefing("2026-03-12T10:00:00Z")]
    assert case("DEBRIEF", *happened, local=Local(debrief_hours=24)).outcome("strict") == "not-met"


def test_everybody_affected_is_offered_one():
    two = [episode(), person(), person("t"), incident("2026-03-10T02:00:00Z", "s", "t")]
    one_offer = debriefing("2026-03-10T10:00:00Z")
    assert case("DEBRIEF", *two, one_offer).outcome("strict") == "not-met"
    assert case("DEBRIEF", *two, one_offer, debriefing("2026-03-10T10:00:00Z", "t", "a2")).met


def test_an_offer_that_names_another_incident_is_not_for_this_one():
    both = [incident("2026-03-10T02:00:00Z", "s"), incident("2026-03-11T02:00:00Z", "s", id_="j")]
    offer = debriefing("2026-03-11T10:00:00Z", supportingInformation=[{"reference": "Encounter/j"}])
    found = {one.subject: one.met for one in cases("DEBRIEF", chart(episode(), person(), *both, offer))}
    assert found == {"Encounter/i": False, "Encounter/j": True}


def test_what_nobody_was_affected_by_is_left_out_and_what_has_no_time_is_listed():
    assert case("DEBRIEF", episode(), incident("2026-03-10T02:00:00Z")).excluded == "nobody-affected"
    of = chart(episode(), person(), incident("", "s"))
    assert cases("DEBRIEF", of) == []
    assert [one.why for one in unreadable("DEBRIEF", of)] == ["no-time"]


def test_incidents_are_those_of_the_time_asked_about():
    of = [episode(), person(), incident("2026-03-10T02:00:00Z", "s")]
    assert len(cases("DEBRIEF", chart(*of), within=period("2026-03-01", "2026-03-31"))) == 1
    assert cases("DEBRIEF", chart(*of), within=period("2026-03-15", "2026-03-31")) == []


def test_a_flag_may_be_an_incident():
    detail = {
        "url": "http://hl7.org/fhir/StructureDefinition/flag-detail",
        "valueReference": {"reference": "RelatedPerson/s"},
    }
    flagged = {
        "resourceType": "Flag",
        "id": "f",
        "status": "active",
        "code": coded("encounter-type", "incident"),
        "period": {"start": "2026-03-10T02:00:00Z"},
        "extension": [detail],
    }
    assert [one.subject for one in cases("DEBRIEF", chart(episode(), person(), flagged))] == ["Flag/f"]


def test_an_offer_that_was_declined_is_an_offer():
    participant = [{"actor": {"reference": "RelatedPerson/s"}, "status": "declined"}]
    offer = debriefing("2026-03-10T10:00:00Z", participant=participant, status="cancelled")
    found = case("DEBRIEF", episode(), person(), incident("2026-03-10T02:00:00Z", "s"), offer)
    assert (found.met, found.strata) == (True, (("outcome-of-offer", "declined"),))


def test_an_offer_may_be_declined_by_a_response():
    offer = debriefing("2026-03-10T10:00:00Z", status="booked")
    response = {
        "resourceType": "AppointmentResponse",
        "id": "r",
        "appointment": {"reference": f"Appointment/{offer['id']}"},
        "actor": {"reference": "RelatedPerson/s"},
        "participantStatus": "declined",
    }
    found = case("DEBRIEF", episode(), person(), incident("2026-03-10T02:00:00Z", "s"), offer, response)
    assert (found.met, found.strata) == (True, (("outcome-of-offer", "declined"),))


def test_whoever_declined_a_debrief_that_was_held_with_others_had_none():
    participant = [{"actor": {"reference": "RelatedPerson/s"}, "status": "declined"}]
    offer = debriefing("2026-03-10T10:00:00Z", participant=participant, status="fulfilled")
    found = case("DEBRIEF", episode(), person(), incident("2026-03-10T02:00:00Z", "s"), offer)
    assert found.strata == (("outcome-of-offer", "declined"),)
