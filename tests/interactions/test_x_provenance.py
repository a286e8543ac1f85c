"""Provenances that come with a write, in the header X-Provenance."""

import json
from typing import Any

import pytest

from tests.callers import acting, granted
from tests.interactions.provenances import AT, header, part, provenance, stored
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
    put,
    supporter,
    to,
)

Resource = dict[str, Any]


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
