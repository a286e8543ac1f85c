"""One human with several records, shared contact details, professionals and teams: sections 3 and 5."""

from typing import Any

import pytest

from app.sharing.decide import decide
from app.sharing.question import Question
from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    TOM,
    ask,
    at,
    basis,
    consent,
    extension,
    facts,
    flag,
    lacks_capacity,
    no,
    override,
    person,
    provision,
    record,
    role,
    team,
    yes,
)

ROB = {"name": [{"family": "O'Neill", "given": ["Siân"]}]}
ROB_AGAIN = {
    "name": [{"family": "Smith", "given": ["Ann"]}, {"use": "old", "family": "ONEILL", "given": ["Sian Mary"]}]
}
NUMBER = {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}]}


def linked(name: str, other: str) -> dict[str, Any]:
    return extension(name, valueReference={"reference": other})


@pytest.mark.parametrize("how", [(NUMBER, NUMBER), ({"extension": [linked("same-person", TOM)]}, {})])
def test_permits_refusals_roles_and_ages_count_across_the_records_of_one_person(how: tuple[Any, Any]) -> None:
    mum, tom = person(MUM, **how[0]), person(TOM, role("young-carer"), **how[1])
    assert basis(facts(mum, tom, yes("y", [TOM]))) == "patient-consent"
    assert basis(facts(mum, tom, no("n", [TOM]))) == "patient-refusal"
    assert basis(facts(mum, tom, flag("f", "listen-only", TOM))) == "contact-restricted"
    assert basis(facts(mum, tom, yes("y", [MUM], ["risk-to-self"])), MUM, "risk-to-self") == "refer-young-person"


def test_linked_records_of_which_somebody_says_they_differ_share_refusals_and_no_permits() -> None:
    both = [linked("same-person", TOM), linked("different-person", TOM)]
    people = (person(MUM, extension=both), person(TOM))
    assert basis(facts(*people, yes("y", [TOM]))) == "no-consent-recorded"
    assert basis(facts(*people, no("n", [TOM]))) == "patient-refusal"


@pytest.mark.parametrize(
    "reason",
    [
        flag("f", "no-contact-safeguarding", TOM),
        flag("f", "listen-only", TOM),
        no("n", [TOM]),
        no("n", [TOM], decided="2026-01-15"),
    ],
)
def test_a_namesake_of_somebody_restricted_or_refused_is_held(reason: dict[str, Any]) -> None:
    people = (person(MUM, **ROB_AGAIN), person(TOM, **ROB))
    answer = ask(facts(*people, yes("y", [MUM]), reason))
    assert (answer.basis, answer.next_action) == ("possibly-same-person", "refer-to-clinician")
    assert "RelatedPerson" not in "".join(answer.based_on)
    for gone in (record(person(TOM, **ROB), (at("2026-02-01"), None)), person(TOM, active=False, **ROB)):
        assert basis(facts(people[0], gone, yes("y", [MUM]), reason)) == "possibly-same-person"
    apart = person(TOM, extension=[linked("different-person", MUM)], **ROB)
    assert basis(facts(people[0], apart, yes("y", [MUM]), reason)) == "patient-consent"


def test_a_new_name_does_not_make_another_human() -> None:
    reasons = (flag("f", "no-contact-safeguarding", TOM), no("n", [TOM]))
    renamed = (at("2026-02-02"), person(MUM))
    for reason in reasons:
        known = facts(record(person(MUM, **ROB), renamed), person(TOM, **ROB), yes("y", [MUM]), reason)
        assert basis(known) == "possibly-same-person"
        known = facts(person(MUM, **ROB), record(person(TOM, **ROB), (at("2026-02-02"), person(TOM))), reason)
        assert basis(known) == "possibly-same-person"
    later = record(person(MUM), (at("2026-03-02"), person(MUM, **ROB)))
    known = facts(later, person(TOM, **ROB), yes("y", [MUM]), no("n", [TOM]))
    assert basis(known, when=at("2026-03-01"), now=NOW) == "patient-consent"


@pytest.mark.parametrize("reason", [flag("f", "no-contact-safeguarding", TOM), no("n", [TOM])])
def test_a_namesake_of_another_record_of_the_same_person_is_held(reason: dict[str, Any]) -> None:
    permitted = yes("y", [MUM])
    one_and_two = (person(MUM, **NUMBER), person(DAD, **NUMBER, **ROB))
    assert basis(facts(*one_and_two, person(TOM, **ROB), permitted, reason)) == "possibly-same-person"
    two_and_three = (person(DAD, **NUMBER, **ROB), person(TOM, **NUMBER))
    assert basis(facts(person(MUM, **ROB), *two_and_three, permitted, reason)) == "possibly-same-person"
    apart = person(TOM, extension=[linked("different-person", DAD)], **ROB)
    assert basis(facts(*one_and_two, apart, permitted, reason)) == "patient-consent"


def test_birth_dates_that_contradict_tell_namesakes_apart() -> None:
    refused = (yes("y", [MUM]), no("n", [TOM]))
    for mine, theirs, expected in (
        ("1970", "1970-05-01", "possibly-same-person"),
        ("1970-05-01", "1971", "patient-consent"),
        ("1970", None, "possibly-same-person"),
    ):
        born = {"birthDate": theirs} if theirs else {}
        known = facts(person(MUM, birthDate=mine, **ROB), person(TOM, **ROB, **born), *refused)
        assert basis(known) == expected


@pytest.mark.parametrize("name", [{"family": "O'Neill"}, {"given": ["Siân"]}, {"family": "-", "given": ["?"]}, {}])
def test_an_empty_name_never_matches(name: dict[str, Any]) -> None:
    known = facts(person(MUM, name=[name]), person(TOM, name=[name]), yes("y", [MUM]), no("n", [TOM]))
    assert basis(known) == "patient-consent"


@pytest.mark.parametrize(
    "against",
    [
        no("n", [TOM], decided="2026-02-10", end="2026-02-20"),
        yes("n", [TOM], decided="2026-02-10", status="rejected"),
    ],
)
def test_splitting_one_supporter_in_two_never_turns_deny_into_permit(against: dict[str, Any]) -> None:
    known = facts(person(MUM, **ROB), person(TOM, **ROB), yes("y", [MUM]), against)
    assert basis(known) == "possibly-same-person"


def test_no_override_lifts_the_doubt_about_somebody_absolutely_restricted() -> None:
    people = (person(MUM, **ROB), person(TOM, **ROB))
    lifted = override("o", MUM, ["medication"])
    safeguarding = ask(facts(*people, flag("f", "no-contact-safeguarding", TOM), lifted))
    assert (safeguarding.basis, safeguarding.overridable) == ("possibly-same-person", False)
    assert basis(facts(*people, no("n", [TOM]), lifted)) == "safety-override"


def test_an_unreadable_consent_about_a_namesake_is_not_certainly_about_somebody_else() -> None:
    riddle = consent("x", provision("maybe", [TOM]))
    assert basis(facts(person(MUM, **ROB), person(TOM, **ROB), yes("y", [MUM]), riddle)) == "uninterpretable-consent"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (
            {"telecom": [{"system": "phone", "value": "07700 900001"}]},
            {"telecom": [{"system": "phone", "value": "+447700900001"}]},
        ),
        (
            {"telecom": [{"system": "email", "value": "Home@example.org"}]},
            {"telecom": [{"system": "email", "value": "home@example.org"}]},
        ),
        (
            {"address": [{"line": ["1 High St"], "postalCode": "ZZ99 9ZZ"}]},
            {"address": [{"line": ["1 High St."], "postalCode": "zz999zz"}]},
        ),
    ],
)
def test_shared_contact_details_are_an_obligation(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    people = (person(MUM, **mine), person(TOM, **theirs))
    restricted = flag("f", "no-contact-safeguarding", TOM)
    assert ask(facts(*people, yes("y", [MUM]), restricted)).obligations == ("shared-contact-details",)
    assert ask(facts(*people, yes("y", [MUM]))).obligations == ()


NURSE, JOB, TRUST = "Practitioner/nurse", "PractitionerRole/job", "Organization/trust"
STAFF = (
    {"resourceType": "Practitioner", "id": "nurse"},
    {
        "resourceType": "PractitionerRole",
        "id": "job",
        "organization": {"reference": TRUST},
        "practitioner": {"reference": NURSE},
    },
    {"resourceType": "Organization", "id": "trust"},
)


class TestProfessionals:
    @pytest.mark.parametrize("who", [NURSE, JOB, TRUST])
    def test_sharing_between_services_is_not_decided_here(self, who: str) -> None:
        answer = ask(facts(*STAFF), who)
        assert (answer.basis, answer.next_action, answer.overridable) == ("not-decided-here", "none", False)
        assert basis(facts(), who) == "recipient-not-linked"

    @pytest.mark.parametrize("who", [NURSE, JOB, TRUST])
    def test_a_permit_for_nobody_in_particular_counts_for_them(self, who: str) -> None:
        assert basis(facts(*STAFF, yes("y", [])), who) == "patient-consent"
        assert basis(facts(*STAFF, no("n", [])), who) == "patient-refusal"

    def test_an_organization_stands_for_itself_and_its_roles(self) -> None:
        known = facts(*STAFF, yes("y", [TRUST]))
        assert (basis(known, TRUST), basis(known, JOB), basis(known, NURSE)) == (
            "patient-consent",
            "patient-consent",
            "not-decided-here",
        )
        refused = facts(*STAFF, no("n", [TRUST]), yes("y", [NURSE]))
        assert (basis(refused, TRUST), basis(refused, JOB)) == ("patient-refusal", "patient-refusal")

    def test_only_their_layers_speak(self) -> None:
        known = facts(*STAFF, yes("y", []), flag("f", "no-contact-safeguarding"))
        assert basis(known, NURSE) == "patient-consent"
        assert basis(facts(*STAFF, consent("x", None)), NURSE) == "uninterpretable-consent"
        assert (
            basis(facts({"resourceType": "Practitioner", "id": "nurse", "active": False}), NURSE)
            == "recipient-not-linked"
        )

    @pytest.mark.parametrize("gone", [{"active": False}, None])
    def test_a_role_that_has_ended_still_carries_its_refusal_to_its_practitioner(
        self, gone: dict[str, Any] | None
    ) -> None:
        nurse, job, trust = STAFF
        ended = record(job, (at("2026-02-02"), None if gone is None else job | gone))
        known = facts(nurse, ended, trust, no("n", [JOB]), yes("y", [], decided="2026-01-15"))
        assert basis(known, NURSE) == "patient-refusal"
        assert basis(known, JOB) == "recipient-not-linked"

    def test_the_next_action_of_a_refusal_is_the_same_for_every_kind_of_recipient(self) -> None:
        people = (*STAFF, *(person(who) for who in (MUM, DAD)), team("family", MUM))
        for who in (NURSE, JOB, TRUST, "CareTeam/family", MUM):
            refused, conflicting = no("n", []), (no("n", []), yes("y", [who]))
            assert ask(facts(*people, refused), who).next_action == "none"
            assert ask(facts(*people, refused), who, "risk-to-self").next_action == "confirm-with-patient"
            assert ask(facts(*people, *conflicting), who).next_action == "confirm-with-patient"
            for said in ((refused,), conflicting):
                assert ask(facts(*people, *said, lacks_capacity()), who).next_action == "refer-to-clinician"
        assert ask(facts(*people, lacks_capacity()), NURSE).next_action == "none"

    def test_what_is_no_recipient_is_not_linked(self) -> None:
        for who in ("Device/d", "Group/g", "rubbish", "CareTeam/unknown"):
            assert basis(facts(), who) == "recipient-not-linked"


class TestTeams:
    def test_a_team_may_be_told_what_each_supporter_in_it_may_be_told(self) -> None:
        circle = team("family", MUM, DAD)
        known = facts(circle, yes("y", ["CareTeam/family"]))
        assert basis(known, "CareTeam/family") == "patient-consent"
        answer = ask(facts(circle, yes("y", ["CareTeam/family"]), flag("f", "listen-only", DAD)), "CareTeam/family")
        assert (answer.recipient, answer.basis) == ("CareTeam/family", "contact-restricted")
        assert "dad" not in str(answer)

    def test_while_capacity_is_lacking_the_deny_of_a_participant_is_referred(self) -> None:
        known = facts(team("family", MUM), yes("y", ["CareTeam/family"]), no("n", [MUM]), lacks_capacity())
        assert ask(known, "CareTeam/family").next_action == "refer-to-clinician"

    def test_the_deny_that_comes_first_among_the_layers_is_told(self) -> None:
        circle = team("family", MUM, DAD)
        both = (no("n", [MUM], decided="2026-02-20"), flag("f", "no-contact-safeguarding", DAD))
        assert basis(facts(circle, yes("y", ["CareTeam/family"]), *both), "CareTeam/family") == "contact-restricted"

    def test_a_team_that_is_closed_is_not_linked_and_one_unmentioned_is_not_decided_here(self) -> None:
        assert basis(facts(team("family", MUM, status="inactive")), "CareTeam/family") == "recipient-not-linked"
        assert basis(facts(team("family", MUM)), "CareTeam/family") == "not-decided-here"


def test_by_default_every_active_supporter_is_asked_about_by_id_and_every_scope() -> None:
    known = facts(person(TOM), person(MUM), person(DAD, active=False), yes("y", [MUM]))
    answers = decide(known, Question(NOW), NOW)
    assert list(dict.fromkeys(one.recipient for one in answers)) == [MUM, TOM]
    assert len(answers) == 30
    asked_twice = decide(
        known, Question(NOW, recipients=(TOM, MUM, TOM), scopes=("meetings", "medication", "meetings")), NOW
    )
    assert [(one.recipient, one.scope) for one in asked_twice] == [
        (TOM, "medication"),
        (TOM, "meetings"),
        (MUM, "medication"),
        (MUM, "meetings"),
    ]
