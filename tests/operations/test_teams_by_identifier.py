"""Records of other systems name the organisation that cares by its ODS code, and no reference: it is the team's all the
same, in worklists and in figures.
"""

from tests.operations.test_evaluate_measure import MARCH, counts
from tests.operations.worklists import episode, listed
from tests.record.examples import create, name, nhs_number, organization, patient, to

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


async def _trust(client, code):
    return await create(client, organization(identifier=[{"system": ODS, "value": code}]))


async def _episode(client, **organisation):
    of = await create(client, patient(nhs_number()))
    period = {"start": "2026-03-02T10:00:00Z"}
    found = episode(to(of), {"resourceType": "Organization", "id": ""}, period=period)
    return await create(client, found | {"managingOrganization": organisation})


async def test_an_episode_is_of_the_team_whose_code_it_names(client):
    trust, other = await _trust(client, "ZZT71"), await _trust(client, "ZZT72")
    found = await _episode(client, type="Organization", identifier={"system": ODS, "value": "ZZT71"})
    assert (await listed(client, "not-asked", trust))[0] == [name(found)]
    assert (await listed(client, "not-asked", other))[0] == []
    for team, expected in ((trust, 1), (other, 0)):
        asked = MARCH | {"team": name(team), "reportType": "subject-list"}
        report = (await client.get("/Measure/KS-13a/$evaluate-measure", params=asked)).json()
        assert counts(report, 0)["initial-population"] == expected


async def test_a_code_of_another_system_is_another_code(client):
    trust = await _trust(client, "ZZT73")
    await _episode(client, identifier={"system": "https://trust.example.org/units", "value": "ZZT73"})
    await _episode(client, display="ZZT73")
    assert (await listed(client, "not-asked", trust))[0] == []
    asked = MARCH | {"team": name(trust), "reportType": "subject-list"}
    report = (await client.get("/Measure/KS-13a/$evaluate-measure", params=asked)).json()
    assert counts(report, 0)["initial-population"] == 0


async def test_an_episode_that_names_its_team_both_ways_is_counted_once(client):
    trust = await _trust(client, "ZZT74")
    both = to(trust) | {"identifier": {"system": ODS, "value": "ZZT74"}}
    found = await _episode(client, **both)
    assert (await listed(client, "not-asked", trust))[0] == [name(found)]
