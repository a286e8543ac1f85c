"""The acceptance stories of the domain specification, as the engine answers them."""

import pytest

from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    START,
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
    record,
    role,
    yes,
)


def test_each_carer_is_told_what_the_patient_permits_that_carer() -> None:
    known = facts(yes("r", [MUM], ["care-plan", "meetings", "relapse-signature"]), yes("t", [TOM], ["appointments"]))
    assert basis(known, TOM, "medication") == "not-covered"
    assert basis(known, MUM, "relapse-signature") == "patient-consent"
    assert basis(known, MUM, "sensitive-history") == "not-covered"


def test_silence_is_not_refusal() -> None:
    answer = ask(facts(), DAD, "care-plan")
    assert (answer.decision, answer.basis, answer.next_action) == ("deny", "no-consent-recorded", "ask-patient")
    assert answer.still_allowed == (
        "listen",
        "general-information",
        "what-they-already-know",
        "carers-assessment-right",
    )


def test_refused_condition_information_still_leaves_general_information() -> None:
    known = facts(no("pat", [MUM]))
    answer = ask(known, MUM, "condition-information")
    assert (answer.basis, answer.next_action, answer.overridable) == ("patient-refusal", "none", True)
    assert ask(known, MUM, "condition-information", content="general").decision == "permit"


def test_an_ended_permit_is_expired_and_one_past_its_review_date_stands() -> None:
    expired = ask(facts(yes("wife", [MUM], end="2026-03-01")), when=at("2026-03-03"))
    assert (expired.basis, expired.next_action) == ("consent-expired", "renew-consent")
    review = extension("consent-next-review", valueDateTime="2026-02-21")
    late = ask(facts(yes("wife", [MUM], extensions=[review])), when=NOW)
    assert (late.decision, late.review_due, late.next_action) == ("permit", "2026-02-21", "review-consent")


def test_a_withdrawal_binds_at_once_and_the_past_stays_what_it_was() -> None:
    given = yes("brother", [TOM], decided="2026-03-03T10:00:00Z")
    known = facts(
        record(given, (at("2026-03-03T16:00:00"), given | {"status": "inactive"}), recorded=at("2026-03-03T10:00:00"))
    )
    after = ask(known, TOM, when=at("2026-03-03T16:05:00"), now=at("2026-03-03T16:05:00"))
    assert (after.basis, after.next_action) == ("consent-withdrawn", "ask-patient")
    before = ask(known, TOM, when=at("2026-03-03T12:00:00"), now=at("2026-03-03T16:05:00"))
    assert before.decision == "permit"
    assert ask(known, TOM, when=at("2026-03-03T16:00:00"), now=at("2026-03-03T16:05:00")).decision == "deny"
    assert ask(known, TOM, when=at("2026-03-03T15:59:59"), now=at("2026-03-03T16:05:00")).decision == "permit"


def test_verbal_consent_is_full_consent() -> None:
    spoken = [extension("consent-method", valueCode="verbal")]
    assert (
        basis(facts(yes("husband", [MUM], ["appointments"], extensions=spoken)), MUM, "appointments")
        == "patient-consent"
    )


def test_a_safeguarding_restriction_beats_an_old_permit() -> None:
    rob = person(TOM, role("next-of-kin"))
    known = facts(
        rob,
        yes("old", [TOM], ["whereabouts", "appointments"]),
        flag("a", "no-whereabouts", TOM),
        flag("b", "no-contact-safeguarding", TOM),
    )
    for scope in ("whereabouts", "appointments", "medication"):
        answer = ask(known, TOM, scope)
        assert (answer.basis, answer.next_action, answer.overridable) == (
            "contact-restricted",
            "refer-to-clinician",
            False,
        )
        assert answer.still_allowed == ("listen", "general-information")
        assert "do-not-confirm-patient" in answer.obligations
    heard = ask(known, TOM, "whereabouts", action="listen")
    assert heard.decision == "permit"
    assert "do-not-confirm-patient" in heard.obligations


def test_a_refusal_with_capacity_stands_until_a_clinician_overrides_it_for_what_they_name() -> None:
    refusal = no("wife", [MUM])
    answer = ask(facts(refusal), MUM, "risk-to-self")
    assert (answer.basis, answer.next_action) == ("patient-refusal", "confirm-with-patient")
    two = [{"reference": "Practitioner/dr"}, {"reference": "Practitioner/consultant"}]
    known = facts(refusal, override("o", MUM, ["risk-to-self", "safety-plan"], reason="risk-to-self", performer=two))
    allowed = ask(known, MUM, "risk-to-self")
    assert (allowed.decision, allowed.basis) == ("permit", "safety-override")
    assert allowed.obligations == ("minimum-necessary", "high-audit", "retrospective-review")
    assert basis(known, MUM, "safety-plan") == "safety-override"
    assert basis(known, MUM, "medication") == "patient-refusal"


def test_an_attorney_decides_only_while_capacity_is_lacking() -> None:
    period = {"valuePeriod": {"start": "2024-01-01"}}
    sue = person(MUM, role("lpa-health-welfare", role_period=period, role_verified={"valueBoolean": True}))
    son = person(TOM, role("lpa-property-finance", role_period=period, role_verified={"valueBoolean": True}))
    decided = yes(
        "sue", [MUM], ["medication"], "2026-03-02T10:00:00Z", policy="attorney", performer=[{"reference": MUM}]
    )
    lacking = lacks_capacity()
    known = facts(sue, son, decided, lacking)
    answer = ask(known, MUM)
    assert (answer.basis, answer.obligations) == ("attorney", ("minimum-necessary", "re-seek-consent"))
    denied = ask(known, TOM)
    assert (denied.decision, denied.next_action) == ("deny", "refer-to-clinician")
    back = lacking | {"status": "inactive", "period": {"start": "2026-03-01T00:00:00Z", "end": "2026-03-03T11:00:00Z"}}
    assert ask(facts(sue, son, decided, back), MUM).basis == "no-consent-recorded"


def test_a_young_carer_is_protected_from_adult_detail() -> None:
    jade = person(MUM, role("young-carer"), birthDate="2011-10-12")
    known = facts(jade, yes("j", [MUM], ["appointments", "safety-plan", "risk-to-self"]))
    answer = ask(known, MUM, "risk-to-self")
    assert (answer.basis, answer.next_action) == ("refer-young-person", "refer-to-clinician")
    assert basis(known, MUM, "appointments") == "patient-consent"


def test_a_host_is_told_during_the_stay_and_the_household_nothing() -> None:
    scopes = ["safety-plan", "medication", "risk-to-self", "substance-use"]
    known = facts(yes("mags", [MUM], scopes, start="2026-02-25", end="2026-03-06"))
    assert basis(known, MUM, "substance-use") == "patient-consent"
    assert basis(known, MUM, "safety-plan", at("2026-03-06T23:59:59")) == "patient-consent"
    assert basis(known, MUM, "safety-plan", at("2026-03-07T00:00:00")) == "consent-expired"
    assert ask(known, DAD, "safety-plan").decision == "deny"


def test_at_seventeen_parental_responsibility_is_no_trump() -> None:
    parent = role("parental-responsibility")
    known = facts(
        patient("2008-07-01"),
        person(MUM, parent),
        person(DAD, parent),
        yes("mum", [MUM]),
        no("dad", [DAD]),
        yes(
            "pr", [DAD], ["medication"], "2026-02-20", policy="parental-responsibility", performer=[{"reference": DAD}]
        ),
    )
    assert basis(known, DAD) == "patient-refusal"
    assert basis(known, MUM) == "patient-consent"
    assert ask(known, DAD, content="general").decision == "permit"


@pytest.mark.parametrize("recipient", [f"Patient/{'p1'}", DAD])
def test_what_was_given_in_confidence_goes_to_nobody_but_its_giver(recipient: str) -> None:
    note = {
        "resourceType": "Communication",
        "id": "note",
        "sender": {"reference": TOM},
        "meta": {
            "tag": [{"system": "https://fhir.kith.example/CodeSystem/sharing-scope", "code": "risk-to-self"}],
            "security": [
                {"system": "https://fhir.kith.example/CodeSystem/sharing-label", "code": "given-in-confidence"}
            ],
        },
    }
    known = facts(note, yes("d", [DAD]), yes("t", [TOM]))
    answer = ask(known, recipient, "", resources=("Communication/note",))
    assert (answer.basis, answer.next_action, answer.overridable) == (
        "third-party-confidence",
        "refer-to-clinician",
        False,
    )
    assert basis(known, TOM, "", resources=("Communication/note",)) == "patient-consent"


def test_a_nearest_relative_is_not_the_chosen_person() -> None:
    father = person(DAD, role("nearest-relative"))
    refused = no("father", [DAD])
    known = facts(father, refused, yes("sister", [MUM]), person(MUM))
    assert basis(known, DAD, "care-plan") == "patient-refusal"
    legal = ask(known, DAD, "legal-status")
    assert (legal.basis, legal.next_action) == ("statutory-item", "refer-to-clinician")
    assert [(one.record, one.why) for one in legal.considered] == [("Consent/father/_history/1", "patient-refusal")]


@pytest.mark.parametrize(
    ("in_force_from", "expected"),
    [(None, "no-consent-recorded"), ("2026-02-01", "statutory-item"), ("2026-04-01", "no-consent-recorded")],
)
def test_a_nominated_person_counts_once_the_role_is_in_force(in_force_from: str | None, expected: str) -> None:
    more = {"role_in_force_from": {"valueDateTime": in_force_from}} if in_force_from else {}
    known = facts(record(person(MUM, role("nominated-person", **more)), recorded=START))
    assert basis(known, MUM, "legal-status") == expected
