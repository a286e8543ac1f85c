"""The Provenance of every version: found by record, version and patient, read, and written by nobody."""

from typing import Any

import asyncpg
import httpx
import pytest

from app.fhir.change import of_change
from app.fhir.parse import check
from app.fhir.resources import BY_TYPE
from tests.callers import acting, granted
from tests.fhir.rules import STRICT
from tests.record.examples import (
    consent,
    create,
    issue,
    name,
    nhs_number,
    patch,
    patient,
    plan,
    practitioner,
    put,
    supporter,
    to,
)

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
ROLE = "https://fhir.nhs.uk/Id/sds-role-profile-id"
CLIENT = "https://fhir.kith.example/Id/client"
Resource = dict[str, Any]


async def provenances(client: httpx.AsyncClient, **asked: Any) -> list[Resource]:
    """All that a search finds, page by page."""
    answer = await client.get("/Provenance", params=asked)
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    found = matches(bundle)
    following = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    while following:
        bundle = (await client.get(following)).json()
        found += matches(bundle)
        following = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    return found


def matches(bundle: Resource) -> list[Resource]:
    return [entry["resource"] for entry in bundle.get("entry", ()) if entry["search"]["mode"] == "match"]


def told(provenance: Resource) -> tuple[str, str]:
    """What a Provenance of the service tells: the version, and what was done."""
    (coding,) = provenance["activity"]["coding"]
    return provenance["target"][0]["reference"], coding["code"]


def of_service(found: list[Resource]) -> list[Resource]:
    return [one for one in found if of_change(one["id"])]


def agents(provenance: Resource) -> dict[str, tuple[str, str]]:
    return {
        agent["type"]["coding"][0]["code"]: (agent["who"]["identifier"]["system"], agent["who"]["identifier"]["value"])
        for agent in provenance["agent"]
    }


@pytest.fixture(scope="module")
async def ours(client):
    async with acting(client, granted(organisation="RX1")) as acts:
        acts.headers["NHSD-Session-URID"] = "555021935107"
        yield acts


@pytest.fixture(scope="module")
async def person(ours) -> Resource:
    return await create(ours, patient(nhs_number()))


async def test_every_version_has_one_whatever_wrote_it(ours, person):
    made = await create(ours, plan(to(person)))
    await put(ours, {**made, "title": "Second"})
    await patch(ours, made, {"op": "add", "path": "/title", "value": "Third"})
    assert (await ours.delete(f"/{name(made)}")).status_code == 204
    await put(ours, made)
    found = await provenances(ours, target=name(made))
    assert [told(one) for one in found] == [
        (f"{name(made)}/_history/1", "CREATE"),
        (f"{name(made)}/_history/2", "UPDATE"),
        (f"{name(made)}/_history/3", "UPDATE"),
        (f"{name(made)}/_history/4", "DELETE"),
        (f"{name(made)}/_history/5", "CREATE"),
    ]
    assert [one["activity"]["text"] for one in found] == ["create", "update", "patch", "delete", "create"]
    assert found[1]["entity"] == [{"role": "revision", "what": {"reference": f"{name(made)}/_history/1"}}]
    history = (await ours.get(f"/{name(made)}/_history?_sort=_lastUpdated")).json()["entry"]
    assert [one["recorded"] for one in found] == [one["response"]["lastModified"] for one in history]


async def test_it_tells_the_user_the_client_and_the_organisation(ours, person):
    made = await create(ours, plan(to(person)))
    (found,) = await provenances(ours, target=f"{name(made)}/_history/1")
    organisation = {"type": "Organization", "identifier": {"system": ODS, "value": "RX1"}}
    assert agents(found) == {
        "author": (ROLE, "555021935107"),
        "composer": (CLIENT, "client-rx1"),
        "custodian": (ODS, "RX1"),
    }
    assert [agent.get("onBehalfOf") for agent in found["agent"]] == [organisation, organisation, None]
    assert found["target"] == [{"reference": f"{name(made)}/_history/1"}, to(person)]
    check(found, BY_TYPE["Provenance"], STRICT)
    assert (await ours.get(f"/Provenance/{found['id']}")).json() == found


async def test_each_entry_of_a_transaction_and_each_conditional_write_has_one(ours):
    urn = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
    number = nhs_number()
    entries = [
        {"fullUrl": urn, "resource": patient(number), "request": {"method": "POST", "url": "Patient"}},
        {"resource": plan({"reference": urn}), "request": {"method": "POST", "url": "CarePlan"}},
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = (await ours.post("/", json=bundle)).json()
    places = [entry["response"]["location"].removeprefix("http://kith.test/FHIR/R4/") for entry in answer["entry"]]
    criteria = f"/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{number}"
    assert (await ours.put(criteria, json=patient(number, active=True))).status_code == 200
    assert (await ours.delete(f"/CarePlan?patient={places[0].split('/')[1]}")).status_code == 204
    who = places[0].split("/")[1]
    found = await provenances(ours, patient=number)
    assert {told(one)[1] + " " + told(one)[0] for one in found} == {
        f"CREATE {places[0]}",
        f"CREATE {places[1]}",
        f"UPDATE Patient/{who}/_history/2",
        f"DELETE {places[1].replace('/_history/1', '/_history/2')}",
    }
    assert await provenances(ours, patient=f"Patient/{who}") == found
    assert await provenances(ours, target=f"Patient/{who}") == found
    assert (await ours.get(f"/Patient/{who}/Provenance")).json()["total"] == 4
    assert (await ours.get(f"/Provenance?patient={number}&_summary=count")).json()["total"] == 4


async def test_pages_hold_each_once_in_any_order(ours, person):
    made = await create(ours, plan(to(person)))
    for number in range(4):
        await put(ours, {**made, "title": f"Version {number}"})
    own = {"target": [to(made)], "recorded": "2026-03-03T10:00:00Z", "agent": [{"who": to(person)}]}
    sent = await create(ours, {"resourceType": "Provenance", **own})
    everything = await provenances(ours, target=name(made))
    assert everything[0]["id"] == sent["id"]
    assert len(everything) == 6
    for order in ({}, {"_sort": "-recorded"}, {"_sort": "recorded"}, {"_sort": "_id"}, {"_sort": "-_lastUpdated"}):
        for most in (1, 2, 4):
            pages = await provenances(ours, target=name(made), _count=most, **order)
            assert sorted(one["id"] for one in pages) == sorted(one["id"] for one in everything)
            times = [one["recorded"] for one in pages]
            if order.get("_sort", "").endswith("recorded"):
                assert times == sorted(times, reverse=order["_sort"][0] == "-")


async def test_criteria_narrow_them(ours, person):
    made = await create(ours, plan(to(person)))
    await put(ours, {**made, "title": "Second"})
    versions = {number: f"{name(made)}/_history/{number}" for number in (1, 2)}
    for asked, expected in (
        ({"agent:identifier": f"{ODS}|RX1"}, [1, 2]),
        ({"agent:identifier": f"{ODS}|RX2"}, []),
        ({"agent:identifier": f"{ROLE}|555021935107"}, [1, 2]),
        ({"agent:identifier": f"{CLIENT}|client-rx1"}, [1, 2]),
        ({"agent:identifier": f"{CLIENT}|client-rx2"}, []),
        ({"agent:identifier": "https://trust.example.org/staff|7"}, []),
        ({"agent-type": "author"}, [1, 2]),
        ({"agent-type": "verifier"}, []),
        ({"agent-type:not": "author"}, []),
        ({"agent-role": "author"}, []),
        ({"entity": name(made)}, [2]),
        ({"entity:missing": "true"}, [1]),
        ({"recorded": "ge2020-01-01"}, [1, 2]),
        ({"recorded": "lt2020-01-01"}, []),
        ({"when": "ge2020-01-01"}, []),
        ({"when:missing": "true"}, [1, 2]),
        ({"signature-type": "x"}, []),
        ({"location": "Location/x"}, []),
        ({"_tag": "x"}, []),
        ({"_profile:missing": "true"}, [1, 2]),
        ({"target:CarePlan.status": "active"}, []),
    ):
        found = await provenances(ours, **{"target": name(made), **asked})
        assert [told(one)[0] for one in found] == [versions[number] for number in expected], asked


async def test_a_record_of_no_patient_has_them_too(ours):
    made = await create(ours, practitioner())
    (found,) = await provenances(ours, target=name(made))
    assert found["target"] == [{"reference": f"{name(made)}/_history/1"}]
    assert await provenances(ours, target=name(made), **{"patient:missing": "false"}) == []
    assert found in await provenances(ours, **{"patient:missing": "true"})


@pytest.mark.parametrize("version", ["2", "0", "x", "99999999999999999999", "1.5"])
async def test_there_is_none_of_a_version_that_there_is_not(ours, person, version):
    made = await create(ours, plan(to(person)))
    assert await provenances(ours, target=f"{name(made)}/_history/{version}") == []


async def test_it_is_read_and_never_written(ours, person):
    made = await create(ours, plan(to(person)))
    (found,) = await provenances(ours, target=name(made))
    url = f"/Provenance/{found['id']}"
    for method, body in (("PUT", found), ("PATCH", []), ("DELETE", None)):
        headers = {"Content-Type": "application/json-patch+json"} if method == "PATCH" else {}
        refused = await ours.request(method, url, json=body, headers=headers)
        assert refused.status_code == 405
        assert refused.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert issue(refused)["code"] == "not-supported"
    assert (await ours.options(url)).headers["Allow"] == "GET, HEAD, OPTIONS"
    for writable in (f"/{name(made)}", "/Provenance/any", "/CarePlan/CarePlan.12"):
        assert "PUT" in (await ours.options(writable)).headers["Allow"]
    by_criteria = await ours.put("/Provenance?_id=none", json=found)
    assert by_criteria.status_code == 405
    assert (await ours.delete(f"/Provenance?_id={found['id']}")).status_code == 204
    assert (await ours.get(url)).json() == found
    for method, status in (("DELETE", 405), ("PUT", 400)):
        entry = {"request": {"method": method, "url": url[1:]}} | ({"resource": found} if method == "PUT" else {})
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
        refused = await ours.post("/", json=bundle)
        assert refused.status_code == status
        assert "never written" in issue(refused)["diagnostics"]


async def test_it_is_read_by_every_door(ours, person):
    made = await create(ours, plan(to(person)))
    (found,) = await provenances(ours, target=name(made))
    url = f"/Provenance/{found['id']}"
    head = await ours.head(url)
    assert (head.status_code, head.headers["ETag"]) == (200, 'W/"1"')
    assert (await ours.get(url, headers={"If-None-Match": 'W/"1"'})).status_code == 304
    assert (await ours.get(f"{url}/_history/1")).json() == found
    assert (await ours.get(f"{url}/_history/2")).status_code == 404
    assert (await ours.get(f"{url}/_history")).status_code == 404
    entry = [{"request": {"method": "GET", "url": url[1:]}}]
    answer = await ours.post("/", json={"resourceType": "Bundle", "type": "batch", "entry": entry})
    assert answer.json()["entry"][0]["resource"] == found
    elements = (await ours.get(f"/Provenance?_id={found['id']}&_elements=activity")).json()["entry"][0]["resource"]
    assert "activity" in elements
    assert "entity" not in elements
    assert (await ours.get(f"/Provenance?_id={found['id']}")).json()["entry"][0]["fullUrl"].endswith(url)


@pytest.mark.parametrize("id_", ["CarePlan.1000000000", "CarePlan.0", "Nonsense.1", "CarePlan.999999999999999999"])
async def test_an_id_that_no_version_has_is_not_there(ours, id_):
    assert (await ours.get(f"/Provenance/{id_}")).status_code == 404
    assert await provenances(ours, _id=id_) == []


async def test_who_may_not_read_a_type_is_not_told_of_its_changes(client, ours, person):
    made = await create(ours, plan(to(person)))
    (found,) = await provenances(ours, target=name(made))
    async with acting(client, granted("system/Provenance.rs system/Consent.rs")) as other:
        assert await provenances(other, target=name(made)) == []
        assert (await other.get(f"/Provenance/{found['id']}")).status_code == 404
    async with acting(client, granted("system/CarePlan.rs")) as other:
        assert (await other.get(f"/Provenance?target={name(made)}")).status_code == 403
    async with acting(client, granted("system/Provenance.rs?agent-type=verifier system/CarePlan.rs")) as other:
        assert await provenances(other, target=name(made)) == []
        assert (await other.get(f"/Provenance/{found['id']}")).status_code == 404


async def test_what_the_service_writes_by_itself_has_one(ours):
    """A minimal Patient is made for an NHS number that comes first."""
    number = nhs_number()
    by_number = {"type": "Patient", "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}}
    await create(ours, plan(by_number))
    kinds = sorted(told(one)[0].split("/")[0] for one in of_service(await provenances(ours, patient=number)))
    assert kinds == ["CarePlan", "Patient"]


async def test_a_decision_is_told_from_its_first_version_to_its_withdrawal(ours, person):
    friend = await create(ours, supporter(to(person)))
    made = await create(ours, consent(to(person), name(friend)))
    assert (await put(ours, {**made, "status": "inactive"})).status_code == 200
    found = await provenances(ours, target=f"{name(made)}/_history/2")
    assert [told(one) for one in found] == [(f"{name(made)}/_history/2", "UPDATE")]


async def test_without_its_audit_row_the_organisation_is_left(ours, person, module_database_url):
    """Audit rows are removed after their time, and records are kept."""
    made = await create(ours, plan(to(person)))
    owner = await asyncpg.connect(module_database_url)
    await owner.execute("DELETE FROM audit WHERE id = $1", made["id"])
    await owner.close()
    (found,) = await provenances(ours, target=name(made))
    assert agents(found) == {"custodian": (ODS, "RX1")}
    assert told(found) == (f"{name(made)}/_history/1", "CREATE")
    check(found, BY_TYPE["Provenance"], STRICT)
