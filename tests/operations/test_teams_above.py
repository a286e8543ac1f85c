"""Who may not tell: a refusal that names an Organization binds the teams below it, however those name it."""

import pytest

from tests.operations.test_check_sharing import ask
from tests.record.examples import LOCAL, by_number, consent, create, name, nhs_number, organization, supporter, team, to

CST = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "CST"}]}


def by_identifier(made):
    return {"type": "Organization", "identifier": {"system": LOCAL, "value": made["identifier"][0]["value"]}}


def managed(by, part):
    return {"managingOrganization": [by]}


@pytest.mark.parametrize("participates", [False, True], ids=["managed", "managed-and-taking-part"])
@pytest.mark.parametrize("named", [to, by_identifier], ids=["literal", "identifier"])
async def test_a_team_does_not_tell_what_an_organization_above_it_may_not(client, named, participates):
    trust = await create(client, organization(identifier=[{"system": LOCAL, "value": nhs_number()}]))
    ward = await create(
        client, organization(identifier=[{"system": LOCAL, "value": nhs_number()}], partOf=named(trust))
    )
    number = nhs_number()
    anna = by_number(number)
    rob = await create(client, supporter(anna))
    members = [name(ward)] if participates else []
    crisis = await create(client, team(anna, *members, managingOrganization=[named(ward)]))
    await create(client, consent(anna, name(rob)))
    refused = consent(anna)
    refused["provision"] = {"type": "deny", "actor": [{"role": CST, "reference": to(trust)}]}
    await create(client, refused)
    asked = {"patient": number, "recipient": name(rob), "scope": "care-plan"}
    [other] = await ask(client, **asked, team=name(await create(client, organization())))
    assert other["decision"] == "permit"
    for teller in (trust, ward, crisis):
        [answer] = await ask(client, **asked, team=name(teller))
        assert (name(teller), answer["decision"]) == (name(teller), "deny")
