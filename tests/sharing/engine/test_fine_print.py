"""Rules of the page that mutants of the engine showed to be told by no other test."""

from typing import Any

import pytest

from tests.sharing.engine.builders import (
    DAD,
    MUM,
    SCOPE_SYSTEM,
    TOM,
    actor,
    ask,
    at,
    basis,
    consent,
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

NHS = "https://fhir.nhs.uk/Id/nhs-number"
EARLY, LATE = "2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z"
HELD = {"system": "https://example.org/people", "value": "77"}
NURSE, JOB, TRUST = "Practitioner/nurse", "PractitionerRole/job", "Organization/trust"
STAFF = (
    {"resourceType": "Practitioner", "id": "nurse"},
    {"resourceType": "PractitionerRole", "id": "job", "organization": {"reference": TRUST}},
    {"resourceType": "Organization", "id": "trust"},
)


def plan(name: str = "plan", *tags: str, **more: Any) -> dict[str, Any]:
    tagged = {"tag": [{"system": SCOPE_SYSTEM, "code": tag} for tag in tags]} if tags else {}
    meta = tagged | more.pop("meta", {})
    return {"resourceType": "CarePlan", "id": name, **({"meta": meta} if meta else {}), **more}


def instance(reference: str) -> list[dict[str, Any]]:
    return [{"meaning": "instance", "reference": {"reference": reference}}]


class TestProposalsThatWereTurnedDown:
    """Section 6.1: a rejected Consent newer than a yes that would match if it were active makes a conflict."""

    def test_also_one_for_the_circle(self) -> None:
        rejected = yes("r", ["CareTeam/family"], decided=LATE, status="rejected")
        known = facts(yes("y", [MUM], decided=EARLY), rejected, team("family", MUM))
        assert basis(known) == "conflicting-consents"
        assert basis(facts(yes("y", [MUM], decided=EARLY), rejected, team("family", DAD))) == "patient-consent"

    def test_also_one_that_cannot_be_read(self) -> None:
        for riddle in (None, {}, {"type": "permit", "actor": []}):
            rejected = consent("r", riddle, LATE, status="rejected")
            assert basis(facts(yes("y", [MUM], decided=EARLY), rejected)) == "conflicting-consents"


class TestRefusalsThatEnded:
    """Section 6.1: a yes that is not newer does not revive."""

    @pytest.mark.parametrize("policy", ["", "implied"])
    def test_an_exception_that_counted_for_nothing_was_refused_too(self, policy: str) -> None:
        exception = provision("permit", [MUM], ["medication"])
        refused = no("n", [MUM], decided=LATE, nested=[exception], policy=policy)
        ended = record(refused, (at("2026-02-10"), refused | {"status": "inactive"}))
        known = facts(yes("y", [MUM], decided=EARLY), ended)
        assert basis(known) == ("consent-expired" if policy else "patient-consent")
        assert basis(known, MUM, "meetings") == "consent-expired"


class TestWhoIsNamed:
    """Sections 1 and 6.2: by literal reference, identifier or absolute URL."""

    def named(self, **reference: Any) -> dict[str, Any]:
        return no("n", [], actor=[actor("") | {"reference": reference}])

    @pytest.mark.parametrize("type_", ["RelatedPerson", "http://hl7.org/fhir/StructureDefinition/RelatedPerson"])
    def test_the_type_beside_an_identifier_tells_a_supporter_from_staff(self, type_: str) -> None:
        nurse = {"resourceType": "Practitioner", "id": "nurse", "identifier": [HELD]}
        people = (person(MUM, identifier=[HELD]), person(DAD), nurse)
        refused = facts(*people, self.named(identifier=HELD, type=type_), yes("y", [DAD]))
        assert (basis(refused, MUM), basis(refused, DAD)) == ("patient-refusal", "patient-consent")
        unclear = facts(*people, self.named(identifier=HELD), yes("y", [DAD]))
        assert basis(unclear, DAD) == "uninterpretable-consent"

    def test_an_identifier_without_system_names_nobody(self) -> None:
        bare = {"value": "77"}
        refused = facts(person(MUM, identifier=[bare]), person(DAD), self.named(identifier=bare), yes("y", [DAD]))
        assert basis(refused, MUM) == basis(refused, DAD) == "uninterpretable-consent"

    def test_the_patient_is_named_by_number_also_where_the_type_says_patient(self) -> None:
        who = {"type": "Patient", "identifier": {"system": NHS, "value": "9990000018"}}
        assert basis(facts(yes("y", [MUM], performer=[who]))) == "patient-consent"

    @pytest.mark.parametrize("type_", ["Practitioner", "PractitionerRole"])
    def test_staff_whom_nobody_here_can_tell_apart_are_certainly_no_supporter(self, type_: str) -> None:
        known = facts(*STAFF, self.named(identifier=HELD, type=type_), yes("y", [MUM]))
        assert (basis(known, MUM), basis(known, NURSE)) == ("patient-consent", "uninterpretable-consent")


class TestWhatCannotBeRead:
    """Section 6.1: what has not the expected form makes a Consent uninterpretable, and raises nothing."""

    @pytest.mark.parametrize("element", ["purpose", "action", "provision", "modifierExtension", "actor"])
    @pytest.mark.parametrize("odd", ["x", 7, {"type": "deny"}, ["x"]], ids=str)
    def test_an_element_that_is_no_list_of_objects(self, element: str, odd: Any) -> None:
        permit = yes("y", [MUM])
        permit["provision"][element] = odd
        assert basis(facts(permit)) == "uninterpretable-consent"

    def test_a_refusal_of_somebody_at_another_service_unless_an_identifier_tells_who(self) -> None:
        away = {"reference": "https://elsewhere.example.org/RelatedPerson/1"}
        for more, expected in (({}, "uninterpretable-consent"), ({"identifier": HELD}, "patient-refusal")):
            refused = no("n", [], actor=[actor("") | {"reference": away | more}], decided=LATE)
            known = facts(person(MUM, identifier=[HELD]), person(DAD), refused, yes("y", [MUM]), yes("z", [DAD]))
            assert basis(known, MUM) == expected
            assert basis(known, DAD) == ("patient-consent" if more else expected)

    def test_a_modifier_of_any_element_but_not_within_what_is_contained(self) -> None:
        odd = {"modifierExtension": [{"url": "https://trust.example.org/except-on-sundays", "valueBoolean": True}]}
        assert basis(facts(yes("y", [MUM], verification=[odd]))) == "uninterpretable-consent"
        assert basis(facts(yes("y", [MUM], contained=[odd | {"resourceType": "Organization"}]))) == "patient-consent"

    def test_a_role_with_a_second_code_without_system_is_read_in_a_permit_alone(self) -> None:
        for said, expected in ((yes("x", [MUM]), "patient-consent"), (no("x", [MUM]), "uninterpretable-consent")):
            said["provision"]["actor"][0]["role"]["coding"].append({"code": "mother"})
            assert basis(facts(said)) == expected


class TestBetweenProfessionals:
    """Section 3: blanket, Organization and team permits count for them; a deny through what lists them."""

    def test_a_permit_for_a_team_reaches_those_in_it(self) -> None:
        known = facts(*STAFF, yes("y", ["CareTeam/ward"]), team("ward", NURSE, network=False))
        assert (basis(known, NURSE), basis(known, JOB)) == ("patient-consent", "not-decided-here")

    def test_a_refusal_of_a_team_reaches_the_organization_of_a_role_in_it(self) -> None:
        known = facts(
            *STAFF,
            no("n", ["CareTeam/ward"], decided=LATE),
            yes("y", [], decided=EARLY),
            team("ward", TRUST, network=False),
        )
        assert (basis(known, TRUST), basis(known, JOB), basis(known, NURSE)) == (
            "patient-refusal",
            "patient-refusal",
            "patient-consent",
        )


class TestContactDetails:
    """Section 5: who shares only a contact with a restricted person is another person."""

    def test_they_must_be_those_of_the_one_restricted(self) -> None:
        phone = {"telecom": [{"system": "phone", "value": "07700 900001"}]}
        people = (person(MUM, **phone), person(DAD, **phone), person(TOM))
        known = facts(*people, yes("y", [MUM]), flag("f", "no-contact-safeguarding", TOM))
        assert ask(known).obligations == ()

    @pytest.mark.parametrize(("mine", "theirs", "same"), [
        ({"text": "1 High St, ZZ99 9ZZ"}, {"text": "1 high st zz999zz"}, True),
        ({"line": ["1 High St"], "postalCode": "ZZ99 9ZZ"}, {"line": ["1", "High St"], "postalCode": "ZZ999ZZ"}, True),
        ({"line": ["1 High St"], "postalCode": "ZZ99 9ZZ"}, {"line": ["1 High St"], "postalCode": "ZZ99 9ZY"}, False),
        ({"postalCode": "ZZ99 9ZZ"}, {"postalCode": "ZZ99 9ZZ"}, False),
        ({"line": "odd", "text": "1 High St"}, {"text": "1 High St"}, True),
        ({}, {}, False),
    ])  # fmt: skip
    def test_an_address_is_the_same_however_written(self, mine: Any, theirs: Any, *, same: bool) -> None:
        people = (person(MUM, address=[mine]), person(TOM, address=[theirs]))
        known = facts(*people, yes("y", [MUM]), flag("f", "no-contact-safeguarding", TOM))
        assert ("shared-contact-details" in ask(known).obligations) is same


class TestOverrides:
    """Section 4."""

    def test_a_practitioner_in_a_role_may_decide(self) -> None:
        who = [{"reference": "PractitionerRole/senior"}]
        assert basis(facts(override("o", MUM, ["medication"], performer=who))) == "safety-override"

    @pytest.mark.parametrize(("start", "counts"), [("10:00:00", True), ("09:59:59", False), ("11:00:00", True)])
    def test_it_begins_within_an_hour_of_the_decision(self, start: str, *, counts: bool) -> None:
        known = facts(override("o", MUM, ["medication"], start=f"2026-03-03T{start}Z", end="2026-03-04T09:00:00Z"))
        assert (basis(known) == "safety-override") is counts

    def test_its_conditions_are_obligations(self) -> None:
        answer = ask(facts(override("o", MUM, ["medication"], conditions=["verbal-only"])))
        assert (answer.basis, "verbal-only" in answer.obligations) == ("safety-override", True)

    def test_a_decision_without_its_time_of_day_is_none(self) -> None:
        vague = override("o", MUM, ["medication"], start="2026-03-03T00:30:00Z", end="2026-03-04T00:00:00Z")
        assert basis(facts(vague | {"dateTime": "2026-03-03"})) != "safety-override"


class TestTeams:
    """Section 3: recipient stays the team and no participant is named."""

    def test_no_participant_is_named_by_what_the_deny_rests_on(self) -> None:
        circle = (
            team("family", MUM),
            person(MUM, role("young-carer")),
            yes("y", ["CareTeam/family"], ["risk-to-self"]),
        )
        answer = ask(facts(*circle), "CareTeam/family", "risk-to-self")
        assert (answer.basis, answer.based_on, answer.overridable) == ("refer-young-person", (), False)

    def test_a_record_that_one_of_them_may_not_see_the_team_may_not_see(self) -> None:
        refused = no("n", [MUM], data=instance("CarePlan/plan"), decided=LATE)
        known = facts(team("family", MUM), yes("y", ["CareTeam/family"]), refused, plan(), plan("other"))
        assert basis(known, "CareTeam/family", "", resources=("CarePlan/plan",)) == "patient-refusal"
        assert basis(known, "CareTeam/family", "", resources=("CarePlan/other",)) == "patient-consent"

    def test_the_answer_for_a_team_ends_when_that_for_one_in_it_does(self) -> None:
        stop = flag("f", "no-contact-safeguarding", MUM, start="2026-03-05T10:00:00Z")
        answer = ask(facts(team("family", MUM), yes("y", ["CareTeam/family"]), stop), "CareTeam/family")
        assert (answer.decision, answer.valid_until) == ("permit", at("2026-03-05T10:00:00"))


class TestWhileCapacityIsLacking:
    """Sections 3 and 4."""

    HELD = role(
        "deputy-welfare", role_period={"valuePeriod": {"start": "2024-01-01"}}, role_verified={"valueBoolean": True}
    )

    def deputy(self) -> dict[str, Any]:
        return yes("d", [MUM], ["medication"], LATE, policy="deputy", performer=[{"reference": MUM}])

    def test_a_deputy_comes_before_a_best_interest_decision(self) -> None:
        known_to_be_best = {"policy": "best-interest", "performer": [{"reference": NURSE}], "end": "2026-03-20"}
        best = yes("b", [MUM], ["medication"], "2026-03-01T10:00:00Z", **known_to_be_best)
        known = facts(person(MUM, self.HELD), self.deputy(), best, lacks_capacity())
        assert basis(known) == "deputy"
        assert basis(facts(person(MUM, self.HELD), best, lacks_capacity())) == "best-interest"

    def test_a_deputy_needs_the_role(self) -> None:
        assert basis(facts(person(MUM, self.HELD), self.deputy(), lacks_capacity())) == "deputy"
        for one in (person(MUM), person(MUM, role("deputy-welfare"))):
            assert ask(facts(one, self.deputy(), lacks_capacity())).decision == "deny"


def test_what_is_general_and_what_is_listened_to_each_have_a_sentence() -> None:
    heard, general = ask(facts(), action="listen"), ask(facts(), content="general")
    assert "listen" in heard.reason.lower()
    assert "general" in general.reason.lower() or "not about" in general.reason.lower()
    assert heard.reason != general.reason


def test_capacity_that_is_lacking_is_no_record_of_a_permit() -> None:
    assert ask(facts(lacks_capacity(), yes("y", [MUM]))).based_on == ("Consent/y/_history/1",)
