"""Copies of restricted supporters in other records: where to find them is masked there as in their own."""

import asyncio

import asyncpg
import pytest

from tests.callers import acting, granted
from tests.organisations.matrix import communication
from tests.organisations.test_refusals_count import restriction
from tests.record.examples import create, name, nhs_number, patient, plan, put, supporter, to

PHONE = "07700 900555"
REACHED = {
    "telecom": [{"system": "phone", "value": PHONE}],
    "address": [{"line": ["12 Hidden Lane"], "city": "Northbeck"}],
}
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ROB = [{"family": "Marsh", "given": ["Rob"]}]
WHY = {"url": "https://fhir.kith.example/StructureDefinition/end-reason", "valueString": "It is over"}


@pytest.fixture(scope="module")
async def staff(client):
    async with acting(client, granted(organisation="RX1")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def trusted(client):
    async with acting(client, granted("system/*.cruds kith/check kith/restrictions", organisation="RX1")) as acts:
        yield acts


def copied(of, **who):
    """A plan that holds a copy of a supporter."""
    copy = {"resourceType": "RelatedPerson", "id": "copy", "patient": to(of), **REACHED, **who}
    return plan(to(of), contained=[copy], contributor=[{"reference": "#copy"}])


async def shown(client, resource, version=""):
    answer = await client.get(f"/{name(resource)}{version}")
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(
    "who",
    [
        {"name": ROB},
        {"name": [{"family": "Elsewhere", "given": ["Bo"]}], "identifier": "the same"},
        {"name": [{"text": "Rob Marsh"}]},
        {"name": [{"family": "Marsh"}]},
        {"name": [{"family": "Marsh", "given": ["Robert"]}]},
        {},
    ],
    ids=["by name", "by NHS number", "by a text", "by half a name", "by telephone", "by nothing"],
)
async def test_a_copy_of_a_restricted_supporter_is_masked_whichever_was_first(trusted, staff, who):
    of, number = await create(trusted, patient(nhs_number())), [{"system": NHS_NUMBER, "value": nhs_number()}]
    rob = await create(trusted, supporter(to(of), name=ROB, identifier=number, **REACHED))
    copy = copied(of, **who | ({"identifier": number} if "identifier" in who else {}))
    before = await create(trusted, copy)
    assert PHONE in await shown(staff, before)
    await create(trusted, restriction(to(of), name(rob)))
    for made in (before, await create(trusted, copy)):
        for version in ("", "/_history/1", "/_history"):
            seen = await shown(staff, made, version)
            assert PHONE not in seen
            assert "Hidden Lane" not in seen
        assert PHONE in await shown(trusted, made)
        assert (await staff.put(f"/{name(made)}", json=made)).status_code == 403


async def test_a_contact_of_a_contained_patient_is_a_copy_as_any(client, trusted, staff):
    of = await create(trusted, patient(nhs_number()))
    rob = await create(trusted, supporter(to(of), name=ROB, **REACHED))
    contact = {"name": ROB[0], "telecom": REACHED["telecom"], "address": REACHED["address"][0]}
    contained = {"resourceType": "Patient", "id": "copy", "birthDate": "1990-01-01", "contact": [contact]}
    copy = plan(to(of), contained=[contained], supportingInfo=[{"reference": "#copy"}])
    before = await create(trusted, copy)
    async with acting(client, granted(facing="patient", patient=of["id"])) as facing:
        assert (await facing.get(f"/{name(before)}")).status_code == 404
    await create(trusted, restriction(to(of), name(rob)))
    for made in (before, await create(trusted, copy)):
        seen = await shown(staff, made)
        assert PHONE not in seen
        assert "Hidden Lane" not in seen
        assert "1990-01-01" in seen
        assert PHONE in await shown(trusted, made)


async def test_a_copy_of_somebody_else_is_as_it_was(trusted, staff):
    of = await create(trusted, patient(nhs_number()))
    rob = await create(trusted, supporter(to(of), name=ROB))
    names = ({"family": "Friend", "given": ["Ann"]}, {"family": "Friend"}, {"text": "Ann Friend"})
    made = [await create(trusted, copied(of, name=[each])) for each in names]
    await create(trusted, restriction(to(of), name(rob)))
    for each in made:
        assert PHONE in await shown(staff, each)


async def test_who_is_not_restricted_is_not_written_again_with_those_who_are(trusted, module_database_url):
    of = await create(trusted, patient(nhs_number()))
    rob, ann = [await create(trusted, supporter(to(of), name=[{"family": each}], **REACHED)) for each in "RA"]
    rows = "SELECT xmin FROM {} WHERE type = 'RelatedPerson' AND id = $1"
    keys = "SELECT xmin FROM {} WHERE resource = (SELECT key FROM resource WHERE id = $1) ORDER BY number"
    statements = [rows.format("resource"), rows.format("resource_version")]
    statements += [keys.format("search_token"), keys.format("search_string")]
    connection = await asyncpg.connect(module_database_url)
    before = [await connection.fetch(each, ann["id"]) for each in statements]
    flag = await create(trusted, restriction(to(of), name(rob)))
    await put(trusted, rob | {"gender": "male"})
    assert [await connection.fetch(each, ann["id"]) for each in statements] == before
    await put(trusted, flag | {"status": "inactive", "extension": [*flag["extension"], WHY]})
    assert [await connection.fetch(each, ann["id"]) for each in statements] == before
    await connection.close()


async def test_it_is_shown_again_once_nobody_is_restricted(trusted, staff):
    of = await create(trusted, patient(nhs_number()))
    rob = await create(trusted, supporter(to(of), name=ROB))
    made = await create(trusted, copied(of, name=ROB))
    flag = await create(trusted, restriction(to(of), name(rob)))
    assert PHONE not in await shown(staff, made)
    ended = {**flag, "status": "inactive", "extension": [*flag["extension"], WHY]}
    assert (await trusted.put(f"/{name(flag)}", json=ended)).status_code == 200
    assert await shown(staff, made) == await shown(trusted, made)


async def test_who_is_restricted_elsewhere_is_masked_once_the_patients_turn_out_to_be_one(client, trusted, staff):
    number = nhs_number()
    async with acting(client, granted("system/*.cruds kith/check kith/restrictions", organisation="RX2")) as elsewhere:
        theirs = await create(elsewhere, patient(number))
        rob = await create(elsewhere, supporter(to(theirs), name=ROB))
        await create(elsewhere, restriction(to(theirs), name(rob)))
    known = patient(number)
    of = await create(trusted, {name: value for name, value in known.items() if name != "identifier"})
    twin, copy = (
        await create(trusted, supporter(to(of), name=ROB, **REACHED)),
        await create(trusted, copied(of, name=ROB)),
    )
    assert PHONE in await shown(staff, twin)
    assert (await trusted.put(f"/{name(of)}", json=of | {"identifier": known["identifier"]})).status_code == 200
    assert PHONE not in await shown(staff, twin)
    assert PHONE not in await shown(staff, copy)


async def test_what_is_stored_while_somebody_is_restricted_is_masked_too(trusted, staff):
    of = await create(trusted, patient(nhs_number()))
    rob = await create(trusted, supporter(to(of), name=ROB))
    twin = supporter(to(of), name=ROB, **REACHED)
    # One or more new ones are stored in one statement, with anything else in several.
    new = {"resource": twin, "request": {"method": "POST", "url": "RelatedPerson"}}
    read = {"request": {"method": "GET", "url": name(of)}}
    pairs = [{"resourceType": "Bundle", "type": "transaction", "entry": [new, other]} for other in (new, read)]
    alone = [("/RelatedPerson", twin), ("/CarePlan", copied(of, name=ROB)), *(("", pair) for pair in pairs)]
    sent = [*alone * 3, ("/Flag", restriction(to(of), name(rob))), *alone * 3]
    answers = await asyncio.gather(*(trusted.post(path, json=body) for path, body in sent))
    assert {answer.status_code for answer in answers} <= {200, 201}
    for type_ in ("RelatedPerson", "CarePlan"):
        found = (await staff.get(f"/{type_}?patient={of['id']}&_count=100")).json()["entry"]
        assert len(found) > 5
        assert [each["resource"]["meta"]["lastUpdated"] for each in found if PHONE in str(each)] == []


async def test_a_contact_of_the_patient_who_is_restricted_is_masked(client, trusted, staff):
    contact = {"name": ROB[0], "telecom": REACHED["telecom"], "address": REACHED["address"][0]}
    of = await create(trusted, patient(nhs_number(), contact=[contact]))
    friends = await create(
        trusted, patient(nhs_number(), contact=[{**contact, "name": {"family": "A", "given": ["B"]}}])
    )
    for one in (of, friends):
        rob = await create(trusted, supporter(to(one), name=ROB))
        await create(trusted, restriction(to(one), name(rob)))
    assert PHONE not in await shown(staff, of)
    assert PHONE in await shown(trusted, of)
    assert PHONE in await shown(staff, friends)
    facing = acting(client, granted(facing="patient", patient=friends["id"]))
    assert PHONE not in await shown(facing, friends)


async def test_no_other_type_holds_a_copy_in_clear_nor_does_what_a_transaction_stored(trusted, staff):
    of = await create(trusted, patient(nhs_number()))
    rob = await create(trusted, supporter(to(of), name=ROB))
    await create(trusted, restriction(to(of), name(rob)))
    told = communication(to(of), contained=copied(of, name=ROB)["contained"], recipient=[{"reference": "#copy"}])
    entries = [
        {"resource": each, "request": {"method": "POST", "url": each["resourceType"]}}
        for each in (told, copied(of, name=ROB))
    ]
    sent = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = await trusted.post("", json=sent)
    assert answer.status_code == 200, answer.text
    for type_ in ("Communication", "CarePlan"):
        found = (await staff.get(f"/{type_}?patient={of['id']}")).json()
        assert found["total"] == 1
        assert PHONE not in str(found)
        assert PHONE in (await trusted.get(f"/{type_}?patient={of['id']}")).text


@pytest.mark.parametrize("facing", ["patient", "carer"])
async def test_who_faces_a_patient_or_carer_sees_no_record_that_holds_a_supporter(client, trusted, facing):
    of = await create(trusted, patient(nhs_number()))
    made = await create(trusted, copied(of, name=ROB))
    app = acting(client, granted(facing=facing, patient=of["id"]))
    assert (await app.get(f"/{name(made)}")).status_code == 404
    assert (await app.get(f"/CarePlan?patient={of['id']}")).json()["total"] == 0


@pytest.mark.parametrize(
    ("named", "seen"),
    [
        ({"display": "Rob Marsh, brother"}, False),
        ({"identifier": {"system": NHS_NUMBER, "value": "9990000018"}}, False),
        ({"reference": "https://elsewhere.example/fhir/RelatedPerson/1"}, False),
        ({"type": "RelatedPerson", "display": "Rob"}, False),
        ({"type": "Practitioner", "display": "Dr Ama Osei"}, True),
    ],
)
async def test_a_carer_sees_no_plan_that_may_name_a_supporter(client, trusted, named, seen):
    of = await create(trusted, patient(nhs_number()))
    made = await create(trusted, plan(to(of), contributor=[named]))
    carer = acting(client, granted(facing="carer", patient=of["id"]))
    assert (await carer.get(f"/{name(made)}")).status_code == (200 if seen else 404)
    assert (await carer.get(f"/CarePlan?patient={of['id']}")).json()["total"] == int(seen)
