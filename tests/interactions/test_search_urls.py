"""What is searched for by its canonical URL: https://hl7.org/fhir/R4/search.html#uri"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.record.examples import create, found

Resource = dict[str, Any]


@pytest.fixture(scope="module")
async def versions(client: httpx.AsyncClient) -> dict[str, Resource]:
    """Two versions of one Questionnaire, and one of no version."""
    url = f"https://forms.example.org/Questionnaire/{uuid4()}"
    form = {"resourceType": "Questionnaire", "url": url, "status": "active"}
    said: tuple[Resource, ...] = ({"version": "1"}, {"version": "2.0"}, {})
    return {each.get("version", ""): await create(client, {**form, **each}) for each in said}


async def test_a_url_with_a_version_finds_that_version(
    client: httpx.AsyncClient, versions: dict[str, Resource]
) -> None:
    url = versions["1"]["url"]
    assert await found(client, f"/Questionnaire?url={url}") == {each["id"] for each in versions.values()}
    for version in ("1", "2.0"):
        assert await found(client, f"/Questionnaire?url={url}|{version}") == {versions[version]["id"]}
        assert await found(client, f"/Questionnaire?url={url}%7C{version}&status=active") == {versions[version]["id"]}


@pytest.mark.parametrize("behind", ["|3", "|", "|1|2", "%5C|1", "|1,https://forms.example.org/x|2"])
async def test_what_is_no_version_of_it_finds_nothing(
    client: httpx.AsyncClient, versions: dict[str, Resource], behind: str
) -> None:
    assert await found(client, f"/Questionnaire?url={versions['1']['url']}{behind}") == set()


async def test_a_url_with_a_version_decides_what_is_created(
    client: httpx.AsyncClient, versions: dict[str, Resource]
) -> None:
    form = {name: value for name, value in versions["2.0"].items() if name not in ("id", "meta")}
    again = await client.post("/Questionnaire", json=form, headers={"If-None-Exist": f"url={form['url']}|2.0"})
    assert (again.status_code, again.json()["id"]) == (200, versions["2.0"]["id"])
    shaped = {"If-None-Exist": f"url={form['url']}|2.0&_count=1"}
    assert (await client.post("/Questionnaire", json=form, headers=shaped)).status_code == 400
