"""The questions of the benchmark: each file asks its own, and Kith permits what the first of each asks."""

import re
from pathlib import Path

import pytest

from bench import engine, generator, load, people, questions, requests
from tests.conftest import running

LINES = {
    "read": "GET /FHIR/R4/RelatedPerson/",
    "search": "GET /FHIR/R4/RelatedPerson?patient=",
    "RelatedPerson": "POST /FHIR/R4/RelatedPerson ",
    "Consent": "POST /FHIR/R4/Consent ",
    "CarePlan": "POST /FHIR/R4/CarePlan ",
    "check": "POST /FHIR/R4/Consent/$check-sharing ",
    "matrix": "POST /FHIR/R4/Consent/$check-sharing ",
    "evaluation": "POST /access/v1/evaluation ",
    "evaluations": "POST /access/v1/evaluations ",
}


def test_each_file_holds_the_requests_of_its_operation_with_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "MOST", 100)
    files, _ = requests.write(tmp_path, 100, "a-token")
    for operation, line in LINES.items():
        found = generator.requests(files[operation])
        assert len(found) == requests.MOST
        for request in (found[0], found[-1]):
            assert request.decode().startswith(line)
            assert b"\r\nAuthorization: Bearer a-token\r\n" in request
    sizes = [len(generator.requests(files[operation])[0]) for operation in ("check", "matrix", "evaluation")]
    assert sizes[0] < sizes[1]


def test_each_service_writes_about_patients_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST", 100)
    services = requests.write(tmp_path, 100, "a-token")
    for operation in ("RelatedPerson", "Consent", "CarePlan", "transaction", "load"):
        ours, others = (
            set(re.findall(rb'"Patient/([0-9a-f-]{36})"', b"".join(generator.requests(files[operation]))))
            for files in services
        )
        assert ours
        assert others
        assert ours.isdisjoint(others), operation


async def test_questions_are_about_patients_with_five_consents_and_are_permitted(module_database_url: str) -> None:
    await load.copy(module_database_url, 0, 2)
    await load.settle(module_database_url)
    async with running(module_database_url) as client:
        for name, path, form, question in questions.ALL:
            answer = await client.post(
                f"http://kith.test{path}", content=question(0), headers={"Content-Type": form, "Accept": form}
            )
            assert answer.status_code == 200, (name, answer.text)
            assert '"permit"' in answer.text or '"decision":true' in answer.text, name
        found = await client.get("/Consent", params={"patient": people.ids(0)[0]})
        assert found.json()["total"] == people.SUPPORTERS


@pytest.mark.parametrize("consents", engine.COUNTS)
def test_the_decision_is_measured_on_as_many_consents_as_is_said(consents: int) -> None:
    facts = engine.facts_with(consents)
    assert len({record.id for record in facts.consents}) == consents
