"""Codes, extensions, profiles and operations: read, searched, and never written."""

import pytest

from app.fhir.canonical import BASE
from app.fhir.published.everything import PUBLISHED, published
from tests.record.examples import by_number, consent, create, found, issue, name, nhs_number, supporter

EACH = pytest.mark.parametrize("type_", PUBLISHED)


def ids(response):
    assert response.status_code == 200, response.text
    return [entry["resource"]["id"] for entry in response.json().get("entry", ())]


@EACH
async def test_each_can_be_read(client, type_):
    for id_, resource in published(type_).items():
        response = await client.get(f"/{type_}/{id_}")
        assert response.status_code == 200
        assert response.json() == resource
        etag = response.headers["ETag"]
        assert (await client.get(f"/{type_}/{id_}", headers={"If-None-Match": etag})).status_code == 304


@EACH
async def test_each_is_found_by_address_name_status_and_id(client, type_):
    for id_, resource in list(published(type_).items())[:3]:
        for asked in ({"url": resource["url"]}, {"_id": id_}, {"name:exact": resource["name"], "status": "active"}):
            assert ids(await client.get(f"/{type_}", params=asked)) == [id_]
        answer = await client.post(
            f"/{type_}/_search",
            data={"url": resource["url"]},
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert ids(answer) == [id_]


async def test_a_search_has_pages_and_a_total(client):
    everything = ids(await client.get("/StructureDefinition?_count=500"))
    assert everything == sorted(published("StructureDefinition"))
    seen, url = [], "/StructureDefinition?_count=5&status=active"
    while url:
        response = await client.get(url)
        seen += ids(response)
        assert response.json()["total"] == len(everything)
        url = next((each["url"] for each in response.json()["link"] if each["relation"] == "next"), "")
    assert seen == everything
    counted = (await client.get("/StructureDefinition?_summary=count")).json()
    assert (counted["total"], counted.get("entry")) == (len(everything), None)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("name=sharing", ["sharing-label", "sharing-scope"]),
        ("name:contains=SCOPE", ["sharing-scope"]),
        ("status=retired", []),
        ("status:not=active", []),
        ("name:missing=true", []),
        (f"url={BASE}/CodeSystem/obligation,{BASE}/CodeSystem/next-action", ["next-action", "obligation"]),
        ("url=https://fhir.kith.example/CodeSystem/obligatio", []),
    ],
)
async def test_a_search_finds_what_is_asked_for(client, search, expected):
    assert ids(await client.get(f"/CodeSystem?{search}")) == expected


async def test_a_part_is_marked_as_one(client):
    (entry,) = (await client.get("/CodeSystem?_id=obligation&_elements=title")).json()["entry"]
    assert entry["resource"]["title"] == "Obligation"
    assert "concept" not in entry["resource"]
    assert entry["resource"]["meta"]["tag"][0]["code"] == "SUBSETTED"


@EACH
async def test_nothing_of_it_is_written(client, type_):
    id_ = next(iter(published(type_)))
    body = published(type_)[id_]
    for method, path in (
        ("POST", type_), ("PUT", f"{type_}/{id_}"), ("PATCH", f"{type_}/{id_}"), ("DELETE", f"{type_}/{id_}"),
        ("DELETE", type_), ("PUT", f"{type_}/another"), ("GET", f"{type_}/_search"),
    ):  # fmt: skip
        response = await client.request(method, f"/{path}", json=body)
        assert response.status_code == 405, (method, path)
        assert response.headers["Allow"] == ("POST, OPTIONS" if path.endswith("_search") else "GET, HEAD, OPTIONS")


@EACH
async def test_what_is_not_there_is_not_found(client, type_):
    for path in ("nothing", f"{next(iter(published(type_)))}/_history", "_history", "x" * 300, "%00", "a/_history/1"):
        response = await client.get(f"/{type_}/{path}")
        assert response.status_code == 404, path
        assert issue(response)["severity"] == "error"


@pytest.mark.parametrize(
    "search", ["colour=red", "_sort=name", "url:above=x", "_cursor=made-up", "date=2026", "_id=%00", "name="]
)
async def test_what_cannot_be_asked_is_refused(client, search):
    assert (await client.get(f"/CodeSystem?{search}")).status_code == 400


async def test_the_capability_statement_lists_them_with_the_profiles(client):
    (rest,) = (await client.get("/metadata")).json()["rest"]
    listed = {each["type"]: each for each in rest["resource"]}
    for type_ in PUBLISHED:
        assert [each["code"] for each in listed[type_]["interaction"]] == ["read", "search-type"]
    for type_ in ("Consent", "RelatedPerson", "Flag"):
        (profile,) = listed[type_]["supportedProfile"]
        assert profile in {each["url"] for each in published("StructureDefinition").values()}
    own = [each for one in listed.values() for each in one["searchParam"] if each["definition"].startswith(BASE)]
    assert {each["definition"] for each in own} == {each["url"] for each in published("SearchParameter").values()}


async def test_consents_are_found_by_review_scope_and_any_actor(client):
    mum = await create(client, supporter(by_number(nhs_number())))
    dad = await create(client, supporter(mum["patient"]))
    review = {"url": f"{BASE}/StructureDefinition/consent-next-review", "valueDateTime": "2026-11-01"}
    body = consent(mum["patient"], name(mum), extension=[review])
    scopes = [
        {"coding": [{"system": f"{BASE}/CodeSystem/sharing-scope", "code": code}, {"system": "urn:x", "code": "local"}]}
        for code in ("medication", "care-plan")
    ]
    body["provision"]["code"] = scopes[:1]
    inner = {
        "type": "deny",
        "code": [{"coding": scopes[1]["coding"][:1]}],
        "actor": consent({}, name(dad))["provision"]["actor"],
    }
    body["provision"]["provision"] = [{"type": "permit", "provision": [inner]}]
    stored = await create(client, body)
    await create(client, consent(mum["patient"]))
    of = f"/Consent?patient={mum['patient']['identifier']['value']}"
    for asked in (
        "next-review=lt2026-12-01", "next-review=2026-11-01", "sharing-scope=medication", "sharing-scope=care-plan",
        f"sharing-scope={BASE}/CodeSystem/sharing-scope|care-plan", f"any-actor={name(mum)}", f"any-actor={name(dad)}",
        f"actor={name(mum)}",
    ):  # fmt: skip
        assert await found(client, f"{of}&{asked}") == {stored["id"]}, asked
    for asked in ("next-review=gt2026-12-01", "sharing-scope=local", "sharing-scope=whereabouts", f"actor={name(dad)}"):
        assert await found(client, f"{of}&{asked}") == set(), asked
    assert len(await found(client, f"{of}&next-review:missing=true")) == 1
