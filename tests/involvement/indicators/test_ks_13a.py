"""KS-13a by hand: who is identified by 24 hours after the assessment, and when nobody is."""

import pytest

from tests.involvement.charting import case, cases, chart, coded, contact, episode, nobody, own, person


def known(at):
    return [own("identified", extension=[{"url": "at", "valueDateTime": at}])]


def assessment(start):
    return {
        "resourceType": "Encounter",
        "id": "n",
        "status": "finished",
        "type": [coded("encounter-type", "initial-assessment")],
        "period": {"start": start},
    }


def test_a_key_person_known_in_time_meets_both_views():
    found = case("KS-13a", episode(), person())
    assert (found.outcome("strict"), found.outcome("adjusted")) == ("met", "met")
    assert "RelatedPerson/s/_history/1" in found.rests_on


@pytest.mark.parametrize(
    ("at", "outcome"),
    [("2026-03-03T10:00:00Z", "met"), ("2026-03-03T10:00:01Z", "not-met"), ("2025-01-01", "met")],
)
def test_in_time_is_24_hours_after_the_start_where_there_is_no_assessment(at, outcome):
    assert case("KS-13a", episode(), person(extension=known(at))).outcome("strict") == outcome


def test_the_assessment_moves_the_time():
    late = person(extension=known("2026-03-05T09:00:00Z"))
    assert case("KS-13a", episode(), late).outcome("strict") == "not-met"
    assert case("KS-13a", episode(), late, assessment("2026-03-04T10:00:00Z")).outcome("strict") == "met"


def test_without_a_time_of_identification_the_first_recording_counts():
    assert case("KS-13a", episode(), person(extension=[])).outcome("strict") == "not-met"


@pytest.mark.parametrize("role", ["key-supporter", "main-carer", "carer", "young-carer", "shared-lives-carer"])
def test_a_key_role_makes_a_key_person(role):
    assert case("KS-13a", episode(), person(role=role)).outcome("strict") == "met"


@pytest.mark.parametrize("role", ["next-of-kin", "emergency-contact", "household-member", "visiting-child"])
def test_another_role_does_not(role):
    assert case("KS-13a", episode(), person(role=role)).outcome("strict") == "not-met"


def test_somebody_inactive_is_nobody():
    assert case("KS-13a", episode(), person(active=False)).outcome("strict") == "not-met"


def test_a_role_that_ended_before_the_episode_is_none():
    over = coded("carer-role", "carer") | {"extension": [own("role-period", valuePeriod={"end": "2025-12-31"})]}
    assert case("KS-13a", episode(), person(relationship=[over])).outcome("strict") == "not-met"


@pytest.mark.parametrize("reason", ["nilknown", "withheld"])
def test_asked_and_nobody_fails_the_strict_view_and_meets_the_adjusted_one(reason):
    found = case("KS-13a", episode(), nobody(reason))
    assert (found.outcome("strict"), found.outcome("adjusted")) == ("not-met", "met")
    assert ("identified", "asked-nobody") in found.strata


def test_not_asked_meets_neither():
    assert case("KS-13a", episode(), nobody("notasked")).outcome("adjusted") == "not-met"
    assert case("KS-13a", episode()).strata == (("identified", "not-asked"),)


@pytest.mark.parametrize("date", ["2025-03-02", "2026-03-09"])
def test_asked_before_the_episode_or_too_late_does_not_count(date):
    assert case("KS-13a", episode(), nobody(date=date)).outcome("adjusted") == "not-met"


@pytest.mark.parametrize(("end", "reason"), [("2026-03-03T09:59:00Z", "closed-early"), ("2026-03-03T10:00:00Z", "")])
def test_an_episode_under_24_hours_is_left_out(end, reason):
    assert case("KS-13a", episode(end=end), person()).excluded == reason


def test_an_episode_that_began_just_now_is_not_yet_due():
    assert case("KS-13a", episode("2026-06-01T00:00:00Z", "")).excluded == "not-yet-due"


@pytest.mark.parametrize(("kind", "reason"), [("transferred", "transferred"), ("died", "died"), ("discharged", "")])
def test_who_was_transferred_or_died_is_left_out(kind, reason):
    found = case("KS-13a", episode(extension=[own("end-of-care", valueCode=kind)]), person())
    assert found.excluded == reason


@pytest.mark.parametrize(("died", "reason"), [("2026-03-10", "died"), ("2026-05-10", "")])
def test_a_death_counts_when_it_was_in_the_episode(died, reason):
    patient = {"resourceType": "Patient", "id": "p", "deceasedDateTime": died}
    assert case("KS-13a", patient, episode(), person()).excluded == reason


def test_a_plan_of_home_treatment_is_an_episode_where_no_episode_covers_it():
    home = {
        "resourceType": "CarePlan",
        "id": "h",
        "status": "active",
        "intent": "plan",
        "category": [coded("care-plan-category", "crisis-home-treatment")],
        "period": {"start": "2026-03-03", "end": "2026-03-10"},
    }
    assert [one.subject for one in cases("KS-13a", chart(home))] == ["CarePlan/h"]
    assert [one.subject for one in cases("KS-13a", chart(home, episode()))] == ["EpisodeOfCare/e"]
    assert cases("KS-13a", chart(home | {"intent": "proposal"})) == []


@pytest.mark.parametrize("status", ["planned", "waitlist", "entered-in-error"])
def test_what_was_not_accepted_is_no_episode(status):
    assert cases("KS-13a", chart(episode(status=status), contact())) == []


def test_only_a_crisis_type_is_one_where_a_type_is_given():
    crisis = {"coding": [{"system": "http://snomed.info/sct", "code": "92151000000102"}]}
    assert cases("KS-13a", chart(episode(type=[crisis])))
    assert cases("KS-13a", chart(episode(type=[{"text": "Memory clinic"}]))) == []
