"""Who is restricted or refused is not made somebody else, or told apart from others, without the privilege."""

import pytest

from tests.record.examples import (
    by_number,
    consent,
    create,
    name,
    nhs_number,
    put,
    supporter,
    to,
)
from tests.record.protecting import REASON, own, refused_then_done, restriction


@pytest.fixture
async def restricted(client, anna, rob):
    await create(client, restriction(to(anna), rob))
    return rob


@pytest.fixture(params=["restricted", "refused"])
async def kept_away(client, anna, rob, request):
    refusal = consent(to(anna), name(rob))
    refusal["provision"]["type"] = "deny"
    await create(client, refusal if request.param == "refused" else restriction(to(anna), rob))
    return rob


CHANGES = [
    {"name": [{"family": "Dunnock", "given": ["Robert"]}]},
    {"birthDate": "1980-01-01"},
    {"identifier": [{"system": "urn:x", "value": "1"}]},
]


@pytest.mark.parametrize("change", CHANGES)
async def test_somebody_restricted_or_refused_is_not_made_another_without_the_privilege(
    client, privileged, kept_away, change
):
    await refused_then_done(client, privileged, kept_away | change)


async def test_one_who_may_be_the_restricted_person_is_not_made_another_either(client, privileged, anna, restricted):
    again = await create(client, supporter(to(anna), name=[{"family": "DUNNOCK", "given": ["Rób", "J"]}]))
    await refused_then_done(client, privileged, again | {"name": [{"family": "Smith"}]})


async def test_a_link_to_the_restricted_person_is_not_taken_away_without_the_privilege(
    client, privileged, anna, restricted
):
    link = own("same-person", valueReference=to(restricted))
    other = await create(client, supporter(to(anna), name=[{"family": "Smith"}], extension=[link]))
    rest = {key: value for key, value in other.items() if key != "extension"}
    await refused_then_done(client, privileged, rest)


async def test_other_things_about_the_restricted_person_may_be_changed_by_anybody(client, restricted):
    changed = {**restricted, "active": False, "telecom": [{"system": "phone", "value": "07700 900001"}]}
    assert (await put(client, changed)).status_code == 200


@pytest.mark.parametrize("change", CHANGES)
async def test_anybody_else_may_be_renamed(client, anna, restricted, sue, change):
    assert (await put(client, sue | change)).status_code == 200


async def test_to_say_that_two_people_differ_takes_the_privilege(client, privileged, anna, sue, rob):
    differs = own("different-person", valueReference=to(rob))
    response = await client.post("/RelatedPerson", json=supporter(to(anna), extension=[differs]))
    assert response.status_code == 403
    await refused_then_done(client, privileged, {**sue, "extension": [differs]})


async def test_what_was_said_of_two_people_once_need_not_be_said_again(client, privileged, sue, rob):
    differs = own("different-person", valueReference=to(rob))
    said = (await put(privileged, {**sue, "extension": [differs, REASON]})).json()
    assert (await put(client, {**said, "active": False})).status_code == 200


async def test_a_supporter_who_may_be_somebody_restricted_or_refused_comes_with_a_warning(client, anna, kept_away):
    person = supporter(to(anna), name=[{"family": "Dunnock", "given": ["Rob"]}])
    response = await client.post("/RelatedPerson", json=person)
    assert response.status_code == 201
    assert "same-person" in response.headers["Warning"]
    assert "Dunnock" not in response.headers["Warning"]
    response = await put(client, response.json())
    assert "same-person" in response.headers["Warning"]


async def test_a_supporter_of_another_name_or_birth_date_comes_without(client, privileged, anna, rob):
    reborn = {**rob, "birthDate": "1970-01-01"}
    await put(client, reborn)
    await create(client, restriction(to(anna), rob))
    for person in (
        supporter(to(anna), name=[{"family": "Dunnock", "given": ["Tom"]}]),
        supporter(to(anna), name=[{"family": "Dunnock", "given": ["Rob"]}], birthDate="1990"),
        supporter(by_number(nhs_number()), name=[{"family": "Dunnock", "given": ["Rob"]}]),
    ):
        response = await client.post("/RelatedPerson", json=person)
        assert (response.status_code, response.headers.get("Warning")) == (201, None)
