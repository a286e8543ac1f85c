"""Administration over HTTP: who may see and stop which clients, and that it is on record."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from tests.callers import acting, granted
from tests.conftest import running
from tests.record.examples import issue
from tests.security.tokens import ROOT, Registered, bearer, register

CLIENTS = f"{ROOT}/admin/clients"


def disabling(id_):
    return f"{CLIENTS}/{id_}/disable"


@pytest.fixture(scope="module")
async def known(module_database_url):
    """Two clients of RX1 and one of RX2."""
    one, two, other = Registered(), Registered(), Registered(organisation="RX2")
    await register(module_database_url, one, two, other)
    return one, two, other


@pytest.fixture
def admin(client, known):
    return acting(client, granted("kith/admin", organisation="RX1"))


async def test_an_organisation_sees_its_own_clients_and_no_private_half_of_a_key(admin, known):
    one, two, other = known
    answer = await admin.get(CLIENTS)
    assert answer.headers["Cache-Control"] == "no-store"
    found = {each["id"]: each for each in answer.json()["clients"]}
    assert {one.id, two.id} <= found.keys()
    assert other.id not in found
    told = found[one.id]
    assert (told["organisation"], told["scopes"], told["enabled"]) == ("RX1", one.scopes, True)
    assert told["keys"] == [{"kid": one.key["kid"], "kty": "EC"}]


async def test_a_client_that_is_disabled_is_refused_by_every_worker(module_database_url, client, admin):
    one = Registered()
    await register(module_database_url, one)
    async with running(module_database_url, authentication="on", base_url=ROOT) as worker:
        headers = bearer(await one.token(worker))
        assert (await worker.get("/Consent", headers=headers)).status_code == 200
        for _ in range(2):  # again is no other
            stopped = await admin.post(disabling(one.id))
            assert (stopped.status_code, stopped.json()["enabled"]) == (200, False)
        async with asyncio.timeout(60):
            while (await worker.get("/Consent", headers=headers)).status_code == 200:
                await asyncio.sleep(0.1)
        assert (await worker.get("/Consent", headers=headers)).status_code == 401


@pytest.mark.parametrize("whose", ["another organisation's", "nobody's"])
async def test_what_is_not_its_own_is_not_there(admin, known, whose, module_database_url):
    id_ = known[2].id if whose == "another organisation's" else "nobody"
    refused = await admin.post(disabling(id_))
    assert refused.status_code == 404
    assert issue(refused)["diagnostics"] == "This organisation has no such client."
    connection = await asyncpg.connect(module_database_url)
    assert await connection.fetchval("SELECT enabled FROM client WHERE id = $1", known[2].id)
    await connection.close()


async def test_a_registration_that_sees_another_organisation_administers_its_own_alone(client, known):
    both = acting(client, granted("kith/admin", organisation="RX1", sees=("RX2",)))
    assert (await both.post(disabling(known[2].id))).status_code == 404
    assert known[2].id not in (await both.get(CLIENTS)).text


async def test_no_other_scope_opens_it_and_it_opens_nothing_else(client, admin, known):
    others = "system/*.cruds kith/check kith/override kith/restrictions kith/audit"
    without = acting(client, granted(others, organisation="RX1"))
    for refused in (await without.get(CLIENTS), await without.post(disabling(known[1].id))):
        assert refused.status_code == 403
        assert 'scope="kith/admin"' in refused.headers["WWW-Authenticate"]
    for path in ("/Consent", "/AuditEvent", "/Consent/$check-sharing?patient=Patient/x"):
        assert (await admin.get(path)).status_code == 403


async def test_looking_stopping_and_being_refused_are_on_record(client, known, module_database_url):
    began = datetime.now(UTC)
    caller = acting(client, granted("kith/admin kith/audit", organisation="RX1"))
    await caller.get(CLIENTS)
    await caller.post(disabling(known[1].id))
    await caller.post(disabling("nobody"))
    await acting(client, granted("kith/check", organisation="RX1")).post(disabling(known[0].id))
    connection = await asyncpg.connect(module_database_url)
    async with asyncio.timeout(60):  # the row of a read is written a moment later
        while True:
            asked = "SELECT interaction, id, status FROM audit WHERE recorded >= $1 AND interaction LIKE 'client-%'"
            rows = {tuple(row) for row in await connection.fetch(asked, began)}
            if len(rows) == 4:
                break
            await asyncio.sleep(0.05)
    await connection.close()
    assert rows == {
        ("client-list", "", 200),
        ("client-disable", known[1].id, 200),
        ("client-disable", "nobody", 404),
        ("client-disable", known[0].id, 403),
    }
    assert (await caller.get("/AuditEvent?subtype=operation")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", CLIENTS, 405),
        ("GET", disabling("x"), 405),
        ("DELETE", f"{CLIENTS}/x", 404),
        ("GET", f"{CLIENTS}?organisation=RX2", 400),
        ("POST", disabling("x") + "?id=y", 400),
        ("POST", disabling("a%2Fb"), 404),
        ("POST", disabling("%00"), 404),
        ("POST", disabling("x" * 5_000), 404),
    ],
)
async def test_what_there_is_not_to_be_done_is_refused(admin, method, path, status):
    refused = await admin.request(method, path)
    assert refused.status_code == status
    assert refused.json()["resourceType"] == "OperationOutcome"


async def test_the_account_of_the_service_can_stop_a_client_of_its_caller_and_change_nothing_else(
    module_database_url, known
):
    connection = await asyncpg.connect(module_database_url)
    await connection.execute("SET ROLE kith_app")
    for change in (
        "UPDATE client SET enabled = false",
        "UPDATE client SET scopes = 'kith/admin'",
        "DELETE FROM client",
        "DELETE FROM client_key",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)
    assert await connection.fetchval("SELECT kith_disable($1)", known[0].id) is None  # for nobody in particular
    await connection.execute("SELECT set_config('kith.organisations', 'RX2,RX1', false)")
    assert await connection.fetchval("SELECT kith_disable($1)", known[0].id) is None
    await connection.close()
