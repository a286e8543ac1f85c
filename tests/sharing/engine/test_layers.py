"""The layers, row by row of the table in section 3."""

import pytest

from app.sharing.decide import decide
from app.sharing.facts import Policy
from app.sharing.question import Question
from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    SCOPE_SYSTEM,
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
    patient,
    person,
    provision,
    record,
    role,
    yes,
)

LABEL = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def plan(name: str = "plan", *, level: str = "", **more: object) -> dict[str, object]:
    security = {"meta": {"security": [{"system": LABEL, "code": level}]}} if level else {}
    return {"resourceType": "CarePlan", "id": name} | security | more


def test_somebody_not_on_the_record_may_be_listened_to_once_without_recipient_or_scope() -> None:
    for recipients in ((), ("RelatedPerson/nobody",), ("RelatedPerson/nobody", "Patient/another")):
        answers = decide(facts(yes("m", [MUM])), Question(NOW, recipients=recipients, action="listen"), NOW)
        assert [(one.recipient, one.scope, one.decision, one.basis) for one in answers] == [
            ("", "", "permit", "listening")
        ]
        assert answers[0].obligations == (
            "disclose-nothing-new",
            "record-what-was-said",
            "do-not-promise-secrecy",
            "do-not-confirm-patient",
        )


def test_a_listener_may_confirm_the_patient_to_whom_service_contact_is_permitted() -> None:
    known = facts(yes("m", [MUM], ["service-contact"]), yes("d", [DAD], ["medication"]))
    assert "do-not-confirm-patient" not in ask(known, MUM, action="listen").obligations
    assert "do-not-confirm-patient" in ask(known, DAD, action="listen").obligations
    assert "do-not-confirm-patient" not in ask(known, MUM, content="general").obligations


def test_the_patients_wish_not_to_listen_is_a_caution_and_no_block() -> None:
    answer = ask(facts(flag("w", "no-contact-patient-wish", MUM)), MUM, action="listen")
    assert answer.decision == "permit"
    assert "patient-asked-us-not-to-listen" in answer.obligations


def test_general_information_is_open_to_everybody_and_tells_nothing_of_the_patient() -> None:
    answer = ask(facts(no("all", [])), TOM, content="general")
    assert (answer.basis, answer.obligations) == (
        "general-information",
        ("no-patient-specific-content", "do-not-confirm-patient"),
    )


@pytest.mark.parametrize(
    "body",
    [
        {"active": False},
        {"active": "true"},
        {"period": {"end": "2026-03-02"}},
        {"period": {"start": "2026-03-04"}},
        {"period": {"end": "rubbish"}},
        None,
    ],
)
def test_a_supporter_who_is_not_linked_is_denied_like_a_stranger(body: dict[str, object] | None) -> None:
    supporters = (record(person(MUM, **(body or {}))),) if body else (record(None, name=MUM),)
    known = facts(yes("m", [MUM]), *supporters)
    stranger = ask(known, "RelatedPerson/nobody")
    answer = ask(known)
    assert answer.basis == stranger.basis == "recipient-not-linked"
    assert (answer.overridable, answer.considered, answer.based_on) == (False, (), ())


def test_a_supporter_ended_today_is_linked_for_the_whole_day() -> None:
    known = facts(yes("m", [MUM]), person(MUM, period={"end": "2026-03-03"}))
    assert basis(known) == "patient-consent"
    assert basis(known, when=at("2026-03-04")) == "recipient-not-linked"


def test_unknown_deleted_and_foreign_resources_are_answered_alike() -> None:
    foreign = facts(plan(), yes("m", [MUM]), resource_patients={"CarePlan/plan": "p2"})
    deleted = facts(record(plan(), (at("2026-02-01"), None)), yes("m", [MUM]))
    unknown = facts(yes("m", [MUM]))
    answers = {ask(known, MUM, "", resources=("CarePlan/plan",)) for known in (foreign, deleted, unknown)}
    assert len(answers) == 1
    answer = answers.pop()
    assert (answer.basis, answer.scope, answer.overridable) == ("resource-not-found", "", False)


def test_only_unknown_resources_and_no_scope_are_answered_whatever_a_consent_lists() -> None:
    plans = [{"system": "http://hl7.org/fhir/resource-types", "code": "CarePlan"}]
    for known in (facts(yes("m", [MUM], class_=plans)), facts(no("m", [MUM], class_=plans))):
        assert basis(known, MUM, "", resources=("CarePlan/unknown",)) == "resource-not-found"


def test_a_resource_of_no_known_scope_is_denied() -> None:
    tagged = plan(meta={"tag": [{"system": SCOPE_SYSTEM, "code": "everything"}]})
    for resource in ({"resourceType": "Basic", "id": "plan"}, tagged):
        known = facts(resource, yes("m", [MUM]))
        reference = f"{resource['resourceType']}/plan"
        assert basis(known, MUM, "", resources=(reference,)) == "scope-unknown"


def test_where_resources_are_named_one_deny_is_a_deny_of_all() -> None:
    known = facts(plan(), yes("m", [MUM], ["care-plan"]))
    question = Question(NOW, recipients=(MUM,), scopes=("medication",), resources=("CarePlan/plan",))
    assert {(one.scope, one.basis) for one in decide(known, question, NOW)} == {
        ("medication", "not-covered"),
        ("care-plan", "not-covered"),
    }
    alone = Question(NOW, recipients=(MUM,), resources=("CarePlan/plan",))
    assert [(one.scope, one.decision) for one in decide(known, alone, NOW)] == [("care-plan", "permit")]


@pytest.mark.parametrize("level", ["R", "V", "?"])
def test_own_record_is_open_but_for_what_is_labelled_restricted(level: str) -> None:
    assert basis(facts(), "Patient/p1") == "own-record"
    assert basis(facts(), "Patient/9990000018") == "own-record"
    assert basis(facts(), "Patient/p2") == "recipient-not-linked"
    answer = ask(facts(plan(level=level)), "Patient/p1", "", resources=("CarePlan/plan",))
    assert (answer.basis, answer.next_action, answer.overridable) == ("refer-own-record", "refer-to-clinician", False)
    assert basis(facts(plan(level="N")), "Patient/p1", "", resources=("CarePlan/plan",)) == "own-record"


@pytest.mark.parametrize("code", ["no-contact-patient-wish", "no-contact-supporter-wish", "listen-only"])
def test_a_wish_holds_against_consent_and_an_override_for_others_lifts_it(code: str) -> None:
    wish = flag("w", code, MUM)
    answer = ask(facts(yes("m", [MUM]), wish))
    assert (answer.basis, answer.next_action, answer.overridable) == ("contact-restricted", "refer-to-clinician", True)
    assert answer.based_on == ("Flag/w/_history/1",)
    assert basis(facts(wish, override("o", MUM, ["medication"]))) == "safety-override"
    assert basis(facts(wish, override("o", MUM, ["medication"], reason="legal-duty"))) == "contact-restricted"


def test_no_override_lifts_a_safeguarding_restriction() -> None:
    known = facts(flag("f", "no-contact-safeguarding", MUM), override("o", MUM, ["medication"]))
    assert basis(known) == "contact-restricted"


@pytest.mark.parametrize(
    "died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-03"}, {"deceasedDateTime": "?"}]
)
def test_after_death_a_clinician_decides(died: dict[str, object]) -> None:
    answer = ask(facts(patient(**died), yes("m", [MUM])))
    assert (answer.basis, answer.next_action, answer.overridable) == ("refer-deceased", "refer-to-clinician", True)


def test_before_a_recorded_death_and_for_the_living_nothing_changes() -> None:
    assert basis(facts(patient(deceasedBoolean=False), yes("m", [MUM]))) == "patient-consent"
    assert basis(facts(patient(deceasedDateTime="2026-03-04"), yes("m", [MUM]))) == "patient-consent"


@pytest.mark.parametrize("scope", ["risk-to-self", "risk-to-others", "substance-use", "sensitive-history"])
def test_somebody_under_18_is_not_burdened(scope: str) -> None:
    every = [scope]
    for who in (
        person(MUM, birthDate="2008"),
        person(MUM, role("visiting-child")),
        person(MUM, birthDate="2008-03-04"),
    ):
        assert basis(facts(who, yes("m", [MUM], every)), MUM, scope) == "refer-young-person"
    for who in (
        person(MUM, birthDate="2008-03-03"),
        person(MUM, role("visiting-child"), birthDate="1999"),
        person(MUM),
    ):
        assert basis(facts(who, yes("m", [MUM], every)), MUM, scope) == "patient-consent"


def test_a_consent_that_cannot_be_read_holds_against_a_permit() -> None:
    riddle = consent("x", {"type": "deny", "provision": [{"code": []}]})
    answer = ask(facts(yes("m", [MUM]), riddle))
    assert (answer.basis, answer.next_action) == ("uninterpretable-consent", "refer-to-clinician")
    assert answer.based_on == ("Consent/x/_history/1",)
    assert basis(facts(riddle, override("o", MUM, ["medication"]))) == "safety-override"


def test_a_consent_that_certainly_concerns_only_others_holds_nobody_else() -> None:
    riddle = consent("x", provision("maybe", [DAD]))
    known = facts(yes("m", [MUM]), riddle)
    assert basis(known) == "patient-consent"
    assert basis(known, DAD) == "uninterpretable-consent"


def test_the_denies_that_remain_come_in_their_order() -> None:
    assert basis(facts(no("n", [MUM]), yes("y", [MUM], status="inactive"))) == "patient-refusal"
    assert basis(facts(yes("y", [MUM], status="inactive"), yes("a", [MUM], ["meetings"]))) == "consent-withdrawn"
    assert basis(facts(yes("y", [MUM], end="2026-03-01"), yes("a", [MUM], ["meetings"]))) == "consent-expired"
    assert basis(facts(yes("a", [MUM], ["meetings"]), yes("d", [MUM], status="draft"))) == "not-covered"
    assert basis(facts(yes("d", [MUM], status="draft"))) == "asked-undecided"
    assert basis(facts(yes("d", [MUM], status="proposed"))) == "asked-undecided"
    assert basis(facts(yes("d", [DAD], status="draft"))) == "no-consent-recorded"


def test_a_consent_not_begun_makes_what_it_permits_not_covered() -> None:
    assert basis(facts(yes("y", [MUM], start="2026-04-01"))) == "not-covered"


def test_a_permit_given_without_capacity_counts_for_nothing_and_a_deny_bites() -> None:
    lacking = lacks_capacity("2026-01-15", end="2026-02-10", status="inactive")
    answer = ask(facts(lacking, yes("y", [MUM])))
    assert (answer.basis, answer.next_action) == ("given-without-capacity", "refer-to-clinician")
    assert basis(facts(lacking, no("n", [MUM]))) == "patient-refusal"
    assert basis(facts(lacking, yes("y", [MUM], decided="2026-01-10"))) == "patient-consent"


def test_a_permit_given_with_capacity_stands_when_it_is_lost() -> None:
    assert basis(facts(lacks_capacity(), yes("y", [MUM]))) == "patient-consent"


def test_while_capacity_is_lacking_every_remaining_deny_is_referred() -> None:
    for one in (facts(lacks_capacity()), facts(lacks_capacity(), no("n", [MUM]))):
        assert ask(one).next_action == "refer-to-clinician"


def test_capacity_runs_28_days_from_the_latest_confirmation_gaps_included() -> None:
    confirmed = extension("capacity-confirmed", valueDateTime="2026-03-20T00:00:00Z")
    known = facts(lacks_capacity("2026-01-01T00:00:00Z", extensions=[confirmed]))
    assert ask(known, when=at("2026-02-15")).next_action == "refer-to-clinician"
    assert ask(known, when=at("2026-04-17")).next_action == "refer-to-clinician"
    assert ask(known, when=at("2026-04-17T00:00:01")).next_action == "ask-patient"


def test_an_unknown_birth_date_is_an_adult_to_be_confirmed_or_a_child_as_the_service_sets() -> None:
    unknown = (patient(born=None), yes("m", [MUM]))
    assert ask(facts(*unknown)).obligations == ("confirm-age",)
    assert basis(facts(*unknown, policy=Policy(unknown_patient_age="child"))) == "refer-child"


def test_there_is_no_age_to_confirm_where_the_service_takes_the_unknown_for_a_child() -> None:
    parent = person(DAD, role("parental-responsibility"))
    given = yes("p", [MUM], policy="parental-responsibility", performer=[{"reference": DAD}])
    child = facts(patient(born=None), person(MUM), parent, given, policy=Policy(unknown_patient_age="child"))
    assert (ask(child).basis, ask(child).obligations) == ("parental-responsibility", ("minimum-necessary",))


def test_a_restriction_on_whereabouts_covers_what_tells_them_and_adds_an_obligation() -> None:
    known = facts(flag("f", "no-whereabouts", TOM), yes("t", [TOM]), plan(period={}, address=[{}]))
    for scope in ("whereabouts", "appointments", "meetings", "service-contact", "make-contact", "legal-status"):
        assert basis(known, TOM, scope) == "contact-restricted"
    answer = ask(known, TOM)
    assert (answer.basis, answer.obligations) == ("patient-consent", ("no-whereabouts",))
    assert basis(known, TOM, "", resources=("CarePlan/plan",)) == "contact-restricted"
    assert basis(known, MUM, "whereabouts") == "no-consent-recorded"


@pytest.mark.parametrize("people", [(), ("RelatedPerson/unknown",), ("Practitioner/nurse",)])
def test_a_restriction_that_names_no_supporter_restricts_everyone(people: tuple[str, ...]) -> None:
    known = facts(flag("f", "no-contact-safeguarding", *people), yes("m", [MUM]))
    assert basis(known) == basis(known, DAD) == "contact-restricted"


def test_an_unknown_restriction_covers_everything() -> None:
    assert basis(facts(flag("f", "something-new", MUM), yes("m", [MUM]))) == "contact-restricted"


@pytest.mark.parametrize(
    ("more", "restricts"),
    [
        ({"start": None}, True),
        ({"start": "2026-03"}, True),
        ({"start": "2026-03-04"}, False),
        ({"end": "2026-03-03"}, True),
        ({"end": "2026-03-02"}, False),
        ({"end": "rubbish"}, True),
        ({"status": "inactive"}, False),
        ({"status": "entered-in-error"}, False),
    ],
)
def test_a_restriction_is_in_force_at_its_widest(more: dict[str, str], restricts: bool) -> None:
    known = facts(flag("f", "no-contact-safeguarding", MUM, **more), yes("m", [MUM]))
    assert (basis(known) == "contact-restricted") is restricts
