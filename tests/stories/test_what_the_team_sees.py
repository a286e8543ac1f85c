"""What the stories leave for the team: the figures of its episodes, the tasks of the rules, the gaps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.fhir.canonical import BASE
from tests.record.examples import organization
from tests.rules import rules_of
from tests.stories.epr import Epr
from tests.stories.records import (
    Json,
    ago,
    agreed,
    coded,
    day,
    meeting,
    own,
    part,
    patient,
    permits,
    plan,
    refuses,
    restriction,
    role,
    supporter,
)

Apply = Callable[[], Awaitable[int]]


@pytest.fixture
async def apply(module_database_url: str) -> AsyncIterator[Apply]:
    async with rules_of(module_database_url)() as once:
        yield once


async def begins(epr: Epr, name: str, born: str) -> str:
    """A patient, with the team for four days."""
    of = await epr.records(patient(epr.patient, name, born))
    team = await epr.records(organization())
    episode = {"resourceType": "EpisodeOfCare", "status": "active", "patient": epr.patient}
    whose = {"managingOrganization": {"reference": team}, "period": {"start": ago(days=4)}}
    await epr.records(episode | whose)
    return of


async def knows(epr: Epr, name: str, code: str, **more: Any) -> str:
    """Somebody of whom the team has known since the first hours."""
    since = own("identified", extension=[{"url": "at", "valueDateTime": ago(days=4)}])
    return await epr.records(supporter(epr.patient, name, role(code), extension=[since], **more))


async def figure(epr: Epr, measure: str) -> tuple[str, str]:
    """What an indicator says of the patient's one episode or carer, strict and adjusted: met, not-met, or why not."""
    period = {"periodStart": day(-9), "periodEnd": day(9), "reportType": "subject", "subject": epr.number}
    answer = await epr.client.get(f"/Measure/{measure}/$evaluate-measure", params=period)
    assert answer.status_code == 200, answer.text
    found = {}
    for listed in answer.json()["contained"]:
        view, _, outcome = listed["id"].partition("-")
        [entry] = listed["entry"]
        found[view] = entry["flag"]["coding"][0]["code"] if outcome == "excluded" else outcome
    return found["strict"], found["adjusted"]


async def tasks(epr: Epr, code: str) -> list[Json]:
    found = await epr.finds(f"Task?code={code}&focus:identifier=https://fhir.nhs.uk/Id/nhs-number|{epr.number}")
    return [await epr.reads(each) for each in found]


async def test_lee_has_not_been_asked_and_a_call_that_fails_counts(epr: Epr) -> None:
    await begins(epr, "Lee", "2007-04-02")
    father = await knows(epr, "Graham", "main-carer", telecom=[{"system": "phone", "value": "01632 960011"}])
    assert await figure(epr, "NICE-ASK") == ("not-met", "not-met")
    assert await figure(epr, "KS-13b") == ("not-met", "not-met")
    outcome = {"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": "no-answer"}]}
    answer = await epr.client.post(f"/{father}/$record-contact", json=outcome)
    assert "warning" in {each["name"] for each in answer.json()["parameter"]}
    assert await figure(epr, "KS-13b") == ("met", "met")


async def test_pat_is_owed_what_needs_no_consent_though_joan_refused(epr: Epr, apply: Apply) -> None:
    await begins(epr, "Joan", "1961-10-30")
    sister = await knows(epr, "Pat", "carer")
    await epr.records(refuses(epr.patient, sister))
    await apply()
    for code in ("support-information", "carers-assessment"):
        [task] = await tasks(epr, code)
        assert task["for"]["reference"] == sister
    assert await figure(epr, "NICE-AB") == ("not-met", "not-met")
    assert await figure(epr, "KS-13c") == ("no-meeting", "no-meeting")


async def test_what_expired_is_to_be_talked_about_again(epr: Epr, apply: Apply) -> None:
    await begins(epr, "Alan", "1958-01-19")
    wife = await knows(epr, "Maureen", "carer")
    over = {"start": ago(days=30), "end": ago(days=2)}
    consent = await epr.records(permits(epr.patient, wife, "care-plan", dateTime=ago(days=30), period=over))
    await apply()
    [task] = await tasks(epr, "consent-review")
    assert task["reasonReference"]["reference"] == consent


async def test_devs_brother_was_invited_in_time_and_his_invitation_is_flagged(epr: Epr, apply: Apply) -> None:
    await begins(epr, "Dev", "1992-06-11")
    brother = await knows(epr, "Nikhil", "key-supporter")
    yes = await epr.records(permits(epr.patient, brother, "meetings", dateTime=ago(days=2)))
    invited = await epr.records(meeting(epr.patient, brother, created=ago(days=1)))
    assert (await epr.client.post(f"/{yes}/$withdraw", json={"resourceType": "Parameters"})).status_code == 200
    await apply()
    [task] = await tasks(epr, "invitation-review")
    assert (task["for"]["reference"], task["reasonReference"]["reference"]) == (brother, invited)
    assert (await epr.reads(invited))["status"] == "booked"
    assert await figure(epr, "KS-13c") == ("met", "met")


async def test_that_nobody_may_call_rob_is_no_bad_practice(epr: Epr) -> None:
    await begins(epr, "Kezia", "1990-03-17")
    rob = await knows(epr, "Rob", "next-of-kin")
    await epr.records(permits(epr.patient, rob, "whereabouts", "appointments", dateTime=ago(days=420)))
    assert await figure(epr, "KS-13b") == ("not-met", "not-met")
    since = {"period": {"start": ago(days=5)}}
    await epr.records(restriction(epr.patient, "no-contact-safeguarding", rob) | since)
    assert await figure(epr, "KS-13b") == ("not-met", "contact-stopped")


async def test_jade_is_referred_and_what_she_does_is_nobodys_success(epr: Epr, apply: Apply) -> None:
    of = await begins(epr, "Jade's mother", "1984-02-08")
    jade = await knows(epr, "Jade", "young-carer", birthDate=day(-14 * 366))
    await epr.records(permits(epr.patient, jade, "care-plan"))
    said = [agreed({"reference": each}) for each in (jade, of)]
    await epr.records(plan(epr.patient, part("time-together", jade, "They bake on Sundays.", extension=said)))
    await apply()
    [task] = await tasks(epr, "young-carer-referral")
    assert task["for"]["reference"] == jade
    assert await figure(epr, "KS-13d") == ("not-met", "not-met")


async def test_mags_is_debriefed_and_her_grandson_is_thought_of(epr: Epr, apply: Apply) -> None:
    await begins(epr, "Nikita", "1999-12-01")
    mags = await knows(epr, "Mags", "shared-lives-carer")
    grandson = await knows(epr, "Toby", "visiting-child")
    happened = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HH"},
        "type": [coded(f"{BASE}/CodeSystem/encounter-type", "incident")],
        "subject": epr.patient,
        "period": {"start": ago(days=1)},
        "participant": [{"individual": {"reference": mags}}],
    }
    incident = await epr.records(happened)
    await apply()
    [task] = await tasks(epr, "debrief")
    assert (task["for"]["reference"], task["reasonReference"]["reference"]) == (mags, incident)
    assert await figure(epr, "DEBRIEF") == ("not-yet-due", "not-yet-due")
    [episode] = await epr.finds(f"EpisodeOfCare?patient={epr.number}")
    missing = (await epr.client.get(f"/{episode}/$gaps")).json()["parameter"]
    gaps = [{part["name"]: part for part in each["part"]} for each in missing if each["name"] == "gap"]
    [child] = [each for each in gaps if each["code"]["valueCode"] == "no-child-safety"]
    assert child["supporter"]["valueReference"]["reference"] == grandson


async def test_sam_has_nobody_which_is_no_bad_practice_and_not_hidden(epr: Epr, apply: Apply) -> None:
    await begins(epr, "Sam", "1977-12-28")
    nobody = {
        "resourceType": "List",
        "status": "current",
        "mode": "snapshot",
        "code": coded(f"{BASE}/CodeSystem/list-code", "social-systems-map"),
        "subject": epr.patient,
        "date": ago(days=4),
        "emptyReason": coded("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown"),
    }
    asked = await epr.records(nobody)
    assert await figure(epr, "KS-13a") == ("not-met", "met")
    assert await figure(epr, "KS-13b") == ("not-met", "nobody-exists")
    await apply()
    [task] = await tasks(epr, "peer-link")
    assert task["reasonReference"]["reference"] == asked
    assert task["for"] == task["focus"]
