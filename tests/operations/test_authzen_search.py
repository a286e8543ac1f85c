"""AuthZEN searches over HTTP, and where the endpoints are."""

from typing import Any

import httpx
import pytest

from tests.operations.asking import Json
from tests.operations.authzen import BODY, People, changed, evaluation, people, post, without

__all__ = ["people"]


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
