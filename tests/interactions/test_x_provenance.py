"""Provenances that clients send: in the header X-Provenance of a write, and as records of their own."""

import json
from typing import Any

import httpx
import pytest

from app.fhir.change import is_change
from tests.callers import acting, granted
from tests.record.examples import (
    consent,
    create,
    issue,
    issues,
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

Resource = dict[str, Any]
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
LABEL = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
AT = "2026-03-03T10:00:00Z"


def part(code: str, who: Resource) -> Resource:
    return {"type": {"coding": [{"system": PARTICIPANT, "code": code}]}, "who": who}


def provenance(*who: Resource, **more: Any) -> Resource:
    """A Provenance without target: these agreed."""
    return {"resourceType": "Provenance", "recorded": AT, "agent": [part("attester", one) for one in who], **more}


def header(sent: Any) -> dict[str, str]:
    return {"X-Provenance": sent if isinstance(sent, str) else json.dumps(sent)}


async def stored(client: httpx.AsyncClient, **asked: str) -> list[Resource]:
    """The Provenances of clients that a search finds."""
    answer = await client.get("/Provenance", params={**asked, "_count": "500"})
    assert answer.status_code == 200, answer.text
    found = [entry["resource"] for entry in answer.json().get("entry", ())]
    return [one for one in found if not is_change(one["id"])]


@pytest.fixture(scope="module")
async def ours(client):
    async with acting(client, granted(organisation="RX1")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def trusted(client):
    async with acting(client, granted("system/*.cruds kith/check kith/restrictions", organisation="RX1")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def people(ours) -> tuple[Resource, Resource, Resource]:
    """A patient, a supporter and a nurse."""
    person = await create(ours, patient(nhs_number()))
    return person, await create(ours, supporter(to(person))), await create(ours, practitioner())


async def test_it_is_stored_with_the_change_that_it_came_with(ours, people):
    person, friend, nurse = people
    agreed = provenance(to(person), to(friend), to(nurse), reason=[{"text": "Negotiated with both"}])
    body = consent(to(person), name(friend))
    made = (await ours.post("/Consent", json=body, headers=header(agreed))).json()
    (found,) = await stored(ours, target=f"{name(made)}/_history/1")
    assert found["target"] == [to(person), {"reference": f"{name(made)}/_history/1"}]
    assert {key: found[key] for key in ("agent", "reason", "recorded")} == {
        "agent": agreed["agent"],
        "reason": agreed["reason"],
        "recorded": AT,
    }
    assert await stored(ours, target=name(made)) == [found]
    assert await stored(ours, patient=person["id"], agent=name(friend)) == [found]
    assert await stored(ours, target=f"{name(made)}/_history/2") == []
    both = (await ours.get(f"/Provenance?target={name(made)}/_history/1")).json()
    assert both["total"] == 2


async def test_every_way_of_writing_takes_it(ours, people):
    person, friend, _ = people
    told = header(provenance(to(friend)))
    made = (await ours.post("/CarePlan", json=plan(to(person)), headers=told)).json()
    await put(ours, {**made, "title": "Second"}, **told)
    await patch(ours, made, {"op": "add", "path": "/title", "value": "Third"}, **told)
    assert (await ours.delete(f"/{name(made)}", headers=told)).status_code == 204
    criteria = f"/CarePlan?_id={made['id']}"
    assert (await ours.put(criteria, json=made, headers=told)).status_code == 201
    assert (await ours.delete(criteria, headers=told)).status_code == 204
    about = [one["target"][1]["reference"] for one in await stored(ours, target=name(made))]
    assert about == [f"{name(made)}/_history/{version}" for version in range(1, 7)]


async def test_what_changes_nothing_tells_of_nothing(ours, people):
    person, friend, _ = people
    told = header(provenance(to(friend)))
    made = await create(ours, plan(to(person)))
    there = await ours.post("/CarePlan", json=made, headers={**told, "If-None-Exist": f"_id={made['id']}"})
    assert there.status_code == 200
    await patch(ours, made, {"op": "test", "path": "/status", "value": "active"}, **told)
    assert (await ours.delete("/CarePlan/nothing-is-here", headers=told)).status_code == 204
    assert (await ours.get(f"/{name(made)}", headers=told)).status_code == 200
    refused = await put(ours, {**made, "status": "bogus"}, **told)
    assert refused.status_code == 422
    assert await stored(ours, target=name(made)) == []


@pytest.mark.parametrize("entries", [1, 5])
async def test_a_transaction_tells_it_of_every_record_that_it_writes(ours, people, entries):
    person, friend, _ = people
    gone = await create(ours, plan(to(person)))
    there = await create(ours, plan(to(person)))
    entry = [{"resource": plan(to(person)), "request": {"method": "POST", "url": "CarePlan"}}] * entries
    entry.append({"request": {"method": "DELETE", "url": name(gone)}})
    entry.append({"resource": {**there, "title": "x"}, "request": {"method": "PUT", "url": name(there)}})
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entry}
    answer = await ours.post("/", json=bundle, headers=header(provenance(to(friend))))
    assert answer.status_code == 200, answer.text
    written = [one["response"]["location"] for one in answer.json()["entry"] if "location" in one["response"]]
    for version in (*written, f"{name(gone)}/_history/2"):
        (found,) = await stored(ours, target=version)
        assert found["agent"] == [part("attester", to(friend))]


async def test_a_refused_transaction_leaves_none(ours, people):
    person, friend, _ = people
    id_ = "of-a-refused-transaction"
    good = {"resource": {**plan(to(person)), "id": id_}, "request": {"method": "PUT", "url": f"CarePlan/{id_}"}}
    bad = {"resource": plan({"reference": "Patient/nobody"}), "request": {"method": "POST", "url": "CarePlan"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [good, bad]}
    answer = await ours.post("/", json=bundle, headers=header(provenance(to(friend))))
    assert answer.status_code == 422
    assert (await ours.get(f"/Provenance?target=CarePlan/{id_}")).json()["total"] == 0


@pytest.mark.parametrize(
    ("sent", "status", "expression"),
    [
        ("{", 400, None),
        ("[]", 400, None),
        ('"x"', 400, None),
        ("", 400, None),
        ({"resourceType": "Consent"}, 400, None),
        (provenance({"display": "x"}, target=[{"reference": "Patient/x"}]), 422, "Provenance.target"),
        (provenance({"display": "x"}, target=[]), 422, "Provenance.target"),
        (provenance(), 422, "Provenance.agent"),
        (provenance({"display": "x"}, recorded="yesterday"), 422, "Provenance.recorded"),
        (provenance({"display": "x"}, surprise=1), 422, "Provenance.surprise"),
        (provenance({"reference": "Flag/x"}), 422, "Provenance.agent[0].who"),
        (provenance({"reference": "Practitioner/nobody"}), 422, "Provenance.agent[0].who"),
    ],
    ids=str,
)
async def test_one_that_does_not_hold_refuses_the_write_and_says_where(ours, people, sent, status, expression):
    before = (await ours.get("/CarePlan?_summary=count")).json()["total"]
    refused = await ours.post("/CarePlan", json=plan(to(people[0])), headers=header(sent))
    assert refused.status_code == status
    assert any(one.get("expression", [None])[0] == expression for one in issues(refused)), refused.text
    assert (await ours.get("/CarePlan?_summary=count")).json()["total"] == before


async def test_two_headers_are_refused(ours, people):
    one = json.dumps(provenance(to(people[1])))
    refused = await ours.post(
        "/CarePlan", json=plan(to(people[0])), headers=[("X-Provenance", one), ("X-Provenance", one)]
    )
    assert refused.status_code == 400
    assert "once" in issue(refused)["diagnostics"]


async def test_it_takes_the_right_to_store_a_provenance(client, people):
    told = header(provenance(to(people[1])))
    async with acting(client, granted("system/CarePlan.cruds")) as only:
        assert (await only.post("/CarePlan", json=plan(to(people[0])), headers=told)).status_code == 403
        assert (await only.post("/CarePlan", json=plan(to(people[0])))).status_code == 201


async def test_who_had_a_part_in_it_is_of_the_same_record(ours, people):
    other = await create(ours, patient(nhs_number()))
    stranger = await create(ours, supporter(to(other)))
    for who in (other, stranger):
        told = provenance(to(who))
        refused = await ours.post("/CarePlan", json=plan(to(people[0])), headers=header(told))
        assert refused.status_code == 422
        assert issue(refused)["expression"] == ["Provenance.agent[0].who"]
        refused = await ours.post("/Provenance", json={**told, "target": [to(people[0])]})
        assert refused.status_code == 422
        assert issue(refused)["expression"] == ["Provenance.agent[0].who"]


async def test_one_of_a_clients_own_is_about_one_record(ours, people):
    person, friend, nurse = people
    other = await create(ours, patient(nhs_number()))
    theirs = await create(ours, plan(to(other)))
    own = await create(ours, plan(to(person)))
    told = provenance(to(person), to(friend), to(nurse))
    made = await create(ours, {**told, "target": [to(own), {"reference": f"{name(own)}/_history/1"}]})
    assert await stored(ours, patient=person["id"], target=name(own)) == [made]
    assert made in await stored(ours, patient=person["identifier"][0]["value"])
    for about, expression in (
        ([to(own), to(theirs)], "Provenance.target[1]"),
        ([to(person), to(other)], "Provenance.target[1]"),
        ([to(other), to(own)], "Provenance.target[1]"),
        ([{"reference": "CarePlan/nobody"}], "Provenance.target[0]"),
        ([{"reference": f"{name(own)}/_history/2"}], "Provenance.target[0]"),
        ([to(own), {"reference": f"{name(own)}/_history/x"}], "Provenance.target[1]"),
    ):
        refused = await ours.post("/Provenance", json={**told, "target": about})
        assert refused.status_code == 422, about
        assert any(one["expression"] == [expression] for one in issues(refused)), refused.text
    moved = await put(ours, {**made, "agent": [part("author", to(nurse))], "target": [to(theirs)]})
    assert moved.status_code == 422


async def test_a_transaction_may_bring_one_about_what_it_stores(ours, people):
    urn = "urn:uuid:7a5b1f5e-7f0e-4d4f-9c53-1d3b3f0e2a11"
    entries = [
        {"resource": {**provenance(to(people[0])), "target": [{"reference": urn}]}, "request": {"method": "POST"}},
        {"fullUrl": urn, "resource": plan(to(people[0])), "request": {"method": "POST"}},
    ]
    for entry in entries:
        entry["request"]["url"] = entry["resource"]["resourceType"]
    answer = await ours.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text
    about = answer.json()["entry"][1]["response"]["location"].split("/_history")[0]
    assert len(await stored(ours, target=about)) == 1


async def test_it_stands_in_no_records_way(ours, people):
    person = await create(ours, patient(nhs_number()))
    made = await create(ours, plan(to(person)))
    sent = await create(ours, {**provenance(to(people[2])), "target": [to(made), to(person)]})
    assert (await ours.delete(f"/{name(made)}")).status_code == 204
    assert (await ours.delete(f"/{name(person)}")).status_code == 204
    assert (await ours.get(f"/{name(sent)}")).json() == sent
    agreed = await create(ours, patient(nhs_number()))
    friend = await create(ours, supporter(to(agreed)))
    await create(ours, {**provenance(to(friend)), "target": [to(agreed)]})
    assert (await ours.delete(f"/{name(friend)}")).status_code == 409


async def test_it_is_hidden_with_what_it_is_about(ours, trusted, people):
    person, friend, _ = people
    told = provenance(to(friend), reason=[{"text": "Said why"}])
    hidden = {**plan(to(person)), "meta": {"security": [LABEL]}}
    made = (await trusted.post("/CarePlan", json=hidden, headers=header(told))).json()
    also = await create(trusted, {**told, "target": [to(made)]})
    # Who may write it and not read it may tell of it too.
    noted = await ours.post("/CarePlan", json=hidden, headers=header(told))
    assert noted.status_code == 201
    assert await stored(ours, target=name(noted.json())) == []
    assert len(await stored(trusted, target=name(noted.json()))) == 1
    assert (await ours.get(f"/{name(also)}")).status_code == 404
    assert await stored(ours, target=name(made)) == []
    assert len(await stored(trusted, target=name(made))) == 2
    assert (await ours.get(f"/Provenance?target={name(made)}")).json()["total"] == 0
    # A label put on later hides what was told before.
    seen = (await trusted.post("/CarePlan", json=plan(to(person)), headers=header(told))).json()
    (found,) = await stored(ours, target=name(seen))
    assert (await put(trusted, {**seen, "meta": {"security": [LABEL]}})).status_code == 200
    assert await stored(ours, target=name(seen)) == []
    assert (await ours.get(f"/{name(found)}/_history/1")).status_code == 404
    assert await stored(trusted, target=name(seen)) == [found]


async def test_its_own_label_hides_it(ours, trusted, people):
    person, friend, _ = people
    why = provenance(to(friend), reason=[{"text": "Why"}], meta={"security": [LABEL]})
    made = (await ours.post("/CarePlan", json=plan(to(person)), headers=header(why))).json()
    assert await stored(ours, target=name(made)) == []
    assert len(await stored(trusted, target=name(made))) == 1


async def test_text_beyond_ascii_arrives_as_it_was_sent(ours, people):
    person, friend, _ = people
    told = provenance(to(friend), reason=[{"text": "Wanda Żółć 🙂"}])
    raw = json.dumps(told, ensure_ascii=False).encode()
    made = (await ours.post("/CarePlan", json=plan(to(person)), headers={b"X-Provenance": raw})).json()
    (found,) = await stored(ours, target=name(made))
    assert found["reason"] == told["reason"]


async def test_a_short_path_takes_it_too(ours, people):
    _, friend, _ = people
    body = {"resourceType": "Parameters", "parameter": [{"name": "decision", "valueCode": "no"}]}
    answer = await ours.post(f"/{name(friend)}/$record-consent", json=body, headers=header(provenance(to(friend))))
    assert answer.status_code == 200, answer.text
    (made,) = (await ours.get(f"/Consent?actor={name(friend)}&_sort=-_lastUpdated&_count=1")).json()["entry"]
    (found,) = await stored(ours, target=f"{name(made['resource'])}/_history/1")
    assert found["agent"] == [part("attester", to(friend))]
