"""Indicators across organisations: a refusal counts whoever wrote it, and nobody is told more than they may see."""

from typing import Any

import httpx
import pytest

from tests.callers import acting, granted
from tests.involvement.charting import consent, contact, episode, flag, meeting, person
from tests.record.examples import create, name, nhs_number, organization, patient, to

Resource = dict[str, Any]
SCOPES = "system/*.cruds kith/check kith/restrictions"
MARCH = {"periodStart": "2026-03-01", "periodEnd": "2026-03-31", "reportType": "subject-list"}


def of(resource: Resource, whose: Resource, **more: Any) -> Resource:
    named = {"subject", "patient"} & resource.keys()
    return {key: value for key, value in resource.items() if key != "id"} | dict.fromkeys(named, to(whose)) | more


def permit(whose: Resource, friend: Resource, **more: Any) -> Resource:
    """Consent to meetings."""
    written = consent("meetings", **more)
    written["provision"]["actor"][0]["reference"] = to(friend)
    category = [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}]
    policy = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]}
    return of(written, whose, category=category, policyRule=policy)


@pytest.fixture(scope="module")
async def callers(client: httpx.AsyncClient) -> dict[str, httpx.AsyncClient]:
    """A team's own system, that of another trust, and one of another trust that may see the first one's records."""
    return {
        "own": acting(client, granted(SCOPES, organisation="RX1")),
        "plain": acting(client, granted("system/*.cruds kith/check", organisation="RX1")),
        "other": acting(client, granted(SCOPES, organisation="RX2")),
        "sharing": acting(client, granted(SCOPES, organisation="RX2", sees=("RX1",))),
    }


async def evaluated(client: httpx.AsyncClient, id_: str, team: Resource) -> Resource:
    answer = await client.get(f"/Measure/{id_}/$evaluate-measure", params=MARCH | {"team": name(team)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def counted(report: Resource) -> list[int]:
    return [one["count"] for one in report["group"][0]["population"]]


async def test_another_organisation_finds_no_team_and_no_episode(callers):
    own = callers["own"]
    team, whose = await create(own, organization()), await create(own, patient(nhs_number()))
    await create(own, of(episode(managingOrganization=to(team)), whose))
    assert counted(await evaluated(own, "KS-13a", team)) == [1, 1, 0, 0]
    assert counted(await evaluated(callers["sharing"], "KS-13a", team)) == [1, 1, 0, 0]
    asked = MARCH | {"team": name(team)}
    assert (await callers["other"].get("/Measure/KS-13a/$evaluate-measure", params=asked)).status_code == 404
    everybody = await callers["other"].get("/Measure/KS-13a/$evaluate-measure", params=MARCH)
    assert whose["id"] not in everybody.text
    assert counted(everybody.json()) == [0, 0, 0, 0]


async def test_a_refusal_that_another_organisation_wrote_counts_and_is_not_named(callers):
    own, other, number = callers["own"], callers["other"], nhs_number()
    team, whose = await create(own, organization()), await create(own, patient(number))
    friend = await create(
        own, of(person(), whose, name=[{"family": "Marsh", "given": ["Ann"]}], birthDate="1970-01-01")
    )
    await create(own, of(episode(managingOrganization=to(team)), whose))
    invited = {"participant": [{"actor": one, "status": "accepted"} for one in (to(whose), to(friend))]}
    await create(own, of(meeting(**invited), whose))
    await create(own, permit(whose, friend))
    assert counted(await evaluated(own, "KS-13c", team)) == [1, 1, 0, 1]
    theirs = await create(other, patient(number))
    same = await create(
        other, of(person(), theirs, name=[{"family": "Marsh", "given": ["Ann"]}], birthDate="1970-01-01")
    )
    no = await create(other, permit(theirs, same, decided="2026-03-03T12:00:00Z", type="deny"))
    report = await evaluated(own, "KS-13c", team)
    assert counted(report) == [1, 0, 1, 0]
    assert no["id"] not in str(report)
    assert same["id"] not in str(report)


async def test_what_is_labelled_for_others_is_neither_listed_nor_counted(callers):
    own = callers["own"]
    team, whose = await create(own, organization()), await create(own, patient(nhs_number()))
    friend = await create(own, of(person(), whose))
    await create(own, of(episode(managingOrganization=to(team)), whose))
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    tried = of(contact(), whose, recipient=[to(friend)], meta={"security": [label]})
    made = await create(own, tried)
    assert counted(await evaluated(own, "KS-13b", team)) == [1, 1, 0, 1]
    report = await evaluated(callers["plain"], "KS-13b", team)
    assert counted(report) == [1, 1, 0, 0]
    assert made["id"] not in str(report)


async def test_a_restriction_that_one_may_not_read_is_heeded_and_not_named(callers):
    own = callers["own"]
    team, whose = await create(own, organization()), await create(own, patient(nhs_number()))
    friend = await create(own, of(person(), whose))
    await create(own, of(episode(managingOrganization=to(team)), whose))
    stop = of(flag("no-contact-safeguarding"), whose)
    stop["extension"][0]["valueReference"] = to(friend)
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}
    made = await create(own, stop | {"meta": {"security": [label]}})
    report = await evaluated(callers["plain"], "KS-13b", team)
    assert [one["count"] for one in report["group"][1]["population"]] == [1, 0, 1, 0]
    assert made["id"] not in str(report)


@pytest.mark.parametrize("facing", ["patient", "carer"])
async def test_who_faces_a_patient_or_carer_is_told_no_figures(client, callers, facing):
    whose = await create(callers["own"], patient(nhs_number()))
    one = acting(client, granted(SCOPES, organisation="RX1", facing=facing, patient=whose["id"]))
    assert (await one.get("/Measure/KS-13a/$evaluate-measure", params=MARCH)).status_code == 403


@pytest.mark.parametrize(
    "scope", ["system/*.rs", "kith/check", "system/*.r kith/check", "system/Patient.rs kith/check"]
)
async def test_figures_take_reading_everything_and_the_scope_of_checks(client, scope):
    one = acting(client, granted(scope, organisation="RX1"))
    answer = await one.get("/Measure/KS-13a/$evaluate-measure", params=MARCH)
    assert answer.status_code == 403
    assert (await one.get("/Measure/KS-13a")).status_code == 200
