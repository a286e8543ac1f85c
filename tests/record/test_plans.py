"""Parts of supporters in plans: what a child may not do, and what makes a plan weak."""

from typing import Any

import httpx
import pytest

from app.fhir.errors import Issue
from app.record.judgement import plans
from app.record.judgement.judged import Judged, Judgement
from app.sharing.facts import Record
from tests.fhir.rules import STRICT
from tests.involvement.records import MUM, NOW, Json, coded, facts, own, person
from tests.record.examples import create, name, patch, patient, practitioner, put, supporter, to

RULES = STRICT._replace(now=NOW)
NURSE = {"reference": "Practitioner/nurse"}
CONFIRMED = own("clinician-confirmed", extension=[{"url": "by", "valueReference": NURSE}])


def part(code: str, who: str = MUM, **more: Any) -> Json:
    return {
        "detail": {
            "status": "in-progress",
            "code": coded("supporter-activity", code),
            "description": "As she said she would.",
            "performer": [{"reference": who}],
            **more,
        }
    }


def plan(*activities: Json, **more: Any) -> Json:
    return {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2026-03-01", "end": "2026-04-30"},
        "activity": list(activities),
        **more,
    }


def judged(body: Json, *people: Record, **of: Any) -> Judgement:
    return plans.judge(Judged("CarePlan/x", None, body, facts(*people, **of), RULES, NOW))


def said(issues: list[Issue]) -> list[str]:
    return [issue.expression for issue in issues]


def agreed(who: str, *, yes: bool = True) -> Json:
    parts = [{"url": "by", "valueReference": {"reference": who}}, {"url": "agreed", "valueBoolean": yes}]
    return own("agreement", extension=parts)


def test_a_part_of_an_adult_says_nothing() -> None:
    found = judged(plan(part("time-together")), person())
    assert (found.issues, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("roles", "born", "is_child"),
    [
        ((), {"birthDate": "2012-05-05"}, True),
        ((), {"birthDate": "2008-03-01"}, False),
        ((), {"birthDate": "2008-03-02"}, True),
        (("young-carer",), {}, True),
        (("young-carer",), {"birthDate": "1999-01-01"}, False),
        (("carer",), {}, False),
    ],
    ids=["14", "18 on the first day", "18 on the second day", "young carer", "grown-up young carer", "no birth date"],
)
def test_nobody_under_18_supports_with_medication_unless_a_clinician_stands_by_it(
    roles: tuple[str, ...], born: Json, is_child: bool
) -> None:
    one = person(MUM, *roles, **born)
    body = plan(part("medication-support"), part("time-together"))
    assert bool(judged(body, one).issues) == is_child
    assert bool(said(judged(body, one).warnings)) == (is_child or not born)
    confirmed = plan(part("medication-support", extension=[CONFIRMED]), part("time-together"))
    found = judged(confirmed, one)
    assert (found.issues, bool(found.warnings)) == ([], is_child)


def test_the_age_counts_at_the_time_of_the_activity() -> None:
    one = person(birthDate="2008-04-10")
    later = part("medication-support", scheduledPeriod={"start": "2026-04-10"})
    bounds = {"repeat": {"boundsPeriod": {"start": "2026-04-09"}}}
    assert judged(plan(later, part("affection")), one).issues == []
    assert judged(plan(part("medication-support", scheduledTiming=bounds)), one).issues
    assert judged(plan(part("medication-support", scheduledTiming={"event": ["2026-04-12"]})), one).issues == []


def test_one_human_is_a_child_by_either_record() -> None:
    child = person("RelatedPerson/jade", birthDate="2012-05-05")
    same = own("same-person", valueReference={"reference": "RelatedPerson/jade"})
    assert judged(plan(part("medication-support")), person(extension=[same]), child).issues


@pytest.mark.parametrize("status", ["completed", "revoked", "entered-in-error"])
def test_a_plan_that_is_over_is_history(status: str) -> None:
    body = plan(part("medication-support"), status=status)
    assert not plans.needs_judgement(body)
    assert judged(body, person(birthDate="2012-05-05")).issues == []


def test_what_is_not_to_be_done_is_no_part() -> None:
    body = plan(part("medication-support", status="cancelled"), part("medication-support", doNotPerform=True))
    assert judged(body, person(birthDate="2012-05-05")).issues == []


def test_medication_as_the_only_part_is_warned_of() -> None:
    both, adult = part("medication-support"), person(birthDate="1970-01-01")
    both["detail"]["code"]["coding"] += coded("supporter-activity", "affection")["coding"]
    assert said(judged(plan(part("medication-support")), adult).warnings) == ["CarePlan.activity"]
    assert judged(plan(part("medication-support"), part("practical-help")), adult).warnings == []
    assert judged(plan(both), adult).warnings == []


@pytest.mark.parametrize(
    "more",
    [
        {"active": False},
        {"period": {"end": "2026-03-05"}},
        {"period": {"start": "2026-05-05"}},
        {"extension": [own("unavailable", valuePeriod={"start": "2026-03-20", "end": "2026-03-25"})]},
        {"extension": [own("unavailable", valuePeriod={"end": "2026-03-11"})]},
    ],
    ids=["inactive", "over", "not yet", "away", "away until tomorrow"],
)
def test_a_plan_that_rests_on_somebody_unavailable_is_warned_of(more: Json) -> None:
    body = plan(part("time-together"))
    assert said(judged(body, person(**more)).warnings) == ["CarePlan.activity[0].detail.performer[0]"]


@pytest.mark.parametrize(
    "more",
    [
        {"period": {"start": "2020-01-01"}},
        {"extension": [own("unavailable", valuePeriod={"start": "2026-03-02", "end": "2026-03-08"})]},
        {"extension": [own("unavailable", valuePeriod={"start": "2026-05-02"})]},
        {"extension": [own("unavailable", valuePeriod={"start": "2026-05-02", "end": "2026-01-01"})]},
    ],
    ids=["since long ago", "was away", "will be away", "reversed"],
)
def test_a_plan_rests_on_those_who_are_there(more: Json) -> None:
    assert judged(plan(part("time-together")), person(**more)).warnings == []


def test_somebody_away_at_another_time_than_the_activity_is_there() -> None:
    away = own("unavailable", valuePeriod={"start": "2026-03-20", "end": "2026-03-25"})
    evening = part("time-together", scheduledPeriod={"start": "2026-03-12", "end": "2026-03-13"})
    assert judged(plan(evening), person(extension=[away])).warnings == []


def test_a_plan_for_somebody_who_has_died_is_warned_of() -> None:
    body = plan(part("time-together"))
    assert said(judged(body, person(), deceasedDateTime="2026-03-05").warnings) == ["CarePlan.subject"]
    assert (
        judged(plan(part("affection"), period={"end": "2026-03-04"}), person(), deceasedDateTime="2026-03-05").warnings
        == []
    )


@pytest.mark.parametrize(
    ("agreements", "missing"),
    [
        ([], "the patient and a supporter"),
        ([agreed(MUM)], "the patient did not agree"),
        ([agreed("Patient/p")], "a supporter did not agree"),
        ([agreed("Patient/p"), agreed(MUM, yes=False)], "a supporter did not agree"),
        ([agreed("Patient/p"), agreed("RelatedPerson/of-another")], "a supporter did not agree"),
        ([agreed("Patient/another"), agreed(MUM)], "the patient did not agree"),
        ([agreed("Patient/p"), agreed(MUM)], ""),
    ],
)
@pytest.mark.parametrize("status", ["stopped", "cancelled", "on-hold", "in-progress"])
def test_nothing_is_reduced_for_the_family_without_both_agreements(
    agreements: list[Json], missing: str, status: str
) -> None:
    visits = {
        "detail": {
            "status": status,
            "code": coded("plan-activity", "visits"),
            "statusReason": coded("plan-status-reason", "family-providing"),
            "extension": agreements,
        }
    }
    body = plan(visits)
    assert plans.needs_judgement(body)
    found = judged(body, person()).warnings
    if missing:
        [warning] = found
        assert missing in warning.diagnostics
        assert warning.expression == "CarePlan.activity[0].detail.statusReason"
    else:
        assert found == []


def test_a_plan_in_which_no_supporter_does_anything_is_not_looked_at() -> None:
    assert not plans.needs_judgement(plan())
    assert not plans.needs_judgement(plan(part("time-together", "Practitioner/nurse")))
    assert plans.needs_judgement(plan(part("time-together")))
    by_identifier = {"type": "RelatedPerson", "identifier": {"system": "urn:x", "value": "1"}}
    assert plans.needs_judgement(plan(part("time-together", performer=[by_identifier])))


async def test_it_is_judged_on_create_update_patch_and_in_a_transaction(client: httpx.AsyncClient) -> None:
    of = await create(client, patient(birthDate="1980-01-01"))
    jade = await create(client, supporter(to(of), birthDate="2015-01-01"))
    nurse = await create(client, practitioner())
    body = plan(part("time-together", name(jade)), subject=to(of), period={"start": "2026-03-01"})
    answer = await client.post("/CarePlan", json=body)
    assert answer.status_code == 201, answer.text
    assert "under 18" in answer.headers["warning"]
    stored = answer.json()
    refused = body | {"activity": [part("medication-support", name(jade))]}
    entry = {"resource": refused, "request": {"method": "POST", "url": "CarePlan"}}
    path = ".activity[0].detail.performer[0]"
    answers = [
        await client.post("/CarePlan", json=refused),
        await put(client, refused | {"id": stored["id"]}),
        await patch(client, stored, {"op": "replace", "path": "/activity", "value": refused["activity"]}),
        await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": [entry]}),
    ]
    for answer in answers:
        assert answer.status_code == 422, answer.text
        assert path in answer.json()["issue"][0]["expression"][0]
        assert "clinician-confirmed" in answer.json()["issue"][0]["diagnostics"]
    by = own("clinician-confirmed", extension=[{"url": "by", "valueReference": to(nurse)}])
    confirmed = body | {"activity": [part("medication-support", name(jade), extension=[by])]}
    answer = await put(client, confirmed | {"id": stored["id"]})
    assert answer.status_code == 200, answer.text
    assert "only part" in answer.headers["warning"]


async def test_a_supporter_of_another_patient_has_no_part(client: httpx.AsyncClient) -> None:
    of, other = await create(client, patient()), await create(client, patient())
    theirs = await create(client, supporter(to(other)))
    answer = await client.post("/CarePlan", json=plan(part("time-together", name(theirs)), subject=to(of)))
    assert answer.status_code == 422
    assert "another patient" in answer.text
