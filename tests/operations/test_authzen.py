"""OpenID AuthZEN over HTTP: the same engine, in the words of that protocol."""

from typing import Any

import httpx
import pytest

from tests.operations.asking import NHS
from tests.operations.authzen import BODY, People, changed, evaluate, evaluation, people, post, without

__all__ = ["people"]

UUID = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"


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
