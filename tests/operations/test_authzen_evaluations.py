"""AuthZEN evaluations over HTTP: many questions in one request, each answered as it would be alone."""

from typing import Any

import asyncpg
import httpx
import pytest

from app.operations.replay import replay
from app.sharing.vocabulary import SCOPES
from tests.conftest import running
from tests.operations.asking import Json, patient
from tests.operations.authzen import People, changed, evaluate, evaluation, people, post

__all__ = ["people"]


async def evaluations(client: httpx.AsyncClient, body: Any) -> list[Json]:
    answer = await post(client, "access/v1/evaluations", body)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["evaluations"]
    return found


async def test_what_evaluations_do_not_say_is_said_for_all(client: httpx.AsyncClient, people: People) -> None:
    whole = evaluation(people.mum, "medication")
    items = [{}, {"subject": {"type": "RelatedPerson", "id": people.dad.partition("/")[2]}}, {"resource": 7}]
    found = await evaluations(client, whole | {"evaluations": items})
    assert [each["decision"] for each in found] == [True, False, False]
    assert found[2]["context"]["error"]["status"] == 400


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
async def test_evaluations_end_where_they_are_told_to(
    client: httpx.AsyncClient, people: People, semantic: str, expected: list[bool]
) -> None:
    items = [
        evaluation(people.mum, "medication"),
        evaluation(people.dad, "medication"),
        evaluation(people.mum, "medication"),
    ]
    found = await evaluations(client, {"evaluations": items, "options": {"evaluations_semantic": semantic, "x": 1}})
    assert [each["decision"] for each in found] == expected


async def test_what_is_wrong_counts_as_a_deny(client: httpx.AsyncClient, people: People) -> None:
    items = [{}, evaluation(people.mum, "medication")]
    found = await evaluations(client, {"evaluations": items, "options": {"evaluations_semantic": "deny_on_first_deny"}})
    assert [each["decision"] for each in found] == [False]


async def test_without_evaluations_it_is_one_evaluation(client: httpx.AsyncClient, people: People) -> None:
    for more in ({}, {"evaluations": []}):
        answer = await post(client, "access/v1/evaluations", evaluation(people.mum, "medication", **more))
        assert answer.json()["decision"] is True


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"evaluations": {}},
        {"evaluations": "all"},
        {"evaluations": [{}] * 201},
        {"evaluations": [{}], "options": []},
        {"evaluations": [{}], "options": {"evaluations_semantic": "some"}},
        {"evaluations": [{}], "options": {"evaluations_semantic": ["execute_all"]}},
    ],
)
async def test_what_is_wrong_with_all_of_a_request_is_400(client: httpx.AsyncClient, body: Any) -> None:
    answer = await post(client, "access/v1/evaluations", body)
    assert answer.status_code == 400, answer.text


async def test_an_evaluation_answers_alone_as_among_others(client: httpx.AsyncClient, people: People) -> None:
    for organisation in ("a", "b"):
        body = {"resourceType": "Organization", "id": organisation, "name": organisation}
        assert (await client.put(f"/Organization/{organisation}", json=body)).status_code in (200, 201)
    items = [
        evaluation(people.mum, "medication"),
        evaluation(people.mum, "care-plan", "medication"),
        evaluation(people.mum),
        evaluation("Organization/a", "medication"),
        evaluation("Organization/b", context={"team": "Organization/a"}),
        evaluation("Practitioner/nobody", "care-plan"),
        evaluation(people.mum, "medication", context={"at": "2001-01-01T00:00:00Z"}),
        evaluation(people.dad),
        evaluation("Patient/adult", "medication"),
    ]
    together = await evaluations(client, {"evaluations": items})
    for item, found in zip(items, together, strict=True):
        alone = await evaluate(client, item)
        for each in (alone, found):
            del each["context"]["auditEvent"]
        assert alone == found


async def test_each_evaluation_leaves_its_audit_row(
    client: httpx.AsyncClient, people: People, module_database_url: str
) -> None:
    owner = await asyncpg.connect(module_database_url)
    counting = "SELECT outcome FROM audit WHERE interaction = 'check' ORDER BY key"
    before = len(await owner.fetch(counting))
    items = [evaluation(people.mum, "medication"), evaluation(people.dad, "medication"), {}]
    found = await evaluations(client, {"evaluations": items})
    rows = [row["outcome"] for row in await owner.fetch(counting)][before:]
    await owner.close()
    assert rows[:2] == ["permit", "deny"]
    assert "subject" in rows[2]
    assert len({each["context"]["auditEvent"] for each in found[:2]}) == 2


async def test_what_cannot_be_audited_is_not_answered(database_url: str) -> None:
    async with running(database_url) as client:
        await patient(client, "adult")
        owner = await asyncpg.connect(database_url)
        await owner.execute("ALTER TABLE audit RENAME COLUMN detail TO told")
        await owner.close()
        answer = await post(client, "access/v1/evaluations", {"evaluations": [evaluation("RelatedPerson/x")] * 3})
        assert (answer.status_code, answer.json()["error"]["status"]) == (503, 503)
        assert "retry-after" in answer.headers


async def test_each_evaluation_can_be_replayed_by_itself(
    client: httpx.AsyncClient, people: People, module_database_url: str
) -> None:
    body = {"resourceType": "CarePlan", "id": "plan", "status": "active", "intent": "plan"}
    stored = await client.put("/CarePlan/plan", json=body | {"subject": {"reference": "Patient/adult"}})
    assert stored.status_code in (200, 201), stored.text
    items = [
        evaluation(people.mum, "medication"),
        changed(evaluation(people.mum), "CarePlan/plan", "resource", "properties", "resource"),
        evaluation(people.dad),
        evaluation(people.mum),
        *[evaluation(people.mum, scope) for scope in SCOPES],
        evaluation(people.mum, "medication", "care-plan"),
    ]
    found = await evaluations(client, {"evaluations": items})
    assert len({each["context"]["auditEvent"] for each in found}) == len(items)
    connection = await asyncpg.connect(module_database_url)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    for each in found:
        replayed = await replay(connection, int(each["context"]["auditEvent"].partition("/")[2]))
        assert replayed.is_same
    await connection.close()
