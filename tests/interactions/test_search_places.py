"""Search of several types and in a compartment, over HTTP: https://hl7.org/fhir/R4/http.html#search"""

import pytest

from tests.callers import acting, granted
from tests.record.examples import (
    by_number,
    consent,
    create,
    found,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    supporter,
)

BASE = "http://kith.test/FHIR/R4"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
async def record(client):
    """A patient with a supporter, two Consents and a plan; and another patient's Consent."""
    number = nhs_number()
    someone = await create(client, patient(number))
    of = by_number(number)
    return {
        "number": number,
        "patient": someone,
        "supporter": await create(client, supporter(of)),
        "consents": [
            await create(client, consent(of, status="draft", dateTime=f"2026-0{n}", identifier=[{"value": id_}]))
            for n, id_ in ((1, "first"), (2, "second"))
        ],
        "plan": await create(client, plan(of)),
        "other": await create(client, consent(by_number(nhs_number()), status="draft")),
    }


async def bundle(client, path: str, **params: str):
    response = await client.get(path, params=params or None)
    assert response.status_code == 200, response.text
    return response.json()


def names(found) -> list[str]:
    return [entry["fullUrl"].removeprefix(f"{BASE}/") for entry in found.get("entry", ())]


def links(found) -> dict[str, str]:
    return {link["relation"]: link["url"] for link in found["link"]}


async def test_everything_in_a_compartment_by_every_name_of_the_patient(client, record):
    someone = record["patient"]
    whole = {name(someone), name(record["supporter"]), *map(name, record["consents"]), name(record["plan"])}
    for id_ in (someone["id"], record["number"]):
        found = await bundle(client, f"/Patient/{id_}/*")
        assert set(names(found)) == whole
        assert found["total"] == len(whole)
        assert links(found)["self"] == f"{BASE}/Patient/{id_}/*"
    assert set(names(await bundle(client, f"/Patient/{someone['id']}/*?_type=Consent"))) == {
        *map(name, record["consents"])
    }


async def test_one_type_in_a_compartment_takes_its_parameters_and_pages(client, record):
    path = f"/Patient/{record['patient']['id']}/Consent"
    assert names(await bundle(client, f"{path}?date=2026-02")) == [name(record["consents"][1])]
    first = await bundle(client, f"{path}?_count=1&_sort=-date")
    assert names(first) == [name(record["consents"][1])]
    assert links(first)["next"].startswith(f"{BASE}{path}?_count=1&_sort=-date&_cursor=")
    assert names(await bundle(client, links(first)["next"])) == [name(record["consents"][0])]
    cursor = links(first)["next"].partition("_cursor=")[2]
    elsewhere = await client.get(f"/Consent?_sort=-date&_cursor={cursor}")
    assert elsewhere.status_code == 400
    posted = await client.post(f"{path}/_search", content="date=2026-01", headers=FORM)
    assert names(posted.json()) == [name(record["consents"][0])]
    along = await bundle(client, f"{path}?date=2026-01&_include=Consent:patient")
    assert names(along) == [name(record["consents"][0]), name(record["patient"])]


async def test_the_compartment_of_a_supporter(client, record):
    assert names(await bundle(client, f"/RelatedPerson/{record['supporter']['id']}/*")) == [name(record["supporter"])]


async def test_several_types_at_once_by_get_and_post(client, record):
    asked = {"_type": "Consent,CarePlan", "patient": record["number"]}
    expected = {*map(name, record["consents"]), name(record["plan"])}
    got = await bundle(client, "", **asked)
    assert set(names(got)) == expected
    assert got["total"] == 3
    assert links(got)["self"] == f"{BASE}?_type=Consent,CarePlan&patient={record['number']}"
    slashed = await client.get("/", params=asked)
    assert set(names(slashed.json())) == expected
    posted = await client.post("/_search?_type=Consent,CarePlan", data={"patient": record["number"]}, headers=FORM)
    assert set(names(posted.json())) == expected
    first = await bundle(client, "", **asked, _count="2", _sort="-_lastUpdated")
    rest = await bundle(client, links(first)["next"])
    assert {*names(first), *names(rest)} == expected
    assert len(names(first)) == 2
    counted = await bundle(client, "", **asked, _summary="count")
    assert counted["total"] == 3
    everywhere = await bundle(client, "", _id=record["plan"]["id"])
    assert names(everywhere) == [name(record["plan"])]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("?status=active", 400, "'status' is not known"),
        ("?_type=Consent,Patient&status=active", 400, "'status' is not known"),
        ("?_type=Nonsense", 400, "names 'Nonsense'"),
        ("/Consent?_type=Consent", 400, "'_type' is not known"),
        ("/Organization/1/*", 404, "has no compartment"),
        ("/Patient/1/Organization", 404, "is not in the compartment"),
        ("/Patient/1/nonsense", 404, "is not in the compartment"),
        ("/Nonsense/1/Consent", 404, "has no compartment"),
        ("/Patient/a b/Consent", 404, "no Patient of such an id"),
        ("/Patient/1/Consent?statuss=x", 400, "'statuss' is not known"),
    ],
)
async def test_what_cannot_be_searched_is_said(client, path: str, status: int, says: str):
    response = await client.get(path)
    assert response.status_code == status
    assert says in issue(response)["diagnostics"]


async def test_a_compartment_is_only_searched(client, record):
    for method in ("PUT", "DELETE", "PATCH"):
        response = await client.request(method, f"/Patient/{record['patient']['id']}/Consent", content="{}")
        assert response.status_code == 405


async def test_lenient_ignores_what_one_of_several_types_does_not_have(client, record):
    response = await client.get(
        "", params={"_type": "Consent,Patient", "status": "x", "_id": record["plan"]["id"]},
        headers={"Prefer": "handling=lenient"},
    )  # fmt: skip
    found = response.json()
    assert [entry["search"]["mode"] for entry in found["entry"]] == ["outcome"]
    assert "status" not in links(found)["self"]


async def test_a_search_finds_the_types_that_the_caller_has_scopes_for_and_no_others(client, record):
    id_ = record["patient"]["id"]

    def caller(scopes: str):
        every = granted(scopes)
        return acting(client, type(every)(client="c", organisations=None, scopes=every.scopes))

    some = caller("system/Consent.s system/CarePlan.rs")
    assert set(names(await bundle(some, f"/Patient/{id_}/*"))) == {*map(name, record["consents"]), name(record["plan"])}
    assert set(names(await bundle(some, "", _id=record["plan"]["id"]))) == {name(record["plan"])}
    for refused in ("?_type=Patient,Consent", f"/Patient/{id_}/RelatedPerson", f"/Patient/{id_}/*?_type=Patient"):
        assert (await some.get(refused)).status_code == 403
    assert (await caller("kith/check").get("")).status_code == 403
    plans = await bundle(some, f"/Patient/{id_}/CarePlan?_include=CarePlan:subject&_revinclude:iterate=*")
    assert names({"entry": plans["entry"][:-1]}) == [name(record["plan"])]
    assert plans["entry"][-1]["search"]["mode"] == "outcome"  # of `*` the Provenances are those that were sent
    assert (await some.get("/Consent?patient.name=x")).status_code == 403


async def test_a_scope_with_a_constraint_narrows_every_search(client, record):
    some = granted("system/Consent.s?identifier=first system/Consent.rs?identifier=x&status=active system/CarePlan.s")
    narrow = acting(client, type(some)(client="c", organisations=None, scopes=some.scopes))
    id_ = record["patient"]["id"]
    assert names(await bundle(narrow, f"/Consent?patient={id_}")) == [name(record["consents"][0])]
    assert names(await bundle(narrow, f"/Patient/{id_}/Consent")) == [name(record["consents"][0])]
    assert names(await bundle(narrow, f"?_type=Consent&patient={id_}")) == [name(record["consents"][0])]
    counted = await bundle(narrow, f"/Consent?patient={id_}&_summary=count")
    assert counted["total"] == 1
    assert names(await bundle(narrow, f"/CarePlan?patient={id_}&_revinclude:iterate=Consent:patient")) == [
        name(record["plan"])
    ]


async def test_what_a_list_has_as_items_is_found_by_it(client, record):
    listed = [record["supporter"], record["plan"]]
    items = [{"item": {"reference": name(each)}} for each in (*listed, record["patient"])]
    made = await create(client, {"resourceType": "List", "status": "current", "mode": "working", "entry": items})
    for each in (*listed, record["patient"]):
        assert names(await bundle(client, f"/{each['resourceType']}?_list={made['id']}")) == [name(each)]
    assert names(await bundle(client, f"/Consent?_list={made['id']}")) == []
    assert names(await bundle(client, "/CarePlan?_list=absent")) == []
    both = await bundle(client, f"?_type=RelatedPerson,CarePlan&_list={made['id']}&_sort=_id")
    assert set(names(both)) == set(map(name, listed))
    async with acting(client, granted("system/CarePlan.s")) as narrow:
        assert (await narrow.get(f"/CarePlan?_list={made['id']}")).status_code == 403


async def test_what_is_referred_to_by_https_is_what_is_here_by_http(client):
    whole = await create(client, organization())
    by_https = f"{BASE.replace('http:', 'https:')}/{name(whole)}"
    part = await create(client, organization(partOf={"reference": by_https}))
    assert part["partOf"] == {"reference": by_https}
    for written in (name(whole), by_https, f"{BASE}/{name(whole)}"):
        assert await found(client, f"/Organization?partof={written}") == {part["id"]}
    nobody = organization(partOf={"reference": by_https.replace(whole["id"], "nobody")})
    assert (await client.post("/Organization", json=nobody)).status_code == 422
