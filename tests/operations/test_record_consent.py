"""RelatedPerson/{id}/$record-consent over HTTP: one call, a plain Consent, and what may be told from now on."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from app.operations.replay import replay
from tests.conftest import running
from tests.operations.asking import EXTENSION, SCOPES, consent_of, consents, decisions, parameters, patient, supporter


async def record(client: httpx.AsyncClient, person: str, *given: tuple[str, Any], **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(f"/{person}/$record-consent", json=parameters(*given), headers=named)


@pytest.fixture
async def mum(client: httpx.AsyncClient) -> str:
    return await supporter(client, await patient(client, "adult"))


async def test_a_yes_is_a_plain_consent_and_permits_what_it_names(client: httpx.AsyncClient, mum: str) -> None:
    answer = await record(client, mum, ("decision", "yes"), ("scope", "medication"), ("method", "verbal"))
    assert answer.status_code == 200, answer.text
    found = decisions(answer.json())
    assert (len(found), found["medication"], found["care-plan"]) == (15, "patient-consent", "not-covered")
    stored = (await client.get(f"/{consent_of(answer.json())}")).json()
    assert stored["status"] == "active"
    assert stored["performer"] == [{"reference": "Patient/adult"}]
    assert stored["provision"]["actor"][0]["reference"] == {"reference": mum}
    assert stored["provision"]["code"] == [{"coding": [{"system": SCOPES, "code": "medication"}]}]
    assert stored["extension"] == [{"url": f"{EXTENSION}/consent-method", "valueCode": "verbal"}]


async def test_a_yes_without_scope_covers_all_but_what_must_be_named(client: httpx.AsyncClient, mum: str) -> None:
    found = decisions((await record(client, mum, ("decision", "yes"))).json())
    unnamed = {scope for scope, basis in found.items() if basis != "patient-consent"}
    assert unnamed == {"sensitive-history", "substance-use"}


async def test_a_no_without_scope_refuses_everything(client: httpx.AsyncClient, mum: str) -> None:
    found = decisions((await record(client, mum, ("decision", "no"))).json())
    assert set(found.values()) == {"patient-refusal"}


async def test_undecided_is_a_draft_and_permits_nothing(client: httpx.AsyncClient, mum: str) -> None:
    answer = await record(client, mum, ("decision", "undecided"), ("scope", "medication"))
    assert (await client.get(f"/{consent_of(answer.json())}")).json()["status"] == "draft"
    assert set(decisions(answer.json()).values()) == {"asked-undecided"}


async def test_all_that_can_be_said_is_kept(client: httpx.AsyncClient, mum: str) -> None:
    await client.put("/Practitioner/nurse", json={"resourceType": "Practitioner", "id": "nurse"})
    answer = await record(
        client,
        mum,
        ("decision", "yes"),
        ("scope", "medication"),
        ("scope", "medication"),
        ("decided", "2026-03-02"),
        ("method", "written"),
        ("recorder", {"reference": "Practitioner/nurse"}),
        ("until", "2126-03-02"),
        ("nextReview", "2126-01-01"),
        ("condition", "verbal-only"),
        ("condition", "emergency-only"),
    )
    assert answer.status_code == 200, answer.text
    stored = (await client.get(f"/{consent_of(answer.json())}")).json()
    told = {each["url"].rpartition("/")[2]: each for each in stored["extension"]}
    assert told["consent-recorder"]["valueReference"] == {"reference": "Practitioner/nurse"}
    assert told["consent-next-review"]["valueDateTime"] == "2126-01-01"
    assert (stored["dateTime"], stored["provision"]["period"]["end"]) == ("2026-03-02", "2126-03-02")
    assert len(stored["provision"]["code"]) == 1
    assert [each["valueCode"] for each in stored["provision"]["modifierExtension"]] == ["verbal-only"]
    assert [each["code"] for each in stored["provision"]["purpose"]] == ["ETREAT"]
    assert decisions(answer.json())["medication"] != "patient-consent"  # not in an emergency


async def test_a_yes_replaces_another_consent_in_the_same_transaction(client: httpx.AsyncClient, mum: str) -> None:
    first = consent_of((await record(client, mum, ("decision", "yes"), ("scope", "medication"))).json())
    old = first.partition("/_history")[0]
    second = await record(client, mum, ("decision", "yes"), ("scope", "care-plan"), ("replaces", {"reference": old}))
    assert second.status_code == 200, second.text
    assert (await client.get(f"/{old}")).json()["status"] == "inactive"
    assert decisions(second.json())["care-plan"] == "patient-consent"
    assert decisions(second.json())["medication"] != "patient-consent"


async def test_what_cannot_be_written_ends_nothing(client: httpx.AsyncClient, mum: str) -> None:
    first = consent_of((await record(client, mum, ("decision", "yes"), ("scope", "medication"))).json())
    old, nobody = first.partition("/_history")[0], {"reference": "Practitioner/nobody"}
    answer = await record(client, mum, ("decision", "yes"), ("replaces", {"reference": old}), ("recorder", nobody))
    assert answer.status_code == 422
    assert (await client.get(f"/{old}")).json()["status"] == "active"


async def test_a_consent_of_another_patient_is_not_replaced(client: httpx.AsyncClient, mum: str) -> None:
    other = await supporter(client, await patient(client, "other"))
    theirs = consent_of((await record(client, other, ("decision", "yes"))).json()).partition("/_history")[0]
    for reference in (theirs, "Consent/nowhere", "Patient/adult", "#inside"):
        answer = await record(client, mum, ("decision", "no"), ("replaces", {"reference": reference}))
        assert answer.status_code == 422, reference
    assert (await client.get(f"/{theirs}")).json()["status"] == "active"


async def test_each_call_makes_one_record_unless_it_says_if_none_exist(client: httpx.AsyncClient) -> None:
    person = await supporter(client, await patient(client, "once"))
    said = (("decision", "yes"), ("decided", "2026-03-02T10:00:00Z"))
    query = "date=2026-03-02T10:00:00Z"
    first = await record(client, person, *said, if_none_exist=query)
    again = await record(client, person, *said, if_none_exist=f"?{query}")
    assert consent_of(first.json()) == consent_of(again.json())
    assert decisions(first.json()) == decisions(again.json())
    await record(client, person, *said)
    assert len(await consents(client, "Patient/once")) == 2
    assert (await record(client, person, *said, if_none_exist=query)).status_code == 412


async def test_of_many_at_once_that_say_if_none_exist_one_writes(client: httpx.AsyncClient) -> None:
    person = await supporter(client, await patient(client, "crowd"))
    said = (("decision", "no"), ("decided", "2026-03-02T10:00:00Z"))
    calls = [record(client, person, *said, if_none_exist="date=2026-03-02T10:00:00Z") for _ in range(16)]
    found = await asyncio.gather(*calls)
    assert {answer.status_code for answer in found} == {200}
    assert len({consent_of(answer.json()) for answer in found}) == 1
    assert len(await consents(client, "Patient/crowd")) == 1


async def test_if_none_exist_never_finds_what_is_about_somebody_else(client: httpx.AsyncClient) -> None:
    person = await supporter(client, await patient(client, "two"))
    other = await supporter(client, "Patient/two")
    said = (("decision", "no"), ("decided", "2026-03-02T10:00:00Z"))
    first = await record(client, person, *said, if_none_exist="date=2026-03-02T10:00:00Z")
    second = await record(client, other, *said, if_none_exist="date=2026-03-02T10:00:00Z")
    assert consent_of(first.json()) != consent_of(second.json())


@pytest.mark.parametrize("query", ["", "?", "&", "colour=red", "_count=1", "date=", "date=yesterday", "_sort=date"])
async def test_if_none_exist_that_cannot_be_understood_is_400(client: httpx.AsyncClient, mum: str, query: str) -> None:
    answer = await record(client, mum, ("decision", "yes"), if_none_exist=query)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ([("decision", "maybe")], 0),
        ([("decision", "yes"), ("scope", "everything")], 1),
        ([("decision", "yes"), ("scope", "medi\u0430tion")], 1),
        ([("decision", "yes"), ("method", "implied")], 1),
        ([("decision", "yes"), ("method", "telepathy")], 1),
        ([("decision", "yes"), ("decided", "9999-01-01")], 1),
        ([("decision", "yes"), ("decided", "2026-03-02"), ("until", "2026-03-01")], 2),
        ([("decision", "no"), ("condition", "verbal-only")], 1),
        ([("decision", "yes"), ("condition", "unless-it-rains")], 1),
        ([("decision", "yes"), ("recorder", {"reference": "Patient/adult"})], 1),
        ([("decision", "yes"), ("recorder", {"display": "the nurse"})], 1),
    ],
)
async def test_a_bad_value_is_422_and_named(
    client: httpx.AsyncClient, mum: str, given: list[tuple[str, Any]], place: int
) -> None:
    answer = await record(client, mum, *given)
    assert answer.status_code == 422, answer.text
    assert answer.json()["issue"][0]["expression"] == [f"Parameters.parameter[{place}]"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"resourceType": "Consent"}',
        '{"resourceType": "Parameters"}',
        (
            '{"resourceType": "Parameters", "parameter": [{"name": "decision", "valueCode": "yes"},'
            ' {"name": "colour", "valueCode": "red"}]}'
        ),
        (
            '{"resourceType": "Parameters", "parameter": [{"name": "decision", "valueCode": "yes"},'
            ' {"name": "decision", "valueCode": "no"}]}'
        ),
    ],
)
async def test_what_is_not_understood_is_400(client: httpx.AsyncClient, mum: str, body: str) -> None:
    answer = await client.post(f"/{mum}/$record-consent", content=body)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "decision", "valueString": "yes"},
        {"name": "decision"},
        {"name": "decision", "valueCode": ""},
        {"name": "decision", "valueCode": ["yes"]},
        {"name": "decision", "_valueCode": {"extension": [{"url": "http://x.example", "valueCode": "yes"}]}},
        {"name": "decision", "part": [{"name": "x", "valueCode": "yes"}]},
        {"valueCode": "yes"},
    ],
)
async def test_a_value_of_another_kind_is_422(client: httpx.AsyncClient, mum: str, parameter: dict[str, Any]) -> None:
    body = {"resourceType": "Parameters", "parameter": [parameter]}
    assert (await client.post(f"/{mum}/$record-consent", json=body)).status_code == 422


async def test_a_supporter_who_is_not_there_is_404_and_one_deleted_410(client: httpx.AsyncClient) -> None:
    gone = await supporter(client, await patient(client, "left"))
    await client.delete(f"/{gone}")
    assert (await record(client, gone, ("decision", "yes"))).status_code == 410
    assert (await record(client, "RelatedPerson/nobody", ("decision", "yes"))).status_code == 404
    assert (await record(client, "RelatedPerson/%00", ("decision", "yes"))).status_code in (400, 404)


async def test_only_post_is_possible(client: httpx.AsyncClient, mum: str) -> None:
    answer = await client.get(f"/{mum}/$record-consent")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


async def test_a_clock_slightly_ahead_is_taken_as_it_is(client: httpx.AsyncClient, mum: str) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=3)).isoformat(timespec="seconds")
    answer = await record(client, mum, ("decision", "no"), ("decided", ahead))
    assert answer.status_code == 200
    assert set(decisions(answer.json()).values()) == {"patient-refusal"}


async def test_what_cannot_be_audited_is_not_done(database_url: str) -> None:
    async with running(database_url) as client:
        person = await supporter(client, await patient(client, "adult"))
        owner = await asyncpg.connect(database_url)
        await owner.execute("ALTER TABLE audit RENAME COLUMN detail TO told")
        answer = await record(client, person, ("decision", "yes"))
        assert (answer.status_code, await consents(client, "Patient/adult")) == (503, [])
        await owner.execute("ALTER TABLE audit RENAME COLUMN told TO detail")
        await owner.close()
        assert (await record(client, person, ("decision", "yes"))).status_code == 200


async def test_its_check_can_be_replayed(client: httpx.AsyncClient, mum: str, module_database_url: str) -> None:
    answer = await record(client, mum, ("decision", "yes"))
    [key] = [each["valueReference"] for each in answer.json()["parameter"] if each["name"] == "auditEvent"]
    connection = await asyncpg.connect(module_database_url)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    assert (await replay(connection, int(key["reference"].partition("/")[2]))).is_same
    await connection.close()
