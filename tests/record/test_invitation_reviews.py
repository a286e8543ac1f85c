"""A decision that takes meetings away flags the invitations to come, once each, and changes none of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.record.examples import Resource, consent, create, name, patient, put, supporter, to
from tests.record.test_contacts import restriction
from tests.record.test_meetings import meeting


@pytest.fixture
async def invited(client: httpx.AsyncClient) -> dict[str, Resource]:
    """A patient whose mother may know of meetings and is invited to one tomorrow."""
    of = await create(client, patient(birthDate="1980-01-01"))
    mother = await create(client, supporter(to(of)))
    given = await create(client, consent(to(of), name(mother)))
    return {"of": of, "mother": mother, "given": given, "meeting": await create(client, meeting(of, mother))}


async def tasks(client: httpx.AsyncClient, person: Resource) -> list[Resource]:
    answer = await client.get("/Task", params={"subject": name(person)})
    return [entry["resource"] for entry in answer.json().get("entry", ())]


async def withdraw(client: httpx.AsyncClient, given: Resource) -> None:
    answer = await client.post(f"/{name(given)}/$withdraw", json={"resourceType": "Parameters"})
    assert answer.status_code == 200, answer.text


async def test_a_withdrawal_makes_one_task_for_each_invitation(client: httpx.AsyncClient, invited: Any) -> None:
    of, mother = invited["of"], invited["mother"]
    over = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    await create(client, meeting(of, mother, start=over, end=over))
    await create(client, meeting(of, mother, kind="own-needs-meeting"))
    await create(client, meeting(of))
    second = await create(client, meeting(of, mother))
    await withdraw(client, invited["given"])
    found = await tasks(client, mother)
    assert {each["reasonReference"]["reference"] for each in found} == {name(invited["meeting"]), name(second)}
    for task in found:
        assert task["focus"] == to(of)
        assert task["code"]["coding"][0]["code"] == "invitation-review"
        assert task["restriction"]["period"]["end"] == invited["meeting"]["start"]
    assert (await client.get(f"/{name(second)}")).json() == second


@pytest.mark.parametrize("how", ["refusal", "restriction", "narrowed", "transaction"])
async def test_whatever_takes_it_away_flags_it(client: httpx.AsyncClient, invited: Any, how: str) -> None:
    of, mother, given = invited["of"], invited["mother"], invited["given"]
    no = consent(to(of), name(mother), dateTime="2026-02-01") | {"provision": given["provision"] | {"type": "deny"}}
    if how == "refusal":
        await create(client, no)
    elif how == "restriction":
        await create(client, restriction(of, mother, "no-contact-safeguarding"))
    elif how == "narrowed":
        scope = {"coding": [{"system": "https://fhir.kith.example/CodeSystem/sharing-scope", "code": "medication"}]}
        narrower = given | {"provision": given["provision"] | {"code": [scope]}}
        assert (await put(client, narrower)).status_code == 200
    else:
        entry = [{"resource": no, "request": {"method": "POST", "url": "Consent"}}]
        answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entry})
        assert answer.status_code == 200, answer.text
    [task] = await tasks(client, mother)
    assert task["reasonReference"] == to(invited["meeting"])


async def test_there_is_no_second_task_until_the_first_is_done(client: httpx.AsyncClient, invited: Any) -> None:
    of, mother = invited["of"], invited["mother"]
    await withdraw(client, invited["given"])
    await create(client, restriction(of, mother, "no-contact-safeguarding"))
    [task] = await tasks(client, mother)
    assert (await put(client, task | {"status": "completed"})).status_code == 200
    await create(client, restriction(of, mother, "no-whereabouts"))
    assert sorted(each["status"] for each in await tasks(client, mother)) == ["completed", "requested"]


async def test_a_decision_that_takes_nothing_away_flags_nothing(client: httpx.AsyncClient, invited: Any) -> None:
    of, mother, given = invited["of"], invited["mother"], invited["given"]
    other = await create(client, supporter(to(of)))
    await create(client, consent(to(of), name(other)))
    assert (await put(client, given | {"language": "en"})).status_code == 200
    no = consent(to(of), name(other), dateTime="2026-02-01")
    await create(client, no | {"provision": no["provision"] | {"type": "deny"}})
    assert await tasks(client, mother) == []


async def test_what_is_refused_or_only_tried_flags_nothing(client: httpx.AsyncClient, invited: Any) -> None:
    of, mother = invited["of"], invited["mother"]
    no = consent(to(of), name(mother), dateTime="2026-02-01")
    no["provision"]["type"] = "deny"
    tried = {"resourceType": "Parameters", "parameter": [
        {"name": "mode", "valueCode": "create"}, {"name": "resource", "resource": no}
    ]}  # fmt: skip
    assert (await client.post("/Consent/$validate", json=tried)).status_code == 200
    unsaid = {key: value for key, value in no.items() if key != "dateTime"}
    assert (await client.post("/Consent", json=unsaid)).status_code == 422
    assert await tasks(client, mother) == []
