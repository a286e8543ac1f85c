"""Why each other record that speaks about the recipient did not decide: section 2, `considered`."""

from typing import Any

import pytest

from app.sharing.vocabulary import CONSIDERED_WHY
from tests.sharing.engine.builders import (
    MUM,
    NOW,
    TOM,
    ask,
    at,
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

EARLY, LATE = "2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z"
PERIOD = {"role_period": {"valuePeriod": {"start": "2024-01-01"}}, "role_verified": {"valueBoolean": True}}
SUE = person(MUM, role("lpa-health-welfare", **PERIOD))
BY_MUM = {"performer": [{"reference": MUM}]}

# Why, and the records: one named x that is considered for that reason, and what decides instead.
WHY: list[tuple[str, list[Any]]] = [
    ("entered-in-error", [yes("x", [MUM], status="entered-in-error")]),
    ("asked-undecided", [yes("x", [MUM], decided=EARLY, status="draft"), yes("y", [MUM], decided=LATE)]),
    ("asked-undecided", [yes("x", [MUM], decided=EARLY, status="proposed"), yes("y", [MUM], decided=LATE)]),
    ("consent-rejected", [no("x", [MUM], decided=EARLY, status="rejected"), yes("y", [MUM], decided=LATE)]),
    ("consent-withdrawn", [yes("x", [MUM], decided=EARLY, status="inactive"), yes("y", [MUM], decided=LATE)]),
    ("uninterpretable-consent", [yes("x", [MUM], status="odd"), yes("y", [MUM])]),
    ("not-yet-begun", [yes("x", [MUM], start="2026-03-04"), no("n", [MUM])]),
    ("not-yet-begun", [no("x", [MUM], start="2026-03-04"), yes("y", [MUM])]),
    ("not-yet-begun", [yes("x", [MUM], decided="2026-03-04"), no("n", [MUM])]),
    ("consent-expired", [yes("x", [MUM], end="2026-03-02"), yes("y", [MUM])]),
    ("consent-expired", [yes("x", [MUM], end="2026-03-03T11:59:59Z"), yes("y", [MUM])]),
    ("uninterpretable-consent", [consent("x", {}), flag("f", "no-contact-safeguarding", MUM)]),
    ("outweighed", [no("x", [MUM], decided=EARLY), yes("y", [MUM], decided=LATE)]),
    ("not-needed", [no("x", [MUM]), flag("f", "no-contact-safeguarding", MUM)]),
    ("not-needed", [yes("x", [MUM]), flag("f", "no-contact-safeguarding", MUM)]),
    ("outweighed", [yes("x", [MUM], decided=EARLY), no("n", [MUM], decided=LATE)]),
    ("basis-unknown", [yes("x", [MUM], policy="implied")]),
    ("consent-implied", [yes("x", [MUM], extensions=[extension("consent-method", valueCode="implied")])]),
    ("not-the-patients-decision", [yes("x", [MUM], **BY_MUM)]),
    ("given-without-capacity", [lacks_capacity(), yes("x", [MUM], decided="2026-03-02"), no("n", [MUM])]),
    ("competence-not-confirmed", [patient("2014-01-01"), yes("x", [MUM])]),
    ("basis-not-evidenced", [yes("x", [MUM], policy="attorney", **BY_MUM), lacks_capacity()]),
    ("capacity-not-lacking", [SUE, yes("x", [MUM], policy="attorney", **BY_MUM)]),
    (
        "refusal-not-considered",
        [
            SUE,
            no("n", [MUM], decided=EARLY),
            yes("x", [MUM], decided=LATE, policy="attorney", **BY_MUM),
            lacks_capacity(),
        ],
    ),
    ("basis-not-evidenced", [no("n", [MUM]), override("x", MUM, ["medication"], why="")]),
    ("not-for-supporters", [yes("x", [])]),
    ("not-this-question", [yes("x", [MUM], ["meetings"]), no("n", [MUM], ["medication"])]),
    ("not-this-question", [no("x", [MUM], ["meetings"]), yes("y", [MUM])]),
    ("not-this-question", [no("x", [], ["meetings"]), yes("y", [MUM])]),
]


@pytest.mark.parametrize(("why", "records"), WHY)
def test_a_consent_that_did_not_decide_says_why(why: str, records: list[Any]) -> None:
    told = {one.record: one.why for one in ask(facts(*records)).considered}
    assert told["Consent/x/_history/1"] == why
    assert why in CONSIDERED_WHY.codes


def test_what_decides_is_not_considered_beside_itself() -> None:
    answer = ask(facts(no("n", [MUM]), yes("other", [TOM])))
    assert (answer.based_on, answer.considered) == (("Consent/n/_history/1",), ())


def test_beside_a_statutory_item_the_refusal_is_an_objection() -> None:
    father = person(MUM, role("nearest-relative"))
    answer = ask(facts(father, no("n", [MUM])), scope="legal-status")
    assert [one.why for one in answer.considered] == ["patient-refusal"]


def test_a_restriction_that_does_not_cover_what_is_asked_or_was_lifted_says_so() -> None:
    elsewhere = ask(facts(flag("f", "no-whereabouts", MUM), yes("y", [MUM])))
    assert [(one.record, one.why) for one in elsewhere.considered] == [("Flag/f/_history/1", "restriction-elsewhere")]
    lifted = ask(facts(flag("f", "listen-only", MUM), override("o", MUM, ["medication"])))
    assert [(one.record, one.why) for one in lifted.considered] == [("Flag/f/_history/1", "outweighed")]
    assert ask(facts(flag("f", "no-whereabouts", TOM), yes("y", [MUM]))).considered == ()


RECORDED, THEN = at("2026-03-01"), at("2026-02-20")


def test_a_restriction_recorded_later_about_that_time_is_listed() -> None:
    late = record(flag("f", "no-contact-safeguarding", MUM, start="2026-02-10T00:00:00Z"), recorded=RECORDED)
    answer = ask(facts(late, yes("y", [MUM])), when=THEN, now=NOW)
    assert answer.decision == "permit"
    assert [(one.record, one.why) for one in answer.considered] == [("Flag/f/_history/1", "recorded-later")]
    for other in (
        flag("f", "no-contact-safeguarding", TOM, start="2026-02-10T00:00:00Z"),
        flag("f", "no-contact-safeguarding", MUM, start="2026-02-25T00:00:00Z"),
    ):
        assert ask(facts(record(other, recorded=RECORDED), yes("y", [MUM])), when=THEN, now=NOW).considered == ()


@pytest.mark.parametrize(("decided", "listed"), [("2026-02-20T00:00:00Z", True), ("2026-02-20T00:00:01Z", False)])
def test_what_was_decided_at_that_very_instant_and_recorded_later_is_listed(decided: str, *, listed: bool) -> None:
    late = record(no("n", [MUM], decided=decided), recorded=RECORDED)
    answer = ask(facts(late, yes("y", [MUM])), when=THEN, now=NOW)
    assert bool(answer.considered) is listed


def test_what_was_recorded_at_that_very_instant_counts_and_is_not_listed() -> None:
    later = record(no("later", [TOM]), recorded=RECORDED)
    known = facts(record(no("n", [MUM], decided="2026-02-20"), recorded=THEN), yes("y", [MUM]), later)
    answer = ask(known, when=THEN, now=NOW)
    assert answer.basis == "patient-refusal"
    assert "recorded-later" not in [one.why for one in answer.considered]


def test_a_nested_exception_is_told_by_its_whole_consent() -> None:
    within = yes("x", [MUM], nested=[provision("deny", [TOM])])
    assert [one.why for one in ask(facts(within, no("n", [MUM], decided=LATE))).considered] == ["outweighed"]
