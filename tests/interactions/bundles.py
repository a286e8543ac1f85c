"""Transactions and batches to send, and the few steps that their tests begin with."""

from typing import Any

import httpx

Resource = dict[str, Any]


def entry(method: str, url: str, resource: Resource | None = None, *, full_url: str = "", **request: Any) -> Resource:
    return {
        **({"fullUrl": full_url} if full_url else {}),
        **({"resource": resource} if resource is not None else {}),
        "request": {"method": method, "url": url, **request},
    }


def post(resource: Resource, *, full_url: str = "", **request: Any) -> Resource:
    return entry("POST", resource["resourceType"], resource, full_url=full_url, **request)


def put_entry(resource: Resource, *, full_url: str = "", **request: Any) -> Resource:
    return entry("PUT", f"{resource['resourceType']}/{resource['id']}", resource, full_url=full_url, **request)


def get(url: str, **request: Any) -> Resource:
    return entry("GET", url, **request)


def delete(url: str, **request: Any) -> Resource:
    return entry("DELETE", url, **request)


def transaction(*entries: Resource) -> Resource:
    return {"resourceType": "Bundle", "type": "transaction", **({"entry": list(entries)} if entries else {})}


def batch(*entries: Resource) -> Resource:
    return {**transaction(*entries), "type": "batch"}


async def send(client: httpx.AsyncClient, *entries: Resource, **headers: str) -> httpx.Response:
    """The answer to a transaction of these entries."""
    return await client.post("", json=transaction(*entries), headers=headers)


async def done(client: httpx.AsyncClient, *entries: Resource) -> list[Resource]:
    """The answers to the entries of a transaction that succeeds."""
    response = await send(client, *entries)
    assert response.status_code == 200, response.text
    return response.json()["entry"]


def statuses(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [each["response"]["status"] for each in response.json()["entry"]]
