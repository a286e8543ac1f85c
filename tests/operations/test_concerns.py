"""A concern is off the list while an answer stands, for those who see the answer, and back when it is withdrawn."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest
from alembic.script import ScriptDirectory

from app.storage import schema
from tests.callers import acting, granted
from tests.operations.worklists import concern, episode, listed, main_carer, task
from tests.record.examples import create, name, nhs_number, organization, patch, patient, put, to

SCOPES = "system/*.cruds kith/check"
TRUSTED = f"{SCOPES} kith/restrictions"
CONFIDENCE = {"system": "https://fhir.kith.example/CodeSystem/sharing-label", "code": "given-in-confidence"}
ERROR = {"op": "replace", "path": "/status", "value": "entered-in-error"}


@pytest.fixture
async def staff(client):
    async with acting(client, granted(TRUSTED, organisation="RX1")) as acting_client:
        yield acting_client


@pytest.fixture
async def told(staff):
    """A team, and the concern of a mother about its patient."""
    team, of = await create(staff, organization()), await create(staff, patient(nhs_number()))
    await create(staff, episode(to(of), team))
    mum = await create(staff, main_carer(to(of)))
    return team, of, await create(staff, concern(to(of), mum))


def reply(of, worry, **more):
    said = {"resourceType": "Communication", "status": "completed", "subject": to(of), "inResponseTo": [to(worry)]}
    return said | more


async def is_listed(client, team, worry):
    found = (await listed(client, "concerns", team))[0]
    assert found in ([], [name(worry)])
    return bool(found)


async def marks(url, *worries):
    """What the search keys of concerns say: waiting or answered."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT t.code FROM unnest($1::text[]) WITH ORDINALITY w(id, n) JOIN resource r ON r.id = w.id "
        "JOIN search_token t ON t.resource = r.key AND t.parameter = 'waiting' ORDER BY w.n",
        [worry["id"] for worry in worries],
    )
    await connection.close()
    return [row["code"] for row in rows]


async def test_a_concern_that_tells_no_time_is_listed_at_once(staff, told):
    team, _, worry = told
    assert await is_listed(staff, team, worry)
    fresh = {key: value for key, value in worry.items() if key != "received"}
    await put(staff, fresh | {"sent": datetime.now(UTC).isoformat(timespec="seconds")})
    assert not await is_listed(staff, team, worry)
    await put(staff, fresh)
    assert await is_listed(staff, team, worry)


async def test_an_answer_that_is_deleted_or_was_an_error_is_none(staff, told, module_database_url):
    team, of, worry = told
    assert await is_listed(staff, team, worry)
    first, second = [await create(staff, reply(of, worry)) for _ in range(2)]
    assert not await is_listed(staff, team, worry)
    assert await marks(module_database_url, worry) == ["answered"]
    assert (await patch(staff, first, ERROR)).status_code == httpx.codes.OK
    assert not await is_listed(staff, team, worry)
    assert (await staff.delete(f"/{name(second)}")).status_code == httpx.codes.NO_CONTENT
    assert await is_listed(staff, team, worry)
    assert (await put(staff, reply(of, worry, id=second["id"]))).status_code == httpx.codes.CREATED
    assert not await is_listed(staff, team, worry)


async def test_an_answer_that_turns_out_to_be_to_another_answers_that_one(staff, told, module_database_url):
    team, of, worry = told
    other = await create(staff, {key: value for key, value in worry.items() if key not in ("id", "meta")})
    answer = await create(staff, reply(of, worry))
    assert (await listed(staff, "concerns", team))[0] == [name(other)]
    await put(staff, answer | {"inResponseTo": [to(other)]})
    assert (await listed(staff, "concerns", team))[0] == [name(worry)]
    assert await marks(module_database_url, worry, other) == ["waiting", "answered"]


async def test_a_task_that_is_taken_up_again_answers_no_more(staff, told):
    team, of, worry = told
    made = await create(staff, task(to(of), worry, "answer-concern"))
    for status, waits in (("completed", False), ("in-progress", True), ("completed", False)):
        assert (await put(staff, made | {"status": status})).status_code == httpx.codes.OK
        assert await is_listed(staff, team, worry) is waits


async def test_a_concern_that_is_corrected_stays_answered_and_one_that_is_deleted_waits_for_nothing(staff, told):
    team, of, worry = told
    answer = await create(staff, reply(of, worry))
    await put(staff, worry | {"payload": [{"contentString": "He says fine, and he is not."}]})
    assert not await is_listed(staff, team, worry)
    await staff.delete(f"/{name(answer)}")
    assert await is_listed(staff, team, worry)
    assert (await staff.delete(f"/{name(worry)}")).status_code == httpx.codes.NO_CONTENT
    assert not await is_listed(staff, team, worry)


async def test_a_concern_and_its_answer_in_one_transaction(staff, told, module_database_url):
    team, of, worry = told
    urn = "urn:uuid:6b1c6a4e-7c1e-4b39-9b37-1f8f9f0c0a11"
    body = {key: value for key, value in worry.items() if key not in ("id", "meta")}
    answer = reply(of, worry) | {"inResponseTo": [{"reference": urn}]}
    entries = [
        {"resource": answer, "request": {"method": "POST", "url": "Communication"}},
        {"fullUrl": urn, "resource": body, "request": {"method": "POST", "url": "Communication"}},
    ]
    sent = await staff.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert sent.status_code == httpx.codes.OK, sent.text
    stored = sent.json()["entry"][1]["response"]["location"].split("/Communication/")[1].split("/")[0]
    assert (await listed(staff, "concerns", team))[0] == [name(worry)]
    assert await marks(module_database_url, {"id": stored}) == ["answered"]


async def test_of_what_an_answer_is_hidden_from_the_concern_is_not_answered(client, staff, told, module_database_url):
    team, of, worry = told
    hidden = reply(of, worry) | {"meta": {"security": [CONFIDENCE]}}
    async with acting(client, granted(SCOPES, organisation="RX1")) as others:
        # Who writes it may not read it either: it is hidden from them after it was stored.
        await create(others, hidden)
        await create(staff, hidden)
        assert await is_listed(others, team, worry)
        assert not await is_listed(staff, team, worry)
        assert await marks(module_database_url, worry) == ["waiting"]
        await create(others, reply(of, worry))
        assert not await is_listed(others, team, worry)


async def test_an_answer_of_another_organisation_counts_for_those_who_see_it(client, staff, told, module_database_url):
    team, of, worry = told
    async with acting(client, granted(SCOPES, organisation="RX2", sees=("RX1",))) as theirs:
        answer = await create(theirs, reply(of, worry))
        assert not await is_listed(theirs, team, worry)
        assert await is_listed(staff, team, worry)
        assert await marks(module_database_url, worry) == ["waiting"]
        async with acting(client, granted(SCOPES, organisation="RX1", sees=("RX2",))) as both:
            assert not await is_listed(both, team, worry)
        await theirs.delete(f"/{name(answer)}")
        assert await is_listed(theirs, team, worry)


async def test_of_answers_that_come_and_go_at_once_those_that_stand_count(staff, told):
    team, of, worry = told
    for stays in (False, True):
        answers = [await create(staff, reply(of, worry)) for _ in range(4)]
        await asyncio.gather(
            *(staff.delete(f"/{name(answer)}") for answer in answers),
            *(create(staff, reply(of, worry)) for _ in range(3 if stays else 0)),
        )
        assert await is_listed(staff, team, worry) is not stays


async def test_what_was_stored_before_there_were_such_keys_is_given_them(staff, told, module_database_url):
    _, of, worry = told
    other = await create(staff, {key: value for key, value in worry.items() if key not in ("id", "meta")})
    replies = [reply(of, worry), reply(of, other, sender=worry["sender"]), reply(of, worry, status="unknown")]
    of_these = [
        worry, other, *[await create(staff, each) for each in (*replies, task(to(of), other, "answer-concern"))]
    ]  # fmt: skip
    step = ScriptDirectory(str(schema.migrations())).get_revision("0019").module
    connection = await asyncpg.connect(module_database_url)
    before = await keys(connection, of_these)
    assert before == [(0, "waiting", "answered"), (1, "waiting", "waiting"), (2, "answers", name(worry))]
    await connection.execute("DELETE FROM search_token WHERE parameter IN ('waiting', 'answers')")
    await connection.execute(step.WAITING)
    await connection.execute(step.ANSWERS)
    assert await keys(connection, of_these) == before
    await connection.close()


async def keys(connection, of_these):
    """The keys of concerns and answers that these resources have, by their place."""
    rows = await connection.fetch(
        "SELECT w.n - 1, t.parameter, t.code FROM unnest($1::text[]) WITH ORDINALITY w(id, n) "
        "JOIN resource r ON r.id = w.id JOIN search_token t ON t.resource = r.key "
        "WHERE t.parameter IN ('waiting', 'answers') ORDER BY w.n",
        [each["id"] for each in of_these],
    )
    return [tuple(row) for row in rows]
