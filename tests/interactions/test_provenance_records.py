"""Provenances that are records: about one patient, in nobody's way, and hidden with what they are about."""

from typing import Any

import pytest

from tests.callers import acting, granted
from tests.conftest import running
from tests.interactions.provenances import header, part, provenance, stored
from tests.record.examples import (
    create,
    issues,
    name,
    nhs_number,
    patient,
    plan,
    put,
    supporter,
    to,
)

Resource = dict[str, Any]
LABEL = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}


@pytest.fixture(scope="module")
async def trusted(client):
    async with acting(client, granted("system/*.cruds kith/check kith/restrictions", organisation="RX1")) as acts:
        yield acts


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


async def test_a_version_need_not_be_here_where_references_need_not(module_database_url):
    async with running(module_database_url, referential_integrity=False) as lenient:
        about = [{"reference": "Consent/elsewhere/_history/7"}]
        made = await create(lenient, {**provenance({"display": "Somebody"}), "target": about})
        assert await stored(lenient, target="Consent/elsewhere/_history/7") == [made]
        assert await stored(lenient, target="Consent/elsewhere/_history/6") == []
