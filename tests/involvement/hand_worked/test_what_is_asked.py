"""What the indicators refuse to say, and what stays with one team or one organisation."""

import json

import httpx

from tests.callers import acting, granted
from tests.involvement.hand_worked.all_tables import TABLES
from tests.involvement.hand_worked.caseload import Table, Totals, counts, evaluate, places, transaction
from tests.involvement.hand_worked.tables import ks_13a
from tests.involvement.hand_worked.words import Json, episode, no, patient, person, tried

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
DAYS = {"periodStart": "2025-03-01", "periodEnd": "2025-03-31"}
STAFF = "system/*.cruds kith/check"


async def ask(client: httpx.AsyncClient, measure: str, **parameters: str) -> httpx.Response:
    return await client.get(f"/Measure/{measure}/$evaluate-measure", params={**DAYS, **parameters})


def of(name: str, records: list[Json]) -> list[Json]:
    found: list[Json] = json.loads(json.dumps(records).replace("~", name).replace("^", "trust"))
    return found


async def test_agreement_of_all_sources_is_never_computed(caseloads: httpx.AsyncClient) -> None:
    assert (await ask(caseloads, "KS-13e")).status_code == 404
    published = (await caseloads.get("/Measure", params={"_count": "100"})).json()["entry"]
    assert "KS-13e" not in {entry["resource"]["id"] for entry in published}
    everything = await caseloads.get("/Measure/$evaluate-measure", params={**DAYS, "team": ks_13a.TABLE.caseload.team})
    measures = [entry["resource"]["measure"] for entry in everything.json()["entry"]]
    assert len(measures) == 11
    assert not any("13e" in measure for measure in measures)


async def test_a_team_that_is_not_there_is_told(caseloads: httpx.AsyncClient) -> None:
    assert (await ask(caseloads, "KS-13a", team="Organization/nobody")).status_code == 404
    assert (await ask(caseloads, "KS-13a", team="CareTeam/nobody")).status_code == 404


async def test_reversed_days_are_refused(caseloads: httpx.AsyncClient) -> None:
    answer = await ask(caseloads, "KS-13a", periodStart="2025-03-31", periodEnd="2025-03-01")
    assert answer.status_code == 422


async def test_an_episode_that_ends_before_it_begins_is_refused(caseloads: httpx.AsyncClient) -> None:
    patient_ = {"type": "Patient", "identifier": {"system": NHS_NUMBER, "value": "9990000018"}}
    reversed_ = episode("20 Mar 12:00", "3 Mar 10:00") | {"patient": patient_}
    del reversed_["id"], reversed_["managingOrganization"]
    answer = await caseloads.post("/EpisodeOfCare", json=reversed_)
    assert answer.status_code == 422
    assert "EpisodeOfCare.period" in answer.text


async def test_all_teams_together_are_the_sum_of_the_tables(caseloads: httpx.AsyncClient) -> None:
    period = {"periodStart": "2025-01-01", "periodEnd": "2025-12-31"}
    answer = await caseloads.get("/Measure/KS-13a/$evaluate-measure", params=period)
    everybody = counts(answer.json(), "strict")["initial-population"]
    nothing = Totals(0, 0)
    teams = (Table("KS-13a", nothing, nothing, [], called=each.caseload.name) for each in TABLES)
    reports = [await evaluate(caseloads, table) for table in teams]
    of_teams = sum(counts(report, "strict")["initial-population"] for report in reports)
    # One episode of the tables is of a team that has no table.
    assert everybody == of_teams + 1


async def test_a_patient_of_another_team_is_in_no_list_of_this_one(caseloads: httpx.AsyncClient) -> None:
    report = await evaluate(caseloads, ks_13a.TABLE, reportType="subject-list")
    ids = {entry["item"]["reference"].split("/")[1] for list_ in report["contained"] for entry in list_["entry"]}
    assert {id_.rpartition("-")[0].rpartition("-")[0] for id_ in ids} == {"ks-13a"}


async def test_what_another_organisation_recorded_is_not_counted_and_its_refusal_counts(
    caseloads: httpx.AsyncClient,
) -> None:
    """The other trust's call is its own; what the patient told it binds here too."""
    here, there = (acting(caseloads, granted(STAFF, organisation=code)) for code in ("RA1", "RA2"))
    number = {"identifier": [{"system": NHS_NUMBER, "value": "9990000026"}]}
    table = Table("KS-13b", Totals(1, 0), Totals(1, 0), [], called="trust")
    team = {"resourceType": "Organization", "id": "trust", "name": "The crisis team"}
    mother = person("mother", "carer", identifier=[{"system": NHS_NUMBER, "value": "9990000034"}])
    mine = [patient(**number), episode("3 Mar 10:00", "20 Mar 12:00"), mother]
    theirs = [patient(**number), mother, tried("mother", "3 Mar 15:00"), no("mother", on="4 Mar 10:00")]
    await transaction(here, [team, *of("trust-1", mine)])
    await transaction(there, of("trust-2", theirs))
    listed = await evaluate(here, table, reportType="subject-list")
    assert places(listed, "strict", "trust-1") == {"episode": "not met"}
    assert places(listed, "adjusted", "trust-1") == {"episode": "contact-refused"}
    assert "trust-2" not in str(listed)
    refused = await there.get("/Measure/KS-13b/$evaluate-measure", params={**DAYS, "team": "Organization/trust"})
    assert refused.status_code == 404


async def test_each_figure_leads_to_records_that_can_be_read(caseloads: httpx.AsyncClient) -> None:
    report = await evaluate(caseloads, ks_13a.TABLE, reportType="subject-list")
    entries = [entry for list_ in report["contained"] if "unreadable" not in list_["id"] for entry in list_["entry"]]
    rests_on = [[each["valueReference"]["reference"] for each in entry["extension"]] for entry in entries]
    assert all(any(version.startswith(entry["item"]["reference"]) for version in versions)
               for entry, versions in zip(entries, rests_on, strict=True))  # fmt: skip
    named = [each["reference"] for each in report["evaluatedResource"]]
    assert {version for versions in rests_on for version in versions} == set(named)
    reads = [{"request": {"method": "GET", "url": version}} for version in named]
    answer = await caseloads.post("", json={"resourceType": "Bundle", "type": "batch", "entry": reads})
    assert {entry["response"]["status"][:3] for entry in answer.json()["entry"]} == {"200"}
