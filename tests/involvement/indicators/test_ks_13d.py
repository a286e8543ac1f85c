"""KS-13d by hand: an individual part is coded, described and agreed to, and is no child's."""

import pytest

from app.involvement.indicators.evaluate import Found
from app.involvement.indicators.tally import Tally
from tests.involvement.charting import case, consent, episode, flag, part, person, plan


def outcome(*resources):
    found = case("KS-13d", episode(), *resources)
    return found.excluded or found.outcome("strict")


def test_a_part_that_is_coded_described_and_agreed_to_meets_it():
    assert outcome(person(), consent("care-plan"), plan(part())) == "met"


@pytest.mark.parametrize(
    "lacking", [part(code=""), part(words=" "), part(agreed=None), part(to="t"), part(doNotPerform=True)]
)
def test_anything_lacking_does_not(lacking):
    assert outcome(person(), person("t", "household-member"), consent("care-plan"), plan(lacking)) == "not-met"


@pytest.mark.parametrize("status", ["cancelled", "stopped", "entered-in-error"])
def test_a_part_that_is_over_is_none(status):
    assert outcome(person(), consent("care-plan"), plan(part(status=status))) == "not-met"


@pytest.mark.parametrize(("status", "met"), [("active", True), ("completed", True), ("revoked", False)])
def test_the_plan_is_or_was_in_force(status, met):
    assert (outcome(person(), consent("care-plan"), plan(part(), status=status)) == "met") is met


def test_a_draft_or_proposal_is_no_plan():
    assert outcome(person(), consent("care-plan"), plan(part(), status="draft")) == "not-met"
    assert outcome(person(), consent("care-plan"), plan(part(), intent="proposal")) == "not-met"


def test_a_plan_of_another_time_is_not_this_episodes():
    old = plan(part(), created="2025-03-01", period={"start": "2025-03-01", "end": "2025-04-01"})
    assert outcome(person(), consent("care-plan"), old) == "not-met"


def test_without_consent_or_a_key_person_it_is_left_out():
    assert outcome(person(), plan(part())) == "no-consent"
    assert outcome(person(role="next-of-kin"), consent("care-plan"), plan(part())) == "no-key-person"
    assert outcome(person(), consent("care-plan"), flag("no-contact-safeguarding")) == "contact-stopped"


def test_no_plan_at_all_does_not_meet_it():
    assert outcome(person(), consent("care-plan")) == "not-met"


def test_consent_is_that_of_the_plan_and_not_of_today():
    after_the_plan = consent("care-plan", decided="2026-04-10T10:00:00Z")
    assert outcome(person(), after_the_plan, plan(part())) == "no-consent"
    ended = consent("care-plan", provision={"period": {"end": "2026-03-10"}})
    assert outcome(person(), ended, plan(part())) == "met"


def test_who_agreed_to_nothing_and_declined_is_left_out():
    found = case("KS-13d", episode(), person(), consent("care-plan"), plan(part(agreed=False)))
    assert found.excluded == "declined"


def test_one_who_declines_does_not_speak_for_another():
    both = [consent("care-plan"), consent("care-plan", to="t", id_="k2")]
    people = [person(), person("t")]
    assert outcome(*people, *both, plan(part(agreed=False))) == "not-met"
    assert outcome(*people, *both, plan(part(agreed=False), part(to="t"))) == "met"


@pytest.mark.parametrize("more", [{"role": "young-carer"}, {"birthDate": "2012-01-01"}])
def test_a_young_carers_part_does_not_meet_it(more):
    found = case("KS-13d", episode(), person(**more), consent("care-plan"), plan(part()))
    assert found.outcome("strict") != "met"


def test_medication_alone_is_flagged_and_not_failed():
    only = case("KS-13d", episode(), person(), consent("care-plan"), plan(part(code="medication-support")))
    assert (only.met, only.flags) == (True, ("medication-only",))
    beside = plan(part(code="medication-support"), part())
    assert case("KS-13d", episode(), person(), consent("care-plan"), beside).flags == ()


def test_words_that_stand_in_the_plans_of_several_patients_are_flagged():
    tally = Tally()
    words = ["Rings on Sundays", "rings  on sundays", "Walks the dog with him", "RINGS ON SUNDAYS"]
    found = [case("KS-13d", episode(), person(), consent("care-plan"), plan(part(words=text))) for text in words]
    for one in found:
        tally.add(Found("KS-13d", (one,), ()))
    assert tally.repeated == 3
    assert [tally.repeats(one) for one in found] == [True, True, False, True]
