"""Conditional writes of many at once make one, however they say what they mean: https://hl7.org/fhir/R4/http.html#ccreate"""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest

from tests.interactions.bundles import post, send
from tests.interactions.conditional import identified, unless
from tests.record.examples import (
    LOCAL,
    NHS_NUMBER,
    by_number,
    create,
    found,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    put,
    supporter,
    to,
)


@pytest.mark.parametrize("clients", [32])
async def test_of_many_with_the_same_criteria_at_once_one_creates_and_all_are_told_the_truth(client, clients):
    value = str(uuid4())
    sent = [unless(client, f"identifier={LOCAL}|{value}", identified(value, alias=[f"{n}"])) for n in range(clients)]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses) == {201: 1, 200: clients - 1}
    (id_,) = await found(client, f"/Organization?identifier={value}")
    assert {each.json()["id"] for each in responses} == {id_}


async def test_criteria_that_are_spelt_differently_and_mean_the_same_make_one(client):
    number = nhs_number()
    of = await create(client, patient(number))
    when = "2026-04-01"
    spaced = f"{number[:3]}%20{number[3:6]}%20{number[6:]}"
    spellings = [
        f"patient=Patient/{of['id']}&date={when}",
        f"date={when}&patient=Patient/{of['id']}",
        f"patient=http://kith.test/FHIR/R4/Patient/{of['id']}&date={when}",
        f"patient={of['id']}&date=eq{when}",
        f"patient:Patient={of['id']}&date={when}",
        f"patient:identifier={NHS_NUMBER}|{number}&date={when}",
        f"patient:identifier={NHS_NUMBER}%7C{number}&date={when}",
        f"patient:identifier={NHS_NUMBER}|{spaced}&date={when}",
        f"patient=Patient/{number}&date={when}",
        f"subject=Patient/{of['id']}&date={when}",
    ]
    sent = [unless(client, each, plan(to(of), period={"start": when, "end": when})) for each in spellings * 2]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses) == {201: 1, 200: len(sent) - 1}


async def test_an_nhs_number_with_and_without_spaces_means_one_patient(client):
    number = nhs_number()
    spaced = f"{number[:3]}%20{number[3:6]}%20{number[6:]}"
    criteria = [f"identifier={NHS_NUMBER}|{number}", f"identifier={NHS_NUMBER}|{spaced}", f"identifier={number}"] * 4
    responses = await asyncio.gather(*(unless(client, each, patient(number)) for each in criteria))
    assert Counter(each.status_code for each in responses) == {201: 1, 200: 11}


async def test_a_patient_whose_number_nobody_knew_is_waited_for_too(client):
    number = nhs_number()
    of = by_number(number)
    sent = [unless(client, f"patient:identifier={NHS_NUMBER}|{number}", supporter(of)) for _ in range(16)]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses) == {201: 1, 200: 15}
    assert len(await found(client, f"/Patient?identifier={number}")) == 1


async def test_different_criteria_that_each_meet_what_the_other_makes_make_one(client):
    for _ in range(4):
        value, called = str(uuid4()), f"Called {uuid4()}"
        criteria = [
            f"identifier={LOCAL}|{value}",
            f"name:exact={called}",
            f"identifier={value}&name:exact={called}",
        ] * 2
        responses = await asyncio.gather(*(unless(client, each, identified(value, name=called)) for each in criteria))
        assert Counter(each.status_code for each in responses) == {201: 1, 200: 5}


async def test_criteria_that_name_nobody_make_one(client):
    called = f"Called {uuid4()}"
    sent = [unless(client, f"name:exact={called}", organization(name=called)) for _ in range(12)]
    sent += [client.put(f"/Organization?name:exact={called}", json=organization(name=called)) for _ in range(4)]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses)[201] == 1
    assert {each.status_code for each in responses} == {200, 201}
    assert len(await found(client, f"/Organization?name:exact={called}")) == 1


async def test_plain_creates_in_between_are_found_by_whoever_asks_later(client):
    value = str(uuid4())
    criteria = f"identifier={LOCAL}|{value}"
    sent = [unless(client, criteria, identified(value)) for _ in range(8)]
    responses = await asyncio.gather(client.post("/Organization", json=identified(value)), *sent)
    assert responses[0].status_code == 201
    assert {each.status_code for each in responses[1:]} <= {200, 201, 412}
    assert Counter(each.status_code for each in responses[1:])[201] <= 1
    last = await unless(client, criteria, identified(value))
    assert last.status_code == (412 if len(await found(client, f"/Organization?{criteria}")) > 1 else 200)


async def test_transactions_and_single_conditional_creates_at_once_make_one(client):
    value = str(uuid4())
    criteria = f"identifier={LOCAL}|{value}"
    sent = [send(client, post(identified(value), ifNoneExist=criteria), post(practitioner())) for _ in range(8)]
    sent += [unless(client, criteria, identified(value)) for _ in range(8)]
    responses = await asyncio.gather(*sent)
    assert {each.status_code for each in responses} <= {200, 201}
    told = [each.json()["entry"][0]["response"]["status"] for each in responses[:8]]
    told += [str(each.status_code) for each in responses[8:]]
    assert Counter(told) == {"201": 1, "200": 15}
    assert len(await found(client, f"/Organization?{criteria}")) == 1


@pytest.mark.parametrize("how", ["changed", "deleted"])
async def test_what_a_conditional_create_finds_is_answered_as_it_met_the_criteria(client, how):
    for _ in range(12):
        value = str(uuid4())
        stored = await create(client, identified(value))
        moved = {**stored, "identifier": [{"system": LOCAL, "value": f"{value}-moved"}]}
        away = put(client, moved) if how == "changed" else client.delete(f"/{name(stored)}")
        answer, gone = await asyncio.gather(unless(client, f"identifier={value}", identified(value)), away)
        assert gone.is_success
        assert answer.status_code in (200, 201)
        assert answer.json()["identifier"][0]["value"] == value
        assert answer.headers["ETag"] == 'W/"1"'
