"""The rows of the page's tables, by hand, so that the reference can be trusted."""

import pytest

from app.sharing.facts import Record
from tests.sharing.making import (
    EX,
    MUM,
    OLD,
    ask,
    document,
    extension,
    facts,
    flag,
    network,
    no,
    record,
    supporter,
    yes,
)


def test_listening_is_permitted_also_for_somebody_not_on_the_record() -> None:
    answer = ask(facts(), "nobody", action="listen")
    assert (answer.recipient, answer.scope, answer.basis) == ("", "", "listening")
    assert set(answer.obligations) == {
        "disclose-nothing-new",
        "record-what-was-said",
        "do-not-promise-secrecy",
        "do-not-confirm-patient",
    }


def test_who_may_know_of_the_care_may_have_it_confirmed() -> None:
    known = facts(MUM, yes("mum", scopes="service-contact"))
    assert "do-not-confirm-patient" not in ask(known, "mum", action="listen").obligations


def test_a_wish_not_to_listen_is_a_caution() -> None:
    known = facts(EX, flag("f", "no-contact-patient-wish", OLD, "ex"))
    assert "patient-asked-us-not-to-listen" in ask(known, "ex", action="listen").obligations


@pytest.mark.parametrize(
    "person",
    [
        supporter("a", active=False),
        supporter("a", period={"end": "2026-05-31"}),
        record({"resourceType": "RelatedPerson", "id": "a"}, ("2026-02-01T00:00:00Z", None)),
        supporter("b"),
    ],
)
def test_nobody_who_is_not_linked_is_told(person: Record) -> None:
    answer = ask(facts(person), "a")
    assert (answer.basis, answer.next_action, answer.overridable) == ("recipient-not-linked", "none", False)


@pytest.mark.parametrize(
    ("named", "basis"),
    [
        (document("CarePlan", "r", "medication"), "patient-consent"),
        (document("CarePlan", "x", "medication"), "resource-not-found"),
        (document("Basic", "r", ""), "resource-not-found"),
        (document("CarePlan", "r", "medication", "R"), "not-covered"),
        (document("CarePlan", "r", "medication", "PSY"), "patient-consent"),
        (document("CarePlan", "r", "medication", "SDV"), "not-covered"),
    ],
)
def test_a_named_resource_has_to_be_there_and_ordinary(named: Record, basis: str) -> None:
    known = facts(MUM, yes("mum"), named)
    assert ask(known, "mum", "", resources=("CarePlan/r",)).basis == basis


def test_a_resource_of_another_patient_is_not_found_and_one_without_scope_unknown() -> None:
    named = document("Basic", "r", "")
    assert ask(facts(MUM, named, owners={"Basic/r": "q"}), "mum", "", resources=("Basic/r",)).basis == (
        "resource-not-found"
    )
    assert ask(facts(MUM, named), "mum", "medication", resources=("Basic/r",)).basis == "scope-unknown"


def test_one_deny_among_the_scopes_of_named_resources_is_the_answer_to_all() -> None:
    known = facts(MUM, document("CarePlan", "r", "risk-to-self"), yes("mum", scopes="medication"))
    assert ask(known, "mum", "medication").decision == "permit"
    assert ask(known, "mum", "medication", resources=("CarePlan/r",)).basis == "not-covered"


@pytest.mark.parametrize(
    ("code", "scope", "basis", "overridable"),
    [
        ("no-contact-safeguarding", "medication", "contact-restricted", False),
        ("no-whereabouts", "meetings", "contact-restricted", False),
        ("no-whereabouts", "medication", "patient-consent", False),
        ("no-contact-patient-wish", "medication", "contact-restricted", True),
        ("no-contact-supporter-wish", "medication", "contact-restricted", True),
        ("listen-only", "medication", "contact-restricted", True),
        ("never-heard-of", "medication", "contact-restricted", False),
    ],
)
def test_each_restriction_covers_what_the_page_says(code: str, scope: str, basis: str, overridable: bool) -> None:
    known = facts(EX, yes("ex"), flag("f", code, OLD, "ex"))
    answer = ask(known, "ex", scope)
    assert (answer.basis, answer.overridable) == (basis, overridable)
    assert ("no-whereabouts" in answer.obligations) == (basis == "patient-consent")


def test_a_restriction_that_names_nobody_restricts_everyone() -> None:
    assert ask(facts(MUM, yes("mum"), flag("f", "listen-only", OLD)), "mum").basis == "contact-restricted"


def test_own_record_is_permitted_unless_labelled() -> None:
    known = facts(document("CarePlan", "r", "medication", "R"))
    assert ask(known, "Patient/p").basis == "own-record"
    assert ask(known, "Patient/p", "", resources=("CarePlan/r",)).basis == "refer-own-record"
    assert ask(known, "Patient/q").basis == "recipient-not-linked"


def test_one_who_may_be_a_refused_person_is_not_told() -> None:
    refused = no("ex")
    told = yes("double", id_="other")
    alike = facts(supporter("ex", "O\u2019Neill"), supporter("double", "ONEILL"), refused, told)
    assert ask(alike, "double").basis == "possibly-same-person"
    apart = supporter(
        "double", "ONEILL", extension=[extension("different-person", valueReference={"reference": "RelatedPerson/ex"})]
    )
    assert ask(facts(supporter("ex", "O'Neill"), apart, refused, told), "double").basis == "patient-consent"
    older = supporter("double", "ONEILL", birthDate="1980")
    assert (
        ask(facts(supporter("ex", "ONeill", birthDate="1981-01-01"), older, refused, told), "double").decision
        == "permit"
    )


def test_a_shared_phone_is_no_shared_person() -> None:
    phone = [{"system": "phone", "value": "07700 900001"}]
    known = facts(
        supporter("ex", telecom=phone),
        supporter("mum", telecom=phone),
        yes("mum"),
        flag("f", "no-contact-safeguarding", OLD, "ex"),
    )
    answer = ask(known, "mum")
    assert (answer.decision, answer.obligations) == ("permit", ("shared-contact-details",))


def test_professionals_are_decided_by_blanket_consent_or_not_here() -> None:
    doctor = record({"resourceType": "Practitioner", "id": "dr"})
    assert ask(facts(doctor), "Practitioner/dr").basis == "not-decided-here"
    assert ask(facts(doctor, yes()), "Practitioner/dr").basis == "patient-consent"
    assert ask(facts(doctor, no()), "Practitioner/dr").basis == "patient-refusal"
    assert ask(facts(), "Practitioner/dr").basis == "recipient-not-linked"


def test_a_team_is_told_only_what_each_supporter_in_it_may_know() -> None:
    team = network("t", "mum", "ex")
    told = facts(MUM, EX, team, yes("CareTeam/t"))
    assert ask(told, "CareTeam/t").decision == "permit"
    refused = ask(facts(MUM, EX, team, yes("CareTeam/t"), no("ex")), "CareTeam/t")
    assert (refused.recipient, refused.basis) == ("CareTeam/t", "conflicting-consents")


def test_valid_until_knows_that_clocks_go_forward() -> None:
    known = facts(MUM, yes("mum", period={"end": "2026-03-29"}))
    answer = ask(known, "mum", at="2026-03-29T00:59:59Z")
    assert str(answer.valid_until) == "2026-03-29 23:00:00+00:00"
    assert ask(known, "mum", at="2026-03-29T22:59:59Z").decision == "permit"
    assert ask(known, "mum", at="2026-03-29T23:00:00Z").decision == "deny"
