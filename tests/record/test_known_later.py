"""A reference by an NHS number that nobody had leads to the Patient who gets it, as if it had been written today."""

from typing import Any

import pytest

from tests.callers import acting, granted
from tests.interactions.bundles import done, post
from tests.record.examples import by_number, create, found, name, nhs_number, patient, practitioner, put, supporter, to

Resource = dict[str, Any]


def message(of: Resource, sender: Resource, **more: Any) -> Resource:
    """A Communication in the record of one patient, which another person sent."""
    return {"resourceType": "Communication", "status": "completed", "subject": of, "sender": sender, **more}


async def _arrives(client, number: str, way: str) -> str:
    """The id of the Patient with this number, who comes in one of the ways in which Patients come."""
    if way == "minimal":
        await create(client, supporter(by_number(number)))
        [id_] = await found(client, f"/Patient?identifier={number}")
        return id_
    if way == "minimal, then real":
        await create(client, supporter(by_number(number)))
        return (await create(client, patient(number)))["id"]
    if way == "transaction":
        (made, *_) = await done(client, post(patient(number)), *(post(practitioner()) for _ in range(5)))
        return made["resource"]["id"]
    if way == "number comes later":
        stored = await create(client, patient())
        assert (await put(client, {**patient(number), "id": stored["id"]})).status_code == 200
        return stored["id"]
    return (await create(client, patient(number)))["id"]


@pytest.mark.parametrize("written", ["identifier", "address"])
@pytest.mark.parametrize("way", ["real", "minimal", "minimal, then real", "transaction", "number comes later"])
async def test_who_becomes_known_is_found_by_chains_includes_and_compartments(loose, written, way):
    number = nhs_number()
    named = by_number(number) if written == "identifier" else {"reference": f"Patient/{number}"}
    subject = await create(loose, patient(nhs_number()))
    sent = await create(loose, message(to(subject), named))
    id_ = await _arrives(loose, number, way)
    for search in (
        f"/Communication?sender=Patient/{id_}",
        f"/Communication?sender={number}",
        f"/Communication?sender:Patient._id={id_}",
        f"/Communication?sender:Patient.identifier={number}",
        f"/Patient/{id_}/Communication",
    ):
        assert await found(loose, search) == {sent["id"]}, search
    assert id_ in await found(loose, f"/Patient?_has:Communication:sender:_id={sent['id']}")
    along = (await loose.get(f"/Communication?_id={sent['id']}&_include=Communication:sender")).json()
    assert id_ in {entry["resource"]["id"] for entry in along["entry"]}
    back = (await loose.get(f"/Patient?_id={id_}&_revinclude=Communication:sender")).json()
    assert sent["id"] in {entry["resource"]["id"] for entry in back["entry"]}
    # What stands there is what was written.
    assert (await loose.get(f"/{name(sent)}")).json()["sender"] == named


async def test_the_patient_of_another_organisation_is_not_taken_for_it(client):
    number = nhs_number()
    async with (
        acting(client, granted(organisation="RX1")) as ours,
        acting(client, granted(organisation="RX2")) as theirs,
    ):
        subject = await create(ours, patient(nhs_number()))
        sent = await create(ours, message(to(subject), by_number(number)))
        other = await create(theirs, patient(number))
        assert await found(client, f"/Communication?sender:Patient._id={other['id']}") == set()
        own = await create(ours, patient(number))
        assert await found(ours, f"/Communication?sender:Patient._id={own['id']}") == {sent["id"]}


async def test_what_is_confidential_is_found_too_by_who_may_see_it(client):
    number = nhs_number()
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}
    trusted = granted("system/*.cruds kith/restrictions", organisation="RX1")
    async with acting(client, granted(organisation="RX1")) as ours, acting(client, trusted) as sees:
        subject = await create(ours, patient(nhs_number()))
        secret = message(to(subject), by_number(number), meta={"security": [label]})
        sent = await create(sees, secret)
        person = await create(ours, patient(number))
        assert await found(sees, f"/Communication?sender:Patient._id={person['id']}") == {sent["id"]}
        assert await found(ours, f"/Communication?sender:Patient._id={person['id']}") == set()
        assert await found(ours, f"/Patient?_has:Communication:sender:_id={sent['id']}") == set()
