"""Who is told who wrote what: whoever sees the record as staff, and nobody else."""

from typing import Any

import httpx
import pytest

from app.fhir.change import is_change
from tests.organisations.matrix import CALLERS, expected
from tests.record.examples import name

Resource = dict[str, Any]


async def _changes(client: httpx.AsyncClient, **asked: str) -> list[Resource]:
    """The Provenances that the service makes of what it wrote itself."""
    bundle = (await client.get("/Provenance", params={"_count": "500", **asked})).json()
    return [one["resource"] for one in bundle.get("entry", ()) if is_change(one["resource"]["id"])]


@pytest.mark.parametrize("caller", CALLERS)
async def test_staff_are_told_who_wrote_what_they_see_and_nobody_else_is(made, caller):
    records, clients = made
    everywhere = {one["id"]: one for one in await _changes(clients["trusted"], _lastUpdated="ge2020-01-01")}
    all_told = await _changes(clients[caller], _lastUpdated="ge2020-01-01")
    of_patients = [await _changes(clients[caller], patient=records[one]["id"]) for one in ("patient", "other")]
    for record, signs in expected().items():
        sees = signs[caller] != "-" and "facing" not in CALLERS[caller]
        version = f"{name(records[record])}/_history/1"
        (change,) = [one for one in everywhere.values() if {"reference": version} in one["target"]]
        # What is about a patient's record is about the patient too.
        assert (await _changes(clients[caller], target=name(records[record]))).count(change) == sees, record
        assert await _changes(clients[caller], target=version) == [change] * sees
        assert await _changes(clients[caller], _id=change["id"]) == [change] * sees
        assert all_told.count(change) == sum(each.count(change) for each in of_patients) == sees, record
        read = await clients[caller].get(f"/Provenance/{change['id']}")
        assert read.status_code == (200 if sees else 404)
        if not sees:
            absent = await clients[caller].get("/Provenance/CarePlan.999999999")
            assert read.text.replace(change["id"], "CarePlan.999999999") == absent.text
