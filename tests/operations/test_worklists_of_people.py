"""The worklists of people: who answered, who has died, and somebody of whom there are several records."""

import pytest

from app.fhir.canonical import BASE
from tests.operations.worklists import attempt, concept, listed, main_carer, meeting, yes
from tests.record.examples import NHS_NUMBER, create, name, nhs_number, patient, plan, put, to


async def twice(client, of, *scopes):
    """Two records of the mother, who is permitted these scopes."""
    number = {"identifier": [{"system": NHS_NUMBER, "value": nhs_number()}]}
    mum, again = [await create(client, main_carer(to(of), **number)) for _ in range(2)]
    await create(client, yes(to(of), again, *scopes))
    return mum, again


async def links(client, which, team):
    """By the full URL of each entry that has links of its own, these."""
    root = str(client.base_url).removesuffix("/FHIR/R4/")
    bundle = (await client.get(f"{root}/worklists/{which}", params={"team": name(team)})).json()
    return {entry["fullUrl"]: entry["link"] for entry in bundle["entry"] if "link" in entry}


async def test_whoever_answered_an_invitation_is_not_listed_as_uninvited(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    await create(client, yes(to(sam), mum, "meetings"))
    soon = await create(client, meeting(to(sam)))
    assert (await listed(client, "not-invited", team))[0] == [name(soon)]
    said = {"resourceType": "AppointmentResponse", "appointment": to(soon), "participantStatus": "declined"}
    await create(client, said | {"actor": to(sam)})
    assert (await listed(client, "not-invited", team))[0] == [name(soon)]
    await create(client, said | {"actor": to(mum)})
    assert await listed(client, "not-invited", team) == ([], [])


async def test_a_contact_of_two_outcomes_is_no_attempt_until_one_is_left(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    tried = attempt(to(sam), mum)
    tried["statusReason"]["coding"] += concept("contact-outcome", "not-tried-safeguarding")["coding"]
    stored = await create(client, tried)
    assert len((await listed(client, "not-contacted", team))[0]) == 1
    await put(client, stored | {"statusReason": concept("contact-outcome", "no-answer")})
    assert (await listed(client, "not-contacted", team))[0] == []


async def test_nobody_is_to_be_contacted_about_whoever_has_died(client, team, sam):
    assert len((await listed(client, "not-contacted", team))[0]) == 1
    await put(client, sam | {"deceasedDateTime": "2026-01-02"})
    assert (await listed(client, "not-contacted", team))[0] == []


async def test_one_human_without_a_part_is_listed_once_with_the_other_records(client, team, sam):
    mum, again = await twice(client, sam, "care-plan")
    for count in ("1", "50"):
        assert await listed(client, "no-role", team, _count=count) == ([name(mum)], [name(sam), name(again)])
    base = str(client.base_url)
    canonical = [{"relation": "canonical", "url": f"{base}{name(mum)}"}]
    assert await links(client, "no-role", team) == {f"{base}{name(again)}": canonical}


async def test_a_part_by_either_record_is_the_humans(client, team, sam):
    _, again = await twice(client, sam, "care-plan")
    part = {"status": "in-progress", "description": "Rings on Sundays.", "performer": [to(again)]}
    await create(client, plan(to(sam), activity=[{"detail": part}]))
    assert await listed(client, "no-role", team) == ([], [])


async def test_a_record_that_is_over_stands_for_nobody(client, team, sam):
    mum, again = await twice(client, sam, "care-plan")
    await put(client, mum | {"period": {"end": "2020-01-01"}})
    assert (await listed(client, "no-role", team))[0] == [name(again)]


@pytest.mark.parametrize("held", [{"end": "2020-01-01"}, {"start": "2090-01-01"}])
async def test_who_has_a_key_role_no_more_or_not_yet_is_on_neither_list(client, team, sam, held):
    mum = await create(client, main_carer(to(sam)))
    await create(client, yes(to(sam), mum, "care-plan", "meetings"))
    soon = await create(client, meeting(to(sam)))
    assert (await listed(client, "no-role", team))[0] == [name(mum)]
    assert (await listed(client, "not-invited", team))[0] == [name(soon)]
    role = {"extension": [{"url": f"{BASE}/StructureDefinition/role-period", "valuePeriod": held}]}
    await put(client, mum | {"relationship": [concept("carer-role", "main-carer") | role]})
    assert await listed(client, "no-role", team) == ([], [])
    assert await listed(client, "not-invited", team) == ([], [])


async def test_one_human_who_is_not_invited_comes_along_once(client, team, sam):
    mum, again = await twice(client, sam, "meetings")
    soon = await create(client, meeting(to(sam)))
    assert await listed(client, "not-invited", team) == ([name(soon)], [name(sam), name(mum), name(again)])
    assert list(await links(client, "not-invited", team)) == [f"{client.base_url}{name(again)}"]
    await put(client, meeting(to(sam), to(again)) | {"id": soon["id"]})
    assert await listed(client, "not-invited", team) == ([], [])


async def test_whoever_is_named_by_an_identifier_has_a_part_and_an_invitation(client, team, sam):
    number = {"system": "https://trust.example.org/carers", "value": "C 100%_1"}
    mum = await create(client, main_carer(to(sam), identifier=[number]))
    friend = await create(client, main_carer(to(sam), identifier=[number | {"value": "C 100%_2"}]))
    for one in (mum, friend):
        await create(client, yes(to(sam), one, "care-plan", "meetings"))
    soon = await create(client, meeting(to(sam), {"type": "RelatedPerson", "identifier": number}))
    detail = {"status": "in-progress", "performer": [{"type": "RelatedPerson", "identifier": number}]}
    made = await create(client, plan(to(sam), activity=[{"detail": detail}]))
    assert (await listed(client, "no-role", team))[0] == [name(friend)]
    matches, along = await listed(client, "not-invited", team)
    assert (matches, [one for one in along if one.startswith("RelatedPerson/")]) == ([name(soon)], [name(friend)])
    await put(client, made | {"activity": [{"detail": detail | {"status": "stopped"}}]})
    assert sorted((await listed(client, "no-role", team))[0]) == sorted([name(mum), name(friend)])


async def test_a_number_that_somebody_elses_supporter_has_too_is_another_person(client, team, sam):
    number = {"system": "https://trust.example.org/carers", "value": "C 200"}
    mum = await create(client, main_carer(to(sam), identifier=[number]))
    await create(client, yes(to(sam), mum, "care-plan"))
    other = await create(client, patient())
    await create(client, main_carer(to(other), identifier=[number]))
    detail = {"status": "in-progress", "performer": [{"type": "RelatedPerson", "identifier": number}]}
    await create(client, plan(to(other), activity=[{"detail": detail}]))
    assert (await listed(client, "no-role", team))[0] == [name(mum)]
