"""$evaluate-measure over HTTP: a team's month, as numbers and as lists, and questions that cannot be answered."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from app.fhir.vocabulary.measures import BY_ID
from tests.audited import settled
from tests.conftest import running
from tests.involvement.charting import contact, episode, nobody, person
from tests.record.examples import create, name, nhs_number, organization, patient, to

Resource = dict[str, Any]
MARCH = {"periodStart": "2026-03-01", "periodEnd": "2026-03-31"}
EPISODES = 12


def of(resource: Resource, whose: Resource, **more: Any) -> Resource:
    """One of the resources of the pure tests, as it is written for a stored patient."""
    named = {"subject", "patient"} & resource.keys()
    rest = {key: value for key, value in resource.items() if key != "id"}
    return rest | dict.fromkeys(named, to(whose)) | more


@pytest.fixture(scope="module")
async def team(client: httpx.AsyncClient) -> Resource:
    """A team with twelve episodes in March: ten with a supporter, of whom nine were tried; one without anybody; one
    that was closed early. In February it had one more."""
    made = await create(client, organization())
    care_team = {"resourceType": "CareTeam", "status": "active", "managingOrganization": [to(made)]}
    managed = await create(client, care_team)
    for number in range(EPISODES):
        whose = await create(client, patient(nhs_number()))
        end = "2026-03-02T12:00:00Z" if number == 11 else "2026-03-20T10:00:00Z"
        by = {"team": [to(managed)]} if number == 0 else {"managingOrganization": to(made)}
        cared = {key: value for key, value in episode(end=end).items() if key != "managingOrganization"}
        await create(client, of(cared, whose, **by))
        if number == 10:
            await create(client, of(nobody(), whose))
            continue
        friend = await create(client, of(person(), whose))
        if number < 9:
            await create(client, of(contact(), whose, recipient=[to(friend)]))
    whose = await create(client, patient(nhs_number()))
    early = episode("2026-02-02T10:00:00Z", "2026-02-20T10:00:00Z", managingOrganization=to(made))
    await create(client, of(early, whose))
    return made


async def evaluated(client: httpx.AsyncClient, id_: str = "KS-13b", **asked: Any) -> Resource:
    url = f"/Measure/{id_}/$evaluate-measure" if id_ else "/Measure/$evaluate-measure"
    answer = await client.get(url, params=MARCH | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(report: Resource, view: int) -> dict[str, Any]:
    populations = report["group"][view]["population"]
    return {one["code"]["coding"][0]["code"]: one.get("count") for one in populations}


def stratum(report: Resource, view: int, stratifier: str, value: str) -> Resource:
    [found] = [
        one["population"][0]
        for each in report["group"][view]["stratifier"]
        if each["code"][0]["text"] == stratifier
        for one in each["stratum"]
        if value in (one["value"].get("text"), *(coding["code"] for coding in one["value"].get("coding", ())))
    ]
    return found


async def test_a_list_counts_everything_and_names_what_it_rests_on(client, team):
    report = await evaluated(client, team=name(team), reportType="subject-list")
    assert counts(report, 0) == {
        "initial-population": 12,
        "denominator": 11,
        "denominator-exclusion": 1,
        "numerator": 9,
    }
    assert counts(report, 1) == {
        "initial-population": 12,
        "denominator": 10,
        "denominator-exclusion": 2,
        "numerator": 9,
    }
    assert report["group"][1]["measureScore"] == {"value": 0.9}
    assert stratum(report, 1, "exclusion", "nobody-exists")["count"] == 1
    assert stratum(report, 1, "exclusion", "closed-early")["count"] == 1
    lists = {one["id"]: one for one in report["contained"]}
    assert len(lists["strict-not-met"]["entry"]) == 2
    assert len(lists["adjusted-not-met"]["entry"]) == 1
    assert stratum(report, 0, "outcome", "not-met")["subjectResults"] == {"reference": "#strict-not-met"}
    known = {one["reference"] for one in report["evaluatedResource"]}
    for entry in lists["strict-met"]["entry"]:
        rests_on = [one["valueReference"]["reference"] for one in entry["extension"]]
        assert set(rests_on) <= known
        assert {one.split("/")[0] for one in rests_on} == {"EpisodeOfCare", "RelatedPerson", "Communication"}
        assert (await client.get(f"/{rests_on[0]}")).status_code == 200


async def test_a_summary_hides_small_numbers_and_what_would_tell_them(client, team):
    report = await evaluated(client, team=name(team))
    assert report["type"] == "summary"
    assert "contained" not in report
    assert counts(report, 0)["initial-population"] == 12
    # One was closed early: the denominator would tell it.
    assert counts(report, 0)["denominator-exclusion"] is None
    assert counts(report, 0)["denominator"] is None
    assert "measureScore" not in report["group"][0]
    hidden = next(one for one in report["group"][0]["population"] if "count" not in one)
    assert hidden["_count"]["extension"][0]["valueCode"] == "masked"


async def test_a_summary_of_large_numbers_hides_nothing(module_database_url, client, team):
    async with running(module_database_url, small_number=1) as open_to_all:
        report = await evaluated(open_to_all, team=name(team), reportType="summary")
    assert counts(report, 1)["numerator"] == 9


async def test_other_months_have_other_episodes(client, team):
    february = {"periodStart": "2026-02-01", "periodEnd": "2026-02-28", "reportType": "subject-list"}
    assert counts(await evaluated(client, team=name(team), **february), 0)["initial-population"] == 1
    april = {"periodStart": "2026-04", "periodEnd": "2026-04", "reportType": "subject-list"}
    assert counts(await evaluated(client, team=name(team), **april), 0)["initial-population"] == 0


async def test_few_are_read_at_a_time_and_all_are_counted(client, team, monkeypatch):
    whole = await evaluated(client, "", team=name(team), reportType="subject-list")
    monkeypatch.setattr("app.storage.indicators.CHUNK", 5)
    monkeypatch.setattr("app.storage.indicators.TOLD", 2)
    parts = await evaluated(client, "", team=name(team), reportType="subject-list")
    assert [counts(one["resource"], 1) for one in parts["entry"]] == [
        counts(one["resource"], 1) for one in whole["entry"]
    ]


async def test_a_list_that_nobody_could_read_is_refused_and_the_next_question_answered(client, team, monkeypatch):
    monkeypatch.setattr("app.storage.indicators.CHUNK", 2)
    monkeypatch.setattr("app.operations.evaluate_measure.MOST_LISTED", 3)
    asked = MARCH | {"team": name(team), "reportType": "subject-list"}
    answers = [await client.get("/Measure/KS-13b/$evaluate-measure", params=asked) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert "would be listed" in answers[0].text
    assert counts(await evaluated(client, team=name(team)), 0)["initial-population"] == 12


async def test_one_patient_is_a_report_of_its_own(client, team):
    number = nhs_number()
    whose = await create(client, patient(number))
    await create(client, of(episode(managingOrganization=to(team)), whose))
    # Of this patient alone, so that the counts of the others stay as they are.
    report = await evaluated(client, subject=name(whose))
    assert (report["type"], report["subject"]) == ("individual", to(whose))
    for by_number in (number, f"Patient/{number}"):
        assert (await evaluated(client, subject=by_number))["subject"] == to(whose)
    assert counts(report, 0)["initial-population"] == 1
    await client.delete(f"/EpisodeOfCare/{report['contained'][0]['entry'][0]['item']['reference'].split('/')[1]}")


async def test_one_human_who_supports_two_patients_is_tried_for_one(client, team):
    first, second = [await create(client, patient(nhs_number())) for _ in range(2)]
    friends = [await create(client, of(person(), one)) for one in (first, second)]
    for whose in (first, second):
        await create(client, of(episode(managingOrganization=to(await create(client, organization()))), whose))
    await create(client, of(contact(), first, recipient=[to(friends[0])]))
    assert counts(await evaluated(client, subject=name(first)), 0)["numerator"] == 1
    assert counts(await evaluated(client, subject=name(second)), 0)["numerator"] == 0


async def test_an_episode_without_a_time_is_listed_and_not_counted(client):
    made, whose = await create(client, organization()), await create(client, patient(nhs_number()))
    untimed = of(episode(managingOrganization=to(made)), whose)
    del untimed["period"]
    stored = await create(client, untimed)
    report = await evaluated(client, team=name(made), reportType="subject-list")
    assert counts(report, 0)["initial-population"] == 0
    assert stratum(report, 0, "to-look-at", "unreadable")["count"] == 1
    [listed] = next(one for one in report["contained"] if one["id"] == "strict-unreadable")["entry"]
    assert listed["item"]["reference"].startswith(name(stored))


async def test_care_teams_that_name_each_other_are_no_trouble(client):
    made, whose = await create(client, organization()), await create(client, patient(nhs_number()))
    one = await create(client, {"resourceType": "CareTeam", "status": "active", "managingOrganization": [to(made)]})
    other = await create(client, {"resourceType": "CareTeam", "participant": [{"member": to(one)}]})
    circular = one | {"participant": [{"member": to(other)}]}
    assert (await client.put(f"/{name(one)}", json=circular)).status_code == 200
    cared = {key: value for key, value in episode().items() if key != "managingOrganization"}
    await create(client, of(cared, whose, team=[to(one)]))
    for team_, found in ((made, 1), (one, 1), (other, 0)):
        report = await evaluated(client, team=name(team_), reportType="subject-list")
        assert counts(report, 0)["initial-population"] == found


async def test_all_indicators_come_at_once_as_a_bundle(client, team):
    bundle = await evaluated(client, "", team=name(team))
    assert [one["resource"]["measure"].split("/")[-1].split("|")[0] for one in bundle["entry"]] == list(BY_ID)
    two = await evaluated(client, "", team=name(team), measure=["KS-13a", "HOULT"])
    assert len(two["entry"]) == 2
    assert (await evaluated(client, "", measure="KS-13a"))["resourceType"] == "MeasureReport"


async def test_the_same_by_post(client, team):
    parameters = [
        {"name": "periodStart", "valueDate": "2026-03-01"},
        {"name": "periodEnd", "valueDate": "2026-03-31"},
        {"name": "team", "valueReference": to(team)},
        {"name": "reportType", "valueCode": "subject-list"},
    ]
    body = {"resourceType": "Parameters", "parameter": parameters}
    answer = await client.post("/Measure/KS-13b/$evaluate-measure", json=body)
    asked = await evaluated(client, team=name(team), reportType="subject-list")
    assert answer.json() | {"date": ""} == asked | {"date": ""}


async def test_a_report_is_a_resource_that_can_be_stored(client, team):
    for kind in ("subject-list", "population"):
        for one in (await evaluated(client, "", team=name(team), reportType=kind))["entry"]:
            answer = await client.post("/MeasureReport/$validate", json=one["resource"])
            assert [issue["severity"] for issue in answer.json()["issue"]] == ["information"], answer.text


async def test_who_asked_for_what_is_in_the_audit_trail(module_database_url, client, team):
    await evaluated(client, team=name(team))
    await settled(client)
    connection = await asyncpg.connect(module_database_url)
    row = await connection.fetchrow("SELECT * FROM audit WHERE interaction = 'evaluate-measure' ORDER BY key DESC")
    await connection.close()
    assert (row["type"], row["id"], row["status"]) == ("Measure", "KS-13b", 200)
    assert team["id"] in row["query"]


@pytest.fixture(scope="module")
async def marked(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A service that knows by which code suicidal thoughts are marked."""
    async with running(module_database_url, suicidality_codes="https://epr.example/codes|si") as connected:
        yield connected


async def test_suicidal_thoughts_are_known_by_the_codes_of_a_setting(client, marked):
    made, whose = await create(client, organization()), await create(client, patient(nhs_number()))
    await create(client, of(episode(managingOrganization=to(made)), whose))
    code = {"coding": [{"system": "https://epr.example/codes", "code": "si"}]}
    mark = {"resourceType": "Flag", "status": "active", "code": code, "subject": to(whose)}
    await create(client, mark | {"period": {"start": "2026-03-03"}})
    asked = {"team": name(made), "reportType": "subject-list"}
    unknown = await evaluated(client, "QS189-4", **asked)
    assert stratum(unknown, 0, "exclusion", "not-assessable")["count"] == 1
    assert counts(await evaluated(marked, "QS189-4", **asked), 0)["denominator"] == 1
