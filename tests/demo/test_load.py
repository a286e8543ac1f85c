"""The demo goes through the public API, once."""

import httpx

from app.config import Settings
from app.demo.codes import SUICIDALITY_CODES
from app.demo.load import load, load_with
from app.demo.resources import demo
from app.serve import of_workers


async def test_loading_twice_changes_nothing(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("http://kith.test")
    resources, seen = list(demo()), []
    first = await load_with(client, resources, lambda done, total: seen.append((done, total)))
    second = await load_with(client, resources, lambda done, total: None)
    assert (first.created, first.unchanged, first.failed, first.problem) == (len(resources), 0, 0, "")
    assert (second.created, second.unchanged, second.failed, second.problem) == (0, len(resources), 0, "")
    assert seen[-1] == (len(resources), len(resources))


async def test_a_consent_taken_back_is_there_in_both_versions(client: httpx.AsyncClient) -> None:
    given = (await client.get("/FHIR/R4/Consent/consent-dev-chaudhari-nikhil/_history/1")).json()
    taken_back = (await client.get("/FHIR/R4/Consent/consent-dev-chaudhari-nikhil")).json()
    assert (given["status"], taken_back["status"]) == ("active", "inactive")
    assert taken_back["meta"]["versionId"] == "2"


async def test_no_patient_of_the_demo_is_unverified(client: httpx.AsyncClient) -> None:
    found = (await client.get("/FHIR/R4/Patient?_summary=count")).json()
    assert found["total"] == len([each for each in demo() if each["resourceType"] == "Patient"])


async def test_the_load_stops_with_the_words_of_the_service(client: httpx.AsyncClient) -> None:
    wrong = {"resourceType": "Patient", "id": "wrong", "gender": "x"}
    after = {"resourceType": "RelatedPerson", "id": "after", "patient": {"reference": "Patient/wrong"}}
    report = await load_with(client, [after, wrong], lambda done, total: None)
    assert (report.created, report.failed) == (0, 1)
    assert "422" in report.problem
    assert "Patient.gender" in report.problem
    assert (await client.get("/FHIR/R4/RelatedPerson/after")).status_code == 404


def test_with_the_demo_its_own_mark_of_suicidal_thoughts_is_known_unless_another_is() -> None:
    other = "https://example.org/codes|sad"
    assert of_workers(Settings(), "x", demo=True).suicidality_codes == SUICIDALITY_CODES
    assert of_workers(Settings(suicidality_codes=other), "x", demo=True).suicidality_codes == other
    assert of_workers(Settings(), "x", demo=False).suicidality_codes == ""


async def test_a_service_that_is_not_there_is_said_so() -> None:
    report = await load("http://127.0.0.1:9", lambda done, total: None)
    assert report.failed
    assert report.problem
