"""A warning tells what a check would tell: who may not ask is not warned."""

from typing import Any

import pytest

from tests.callers import acting, granted
from tests.organisations.test_refusals_count import restriction
from tests.record.examples import NHS_NUMBER, create, name, nhs_number, patient, supporter, to
from tests.record.test_contacts import contact
from tests.record.test_meetings import meeting

MARSH = [{"family": "Marsh", "given": ["Rob"]}]
CALLERS = {
    "who may ask": ("system/*.c kith/check", "staff", True),
    "who may only write": ("system/*.c", "staff", False),
    "a patient": ("system/*.c kith/check", "patient", False),
}


@pytest.fixture(scope="module")
async def people(client) -> Any:
    """A patient and a supporter who is kept away."""
    async with acting(client, granted("system/*.cruds kith/check kith/restrictions")) as writer:
        of = await create(writer, patient(nhs_number()))
        rob = await create(writer, supporter(to(of), name=MARSH))
        await create(writer, restriction(to(of), name(rob), code="listen-only"))
        yield of, rob


@pytest.mark.parametrize("caller", CALLERS)
async def test_who_may_not_ask_is_not_warned(client, people, caller):
    of, rob = people
    scope, facing, is_told = CALLERS[caller]
    async with acting(client, granted(scope, facing=facing, patient=of["id"])) as acts:
        twin = supporter(to(of), name=MARSH)
        sent = [("/RelatedPerson", twin), ("/RelatedPerson/$validate?mode=create", twin)]
        if facing == "staff":  # for others this supporter is nobody to refer to
            said = {"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": "spoke"}]}
            sent += [("/Communication", contact(of, rob)), ("/Appointment", meeting(of, rob))]
            sent.append((f"/{name(rob)}/$record-contact", said))
        for path, body in sent:
            answer = await acts.post(path, json=body)
            assert answer.status_code in (200, 201), answer.text
            assert ("warning" in answer.headers or "warning" in answer.text) is is_told, (path, answer.text)


async def test_no_warning_tells_whom_others_know(ours, theirs):
    number, known = nhs_number(), nhs_number()
    of, there = await create(ours, patient(number)), await create(theirs, patient(number))
    await create(theirs, supporter(to(there), identifier=[{"system": NHS_NUMBER, "value": known}]))
    told = []
    for value in (known, nhs_number()):
        who = {"type": "RelatedPerson", "identifier": {"system": NHS_NUMBER, "value": value}}
        called, met = contact(of, of) | {"recipient": [who]}, meeting(of, of)
        met["participant"][-1]["actor"] = who
        for body in (called, met):
            answer = await ours.post(f"/{body['resourceType']}/$validate?mode=create", json=body)
            told.append((answer.status_code, answer.text))
    assert told[:2] == told[2:]
    # Of whom the caller has a record too, as much is told as by that.
    await create(ours, supporter(to(of), identifier=[{"system": NHS_NUMBER, "value": known}]))
    who = {"type": "RelatedPerson", "identifier": {"system": NHS_NUMBER, "value": known}}
    answer = await ours.post("/Communication", json=contact(of, of) | {"recipient": [who]})
    assert "no-consent-recorded" in answer.headers["warning"]
