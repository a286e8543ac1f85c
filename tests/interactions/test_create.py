"""create: https://hl7.org/fhir/R4/http.html#create"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.conftest import running
from tests.record.examples import (
    by_number,
    consent,
    content,
    create,
    issue,
    nhs_number,
    patient,
    practitioner,
    supporter,
)

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def test_a_create_answers_201_with_location_version_and_time(client):
    response = await client.post("/Practitioner", json=practitioner())
    stored = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"http://kith.test/FHIR/R4/Practitioner/{stored['id']}/_history/1"
    assert response.headers["ETag"] == 'W/"1"'
    assert response.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert stored["meta"]["versionId"] == "1"
    assert INSTANT.fullmatch(stored["meta"]["lastUpdated"])


async def test_last_modified_is_the_time_of_the_version(client):
    response = await client.post("/Practitioner", json=practitioner())
    told = parsedate_to_datetime(response.headers["Last-Modified"])
    updated = datetime.fromisoformat(response.json()["meta"]["lastUpdated"])
    assert told == updated.replace(microsecond=0)
    assert abs(datetime.now(UTC) - updated) < timedelta(minutes=1)


async def test_the_location_leads_to_the_version(client):
    response = await client.post("/Practitioner", json=practitioner())
    read = await client.get(response.headers["Location"])
    assert read.json() == response.json()


@pytest.mark.parametrize("chosen", ["chosen-by-client", "9990000018", "1"])
async def test_an_id_in_the_body_is_ignored(client, chosen):
    response = await client.post("/Patient", json=patient(id=chosen))
    assert response.status_code == 201
    assert response.json()["id"] != chosen
    assert (await client.get(f"/Patient/{chosen}")).status_code == 404


async def test_version_and_time_in_the_body_are_ignored_and_the_rest_of_meta_is_kept(client):
    meta = {
        "versionId": "77",
        "lastUpdated": "2001-01-01T00:00:00Z",
        "source": "urn:example:source",
        "profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Practitioner"],
        "tag": [{"system": "https://trust.example.org/tags", "code": "night"}],
    }
    stored = (await client.post("/Practitioner", json=practitioner(meta=meta))).json()
    assert stored["meta"]["versionId"] == "1"
    assert stored["meta"]["lastUpdated"] > "2026"
    assert {key: stored["meta"][key] for key in ("source", "profile", "tag")} == {
        key: meta[key] for key in ("source", "profile", "tag")
    }


async def test_what_is_read_back_is_what_was_written_and_id_and_meta(client):
    sent = consent(
        by_number(nhs_number()),
        language="en-GB",
        text={
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml">Said in &amp; out &lt;1&gt;</div>',
        },
        extension=[
            {"url": "https://trust.example.org/unknown", "extension": [{"url": "a", "valueString": "\u00e9\U0001f600"}]}
        ],
        _dateTime={"extension": [{"url": "https://trust.example.org/heard", "valueBoolean": True}]},
    )
    stored = await create(client, sent)
    read = (await client.get(f"/Consent/{stored['id']}")).json()
    assert read == stored
    assert content(read) == sent


async def test_decimals_keep_their_digits(client):
    numbers = ["1.50", "0.00", "1E3", "-0.0", "123456789012345678901234567890.123456789"]
    extensions = ",".join(
        f'{{"url":"https://trust.example.org/d{n}","valueDecimal":{text}}}' for n, text in enumerate(numbers)
    )
    body = f'{{"resourceType":"Practitioner","extension":[{extensions}]}}'
    response = await client.post("/Practitioner", content=body)
    read = await client.get(response.headers["Location"])
    pretty = await client.get(response.headers["Location"] + "?_pretty=true")
    for answer in (response, read, pretty):
        assert re.findall(r'"valueDecimal": ?([^}\s]+)', answer.text) == numbers


async def test_elements_keep_the_order_in_which_they_were_sent(client):
    sent = {
        "resourceType": "Practitioner",
        "gender": "female",
        "birthDate": "1980",
        "active": True,
        "name": [{"text": "N"}],
    }
    stored = await create(client, sent)
    assert list(stored) == ["resourceType", "id", "meta", "gender", "birthDate", "active", "name"]


async def test_minimal_returns_no_body(client):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Prefer": "return=minimal"})
    assert response.status_code == 201
    assert response.content == b""
    assert response.headers["Location"]
    assert response.headers["ETag"] == 'W/"1"'


async def test_operation_outcome_returns_an_outcome(client):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Prefer": "return=OperationOutcome"})
    assert response.status_code == 201
    assert issue(response)["severity"] == "information"


async def test_representation_returns_the_resource(client):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Prefer": "return=representation"})
    assert response.json()["resourceType"] == "Practitioner"


@pytest.mark.parametrize(
    "prefer",
    [
        [("Prefer", 'return="minimal"')],
        [("Prefer", "Return=minimal")],
        [("Prefer", "return = minimal")],
        [("Prefer", "respond-async, return=minimal; foo=bar")],
        [("Prefer", "handling=lenient"), ("Prefer", "return=minimal")],
    ],
)
async def test_a_preference_may_be_written_in_every_way_of_rfc_7240(client, prefer):
    headers = [("Content-Type", "application/fhir+json"), *prefer]
    response = await client.post("/Practitioner", json=practitioner(), headers=headers)
    assert response.status_code == 201
    assert response.content == b""


async def test_an_unknown_preference_is_ignored(client):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Prefer": "return=everything, wait=10"})
    assert response.status_code == 201
    assert response.json()["resourceType"] == "Practitioner"


async def test_what_was_accepted_with_a_warning_says_so(module_database_url):
    async with running(module_database_url, vrs_leniency=True) as client:
        person = await create(client, supporter(by_number(nhs_number())))
        lenient = consent(person["patient"], f"RelatedPerson/{person['id']}")
        del lenient["provision"]["actor"][0]["role"]
        response = await client.post("/Consent", json=lenient, headers={"Prefer": "return=OperationOutcome"})
    assert response.status_code == 201
    assert issue(response)["severity"] == "warning"
    assert issue(response)["expression"] == ["Consent.provision.actor[0].role"]
    assert "Consent.provision.actor[0].role" in response.headers["Warning"]


async def test_another_type_than_the_url_says_is_refused(client):
    response = await client.post("/Patient", json=practitioner())
    assert response.status_code == 400
    assert "Practitioner" in issue(response)["diagnostics"]


async def test_a_refused_create_leaves_nothing(client):
    before = (await client.get("/Consent?_summary=count")).json()["total"]
    response = await client.post("/Consent", json={"resourceType": "Consent"})
    assert response.status_code == 422
    assert (await client.get("/Consent?_summary=count")).json()["total"] == before
