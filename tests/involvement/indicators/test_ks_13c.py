"""KS-13c by hand: who was invited, and what the patient had agreed to at that time."""

import pytest

from tests.involvement.charting import (
    SUBJECT,
    case,
    chart,
    coded,
    consent,
    episode,
    flag,
    meeting,
    own,
    person,
    unreadable,
)


def invited(at, **more):
    to = {"actor": {"reference": "RelatedPerson/s"}, "status": "needs-action"}
    participant = to | {"extension": [own("invited", valueDateTime=at)]} | more
    return meeting(participant=[{"actor": SUBJECT, "status": "accepted"}, participant])


def outcome(*resources):
    found = case("KS-13c", episode(), *resources)
    return found.excluded or found.outcome("strict")


def test_an_invited_key_person_with_consent_meets_it():
    assert outcome(person(), consent("meetings"), meeting()) == "met"


def test_nobody_invited_does_not():
    assert outcome(person(), consent("meetings"), meeting(to="")) == "not-met"


@pytest.mark.parametrize("status", ["accepted", "declined", "tentative", "needs-action"])
def test_whatever_they_answered(status):
    assert outcome(person(), consent("meetings"), invited("2026-03-05T10:00:00Z", status=status)) == "met"


def test_an_invitation_after_it_began_is_none():
    assert outcome(person(), consent("meetings"), invited("2026-03-06T10:30:00Z")) == "not-met"
    assert outcome(person(), consent("meetings"), meeting(created="2026-03-07")) == "not-met"


def test_whoever_answered_was_invited_unless_the_invitation_itself_came_too_late():
    answer = {
        "resourceType": "AppointmentResponse",
        "id": "x",
        "appointment": {"reference": "Appointment/a"},
        "actor": {"reference": "RelatedPerson/s"},
        "participantStatus": "declined",
    }
    assert outcome(person(), consent("meetings"), meeting(to=""), answer) == "met"
    assert outcome(person(), consent("meetings"), invited("2026-03-06T10:30:00Z"), answer) == "not-met"
    elsewhere = answer | {"appointment": {"reference": "Appointment/b"}}
    assert outcome(person(), consent("meetings"), meeting(to=""), elsewhere) == "not-met"


def test_asked_by_a_request_is_invited():
    asked = {
        "resourceType": "CommunicationRequest",
        "id": "r",
        "status": "active",
        "authoredOn": "2026-03-05",
        "about": [{"reference": "Appointment/a"}],
        "recipient": [{"reference": "RelatedPerson/s"}],
    }
    assert outcome(person(), consent("meetings"), meeting(to=""), asked) == "met"
    assert outcome(person(), consent("meetings"), meeting(to=""), asked | {"status": "draft"}) == "not-met"
    assert outcome(person(), consent("meetings"), meeting(to=""), asked | {"authoredOn": "2026-03-08"}) == "not-met"


@pytest.mark.parametrize("kind", ["planning-meeting", "review-meeting"])
def test_planning_and_review_count(kind):
    assert outcome(person(), consent("meetings"), meeting(kind)) == "met"


@pytest.mark.parametrize("kind", ["visit", "debrief", "own-needs-meeting"])
def test_other_meetings_do_not(kind):
    assert outcome(person(), consent("meetings"), meeting(kind)) == "no-meeting"


@pytest.mark.parametrize("status", ["cancelled", "proposed", "noshow", "entered-in-error"])
def test_a_meeting_was_held_or_is_booked(status):
    assert outcome(person(), consent("meetings"), meeting(status=status)) == "no-meeting"


def test_without_a_key_person_it_is_left_out():
    assert outcome(meeting(to="")) == "no-key-person"
    assert outcome(person(role="next-of-kin"), consent("meetings"), meeting()) == "no-key-person"


def test_without_consent_it_is_left_out():
    assert outcome(person(), meeting()) == "no-consent"
    assert outcome(person(), consent("appointments"), meeting()) == "no-consent"
    assert outcome(person(), consent("meetings", type="deny"), meeting()) == "no-consent"


def test_consent_is_that_of_the_meeting_and_not_of_today():
    later = consent("meetings", decided="2026-03-07T10:00:00Z")
    assert outcome(person(), later, meeting()) == "no-consent"
    over = consent("meetings", provision={"period": {"end": "2026-03-05"}})
    assert outcome(person(), over, meeting()) == "no-consent"
    lasting = consent("meetings", provision={"period": {"end": "2026-03-06"}})
    assert outcome(person(), lasting, meeting()) == "met"


def withdrawn(at):
    return consent("meetings", status="inactive", extension=[own("consent-withdrawn", valueDateTime=at)])


def test_consent_that_was_withdrawn_after_the_meeting_was_consent():
    both = [consent("meetings"), withdrawn("2026-03-08T10:00:00Z")]
    assert outcome(person(), *both, meeting()) == "met"
    # Loaded when it was over already, it had its time.
    assert outcome(person(), withdrawn("2026-03-08T10:00:00Z"), meeting()) == "met"


def test_withdrawn_between_invitation_and_meeting_does_not_undo_the_invitation():
    both = [consent("meetings"), withdrawn("2026-03-05T16:00:00Z")]
    assert outcome(person(), *both, invited("2026-03-05T12:00:00Z")) == "met"
    assert outcome(person(), *both, invited("2026-03-05T17:00:00Z")) == "no-consent"


def test_a_stop_is_left_out_as_such():
    assert outcome(person(), consent("meetings"), meeting(), flag("no-contact-safeguarding")) == "contact-stopped"
    # In force at another time, it was none.
    after = flag("no-contact-safeguarding", start="2026-03-10")
    assert outcome(person(), consent("meetings"), meeting(), after) == "met"


def test_a_stop_that_had_ended_when_it_was_recorded_was_one_all_the_same():
    over = flag("no-contact-safeguarding", status="inactive", period={"start": "2026-03-01", "end": "2026-03-07"})
    assert outcome(person(), consent("meetings"), meeting(), over) == "contact-stopped"


def test_attendance_is_told_beside_it():
    there = meeting()
    there["participant"][1]["extension"] = [own("attended", valueBoolean=True)]
    assert ("attendance", "attended") in case("KS-13c", episode(), person(), consent("meetings"), there).strata
    came = {
        "resourceType": "Encounter",
        "id": "n",
        "status": "finished",
        "appointment": [{"reference": "Appointment/a"}],
        "participant": [{"individual": {"reference": "RelatedPerson/s"}}],
    }
    found = case("KS-13c", episode(), person(), consent("meetings"), meeting(), came)
    assert ("attendance", "attended") in found.strata


def test_who_came_without_consent_is_passed_over_for_who_was_invited_with_it():
    there = meeting(to="t")
    there["participant"][1]["extension"] = [own("attended", valueBoolean=True)]
    there["participant"] += meeting()["participant"][1:]
    found = case("KS-13c", episode(), person(), person("t"), person("u"), consent("meetings"), there)
    assert found.met
    assert found.strata == (("attendance", "invited-only"),)
    found = case("KS-13c", episode(), person(), person("t"), person("u"), consent("meetings", to="u"), there)
    assert not found.met
    assert found.strata == (("attendance", "not-invited"),)
    assert not found.excluded


def test_a_meeting_without_a_time_is_listed_and_not_counted():
    undated = {key: value for key, value in meeting().items() if key != "start"}
    assert outcome(person(), consent("meetings"), undated) == "no-meeting"
    [one] = unreadable("KS-13c", chart(episode(), undated))
    assert (one.record, one.why) == ("Appointment/a/_history/1", "no-time")


def test_a_supporter_of_another_patient_is_nobody_here():
    theirs = meeting(to="somebody-elses") | {"serviceType": [coded("meeting-type", "planning-meeting")]}
    assert outcome(person(), consent("meetings"), theirs) == "not-met"


def test_it_rests_on_the_consent():
    found = case("KS-13c", episode(), person(), consent("meetings"), meeting())
    assert "Consent/k/_history/1" in found.rests_on
    hidden = case("KS-13c", episode(), person(), consent("meetings"), meeting(), unseen=["Consent/k"])
    assert hidden.met
    assert "Consent/k/_history/1" not in hidden.rests_on
