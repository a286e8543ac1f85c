"""The rows of the page's tables by hand: for whom others decide, the dead, children, whoever lacks capacity."""

from typing import Any

import pytest

from app.sharing.facts import Policy, Record
from tests.sharing.making import (
    MUM,
    NEW,
    OLD,
    ask,
    concept,
    consent,
    extension,
    facts,
    flag,
    no,
    patient,
    provision,
    record,
    role,
    supporter,
    yes,
)
from tests.sharing.reference.vocabulary import LACKS_CAPACITY, PROXY_BASIS


@pytest.mark.parametrize(
    ("died", "basis"),
    [
        ({"deceasedBoolean": True}, "refer-deceased"),
        ({"deceasedBoolean": False}, "patient-consent"),
        ({"deceasedDateTime": "2026-06"}, "refer-deceased"),
        ({"deceasedDateTime": "2026-07"}, "patient-consent"),
    ],
)
def test_of_the_dead_a_clinician_decides(died: dict[str, Any], basis: str) -> None:
    assert ask(facts(patient(**died), MUM, yes("mum")), "mum").basis == basis


def _competent(record_: Record) -> Record:
    parts = [
        {"url": "by", "valueReference": {"reference": "Practitioner/dr"}},
        {"url": "date", "valueDateTime": "2026-01-01"},
    ]
    content = record_.versions[0].content
    return record(dict(content or {}) | {"extension": [extension("competence-confirmed", extension=parts)]})


def _parental(at: str = NEW) -> Record:
    return consent(
        "parent",
        at,
        provision("permit", "mum"),
        basis=concept(PROXY_BASIS, "parental-responsibility"),
        performer=[{"reference": "RelatedPerson/mum"}],
    )


@pytest.mark.parametrize(
    ("consents", "basis"),
    [
        ([], "refer-child"),
        ([yes("mum")], "refer-child"),
        ([_competent(yes("mum"))], "patient-consent"),
        ([_parental()], "parental-responsibility"),
        ([no("mum", at=OLD), _parental()], "refer-child"),
        ([_competent(no("mum", at=OLD)), _parental()], "patient-refusal"),
        ([no("mum", at=OLD), _competent(yes("mum")), _parental()], "patient-consent"),
    ],
)
def test_of_a_child_first_the_childs_own_word_counts(consents: list[Record], basis: str) -> None:
    mum = supporter("mum", "", role("parental-responsibility"))
    assert ask(facts(patient("2012-01-01"), mum, *consents), "mum").basis == basis


def test_the_sixteenth_birthday_ends_parental_responsibility() -> None:
    mum = supporter("mum", "", role("parental-responsibility"))
    known = facts(patient("2010-06-15"), mum, _parental())
    before = ask(known, "mum", at="2026-06-14T22:59:59Z")
    assert (before.basis, str(before.valid_until)) == ("parental-responsibility", "2026-06-14 23:00:00+00:00")
    assert ask(known, "mum", at="2026-06-14T23:00:00Z").basis == "no-consent-recorded"


def test_an_unknown_age_is_confirmed_or_taken_for_a_childs() -> None:
    known = facts(patient(""), MUM, yes("mum"))
    assert "confirm-age" in ask(known, "mum").obligations
    child = facts(patient(""), MUM, yes("mum"), policy=Policy(unknown_patient_age="child"))
    assert ask(child, "mum").basis == "refer-child"


def test_a_permit_given_without_capacity_counts_for_nothing() -> None:
    lacked = flag(
        "f", LACKS_CAPACITY, "2026-01-30", status="inactive", period={"start": "2026-01-30", "end": "2026-02-10"}
    )
    answer = ask(facts(MUM, lacked, yes("mum", at=OLD)), "mum")
    assert (answer.basis, answer.next_action) == ("given-without-capacity", "refer-to-clinician")
    assert ask(facts(MUM, lacked, yes("mum")), "mum").decision == "permit"


def _best_interest(type_: str, *, end: str = "2026-06-20", considered: bool = False) -> Record:
    said = [extension("refusal-considered", valueBoolean=True)] if considered else []
    return consent(
        "b",
        "2026-05-30T10:00:00Z",
        provision(type_, "mum", scopes="medication", period={"start": "2026-05-30", "end": end}),
        basis=concept(PROXY_BASIS, "best-interest"),
        performer=[{"reference": "Practitioner/dr"}],
        extension=said,
    )


_LACKING = flag("f", LACKS_CAPACITY, "2026-05-20")


@pytest.mark.parametrize(
    ("records", "basis"),
    [
        ([_best_interest("permit")], "no-consent-recorded"),
        ([_LACKING, _best_interest("permit")], "best-interest"),
        ([_LACKING, _best_interest("permit", end="2026-07-01")], "no-consent-recorded"),
        ([_LACKING, _best_interest("deny")], "best-interest-refusal"),
        ([_LACKING, no("mum"), _best_interest("permit")], "patient-refusal"),
        ([_LACKING, no("mum"), _best_interest("permit", considered=True)], "best-interest"),
        ([_LACKING, yes("mum"), _best_interest("deny")], "patient-consent"),
    ],
)
def test_others_decide_only_while_capacity_is_lacking(records: list[Record], basis: str) -> None:
    assert ask(facts(MUM, *records), "mum").basis == basis


def test_capacity_flags_lapse_after_28_days_unless_confirmed() -> None:
    started = flag("f", LACKS_CAPACITY, "2026-05-01T10:00:00Z")
    confirmed = flag(
        "f",
        LACKS_CAPACITY,
        "2026-05-01T10:00:00Z",
        extension=[extension("capacity-confirmed", valueDateTime="2026-05-20T10:00:00Z")],
    )
    assert ask(facts(MUM, started), "mum").next_action == "ask-patient"
    assert ask(facts(MUM, confirmed), "mum").next_action == "refer-to-clinician"
