"""An Organization has on its worklists the patients of the teams that it manages, and of no others."""

from tests.operations.worklists import episode, listed
from tests.record.examples import create, name, nhs_number, organization, patient, practitioner, team, to


async def _listed_for(client, trust, **more):
    """Whether the patient of a CareTeam is on a list of the Organization; and on that of the team itself."""
    of = await create(client, patient(nhs_number()))
    circle = await create(client, team(to(of), **more))
    of_circle = {key: value for key, value in episode(to(of), trust).items() if key != "managingOrganization"}
    found = await create(client, of_circle | {"team": [to(circle)]})
    assert (await listed(client, "not-asked", circle))[0] == [name(found)]
    return name(found) in (await listed(client, "not-asked", trust))[0]


async def test_an_organization_has_the_patients_of_the_teams_that_it_manages(client):
    trust = await create(client, organization())
    managed = {"managingOrganization": [to(trust)]}
    assert await _listed_for(client, trust, **managed)
    assert await _listed_for(client, trust, participant=[{"member": to(trust)}], **managed)
    version = {"reference": f"{client.base_url}{name(trust)}/_history/1"}
    assert await _listed_for(client, trust, managingOrganization=[{"display": "Another"}, version])


async def test_an_organization_has_not_those_of_teams_in_which_it_takes_part(client):
    trust, other = await create(client, organization()), await create(client, organization())
    nurse = await create(client, practitioner())
    for taking_part in ({"member": to(trust)}, {"member": to(nurse), "onBehalfOf": to(trust)}):
        assert not await _listed_for(client, trust, participant=[taking_part])
        assert not await _listed_for(client, trust, participant=[taking_part], managingOrganization=[to(other)])
