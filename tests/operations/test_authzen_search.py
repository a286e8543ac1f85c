"""AuthZEN searches over HTTP, and where the endpoints are."""

from base64 import urlsafe_b64decode
from typing import Any

import httpx
import pytest

from tests.callers import acting, granted
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


async def paged(client: httpx.AsyncClient, what: str, body: Json, **page: Any) -> Json:
    answer = await post(client, f"access/v1/search/{what}", body | {"page": page})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_a_search_comes_in_pages_that_leave_out_and_repeat_nothing(
    client: httpx.AsyncClient, people: People
) -> None:
    body = without(evaluation(people.mum, "medication"), "action")
    first = await paged(client, "action", body, limit=1)
    assert first["results"] == [{"name": "disclose"}]
    assert (first["page"]["count"], first["page"]["total"]) == (1, 2)
    # The order of members makes no other search of it.
    again = dict(reversed(body.items()))
    second = await paged(client, "action", again, limit=1, token=first["page"]["next_token"])
    assert second == {"results": [{"name": "listen"}], "page": {"next_token": "", "count": 1, "total": 2}}


async def test_each_search_has_pages(client: httpx.AsyncClient, people: People) -> None:
    subjects = changed(evaluation(people.mum, "medication"), {"type": "RelatedPerson"}, "subject")
    for what, body in (("subject", subjects), ("resource", evaluation(people.mum))):
        whole = await paged(client, what, body)
        assert whole["page"] == {"next_token": "", "count": 1, "total": 1}
        assert whole["results"] == await search(client, what, body)
        nothing = await paged(client, what, body, limit=0)
        assert (nothing["results"], nothing["page"]["count"]) == ([], 0)
        assert await paged(client, what, body, token=nothing["page"]["next_token"]) == whole


@pytest.mark.parametrize(
    "page",
    [
        [],
        {"limit": -1},
        {"limit": "2"},
        {"limit": True},
        {"limit": 1.5},
        {"token": 7},
        {"token": "\u00e9"},
        {"token": "bm90IGpzb24="},
        {"token": "W10="},
        {"token": "eyJvZiI6ICJ4IiwgImFmdGVyIjogMH0="},
    ],
)
async def test_a_page_that_cannot_be_understood_is_400(client: httpx.AsyncClient, people: People, page: Any) -> None:
    answer = await post(client, "access/v1/search/resource", evaluation(people.mum) | {"page": page})
    assert answer.status_code == 400
    assert "page" in answer.json()["error"]["message"]


async def test_a_token_goes_with_its_own_search(client: httpx.AsyncClient, people: People) -> None:
    body = without(evaluation(people.mum, "medication"), "action")
    token = (await paged(client, "action", body, limit=1))["page"]["next_token"]
    other = without(evaluation(people.dad, "medication"), "action") | {"page": {"token": token}}
    assert (await post(client, "access/v1/search/action", other)).status_code == 400


async def test_a_token_is_its_callers_and_says_nothing_to_whoever_has_it(
    client: httpx.AsyncClient, people: People
) -> None:
    subjects = changed(evaluation(people.mum, "medication"), {"type": "RelatedPerson"}, "subject")
    token = (await paged(client, "subject", subjects, limit=0))["page"]["next_token"]
    read = b"".join(urlsafe_b64decode(f"{part}===") for part in token.split("."))
    assert b"null" not in read
    other = acting(client, granted("kith/check", organisation=""))
    answer = await post(other, "access/v1/search/subject", subjects | {"page": {"token": token}})
    assert answer.status_code == 400
    assert "page.token" in answer.json()["error"]["message"]


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
