"""How often and how much at once: each client by itself, and no worker more than it can do."""

import asyncio

import httpx
import pytest

from app.security.rate import BURST_SECONDS, Rate
from tests.callers import acting, granted
from tests.conftest import running
from tests.record.examples import issue


@pytest.fixture
def clock(client, monkeypatch):
    """The one second after another of a service where each client may ask once a second; it stands still by itself."""
    now = [0.0]
    monkeypatch.setattr(client._transport.app.state.service, "request_rate", Rate(1, clock=lambda: now[0]))
    return now


def throttled(response):
    assert response.status_code == 429, response.text
    assert issue(response)["code"] == "throttled"
    return int(response.headers["Retry-After"])


async def used_up(client, path="/Practitioner/nobody"):
    """Asks as often as may be asked at once; the seconds to wait for the next."""
    for _ in range(BURST_SECONDS):
        assert (await client.get(path)).status_code != 429
    return throttled(await client.get(path))


async def test_a_client_that_asks_too_often_is_told_when_to_come_back(client, clock):
    asking = acting(client, granted())
    wait = await used_up(asking)
    assert wait == 1
    clock[0] += wait
    assert (await asking.get("/Practitioner/nobody")).status_code == 404
    throttled(await asking.get("/Practitioner/nobody"))


async def test_it_hinders_no_other_client_on_the_same_address(client, clock):
    await used_up(acting(client, granted(organisation="RX1")))
    assert (await acting(client, granted(organisation="RX2")).get("/Practitioner/nobody")).status_code == 404
    assert (await client.get("/metadata")).status_code == 200


async def test_another_token_of_the_same_client_is_no_way_around_it(client, clock):
    await used_up(acting(client, granted()))
    throttled(await acting(client, granted()).get("/Practitioner/nobody"))


async def test_without_a_token_addresses_are_counted(client, clock):
    def at(address):
        transport = httpx.ASGITransport(app=client._transport.app, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url=client.base_url)

    await used_up(at("192.0.2.1"), "/metadata")
    throttled(await at("192.0.2.1").get("http://kith.test/docs"))
    assert (await at("192.0.2.2").get("/metadata")).status_code == 200


async def test_what_is_refused_so_is_not_done(client, clock):
    asking = acting(client, granted())
    await used_up(asking)
    throttled(await asking.put("/Practitioner/throttled", json={"resourceType": "Practitioner", "id": "throttled"}))
    clock[0] += 1
    assert (await asking.get("/Practitioner/throttled")).status_code == 404


@pytest.fixture
async def narrow(module_database_url):
    """A service that answers two requests at a time."""
    async with running(module_database_url, max_requests=2) as connected:
        yield connected


async def under_way(client, end):
    """A request that is under way until `end` is set."""
    begun = asyncio.Event()

    async def body():
        yield b"{"
        begun.set()
        await end.wait()
        yield b'"resourceType": "Practitioner"}'

    sent = asyncio.create_task(client.post("/Practitioner", content=body()))
    await begun.wait()
    return sent


async def test_more_at_once_than_a_worker_takes_are_told_to_try_again(narrow):
    end = asyncio.Event()
    slow = [await under_way(narrow, end) for _ in range(2)]
    refused = await narrow.get("/metadata")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert issue(refused)["code"] == "transient"
    assert (await narrow.get("http://kith.test/_ping")).status_code == 200
    end.set()
    assert {(await each).status_code for each in slow} == {201}
    assert (await narrow.get("/metadata")).status_code == 200


async def test_a_request_that_is_given_up_makes_room_for_another(narrow):
    end = asyncio.Event()
    for _ in range(3):
        sent = await under_way(narrow, end)
        sent.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sent
    assert (await narrow.get("/metadata")).status_code == 200


async def test_failures_make_room_too(narrow, monkeypatch):
    async def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("app.storage.resources.read", broken)
    for _ in range(5):
        assert (await narrow.get("/Practitioner/x")).status_code == 500
    monkeypatch.undo()
    assert (await narrow.get("/Practitioner/x")).status_code == 404
