"""Capacity, legal bases, children and overrides: sections 3 and 4."""

from typing import Any

import pytest

from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    TOM,
    ask,
    at,
    basis,
    extension,
    facts,
    flag,
    lacks_capacity,
    no,
    override,
    patient,
    person,
    provision,
    role,
    yes,
)

SINCE_2024 = {"valuePeriod": {"start": "2024-01-01"}}
SEEN = {"valueBoolean": True}
DOCTOR = [{"reference": "Practitioner/dr"}]
CONSIDERED = extension("refusal-considered", valueBoolean=True)


def attorney(code: str = "lpa-health-welfare", **more: Any) -> dict[str, Any]:
    return person(MUM, role(code, **({"role_period": SINCE_2024, "role_verified": SEEN} | more)))


def by_attorney(type_: str = "permit", decided: str = "2026-03-02T10:00:00Z", **more: Any) -> dict[str, Any]:
    make = yes if type_ == "permit" else no
    return make(
        "a", [MUM], ["medication"], decided, **({"policy": "attorney", "performer": [{"reference": MUM}]} | more)
    )


def best_interest(**more: Any) -> dict[str, Any]:
    given = {
        "decided": "2026-03-02T10:00:00Z",
        "end": "2026-03-20",
        "policy": "best-interest",
        "performer": DOCTOR,
    } | more
    return yes("b", [MUM], given.pop("scopes", ["medication"]), **given)


class TestWhileCapacityIsLacking:
    def test_a_verified_attorney_permits(self) -> None:
        assert basis(facts(attorney(), by_attorney(), lacks_capacity())) == "attorney"
        deputy = by_attorney(policy="deputy")
        assert basis(facts(attorney("deputy-welfare"), deputy, lacks_capacity())) == "deputy"

    @pytest.mark.parametrize(
        "holder",
        [
            attorney(role_verified={"valueBoolean": False}),
            attorney(role_period={"valuePeriod": {"start": "2026-03-03"}}),
            attorney(role_period={"valuePeriod": {"start": "2024-01-01", "end": "2026-03-02"}}),
            attorney("lpa-property-finance"),
            attorney("deputy-welfare"),
            person(MUM, role("lpa-health-welfare", role_verified=SEEN)),
            attorney() | {"active": False},
        ],
    )
    def test_without_evidence_an_attorney_permits_nothing(self, holder: dict[str, Any]) -> None:
        answer = ask(
            facts(holder, person(DAD), by_attorney() | {"provision": provision("permit", [DAD])}, lacks_capacity()), DAD
        )
        assert (answer.basis, answer.next_action) == ("no-consent-recorded", "refer-to-clinician")
        assert [one.why for one in answer.considered] == ["basis-not-evidenced"]

    def test_the_role_alone_permits_nothing(self) -> None:
        assert basis(facts(attorney(), lacks_capacity())) == "no-consent-recorded"

    def test_a_best_interest_decision_is_a_professionals_named_and_short(self) -> None:
        assert basis(facts(best_interest(), lacks_capacity())) == "best-interest"
        assert basis(facts(best_interest(end="2026-03-30T10:00:00Z"), lacks_capacity())) == "best-interest"
        for wrong in (
            {"end": "2026-03-30T10:00:01Z"},
            {"end": ""},
            {"performer": [{"reference": MUM}]},
            {"performer": []},
            {"scopes": []},
        ):
            assert basis(facts(best_interest(**wrong), lacks_capacity())) == "no-consent-recorded"

    def test_several_permit_in_the_name_of_the_first(self) -> None:
        answer = ask(facts(attorney(), best_interest(), by_attorney(), lacks_capacity()))
        assert answer.basis == "attorney"
        assert answer.based_on == ("Consent/a/_history/1", "Consent/b/_history/1")

    def test_a_deny_among_them_is_held(self) -> None:
        answer = ask(facts(attorney(), best_interest(), by_attorney("deny"), lacks_capacity()))
        assert (answer.basis, answer.next_action, answer.overridable) == (
            "best-interest-refusal",
            "refer-to-clinician",
            True,
        )
        with_capacity = facts(attorney(), by_attorney("deny"), yes("y", [MUM]))
        assert basis(with_capacity) == "patient-consent"

    def test_against_the_patients_refusal_one_must_be_newer_and_have_considered_it(self) -> None:
        refused = no("n", [MUM], decided="2026-02-20")
        for decided, said, expected in (
            ("2026-03-02", [CONSIDERED], "attorney"),
            ("2026-03-02", [], "patient-refusal"),
            ("2026-02-10", [CONSIDERED], "patient-refusal"),
        ):
            known = facts(attorney(), refused, by_attorney(decided=decided, extensions=said), lacks_capacity())
            assert basis(known) == expected

    def test_an_advance_statement_is_the_patients_own_from_before(self) -> None:
        before = yes("s", [MUM], decided="2026-02-01", policy="advance-statement")
        during = yes("s", [MUM], decided="2026-03-02", policy="advance-statement")
        assert basis(facts(before, lacks_capacity())) == "advance-statement"
        assert basis(facts(before)) == "no-consent-recorded"
        assert ask(facts(during, lacks_capacity())).decision == "deny"
        assert ask(facts(before | {"performer": [{"reference": MUM}]}, lacks_capacity())).decision == "deny"

    def test_an_advance_statement_that_does_not_permit_is_the_patients_own_while_capacity_is_lacking(self) -> None:
        for more, expected in (
            ({"scopes": ["meetings"]}, "not-covered"),
            ({"end": "2026-03-02"}, "consent-expired"),
            ({"status": "inactive"}, "consent-withdrawn"),
        ):
            before = yes("s", [MUM], decided="2026-02-01", policy="advance-statement", **more)
            answer = ask(facts(before, lacks_capacity()))
            assert (answer.basis, answer.next_action) == (expected, "refer-to-clinician")
            assert basis(facts(before)) == "no-consent-recorded"

    def test_a_missing_start_never_permits_and_still_withholds(self) -> None:
        undated = flag("capacity", "lacks-capacity-information-sharing", start=None)
        assert basis(facts(attorney(), by_attorney(), undated)) == "no-consent-recorded"
        assert basis(facts(yes("y", [MUM]), undated)) == "given-without-capacity"

    def test_not_under_sixteen(self) -> None:
        assert basis(facts(patient("2012-01-01"), attorney(), by_attorney(), lacks_capacity())) == "refer-child"


class TestChildren:
    CHILD = patient("2011-01-01")
    COMPETENT = extension(
        "competence-confirmed",
        extension=[
            {"url": "by", "valueReference": {"reference": "Practitioner/dr"}},
            {"url": "date", "valueDateTime": "2026-02-01"},
        ],
    )
    PARENT = person(DAD, role("parental-responsibility"))

    def parental(self, type_: str = "permit", decided: str = "2026-02-10") -> dict[str, Any]:
        make = yes if type_ == "permit" else no
        return make(f"p{decided}", [MUM], (), decided, policy="parental-responsibility", performer=[{"reference": DAD}])

    def test_a_childs_competent_consent_is_consent(self) -> None:
        assert basis(facts(self.CHILD, yes("y", [MUM], extensions=[self.COMPETENT]))) == "patient-consent"
        assert basis(facts(self.CHILD, yes("y", [MUM]))) == "refer-child"
        half = extension("competence-confirmed", extension=[{"url": "date", "valueDateTime": "2026-02-01"}])
        assert basis(facts(self.CHILD, yes("y", [MUM], extensions=[half]))) == "refer-child"

    def test_a_parent_permits_where_the_child_said_nothing(self) -> None:
        answer = ask(facts(self.CHILD, person(MUM), self.PARENT, self.parental()))
        assert (answer.basis, answer.obligations) == ("parental-responsibility", ("minimum-necessary",))
        assert answer.next_action == "confirm-with-patient"
        assert basis(facts(self.CHILD, person(MUM), person(DAD), self.parental())) == "refer-child"

    @pytest.mark.parametrize(
        ("begins", "expected"),
        [("2026-03-03", "parental-responsibility"), ("2026-03-04", "refer-child"), ("soon", "refer-child")],
    )
    def test_a_parent_permits_once_the_role_is_in_force(self, begins: str, expected: str) -> None:
        parent = person(DAD, role("parental-responsibility", role_in_force_from={"valueDateTime": begins}))
        known = facts(self.CHILD, person(MUM), parent, self.parental())
        assert basis(known) == expected
        assert basis(known, when=at("2026-03-04T00:00:00")) == (
            "refer-child" if begins == "soon" else "parental-responsibility"
        )

    @pytest.mark.parametrize("competent", [True, False])
    def test_a_childs_refusal_is_never_beaten_by_a_parent(self, competent: bool) -> None:
        said = [self.COMPETENT] if competent else []
        refused = no("n", [MUM], decided="2026-01-20", extensions=said)
        answer = ask(facts(self.CHILD, person(MUM), self.PARENT, self.parental(), refused))
        assert answer.basis == ("patient-refusal" if competent else "refer-child")

    def test_a_competent_yes_beats_an_older_refusal(self) -> None:
        yes_ = yes("y", [MUM], decided="2026-02-10", extensions=[self.COMPETENT])
        assert basis(facts(self.CHILD, yes_, no("n", [MUM], decided="2026-02-01"))) == "patient-consent"
        assert basis(facts(self.CHILD, yes_, no("n", [MUM], decided="2026-02-20"))) == "refer-child"

    def test_a_parents_newer_no_beats_a_parents_yes(self) -> None:
        both = (self.parental(), self.parental("deny", "2026-02-20"))
        assert basis(facts(self.CHILD, person(MUM), self.PARENT, *both)) == "refer-child"

    def test_what_cannot_be_read_holds_against_a_parent(self) -> None:
        known = facts(self.CHILD, person(MUM), self.PARENT, self.parental(), no("n", [MUM]) | {"dateTime": "?"})
        assert basis(known) == "uninterpretable-consent"

    def test_parental_responsibility_ends_at_midnight_of_the_sixteenth_birthday_in_london(self) -> None:
        known = facts(patient("2010-06-15"), person(MUM), self.PARENT, self.parental())
        assert basis(known, when=at("2026-06-14T22:59:59")) == "parental-responsibility"
        assert basis(known, when=at("2026-06-14T23:00:00")) == "no-consent-recorded"
        assert ask(known).valid_until == at("2026-06-14T23:00:00")

    def test_somebody_born_on_a_leap_day_has_a_birthday_in_march(self) -> None:
        known = facts(patient("2008-02-29"), person(MUM), self.PARENT, self.parental())
        assert basis(known, when=at("2026-02-20"), now=NOW) == "no-consent-recorded"
        young = facts(person(MUM, birthDate="2008-02-29"), yes("y", [MUM], ["risk-to-self"]))
        assert basis(young, MUM, "risk-to-self", at("2026-02-28T12:00:00"), now=NOW) == "refer-young-person"
        assert basis(young, MUM, "risk-to-self", at("2026-03-01T00:00:00"), now=NOW) == "patient-consent"

    def test_an_override_reaches_past_the_childs_age(self) -> None:
        assert basis(facts(self.CHILD, override("o", MUM, ["medication"]))) == "safety-override"


class TestOverrides:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"reason": "curiosity"},
            {"view": ""},
            {"why": "  "},
            {"performer": []},
            {"performer": [{"reference": MUM}]},
            {"end": ""},
            {"end": "2026-03-06T11:00:01Z"},
            {"start": "2026-03-03T09:59:59Z"},
            {"start": "2026-03-03"},
            {"end": "2026-03-03T11:59:59Z", "start": "2026-03-03T11:00:00Z"},
            {"nested": [provision("permit", scopes=["medication"])]},
            {"status": "inactive"},
        ],
    )
    def test_what_an_override_lacks_makes_it_none(self, wrong: dict[str, Any]) -> None:
        assert basis(facts(override("o", MUM, ["medication"], **wrong))) != "safety-override"

    def test_seventy_two_hours_are_enough_and_it_ends_by_itself(self) -> None:
        known = facts(override("o", MUM, ["medication"], end="2026-03-06T11:00:00Z"))
        answer = ask(known)
        assert (answer.basis, answer.valid_until) == ("safety-override", at("2026-03-06T11:00:01"))

    def test_it_names_recipient_and_scope(self) -> None:
        known = facts(override("o", MUM, ["medication"]))
        assert basis(known, DAD) == basis(known, MUM, "meetings") == "no-consent-recorded"
        assert ask(facts(override("o", MUM, []))).decision == "deny"

    def test_for_the_patients_own_sake_against_a_refusal_two_decide_unless_capacity_is_lacking(self) -> None:
        alone = override("o", MUM, ["risk-to-self"], reason="risk-to-self")
        two = [{"reference": "Practitioner/dr"}, {"reference": "Practitioner/senior"}]
        refused = no("n", [MUM])
        assert basis(facts(alone), MUM, "risk-to-self") == "safety-override"
        assert basis(facts(alone, refused), MUM, "risk-to-self") == "patient-refusal"
        assert basis(facts(alone, refused, lacks_capacity()), MUM, "risk-to-self") == "safety-override"
        assert basis(facts(alone | {"performer": two}, refused), MUM, "risk-to-self") == "safety-override"
        same = [{"reference": "Practitioner/dr"}, {"reference": "PractitionerRole/dr-role"}]
        job = {"resourceType": "PractitionerRole", "id": "dr-role", "practitioner": {"reference": "Practitioner/dr"}}
        assert basis(facts(alone | {"performer": same}, refused, job), MUM, "risk-to-self") == "patient-refusal"

    def test_a_refusal_on_the_basis_of_an_override_bites(self) -> None:
        assert (
            basis(facts(no("n", [MUM], policy="safety-override"), yes("y", [MUM], decided="2026-01-15")))
            == "patient-refusal"
        )


def test_a_flag_in_error_never_said_anything() -> None:
    wrong = lacks_capacity("2026-01-15", status="entered-in-error")
    assert basis(facts(wrong, yes("y", [MUM]))) == "patient-consent"
    assert basis(facts(wrong, attorney(), by_attorney()), TOM) == "recipient-not-linked"
