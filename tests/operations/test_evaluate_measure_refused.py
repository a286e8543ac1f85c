"""$evaluate-measure over HTTP: questions that cannot be answered, and what is not there to be asked."""

import pytest

from app.fhir.vocabulary.measures import BY_ID, CORE
from tests.operations.test_evaluate_measure import MARCH


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"periodStart": "2026-03-31", "periodEnd": "2026-03-01"}, 422, "before periodStart"),
        ({"periodStart": "2026-03-02", "periodEnd": "2026-03-01"}, 422, "before periodStart"),
        ({"periodStart": "1900", "periodEnd": "2026"}, 422, "years at most"),
        ({"periodStart": "2026-03-01"}, 400, "periodEnd is missing"),
        ({"periodEnd": "2026-03-01"}, 400, "periodStart is missing"),
        ({**MARCH, "periodStart": ""}, 400, "periodStart is empty"),
        ({**MARCH, "periodStart": "yesterday"}, 400, "periodStart is a date"),
        ({**MARCH, "periodEnd": "2026-02-30"}, 400, "periodEnd is a date"),
        ({**MARCH, "periodStart": "2026-03-01T10:00:00"}, 400, "periodStart is a date"),
        ({**MARCH, "team": "Organization/nobody"}, 404, "no Organization/nobody"),
        ({**MARCH, "team": "CareTeam/nobody"}, 404, "no CareTeam/nobody"),
        ({**MARCH, "team": "Patient/x"}, 400, "an Organization or a CareTeam"),
        ({**MARCH, "team": "Northbeck"}, 400, "an Organization or a CareTeam"),
        ({**MARCH, "subject": "Patient/nobody"}, 404, "no such patient"),
        ({**MARCH, "subject": "Patient/9990000018"}, 404, "no such patient"),
        ({**MARCH, "subject": "Group/x"}, 400, "Patient/<id>"),
        ({**MARCH, "reportType": "everything"}, 400, "reportType is one of"),
        ({**MARCH, "reportType": "subject"}, 400, "subject is missing"),
        ({**MARCH, "reportType": "population", "subject": "Patient/x"}, 400, "not about one subject"),
        ({**MARCH, "practitioner": "Practitioner/x"}, 400, "not offered"),
        ({**MARCH, "lastReceivedOn": "2026"}, 400, "not offered"),
        ({**MARCH, "colour": "red"}, 400, "not known"),
        ({**MARCH, "measure": "KS-13a"}, 400, "in the path"),
        ([("periodStart", "2026"), ("periodStart", "2025"), ("periodEnd", "2026")], 400, "given once"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_told_why(client, asked, status, words):
    answer = await client.get("/Measure/KS-13b/$evaluate-measure", params=asked)
    assert answer.status_code == status, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert words in answer.text


@pytest.mark.parametrize("id_", ["KS-13e", "nothing", "ks-13a"])
async def test_what_is_no_indicator_is_not_found(client, id_):
    assert (await client.get(f"/Measure/{id_}/$evaluate-measure", params=MARCH)).status_code == 404
    assert (await client.get("/Measure/$evaluate-measure", params=MARCH | {"measure": id_})).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Parameters", "parameter": [{"name": "periodStart", "valueInteger": 3}]},
        {"resourceType": "Parameters", "parameter": [{"name": "periodStart"}]},
        {"resourceType": "Patient"},
        [],
    ],
)
async def test_a_body_that_is_no_question_is_refused(client, body):
    answer = await client.post("/Measure/KS-13b/$evaluate-measure", json=body)
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_measures_are_published_and_not_written(client):
    for id_ in BY_ID:
        measure = (await client.get(f"/Measure/{id_}")).json()
        assert ("CORE scale must not be used" in str(measure)) is ("CORE" in BY_ID[id_].source)
        assert measure["disclaimer"].startswith(BY_ID[id_].limits)
    assert "permission" in CORE
    assert (await client.get("/Measure/KS-13e")).status_code == 404
    assert (await client.put("/Measure/KS-13a", json={"resourceType": "Measure"})).status_code == 405
    found = (await client.get("/Measure", params={"name": "KS13a"})).json()
    assert [one["resource"]["id"] for one in found["entry"]] == ["KS-13a"]
