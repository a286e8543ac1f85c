"""Which Consents count, and how several come together: sections 6.1 and 6.3."""

from typing import Any

import pytest

from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    START,
    TOM,
    actor,
    ask,
    at,
    basis,
    concept,
    consent,
    extension,
    facts,
    no,
    override,
    person,
    provision,
    record,
    team,
    yes,
)
from tests.sharing.engine.codings import POLICIES

NUMBER = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}
EARLY, LATE = "2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z"


def changed(first: dict[str, Any], *later: dict[str, Any]) -> Any:
    """A Consent recorded in January, and its later versions, a day apart in February."""
    return record(first, *((at(f"2026-02-{day:02}"), one) for day, one in enumerate(later, 10)), recorded=START)


class TestTheTable:
    def test_old_yes_newer_no(self) -> None:
        assert basis(facts(yes("y", [MUM], decided=EARLY), no("n", [MUM], decided=LATE))) == "patient-refusal"

    def test_old_no_newer_yes(self) -> None:
        answer = ask(facts(no("n", [MUM], decided=EARLY), yes("y", [MUM], decided=LATE)))
        assert (answer.basis, answer.based_on) == ("patient-consent", ("Consent/y/_history/1",))
        assert [(one.record, one.why) for one in answer.considered] == [("Consent/n/_history/1", "outweighed")]

    def test_old_no_for_one_newer_yes_for_the_circle(self) -> None:
        circle = yes("y", ["CareTeam/family"], decided=LATE)
        answer = ask(facts(no("n", [MUM], decided=EARLY), circle, team("family", MUM)))
        assert (answer.basis, answer.next_action) == ("conflicting-consents", "confirm-with-patient")
        assert answer.based_on == ("Consent/n/_history/1", "Consent/y/_history/1")

    @pytest.mark.parametrize("scopes", [[], ["substance-use"]])
    def test_old_yes_newer_tell_nobody(self, scopes: list[str]) -> None:
        known = facts(yes("y", [MUM], scopes, decided=EARLY), no("n", [], decided=LATE))
        assert basis(known, MUM, "substance-use") == "patient-refusal"

    def test_old_no_for_a_scope_newer_yes_for_everything(self) -> None:
        known = facts(no("n", [MUM], ["medication"], decided=EARLY), yes("y", [MUM], decided=LATE))
        assert ask(known).next_action == "confirm-with-patient"
        assert basis(known) == "conflicting-consents"
        assert basis(known, MUM, "meetings") == "patient-consent"

    @pytest.mark.parametrize(
        ("yes_at", "no_at"), [(EARLY, EARLY), ("2026-02-01", EARLY), (EARLY, "2026-02"), ("2026", "2026-02")]
    )
    def test_dates_that_tie_or_overlap(self, yes_at: str, no_at: str) -> None:
        assert basis(facts(yes("y", [MUM], decided=yes_at), no("n", [MUM], decided=no_at))) == "conflicting-consents"

    def test_permit_for_nobody_in_particular(self) -> None:
        assert basis(facts(yes("y", []))) == "no-consent-recorded"


def test_a_named_yes_after_a_blanket_no_counts_and_a_scope_does_not_outweigh_a_record() -> None:
    assert basis(facts(no("n", [], decided=EARLY), yes("y", [MUM], decided=LATE))) == "patient-consent"
    data = [{"meaning": "instance", "reference": {"reference": "CarePlan/plan"}}]
    known = facts(
        {"resourceType": "CarePlan", "id": "plan"},
        no("n", [MUM], data=data, decided=EARLY),
        yes("y", [MUM], decided=LATE),
    )
    assert basis(known, MUM, "", resources=("CarePlan/plan",)) == "conflicting-consents"


@pytest.mark.parametrize("status", ["draft", "proposed", "entered-in-error", "rejected", "inactive"])
@pytest.mark.parametrize("type_", ["permit", "deny"])
def test_inert_consents_neither_permit_nor_deny(status: str, type_: str) -> None:
    inert = consent("x", provision(type_, [MUM]), "2026-01-20", status=status)
    assert ask(facts(inert)).decision == "deny"
    assert basis(facts(inert)) != "patient-refusal"
    assert basis(facts(inert, yes("y", [MUM]))) == "patient-consent"


@pytest.mark.parametrize("scope", ["treatment", "research", "adr"])
def test_other_consents_than_for_privacy_do_not_count(scope: str) -> None:
    other = {"scope": concept("http://terminology.hl7.org/CodeSystem/consentscope", scope)}
    assert basis(facts(yes("y", [MUM], **other), no("n", [MUM], **other))) == "no-consent-recorded"


def test_a_yes_counts_from_its_time_and_a_no_from_its_recording() -> None:
    assert basis(facts(yes("y", [MUM], decided="2026-03-03T12:00:01Z"))) == "not-covered"
    assert basis(facts(yes("y", [MUM], decided="2026-03-03T12:00:00Z"))) == "patient-consent"
    assert basis(facts(yes("y", [MUM], decided="2026-03"))) == "patient-consent"
    assert basis(facts(no("n", [MUM], decided="2026-03-03T12:00:01Z"))) == "patient-refusal"


def test_a_rejected_proposal_newer_than_a_yes_makes_a_conflict() -> None:
    turned_down = yes("r", [MUM], decided=LATE, status="rejected")
    assert basis(facts(yes("y", [MUM], decided=EARLY), turned_down)) == "conflicting-consents"
    assert basis(facts(yes("y", [MUM], decided=LATE), turned_down)) == "conflicting-consents"
    assert basis(facts(yes("y", [MUM], decided="2026-02-03"), turned_down)) == "patient-consent"
    assert basis(facts(yes("y", [DAD], decided=EARLY), turned_down), DAD) == "patient-consent"
    assert basis(facts(turned_down)) == "no-consent-recorded"
    about_meetings = yes("r", [MUM], ["meetings"], decided=LATE, status="rejected")
    assert basis(facts(yes("y", [MUM], decided=EARLY), about_meetings)) == "patient-consent"


class TestRefusalsThatLapsed:
    def test_an_ended_refusal_does_not_revive_an_older_yes(self) -> None:
        ended = no("n", [MUM], decided=LATE, end="2026-02-20")
        answer = ask(facts(yes("y", [MUM], decided=EARLY), ended))
        assert (answer.basis, answer.next_action) == ("consent-expired", "ask-patient")
        assert basis(facts(yes("y", [MUM], decided="2026-02-03"), ended)) == "patient-consent"

    def test_a_refusal_made_inactive_does_not_either(self) -> None:
        refusal = no("n", [MUM], decided=LATE)
        known = facts(yes("y", [MUM], decided=EARLY), changed(refusal, refusal | {"status": "inactive"}))
        assert basis(known) == "consent-expired"

    def test_a_refusal_that_was_never_active_lapsed_from_nothing(self) -> None:
        assert basis(facts(yes("y", [MUM]), no("n", [MUM], decided=LATE, status="inactive"))) == "patient-consent"

    def test_a_nested_deny_that_ended_keeps_its_own_root_from_reviving(self) -> None:
        inner = provision("deny", scopes=["medication"], end="2026-02-20")
        known = facts(yes("y", [MUM], nested=[inner]))
        assert basis(known) == "consent-expired"
        assert basis(known, MUM, "meetings") == "patient-consent"

    def test_an_earlier_version_that_denied_more_still_keeps_a_yes_from_counting(self) -> None:
        wide, narrow = no("n", [MUM], decided=LATE), no("n", [MUM], ["meetings"], decided=LATE)
        given = yes("y", [MUM], decided=EARLY)
        assert basis(facts(given, changed(wide, narrow))) == "consent-expired"
        assert (
            basis(facts(given, changed(narrow, narrow | {"status": "entered-in-error"})), MUM, "meetings")
            == "consent-expired"
        )
        shorter = no("n", [MUM], decided=LATE, end="2026-02-10")
        assert basis(facts(given, changed(wide, shorter))) == "consent-expired"

    def test_a_new_decision_in_the_same_record_counts(self) -> None:
        known = facts(changed(no("c", [MUM], decided=EARLY), yes("c", [MUM], decided=LATE)))
        assert basis(known) == "patient-consent"
        corrected = facts(changed(no("c", [MUM], decided=EARLY), yes("c", [MUM], decided=EARLY)))
        assert basis(corrected) == "consent-expired"

    def test_a_refusal_not_begun_has_not_lapsed(self) -> None:
        assert (
            basis(facts(yes("y", [MUM], decided=EARLY), no("n", [MUM], decided=LATE, start="2026-04-01")))
            == "patient-consent"
        )

    def test_an_expired_yes_older_than_a_refusal_asks_the_patient(self) -> None:
        ended = yes("y", [MUM], decided=EARLY, end="2026-02-20")
        refused = no("n", [MUM], decided=LATE, end="2026-02-25")
        answer = ask(facts(ended, refused))
        assert (answer.basis, answer.next_action) == ("consent-expired", "ask-patient")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"policy": "implied"}, "basis-unknown"),
        ({"policyRule": {"text": "as agreed"}}, "basis-unknown"),
        ({"extensions": [extension("consent-method", valueCode="implied")]}, "consent-implied"),
        ({"performer": [{"reference": MUM}]}, "not-the-patients-decision"),
        ({"policy": "consent", "performer": [{"reference": MUM}]}, "not-the-patients-decision"),
        (
            {"modifierExtension": [extension("not-the-patients-decision", valueBoolean=True)]},
            "not-the-patients-decision",
        ),
    ],
)
def test_permits_that_count_for_nothing_are_no_yes_and_their_denies_bite(more: dict[str, Any], why: str) -> None:
    answer = ask(facts(yes("y", [MUM], **more)))
    assert answer.basis == "no-consent-recorded"
    assert [one.why for one in answer.considered] == [why]
    assert basis(facts(no("n", [MUM], decided=LATE, **more), yes("y", [MUM], decided=EARLY))) == "patient-refusal"


@pytest.mark.parametrize(
    "performer",
    [
        {"reference": "Patient/p1"},
        {"reference": "Patient/9990000018"},
        {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 000 0018"}},
    ],
)
@pytest.mark.parametrize("policy", ["", "consent", "optin"])
def test_the_patient_decides_however_named(performer: dict[str, Any], policy: str) -> None:
    assert basis(facts(yes("y", [MUM], policy=policy, performer=[performer]))) == "patient-consent"


class TestOnOtherBases:
    OUTSIDE = frozenset(
        {"attorney", "deputy", "best-interest", "parental-responsibility", "advance-statement", "safety-override"}
    )

    def test_they_are_known(self) -> None:
        assert POLICIES.keys() >= self.OUTSIDE

    @pytest.mark.parametrize("policy", sorted(OUTSIDE))
    def test_none_of_them_permits_for_an_adult_with_capacity_by_itself(self, policy: str) -> None:
        assert ask(facts(person(MUM), yes("y", [MUM], policy=policy))).decision == "deny"


def test_what_was_recorded_later_about_an_earlier_time_does_not_count_and_is_listed() -> None:
    late = record(no("n", [MUM], decided="2026-02-10"), recorded=at("2026-03-01"))
    answer = ask(facts(yes("y", [MUM]), late), when=at("2026-02-20"), now=NOW)
    assert answer.decision == "permit"
    assert [(one.record, one.why) for one in answer.considered] == [("Consent/n/_history/1", "recorded-later")]
    assert basis(facts(yes("y", [MUM]), late), when=at("2026-03-01"), now=NOW) == "patient-refusal"


@pytest.mark.parametrize("who", [{"reference": TOM}, {"identifier": NUMBER}])
def test_nobody_is_named_by_a_record_that_did_not_exist_then(who: dict[str, Any]) -> None:
    tom = record(person(TOM, identifier=[NUMBER]), recorded=at("2026-03-01"))
    refused = no("n", [], actor=[actor("") | {"reference": who}])
    known = facts(person(MUM), tom, yes("y", [MUM]), refused)
    assert basis(known, when=at("2026-02-20"), now=NOW) == "uninterpretable-consent"
    assert basis(known) == "patient-consent"


def test_what_was_recorded_later_about_somebody_recorded_later_is_not_listed_for_others() -> None:
    tom = record(person(TOM), recorded=at("2026-03-01"))
    known = facts(person(MUM), tom, record(no("n", [TOM]), recorded=at("2026-03-01")))
    assert ask(known, when=at("2026-02-20"), now=NOW).considered == ()


def test_a_question_about_the_future_is_answered_from_the_records_of_now() -> None:
    soon = record(no("n", [MUM], decided="2026-03-10"), recorded=at("2026-03-10"))
    known = facts(yes("y", [MUM], end="2026-04-01"), soon)
    assert basis(known, when=at("2026-03-20"), now=NOW) == "patient-consent"
    assert basis(known, when=at("2026-04-20"), now=NOW) == "consent-expired"


def test_records_that_concern_only_others_are_never_listed() -> None:
    known = facts(yes("y", [DAD]), no("n", [DAD]), override("o", DAD, ["medication"]), yes("d", [DAD], status="draft"))
    assert ask(known).considered == ()
