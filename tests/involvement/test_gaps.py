"""What is missing in an episode: each gap is there until somebody fills it."""

from typing import Any

import pytest

from app.fhir.vocabulary.gaps import GAP
from app.involvement.gaps.all import gaps
from app.involvement.indicators.episodes import episodes
from tests.involvement.charting import (
    SUBJECT,
    Resource,
    chart,
    coded,
    consent,
    contact,
    episode,
    flag,
    message,
    nobody,
    own,
    part,
    person,
    plan,
)

TODAY = "2026-03-05T10:00:00Z"
LONG_KNOWN = own("identified", extension=[{"url": "at", "valueDateTime": "2025-03-02"}])


def found(*resources: Resource) -> dict[str, list[str]]:
    """The gaps of the one episode, each with whom, in what or of what it is."""
    of = chart(episode(), *resources)
    [one] = episodes(of)[0]
    listed: dict[str, list[str]] = {}
    for gap in gaps(of, one):
        listed.setdefault(gap.code, []).append(gap.what or gap.supporter or gap.record)
    return listed


def child(role: str = "child-in-household") -> Resource:
    return person("kid", role=role)


def planned(category: str, *parts: Resource, **more: Any) -> Resource:
    return plan(*parts, category=[coded("care-plan-category", category)], **more)


def activity(code: str) -> Resource:
    return {"detail": {"status": "in-progress", "code": coded("plan-activity", code), "description": "x"}}


def formulation(**more: Any) -> Resource:
    body = {"resourceType": "RiskAssessment", "id": "r", "status": "final", "subject": SUBJECT}
    return body | {"occurrenceDateTime": TODAY} | more


def view(source: Resource) -> Resource:
    return {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "source": source}


def reduced(*agreed: Resource) -> Resource:
    said = [
        own("agreement", extension=[{"url": "by", "valueReference": who}, {"url": "agreed", "valueBoolean": True}])
        for who in agreed
    ]
    detail = {"status": "stopped", "statusReason": coded("plan-status-reason", "family-providing"), "description": "x"}
    return plan({"detail": detail | ({"extension": said} if said else {})})


MUM = person()
HER = {"reference": "RelatedPerson/s"}
SIGNS = consent("make-contact", "relapse-signature", "safety-plan", "condition-information")
RELAPSE, SAFETY = planned("relapse-prevention"), planned("safety-plan", contributor=[SUBJECT])
COPY = message("plan-copy", TODAY, medium="WRITTEN", about=[{"reference": "CarePlan/cp"}])
NO = consent(type="deny")
ABOUT_CONDITION = consent("condition-information", type="deny", id_="k2")
ADVICE = message("advice-to-carer", TODAY, "what-to-watch", id_="m2")
WHOM_TO_CALL = message("information-given", TODAY, "escalation", id_="m3")
BASIS = formulation(basis=[{"reference": "QuestionnaireResponse/q"}])

# What is missing, the records without it, and what fills it; a record with the same id takes the place of the other.
GAPS: list[tuple[str, list[Resource], list[Resource]]] = [
    ("nobody-identified", [person("n", "next-of-kin")], [MUM]),
    ("never-contacted", [MUM, SIGNS], [contact()]),
    ("relapse-plan-not-given", [MUM, SIGNS, RELAPSE], [COPY]),
    ("safety-plan-not-given", [MUM, SIGNS, SAFETY], [COPY]),
    ("no-advice", [MUM, plan(part())], [ADVICE]),
    ("no-escalation", [MUM, plan(part())], [WHOM_TO_CALL]),
    ("no-guidance", [MUM], [ADVICE]),
    ("condition-not-asked", [MUM, NO], [ABOUT_CONDITION]),
    ("reduced-without-agreement", [MUM, reduced()], [reduced(SUBJECT, HER)]),
    ("written-without-patient", [MUM, planned("safety-plan")], [SAFETY]),
    ("no-supporters-view", [MUM, SIGNS, formulation(), view(HER)], [BASIS]),
    ("no-childcare", [child()], [planned("childcare")]),
    ("no-child-safety", [child("visiting-child")], [planned("safety-plan", activity("child-safety"))]),
]


@pytest.mark.parametrize(("code", "records", "filling"), GAPS, ids=[code for code, _, _ in GAPS])
def test_a_gap_is_there_until_it_is_filled(code: str, records: list[Resource], filling: list[Resource]) -> None:
    assert len(found(*records)[code]) == 1
    taken = {(each["resourceType"], each["id"]) for each in filling}
    assert code not in found(*(one for one in records if (one["resourceType"], one["id"]) not in taken), *filling)


@pytest.mark.parametrize(("reason", "gap"), [("nilknown", []), ("withheld", []), ("notasked", ["nobody-identified"])])
def test_that_there_is_nobody_is_no_gap_where_the_patient_was_asked(reason: str, gap: list[str]) -> None:
    assert list(found(nobody(reason))) == gap


def test_each_code_has_its_test() -> None:
    assert {code for code, _, _ in GAPS} | {"information-missing"} == set(GAP.codes)


def test_a_carer_is_told_and_handed_two_things_and_a_third_where_that_is_permitted() -> None:
    topics = ("local-support-groups", "carers-assessment-right")
    assert found(MUM)["information-missing"] == [f"{each}, {way}" for each in topics for way in ("told", "in writing")]
    told = message("information-given", TODAY, *topics)
    assert found(MUM, told)["information-missing"] == [f"{each}, in writing" for each in topics]
    written = message("information-given", TODAY, *topics, medium="WRITTEN", id_="w")
    assert "information-missing" not in found(MUM, told, written)
    third = ["condition-and-treatment, told", "condition-and-treatment, in writing"]
    assert found(MUM, told, written, SIGNS)["information-missing"] == third


def test_without_permission_nothing_is_missing_that_takes_it() -> None:
    there = found(MUM, RELAPSE, formulation())
    assert not {"never-contacted", "relapse-plan-not-given", "no-supporters-view"} & there.keys()


def test_who_is_not_to_be_contacted_is_not_on_it() -> None:
    assert found(MUM, SIGNS, plan(part()), flag("no-contact-safeguarding")) == {}


def test_who_was_known_for_long_is_no_new_carer() -> None:
    assert "no-guidance" not in found(person(extension=[LONG_KNOWN]))


def test_what_was_told_in_another_episode_does_not_count() -> None:
    assert "no-advice" in found(MUM, plan(part()), message("advice-to-carer", "2026-01-05T10:00:00Z"))


def test_whoever_declined_a_part_needs_no_advice_for_it():
    declined = planned("safety-plan", part(agreed=False))
    told = found(person(role="key-supporter"), consent("care-plan", "safety-plan"), declined)
    assert not {"no-advice", "no-escalation"} & told.keys()
    taken = found(person(role="key-supporter"), consent("care-plan", "safety-plan"), planned("safety-plan", part()))
    assert {"no-advice", "no-escalation"} <= taken.keys()
