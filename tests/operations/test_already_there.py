"""Short paths that find done what they would do: they make nothing, and are on record all the same."""

import asyncpg
import pytest

from tests.callers import acting, granted
from tests.operations.asking import consent_of, parameters
from tests.record.examples import create, name, nhs_number, patient, supporter, to

OF_REQUEST = "SELECT interaction, type, id, version, status, outcome FROM audit WHERE request_id = $1"


@pytest.fixture(scope="module")
async def trail(module_database_url):
    connection = await asyncpg.connect(module_database_url)

    async def rows(answer):
        assert answer.status_code == 200, answer.text
        return [tuple(row) for row in await connection.fetch(OF_REQUEST, answer.headers["X-Request-ID"])]

    yield rows
    await connection.close()


@pytest.fixture(scope="module")
async def staff(client):
    async with acting(client, granted(organisation="RX1")) as acts:
        yield acts


@pytest.mark.parametrize("facing", ["staff", "patient"])
async def test_a_refusal_that_is_there_already_is_on_record(client, staff, trail, facing):
    of = await create(staff, patient(nhs_number()))
    async with acting(client, granted(facing=facing, patient=of["id"])) as caller:
        path = f"/{name(of)}/$tell-nobody"
        first = await caller.post(path, json=parameters())
        id_ = consent_of(first.json()).split("/")[1]
        again = await caller.post(path, json=parameters(), headers={"If-None-Exist": f"_id={id_}"})
        assert consent_of(again.json()) == consent_of(first.json())
        assert ("create", "Consent", id_, 1, 200, "there already") in await trail(again)


@pytest.mark.parametrize("facing", ["staff", "patient"])
async def test_a_decision_that_is_withdrawn_already_is_on_record(client, staff, trail, facing):
    of = await create(staff, patient(nhs_number()))
    async with acting(client, granted(facing=facing, patient=of["id"])) as caller:
        told = await caller.post(f"/{name(of)}/$tell-nobody", json=parameters())
        id_ = consent_of(told.json()).split("/")[1]
        for _ in range(2):
            answer = await caller.post(f"/Consent/{id_}/$withdraw", json=parameters())
            assert consent_of(answer.json()) == f"Consent/{id_}/_history/2"
        assert ("update", "Consent", id_, 2, 200, "withdrawn already") in await trail(answer)


async def test_a_contact_that_is_there_already_is_on_record(staff, trail):
    friend = await create(staff, supporter(to(await create(staff, patient(nhs_number())))))
    path, body = f"/{name(friend)}/$record-contact", parameters(("outcome", "no-answer"))
    first = await staff.post(path, json=body)
    [id_] = [each["valueReference"]["reference"].split("/")[1] for each in first.json()["parameter"][:1]]
    again = await staff.post(path, json=body, headers={"If-None-Exist": f"_id={id_}"})
    assert await trail(again) == [("create", "Communication", id_, 1, 200, "there already")]
