"""Creates that depend on what is there, and the resources that they are tried with."""

from typing import Any

import httpx

from tests.record.examples import LOCAL, organization

Resource = dict[str, Any]


def identified(value: str, **more: Any) -> Resource:
    """An Organization with a local identifier."""
    return organization(identifier=[{"system": LOCAL, "value": value}], **more)


async def unless(client: httpx.AsyncClient, criteria: str, resource: Resource) -> httpx.Response:
    """A create unless there is something that meets the criteria."""
    return await client.post(f"/{resource['resourceType']}", json=resource, headers={"If-None-Exist": criteria})


def linked(reference: str) -> Resource:
    """An extension that refers to something."""
    return {"url": "https://trust.example.org/x", "valueReference": {"reference": reference}}
