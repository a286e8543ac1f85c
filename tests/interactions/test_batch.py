"""batch: https://hl7.org/fhir/R4/http.html#brules"""

from uuid import uuid4

import asyncpg

from tests.interactions.bundles import batch, delete, entry, get, post, put_entry
from tests.record.examples import (
    by_number,
    create,
    found,
    name,
    nhs_number,
    organization,
    plan,
    practitioner,
    supporter,
)


async def answers(client, *entries: dict, **headers: str) -> list[dict]:
    response = await client.post("", json=batch(*entries), headers=headers)
    assert response.status_code == 200, response.text
    assert response.json()["type"] == "batch-response"
    return response.json()["entry"]


async def test_each_entry_has_its_own_outcome_and_those_that_hold_are_done(client):
    stored = await create(client, organization())
    told = await answers(
        client,
        post(practitioner()),
        post(practitioner(gender="x")),
        get(f"Patient/{uuid4()}"),
        put_entry({**stored, "name": "New"}, ifMatch='W/"9"'),
        put_entry({**stored, "name": "New"}, ifMatch='W/"1"'),
        entry("POST", "Nonsense", {"resourceType": "Nonsense"}),
        delete(f"Flag/{uuid4()}"),
    )
    assert [each["response"]["status"] for each in told] == ["201", "422", "404", "412", "200", "400", "204"]
    outcomes = {place: each["response"]["outcome"] for place, each in enumerate(told) if "outcome" in each["response"]}
    assert outcomes.keys() == {1, 2, 3, 5}
    assert outcomes[1]["issue"][0]["expression"] == ["Bundle.entry[1].resource.gender"]
    assert outcomes[5]["issue"][0]["expression"] == ["Bundle.entry[5].request.url"]
    assert (await client.get(f"/{name(told[0]['resource'])}")).json() == told[0]["resource"]
    assert (await client.get(f"/{name(stored)}")).json()["name"] == "New"


async def test_entries_of_a_batch_do_not_refer_to_each_other(client):
    who = f"urn:uuid:{uuid4()}"
    told = await answers(
        client, post(organization(), full_url=who), post(organization(partOf={"reference": who})), post(practitioner())
    )
    assert [each["response"]["status"] for each in told] == ["201", "422", "201"]
    assert told[1]["response"]["outcome"]["issue"][0]["expression"] == ["Bundle.entry[1].resource.partOf.reference"]


async def test_conditional_writes_and_references_work_in_a_batch(client):
    value = str(uuid4())
    identified = organization(identifier=[{"value": value}])
    told = await answers(
        client,
        post(identified, ifNoneExist=f"identifier={value}"),
        post(identified, ifNoneExist=f"identifier={value}"),
        post(organization(partOf={"reference": f"Organization?identifier={value}"})),
        entry("PUT", f"Organization?identifier={value}", {**identified, "name": "N"}),
        delete(f"Organization?identifier={uuid4()}"),
    )
    assert [each["response"]["status"] for each in told] == ["201", "200", "201", "200", "204"]
    assert told[2]["resource"]["partOf"]["reference"] == name(told[0]["resource"])


async def test_searches_of_a_batch_find_what_earlier_entries_wrote(client):
    number = nhs_number()
    told = await answers(
        client,
        post(plan(by_number(number))),
        post(supporter(by_number(number))),
        get(f"CarePlan?patient:identifier={number}"),
    )
    assert told[2]["resource"]["total"] == 1
    assert len(await found(client, f"/RelatedPerson?patient:identifier={number}")) == 1


async def test_each_entry_of_a_batch_leaves_its_own_audit_row(client, module_database_url):
    asked = str(uuid4())
    await answers(
        client, post(practitioner()), post(practitioner(gender="x")), entry("POST", "No", {}), **{"X-Request-ID": asked}
    )
    connection = await asyncpg.connect(module_database_url)
    rows = await connection.fetch(
        "SELECT interaction, type, status FROM audit WHERE request_id = $1 ORDER BY status", asked
    )
    assert [tuple(row) for row in rows] == [
        ("create", "Practitioner", 201),
        ("batch", "", 400),
        ("create", "Practitioner", 422),
    ]
    await connection.close()
