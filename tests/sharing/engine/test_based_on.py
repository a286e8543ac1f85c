"""The records that a deny rests on when nothing refuses it, and those of the layers before: section 2, `basedOn`."""

from typing import Any

import pytest

from tests.sharing.engine.builders import (
    MUM,
    TOM,
    ask,
    at,
    facts,
    flag,
    lacks_capacity,
    no,
    patient,
    person,
    record,
    role,
    yes,
)

EARLY, LATE = "2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z"
CONFIDENTIAL = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def narrowed(first: dict[str, Any], later: dict[str, Any]) -> Any:
    return record(first, (at("2026-02-10"), later))


@pytest.mark.parametrize(
    ("basis", "based_on", "records"),
    [
        ("consent-withdrawn", "Consent/x/_history/1", [yes("x", [MUM], status="inactive")]),
        ("consent-expired", "Consent/x/_history/1", [yes("x", [MUM], end="2026-03-02")]),
        (
            "consent-expired",
            "Consent/n/_history/1",
            [narrowed(no("n", [MUM], decided=LATE), no("n", [MUM], ["meetings"], decided=LATE)), yes("y", [MUM])],
        ),
        ("given-without-capacity", "Consent/x/_history/1", [lacks_capacity(), yes("x", [MUM], decided="2026-03-02")]),
        ("not-covered", "Consent/x/_history/1", [yes("x", [MUM], ["meetings"])]),
        ("asked-undecided", "Consent/x/_history/1", [yes("x", [MUM], status="draft")]),
        ("contact-restricted", "Flag/f/_history/1", [flag("f", "listen-only", MUM)]),
        ("refer-deceased", "Patient/p1/_history/1", [patient(deceasedBoolean=True)]),
    ],
)
def test_a_deny_names_the_records_that_decided(basis: str, based_on: str, records: list[Any]) -> None:
    answer = ask(facts(*records))
    assert answer.basis == basis
    assert based_on in answer.based_on


def test_of_drafts_and_of_ended_permits_the_newest_is_named() -> None:
    drafts = [yes("a", [MUM], decided=LATE, status="draft"), yes("b", [MUM], decided=EARLY, status="draft")]
    assert ask(facts(*drafts)).based_on == ("Consent/a/_history/1",)
    ended = [yes("a", [MUM], decided=LATE, end="2026-03-01"), yes("b", [MUM], decided=EARLY, end="2026-03-02")]
    assert ask(facts(*ended)).based_on == ("Consent/a/_history/1",)


def test_of_a_withdrawn_and_an_ended_permit_of_one_instant_the_withdrawal_is_told() -> None:
    for names in (("a", "b"), ("b", "a")):
        withdrawn, ended = yes(names[0], [MUM], status="inactive"), yes(names[1], [MUM], end="2026-03-01")
        assert ask(facts(withdrawn, ended)).basis == "consent-withdrawn"


def test_a_permit_withdrawn_at_the_instant_asked_about_is_withdrawn() -> None:
    known = facts(yes("x", [MUM], decided="2026-03-03T12:00:00Z", status="inactive"))
    assert ask(known).basis == "consent-withdrawn"
    assert ask(known, when=at("2026-03-03T11:59:59"), now=at("2026-03-03T12:00:00")).basis == "no-consent-recorded"


def test_a_permit_that_ended_at_a_level_within_has_ended() -> None:
    within = yes("x", [TOM], nested=[{"type": "permit", "period": {"end": "2026-03-01"}} | _to(MUM)])
    assert (ask(facts(within)).basis, ask(facts(within)).next_action) == ("consent-expired", "renew-consent")


def test_what_never_permitted_has_not_ended() -> None:
    refused = yes("x", [MUM], end="2027-01-01", nested=[no("n", [MUM])["provision"]])
    assert ask(facts(refused)).basis == "patient-refusal"
    later = yes("x", [TOM], nested=[{"type": "permit", "period": {"start": "2026-04-01"}} | _to(MUM)])
    assert ask(facts(later)).basis == "not-covered"


def test_a_record_of_his_own_that_is_restricted_is_named() -> None:
    label = {"meta": {"security": [{"system": CONFIDENTIAL, "code": "R"}]}}
    plan = {"resourceType": "CarePlan", "id": "plan", **label}
    answer = ask(facts(plan), "Patient/p1", "", resources=("CarePlan/plan",))
    assert (answer.basis, answer.next_action) == ("refer-own-record", "refer-to-clinician")
    assert answer.based_on == ("CarePlan/plan/_history/1",)


def test_a_young_person_and_a_relative_are_named_by_their_record() -> None:
    young = ask(facts(person(MUM, role("young-carer"))), scope="risk-to-self")
    assert young.based_on == ("RelatedPerson/mum/_history/1",)
    relative = ask(facts(person(MUM, role("nearest-relative"))), scope="legal-status")
    assert relative.based_on == ("RelatedPerson/mum/_history/1",)


def _to(reference: str) -> dict[str, Any]:
    return {"actor": yes("y", [reference])["provision"]["actor"]}
