"""A slash behind the last part of an address: the same is asked, answered, permitted and on record as without it."""

import pytest

from tests.audited import settled
from tests.callers import acting, granted
from tests.record.examples import create, name, patient, supporter, to


@pytest.fixture
async def of(client):
    return await create(client, patient())


async def test_each_interaction_is_the_one_without_the_slash(client, of):
    person = name(await create(client, supporter(to(of))))
    for path in (
        name(of),
        f"{name(of)}/_history",
        f"{name(of)}/_history/1",
        f"{name(of)}/RelatedPerson",
        f"{name(of)}/$everything",
        "metadata",
    ):
        plain, slashed = await client.get(f"/{path}"), await client.get(f"/{path}/")
        assert (slashed.status_code, slashed.history) == (200, [])
        if not path.endswith(("$everything", "metadata")):
            assert _same(slashed) == _same(plain)
    assert (await client.head(f"/{person}/")).status_code == 200
    assert (await client.get("/Patient/", params={"_id": of["id"]})).json()["total"] == 1
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    found = await client.post("/Patient/_search/", content=f"_id={of['id']}", headers=form)
    assert found.json()["link"][0]["url"].endswith(f"/Patient?_id={of['id']}")


def _same(response):
    """What an answer says, but for when and as what it was made."""
    return {key: value for key, value in response.json().items() if key not in ("id", "timestamp")}


async def test_a_write_keeps_its_body(client, of):
    made = await client.post("/RelatedPerson/", json=supporter(to(of)))
    assert made.status_code == 201
    assert "//" not in made.headers["Location"].partition("://")[2]
    changed = await client.put(f"/{name(made.json())}/", json={**made.json(), "active": False})
    assert (changed.status_code, changed.json()["active"]) == (200, False)
    assert (await client.delete(f"/{name(made.json())}/")).status_code == 204
    bundle = {"resourceType": "Bundle", "type": "batch"}
    assert (await client.post("http://kith.test/FHIR/R4/", json=bundle)).status_code == 200


async def test_no_more_is_permitted_and_all_of_it_is_on_record(client, of):
    reading = acting(client, granted("system/RelatedPerson.rs"))
    for path in (f"/{name(of)}/", "/Patient/", "/_history/"):
        assert (await reading.get(path)).status_code == (await reading.get(path[:-1])).status_code == 403
    assert (await client.get("/Patient/1/nothing/")).status_code == 404
    refused = await client.patch("/_history/", json={})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    await client.get(f"/{name(of)}/")
    await settled(client)
    trail = await client.get("/AuditEvent", params={"entity": name(of), "subtype": "read"})
    assert [each["resource"]["outcome"] for each in trail.json()["entry"]] == ["0", "4", "4"]  # read, and refused twice


async def test_other_doors_have_no_slash(client):
    for path in ("/_ping/", "/openapi.json/", "/docs/"):
        assert (await client.get(f"http://kith.test{path}")).status_code == 404
