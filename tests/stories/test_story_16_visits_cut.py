"""Visits went from two a day to one because "mother staying"; nobody asked her, or Tariq."""

import pytest

from app.fhir.canonical import BASE
from tests.stories.epr import Epr
from tests.stories.records import Json, agreed, coded, patient, permits, supporter

PROVIDING = coded(f"{BASE}/CodeSystem/plan-status-reason", "family-providing")


@pytest.fixture
async def mother(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Tariq", "1996-04-03"))
    return await epr.records(supporter(epr.patient, "Samira"))


@pytest.fixture
async def plan(epr: Epr, mother: str) -> str:
    return await epr.records(
        {
            "resourceType": "CarePlan",
            "status": "active",
            "intent": "plan",
            "subject": epr.patient,
            "activity": [
                visit("A morning visit."),
                visit("An evening visit.", status="stopped", statusReason=PROVIDING),
                visit("Samira keeps the house quiet after eight.", performer=[{"reference": mother}]),
            ],
        }
    )


def visit(description: str, **more: object) -> Json:
    return {"detail": {"status": "in-progress", "description": description, **more}}


async def test_that_the_family_is_the_reason_stands_in_the_plan(epr: Epr, plan: str, mother: str) -> None:
    activities = (await epr.reads(plan))["activity"]
    [stopped] = [each["detail"] for each in activities if each["detail"]["status"] == "stopped"]
    assert stopped["statusReason"] == PROVIDING
    assert await epr.finds(f"CarePlan?patient={epr.number}&performer={mother}") == [plan]


async def test_to_stay_with_him_is_no_permission_to_be_told(epr: Epr, plan: str, mother: str) -> None:
    assert (await epr.asks(mother, "care-plan")).word == "ask"
    assert (await epr.asks(mother, resource=plan)).word == "ask"


async def test_agreeing_with_her_takes_his_permission_for_the_plan(epr: Epr, plan: str, mother: str) -> None:
    await epr.records(permits(epr.patient, mother, "care-plan"))
    assert (await epr.asks(mother, "care-plan")).word == "allow"
    assert (await epr.asks(mother, resource=plan)).word == "allow"


async def test_it_is_warned_of_until_she_and_he_have_agreed(epr: Epr, plan: str, mother: str) -> None:
    stored = await epr.reads(plan)
    yes = {"him": agreed(epr.patient), "her": agreed({"reference": mother})}
    for said, missing in (
        ([], "the patient and a supporter did not agree"),
        ([yes["her"]], "the patient did not agree"),
        ([yes["him"]], "a supporter did not agree"),
        ([yes["him"], agreed({"reference": mother}, yes=False)], "a supporter did not agree"),
        ([yes["him"], yes["her"]], ""),
    ):
        [stopped] = [each["detail"] for each in stored["activity"] if each["detail"]["status"] == "stopped"]
        stopped.pop("extension", None)
        stopped |= {"extension": said} if said else {}
        warned = await epr.warnings(stored)
        assert (missing in warned) if missing else (warned == "")
