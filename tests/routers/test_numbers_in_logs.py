"""Logs carry no NHS number in clear, whatever a caller puts it into."""

import logging

from tests.conftest import running
from tests.record.examples import by_number, consent, create, nhs_number, patient


async def test_no_line_holds_an_nhs_number_in_clear(database_url, written):
    number = nhs_number()
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    async with running(database_url) as client:
        await create(client, patient(number))
        await create(client, consent(by_number(number)))
        await client.post("/Patient", json=patient(number))
        await client.put(f"/Patient/{number}", json=patient(number, id=number))
        for path in (
            f"/Patient/{number}",
            f"/Patient/{number}/_history",
            f"/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{number}",
            f"/Patient?identifier={spaced}",
            f"/Consent?patient=Patient/{number}",
            f"/Consent?patient:identifier=https://fhir.nhs.uk/Id/nhs-number|{number}",
            f"/Consent?{number}={number}",
            f"/{number}",
        ):
            await client.get(path)
        await client.post(
            "/Patient/_search",
            data={"identifier": spaced},
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        await client.get("/metadata", headers={"X-Correlation-ID": spaced})
    for handler in logging.getLogger("kith.access").handlers:
        handler.flush()
    lines = written.getvalue()
    assert lines.count("/FHIR/R4/Patient") > 3
    assert number not in lines
    assert spaced not in lines
    assert spaced.replace(" ", "%20") not in lines


async def test_no_line_of_a_failure_holds_an_nhs_number_in_clear(database_url, written, monkeypatch):
    number = nhs_number()

    async def broken(*_):
        raise RuntimeError(f"something about {number}")

    monkeypatch.setattr("app.storage.resources.read", broken)
    async with running(database_url) as client:
        assert (await client.get(f"/Patient/{number}")).status_code == 500
    assert "something about" in written.getvalue()
    assert number not in written.getvalue()


async def test_the_query_of_a_search_is_not_logged(database_url, written):
    async with running(database_url) as client:
        await client.get("/Patient?family=Verysecretname")
    assert "Verysecretname" not in written.getvalue()
