"""OpenID AuthZEN over HTTP: the same engine, in the words of that protocol."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from tests.operations.asking import NHS, Json, parameters, patient, supporter

UUID = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"


class People:
    """Whom the tests ask about."""

    mum = ""
    dad = ""


@pytest.fixture
async def people(client: httpx.AsyncClient) -> AsyncIterator[People]:
    """An adult whose mother may know the medication, and whose father was never asked about."""
    found = People()
    who = await patient(client, "adult", "9990000018")
    found.mum, found.dad = await supporter(client, who), await supporter(client, who)
    said = parameters(("decision", "yes"), ("scope", "medication"), ("condition", "verbal-only"))
    answer = await client.post(f"/{found.mum}/$record-consent", json=said)
    assert answer.status_code == 200, answer.text
    yield found
    for person in (found.mum, found.dad):  # so that the next test has its own people
        body = (await client.get(f"/{person}")).json()
        await client.put(f"/{person}", json=body | {"active": False})


def evaluation(person: str, *scopes: str, **more: Any) -> Json:
    type_, _, id_ = person.partition("/")
    properties = {"scope": scopes[0] if len(scopes) == 1 else list(scopes)} if scopes else {}
    return {
        "subject": {"type": type_, "id": id_},
        "action": {"name": "disclose"},
        "resource": {"type": "patient-information", "id": "Patient/adult", "properties": properties},
        **more,
    }


async def post(client: httpx.AsyncClient, path: str, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await client.post(f"http://kith.test/{path}", content=content, headers=sent)


async def evaluate(client: httpx.AsyncClient, body: Any) -> Json:
    answer = await post(client, "access/v1/evaluation", body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_a_permit_is_true_and_says_on_what_it_rests(client: httpx.AsyncClient, people: People) -> None:
    found = await evaluate(client, evaluation(people.mum, "medication"))
    context = found["context"]
    assert found["decision"] is True
    assert (context["basis"], context["obligations"], context["scope"]) == (
        "patient-consent",
        ["verbal-only"],
        "medication",
    )
    assert context["basedOn"][0].startswith("Consent/")
    assert context["auditEvent"].startswith("AuditEvent/")
    assert "answers" not in context


async def test_a_deny_is_200_and_says_what_may_still_be_done(client: httpx.AsyncClient, people: People) -> None:
    found = await evaluate(client, evaluation(people.dad, "medication"))
    assert found["decision"] is False
    assert found["context"]["basis"] == "no-consent-recorded"
    assert found["context"]["nextAction"] == "ask-patient"
    assert "listen" in found["context"]["stillAllowed"]


async def test_of_several_answers_the_first_deny_speaks(client: httpx.AsyncClient, people: People) -> None:
    found = await evaluate(client, evaluation(people.mum, "medication", "care-plan"))
    assert (found["decision"], found["context"]["scope"]) == (False, "care-plan")
    assert [(each["scope"], each["decision"]) for each in found["context"]["answers"]] == [
        ("medication", "permit"),
        ("care-plan", "deny"),
    ]


@pytest.mark.parametrize("name", ["Patient/adult", f"{NHS}|9990000018", f"{NHS}|999 000 0018", "9990000018"])
async def test_a_patient_is_named_in_each_way(client: httpx.AsyncClient, people: People, name: str) -> None:
    body = evaluation(people.mum, "medication")
    body["resource"]["id"] = name
    assert (await evaluate(client, body))["decision"] is True


async def test_anybody_may_be_listened_to(client: httpx.AsyncClient, people: People) -> None:
    body = evaluation("RelatedPerson/unknown") | {"action": {"name": "listen"}}
    found = await evaluate(client, body)
    assert found["decision"] is True
    assert "recipient" not in found["context"]


async def test_what_the_protocol_leaves_open_is_ignored(client: httpx.AsyncClient, people: People) -> None:
    body = evaluation(people.mum, "medication", context={"time": "now", "ip": "::1"}, trace={"deep": [1]})
    body["subject"]["properties"] = {"department": 7}
    body["subject"]["nickname"] = "mum"
    assert (await evaluate(client, body))["decision"] is True


async def test_the_time_asked_about_is_the_one_in_the_context(client: httpx.AsyncClient, people: People) -> None:
    body = evaluation(people.mum, "medication", context={"at": "2001-01-01T00:00:00Z"})
    assert (await evaluate(client, body))["decision"] is False


def without(body: Json, *path: str) -> Json:
    copy: Json = json.loads(json.dumps(body))
    holder = copy
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    return copy


def changed(body: Json, value: Any, *path: str) -> Json:
    copy: Json = json.loads(json.dumps(body))
    holder = copy
    for name in path[:-1]:
        holder = holder.setdefault(name, {})
    holder[path[-1]] = value
    return copy


BODY = evaluation("RelatedPerson/x", "medication")
WRONG: list[Any] = [
    *(without(BODY, *path.split(".")) for path in ("subject", "action", "resource", "subject.type", "subject.id")),
    *(without(BODY, *path.split(".")) for path in ("action.name", "resource.type", "resource.id")),
    changed(BODY, "user", "subject", "type"),
    changed(BODY, "read", "action", "name"),
    changed(BODY, "document", "resource", "type"),
    changed(BODY, "everything", "resource", "properties", "scope"),
    changed(BODY, "medi\u0430tion", "resource", "properties", "scope"),
    changed(BODY, [["medication"]], "resource", "properties", "scope"),
    changed(BODY, {"medication": True}, "resource", "properties", "scope"),
    changed(BODY, "x", "resource", "properties", "colour"),
    changed(BODY, "x", "action", "properties", "method"),
    changed(BODY, "WHIM", "action", "properties", "purpose"),
    changed(BODY, "", "action", "properties", "purpose"),
    changed(BODY, "", "subject", "id"),
    changed(BODY, "alice@example.com", "subject", "id"),
    changed(BODY, "a" * 100_000, "subject", "id"),
    changed(BODY, 7, "subject", "id"),
    changed(BODY, [], "subject"),
    changed(BODY, [], "subject", "properties"),
    changed(BODY, "soon", "context"),
    changed(BODY, "soon", "context", "at"),
    changed(BODY, "2026-03-09T10:30:00", "context", "at"),
    changed(BODY, 1234, "context", "at"),
    changed(BODY, "Patient/adult", "context", "team"),
    changed(BODY, "somebody", "resource", "id"),
    changed(BODY, "\u0000", "resource", "id"),
    [],
    "",
    "{",
    '{"subject": {"type": "a", "type": "b"}}',
    "NaN",
    "[" * 100_000,
]


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
async def test_what_cannot_be_understood_is_400_in_the_words_of_the_protocol(
    client: httpx.AsyncClient, people: People, body: Any
) -> None:
    answer = await post(client, "access/v1/evaluation", body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["status"] == 400
    if isinstance(body, dict):
        [found] = (await post(client, "access/v1/evaluations", {"evaluations": [body]})).json()["evaluations"]
        assert (found["decision"], found["context"]["error"]["status"]) == (False, 400)


async def test_an_unknown_patient_is_404_and_a_deny_among_others(client: httpx.AsyncClient, people: People) -> None:
    body = changed(evaluation(people.mum, "medication"), "Patient/nobody", "resource", "id")
    answer = await post(client, "access/v1/evaluation", body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, 404)
    several = {"evaluations": [body, evaluation(people.mum, "medication")]}
    found = (await post(client, "access/v1/evaluations", several)).json()["evaluations"]
    assert [each["decision"] for each in found] == [False, True]
    assert found[0]["context"]["error"]["status"] == 404


async def test_a_request_id_of_any_form_comes_back(client: httpx.AsyncClient, people: People) -> None:
    for name in (UUID, "gateway-7"):
        answer = await post(client, "access/v1/evaluation", evaluation(people.mum), X_Request_ID=name)
        assert (answer.status_code, answer.headers["x-request-id"]) == (200, name)
    refused = await post(client, "access/v1/evaluation", "{", X_Request_ID="gateway-7")
    assert (refused.status_code, refused.headers["x-request-id"]) == (400, "gateway-7")


async def test_another_media_type_is_415(client: httpx.AsyncClient) -> None:
    answer = await post(client, "access/v1/evaluation", BODY, Content_Type="text/plain")
    assert (answer.status_code, answer.json()["error"]["status"]) == (415, 415)


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


async def search(client: httpx.AsyncClient, what: str, body: Any) -> list[Json]:
    answer = await post(client, f"access/v1/search/{what}", body)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["results"]
    return found


async def test_who_may_be_told_this(client: httpx.AsyncClient, people: People) -> None:
    body = changed(evaluation(people.dad, "medication"), {"type": "RelatedPerson"}, "subject")
    assert await search(client, "subject", body) == [{"type": "RelatedPerson", "id": people.mum.partition("/")[2]}]
    listening = body | {"action": {"name": "listen"}}
    assert await search(client, "subject", listening) == [{"type": "RelatedPerson", "id": "unknown"}]


async def test_what_this_person_may_be_told(client: httpx.AsyncClient, people: People) -> None:
    found = await search(client, "resource", evaluation(people.mum))
    assert found == [{"type": "patient-information", "id": "Patient/adult", "properties": {"scope": "medication"}}]
    assert await search(client, "resource", evaluation(people.dad)) == []


async def test_what_may_be_done_with_this_person(client: httpx.AsyncClient, people: People) -> None:
    mum, dad = (without(evaluation(person, "medication"), "action") for person in (people.mum, people.dad))
    assert await search(client, "action", mum) == [{"name": "disclose"}, {"name": "listen"}]
    assert await search(client, "action", dad) == [{"name": "listen"}]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("subject", {}),
        ("subject", changed(BODY, {"type": "Practitioner"}, "subject")),
        ("subject", changed(BODY, {}, "subject")),
        ("resource", without(BODY, "resource", "id")),
        ("action", without(BODY, "subject")),
        ("action", changed(BODY, "soon", "context", "at")),
    ],
)
async def test_a_search_that_cannot_be_understood_is_400(client: httpx.AsyncClient, what: str, body: Any) -> None:
    assert (await post(client, f"access/v1/search/{what}", body)).status_code == 400


async def test_the_configuration_says_where_everything_is(client: httpx.AsyncClient) -> None:
    answer = await client.get("http://kith.test/.well-known/authzen-configuration")
    found = answer.json()
    assert found.pop("policy_decision_point") == "http://kith.test"
    for name, url in found.items():
        assert name.endswith("_endpoint")
        assert (await client.get(url)).status_code == 405
