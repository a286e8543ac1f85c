"""Communications that say the team reached out to a supporter: stored as what happened, with a warning if need be."""

from typing import Any

import httpx
import pytest

from app.fhir.canonical import BASE, FLAG_DETAIL
from app.fhir.own_codes import coding, concept
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY, CONTACT_OUTCOME
from tests.record.examples import Resource, consent, create, name, patient, put, supporter, to


def contact(of: Resource, *people: Resource, outcome: str = "spoke", **more: Any) -> Resource:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "statusReason": {"coding": [coding(CONTACT_OUTCOME, outcome)]},
        "category": [concept(COMMUNICATION_CATEGORY, "contact")],
        "subject": to(of),
        "sent": "2026-03-02T10:00:00Z",
        "recipient": [to(person) for person in people],
        **more,
    }


def restriction(of: Resource, person: Resource, code: str) -> Resource:
    return {
        "resourceType": "Flag",
        "status": "active",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"}]}],
        "code": {"coding": [{"system": f"{BASE}/CodeSystem/contact-restriction", "code": code}]},
        "subject": to(of),
        "period": {"start": "2026-01-01"},
        "extension": [{"url": FLAG_DETAIL, "valueReference": to(person)}],
    }


@pytest.fixture
async def people(client: httpx.AsyncClient) -> tuple[Resource, Resource]:
    """A patient, and a supporter whom nobody asked about."""
    of = await create(client, patient(birthDate="1980-01-01"))
    return of, await create(client, supporter(to(of)))


async def test_a_contact_without_permission_is_stored_with_a_warning(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    answer = await client.post("/Communication", json=contact(of, person))
    assert answer.status_code == 201
    assert "Communication.recipient[0]" in answer.headers["warning"]
    assert "make-contact: no-consent-recorded" in answer.headers["warning"]


async def test_each_recipient_is_judged_alone(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    friend = await create(client, supporter(to(of)))
    await create(client, consent(to(of), name(friend)))
    warned = (await client.post("/Communication", json=contact(of, friend, person))).headers["warning"]
    assert "recipient[1]" in warned
    assert "recipient[0]" not in warned


@pytest.mark.parametrize(
    "more",
    [
        {"status": "preparation", "statusReason": {}},
        {"status": "entered-in-error"},
        {"sender": "the supporter"},
        {"recipient": []},
        {"category": [concept(COMMUNICATION_CATEGORY, "information-given")], "statusReason": {}},
    ],
    ids=["not yet", "in error", "inbound", "to nobody", "what is owed"],
)
async def test_what_is_no_contact_of_the_team_is_not_warned_of(
    client: httpx.AsyncClient, people: Any, more: dict[str, Any]
) -> None:
    of, person = people
    body = contact(of, person) | more
    if "sender" in more:
        body["sender"] = to(person)
    answer = await client.post("/Communication", json={key: value for key, value in body.items() if value})
    assert answer.status_code == 201, answer.text
    assert "warning" not in answer.headers


async def test_under_a_restriction_all_that_goes_out_is_warned_of(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    await create(client, consent(to(of), name(person)))
    given = contact(of, person, category=[concept(COMMUNICATION_CATEGORY, "information-given")])
    del given["statusReason"]
    assert "warning" not in (await client.post("/Communication", json=given)).headers
    await create(client, restriction(of, person, "no-contact-safeguarding"))
    for body in (given, contact(of, person)):
        assert "contact-restricted" in (await client.post("/Communication", json=body)).headers["warning"]


async def test_an_update_and_a_patch_are_judged_as_a_create_is(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    stored = await create(client, contact(of, person))
    assert "make-contact" in (await put(client, stored | {"note": [{"text": "Rang twice."}]})).headers["warning"]
    change = [{"op": "add", "path": "/priority", "value": "urgent"}]
    headers = {"Content-Type": "application/json-patch+json"}
    patched = await client.patch(f"/{name(stored)}", json=change, headers=headers)
    assert "make-contact" in patched.headers["warning"]


async def test_in_a_transaction_permission_may_come_with_the_contact(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    friend = await create(client, supporter(to(of)))
    written = [consent(to(of), name(friend)), contact(of, friend), contact(of, person)]
    entry = [{"resource": each, "request": {"method": "POST", "url": each["resourceType"]}} for each in written]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entry})
    assert answer.status_code == 200, answer.text
    said = [
        each["response"].get("outcome", {}).get("issue", [{}])[0].get("diagnostics", "")
        for each in answer.json()["entry"]
    ]
    assert ["make-contact" in each for each in said] == [False, False, True]


async def test_a_contact_of_nobody_known_here_is_stored(client: httpx.AsyncClient, people: Any) -> None:
    of, _ = people
    body = contact(of) | {"recipient": [{"type": "RelatedPerson", "display": "His aunt"}]}
    answer = await client.post("/Communication", json=body)
    assert (answer.status_code, "warning" in answer.headers) == (201, False)


NUMBER = {"system": "https://trust.example.org/carers", "value": "C 300"}
HELD = {"resourceType": "RelatedPerson", "id": "a", "patient": {"display": "him"}, "identifier": [NUMBER]}


@pytest.mark.parametrize(
    "recipient",
    [{"type": "RelatedPerson", "identifier": NUMBER}, {"identifier": NUMBER}, {"reference": "#a"}],
    ids=["by identifier", "by identifier, without a type", "contained"],
)
async def test_a_supporter_is_known_in_whatever_way_another_system_names_them(
    client: httpx.AsyncClient, recipient: Resource
) -> None:
    of = await create(client, patient(birthDate="1980-01-01"))
    await create(client, supporter(to(of), identifier=[NUMBER]))
    held = {"contained": [HELD]} if recipient.get("reference") else {}
    answer = await client.post("/Communication", json=contact(of) | held | {"recipient": [recipient]})
    assert "make-contact: no-consent-recorded" in answer.headers["warning"]
    body = {"resourceType": "Appointment", "status": "booked", "start": "2026-03-02T10:00:00Z", **held}
    people = [{"actor": to(of), "status": "accepted"}, {"actor": recipient, "status": "needs-action"}]
    answer = await client.post("/Appointment", json=body | {"end": "2026-03-02T11:00:00Z", "participant": people})
    assert answer.status_code == 201, answer.text
    assert "meetings: no-consent-recorded" in answer.headers["warning"]
