"""Every interaction leaves its row: who, what, which version, how it ended."""

import asyncpg
import pytest

from tests.audited import written
from tests.callers import acting, granted
from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    consent,
    create,
    found,
    name,
    nhs_number,
    patient,
    practitioner,
    put,
    supporter,
    to,
)

COLUMNS = "interaction, type, id, version, patient, status, outcome, query"


@pytest.fixture
async def trail(module_database_url, client):
    """The rows that were written since the test began, once those of reads have had their second."""
    connection = await asyncpg.connect(module_database_url)
    queue = client._transport.app.state.service.audit
    last = await settled(queue, connection)

    async def rows(columns=COLUMNS):
        await settled(queue, connection)
        return await connection.fetch(f"SELECT {columns} FROM audit WHERE key > $1 ORDER BY key", last)

    yield rows
    await connection.close()


async def settled(queue, connection):
    """The last key, once all that waited is written."""
    await written(queue)
    return await connection.fetchval("SELECT COALESCE(max(key), 0) FROM audit")


def short(rows):
    return [(row["interaction"], row["type"], row["id"], row["version"], row["status"]) for row in rows]


async def test_each_interaction_leaves_one_row(client, trail):
    stored = await create(client, practitioner())
    id_ = stored["id"]
    await put(client, stored)
    await client.delete(f"/{name(stored)}")
    assert short(await trail()) == [
        ("create", "Practitioner", id_, 1, 201),
        ("update", "Practitioner", id_, 2, 200),
        ("delete", "Practitioner", id_, 3, 204),
    ]


async def test_each_read_leaves_one_row(client, trail):
    stored = await create(client, practitioner())
    id_ = stored["id"]
    await client.get(f"/{name(stored)}")
    await client.get(f"/{name(stored)}/_history/1")
    await client.get(f"/{name(stored)}/_history")
    await client.get("/Practitioner/_history?_count=1")
    await client.get(f"/Practitioner?_id={id_}")
    assert short(await trail())[1:] == [
        ("read", "Practitioner", id_, 1, 200),
        ("vread", "Practitioner", id_, 1, 200),
        ("history-instance", "Practitioner", id_, 0, 200),
        ("history-type", "Practitioner", "", 0, 200),
        ("search-type", "Practitioner", "", 0, 200),
    ]


async def test_a_read_of_what_the_caller_has_is_recorded_as_that(client, trail):
    stored = await create(client, practitioner())
    await client.get(f"/{name(stored)}", headers={"If-None-Match": 'W/"1"'})
    await client.head(f"/{name(stored)}")
    assert [row["status"] for row in await trail()] == [201, 304, 200]


async def test_a_search_is_recorded_with_what_was_asked(client, trail):
    await client.get("/Practitioner?name=abc&_count=3")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    await client.post("/Practitioner/_search?active=true", data={"name": "d e"}, headers=form)
    asked = [row["query"] for row in await trail()]
    assert asked == ["Practitioner?name=abc&_count=3", "Practitioner?active=true&name=d%20e"]


async def test_what_is_refused_is_recorded_with_its_status_and_why(client, trail):
    stored = await create(client, consent(by_number(nhs_number())))
    await client.post("/Consent", content=b"{")
    await client.post("/Consent", json={"resourceType": "Consent"})
    await put(client, stored, **{"If-Match": 'W/"9"'})
    await client.put("/Consent/other", json=stored)
    await client.delete(f"/{name(stored)}")
    await client.get("/Consent/nobody")
    await client.get("/Consent/nobody/_history/1")
    await client.get("/Consent/nobody/_history")
    await client.get("/Consent?nonsense=1")
    rows = [row for row in await trail() if row["status"] >= 400]
    assert sorted(short(rows)) == sorted(
        [
            ("create", "Consent", "", 0, 400),
            ("create", "Consent", "", 0, 422),
            ("update", "Consent", stored["id"], 0, 412),
            ("update", "Consent", "other", 0, 400),
            ("delete", "Consent", stored["id"], 0, 409),
            ("read", "Consent", "nobody", 0, 404),
            ("vread", "Consent", "nobody", 0, 404),
            ("history-instance", "Consent", "nobody", 0, 404),
            ("search-type", "Consent", "", 0, 400),
        ]
    )
    assert all(row["outcome"] for row in rows)


async def test_an_entry_that_may_not_read_is_recorded_on_no_connection_beside_that_of_its_transaction(
    client, trail, monkeypatch
):
    async def waits_for_ever(*_):
        raise AssertionError("another connection is asked for while one is held")

    monkeypatch.setattr("app.storage.audit_commit.AuditCommit.commit", waits_for_ever)
    limited = acting(client, granted("system/Patient.c"))
    for kind in ("batch", "transaction"):
        entry = [{"request": {"method": "GET", "url": url}} for url in ("Practitioner/x", "Practitioner?name=y")]
        answer = await limited.post("", json={"resourceType": "Bundle", "type": kind, "entry": entry})
        assert "403" in answer.text + str(answer.status_code)
    read, search = ("read", "Practitioner", "x", 0, 403), ("search-type", "Practitioner", "", 0, 403)
    assert sorted(short(await trail())) == sorted([read, search, read, ("transaction", "", "", 0, 403)])


async def test_what_is_longer_than_a_row_holds_says_that_it_was_cut(client, trail):
    await client.get("/Practitioner", params={"name": "x" * 150, "given": "y" * 3_000})
    await client.get("/Practitioner", params={"name": "x" * 150})
    long, short_ = (row["query"] for row in await trail())
    assert len(long) == 2_000
    assert long.endswith("y [...]")
    assert short_ == f"Practitioner?name={'x' * 150}"


async def test_a_read_of_what_was_deleted_is_recorded_as_gone(client, trail):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    await client.get(f"/{name(stored)}")
    assert short(await trail())[-1] == ("read", "Practitioner", stored["id"], 2, 410)


async def test_a_delete_of_nothing_is_recorded(client, trail):
    await client.delete("/Practitioner/nobody")
    assert short(await trail()) == [("delete", "Practitioner", "nobody", 0, 204)]


async def test_a_read_that_is_not_modified_is_recorded(client, trail):
    stored = await create(client, practitioner())
    await client.get(f"/{name(stored)}", headers={"If-None-Match": 'W/"1"'})
    assert short(await trail())[-1][:4] == ("read", "Practitioner", stored["id"], 1)


async def test_rows_carry_the_patient_whose_record_it_is(client, trail):
    number = nhs_number()
    known = await create(client, patient(number))
    person = await create(client, supporter(by_number(number)))
    await client.get(f"/{name(person)}")
    await found(client, f"/RelatedPerson?patient={number}")
    await client.get(f"/{name(person)}/_history")
    await client.delete(f"/{name(person)}")
    rows = await trail()
    assert len(rows) == 6
    assert {row["patient"] for row in rows} == {known["id"]}


async def test_a_minimal_patient_leaves_a_row_of_its_own(client, trail):
    number = nhs_number()
    person = await create(client, supporter(by_number(number)))
    (made,) = await found(client, f"/Patient?identifier={NHS_NUMBER}|{number}")
    assert short(await trail())[:2] == [
        ("create", "Patient", made, 1, 201),
        ("create", "RelatedPerson", person["id"], 1, 201),
    ]


async def test_a_take_over_leaves_a_row_for_each_patient_that_changed(client, trail):
    number = nhs_number()
    await create(client, supporter(by_number(number)))
    (made,) = await found(client, f"/Patient?identifier={number}")
    await put(client, patient(number, id="taker"))
    written = [row for row in short(await trail()) if row[0] in ("create", "update") and row[1] == "Patient"]
    assert written == [
        ("create", "Patient", made, 1, 201),
        ("update", "Patient", made, 2, 200),
        ("create", "Patient", "taker", 1, 201),
    ]


async def test_the_caller_is_recorded(client, trail):
    headers = {
        "X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
        "X-Correlation-ID": "a correlation",
        "NHSD-End-User-Organisation-ODS": "RX1",
        "NHSD-Session-URID": "555254240100",
    }
    written = await client.post("/Practitioner", json=practitioner(), headers=headers)
    await client.get(f"/{name(written.json())}", headers=headers)
    await client.post("/Practitioner", json={}, headers=headers)
    await client.delete("/Practitioner/nobody", headers=headers)
    rows = await trail("organisation, user_role, request_id, correlation_id, client, recorded")
    assert len(rows) == 4
    assert {tuple(row)[:5] for row in rows} == {
        ("RX1", "555254240100", headers["X-Request-ID"], "a correlation", "127.0.0.1")
    }


async def test_a_request_without_an_id_is_recorded_under_the_one_it_got(client, trail):
    response = await client.get("/Practitioner/nobody")
    assert [row["request_id"] for row in await trail("request_id")] == [response.headers["X-Request-ID"]]


async def test_what_cannot_be_stored_as_text_is_recorded_nevertheless(client, trail):
    await client.get("/Practitioner?name=%00")
    await client.get("/Practitioner", params={"name": "x" * 20_000})
    await client.get("/Practitioner/" + "y" * 20_000)
    assert len(await trail()) == 3


async def test_health_and_capabilities_are_nobodys_data(client, trail):
    await client.get("/metadata")
    await client.get("http://kith.test/_ping")
    await client.get("http://kith.test/_status")
    assert await trail() == []


async def test_the_minimal_patient_is_not_recorded_when_the_write_is_refused(client, trail):
    await client.post("/Consent", json=consent(by_number(nhs_number()), "RelatedPerson/nobody"))
    assert [(row[0], row[1], row[4]) for row in short(await trail())] == [("create", "Consent", 422)]


async def test_a_reference_by_id_is_recorded_under_the_same_patient(client, trail):
    known = await create(client, patient(nhs_number()))
    await create(client, supporter(to(known)))
    assert {row["patient"] for row in await trail()} == {known["id"]}
