"""fhirclient, the SMART on FHIR Python client: https://github.com/smart-on-fhir/client-py"""

import pytest
from fhirclient import client
from fhirclient.models.bundle import Bundle
from fhirclient.models.careplan import CarePlan
from fhirclient.models.consent import Consent
from fhirclient.models.fhirdate import FHIRDate
from fhirclient.models.patient import Patient
from fhirclient.models.relatedperson import RelatedPerson
from fhirclient.server import FHIRNotFoundException
from requests import HTTPError

from tests.record.examples import by_number, consent, nhs_number, patient, plan, supporter


@pytest.fixture
def server(service):
    connected = client.FHIRClient(settings={"app_id": "kith-tests", "api_base": service}).server
    yield connected
    connected.session.close()


def samples():
    of = by_number(nhs_number())
    return {
        Patient: patient(nhs_number(), birthDate="1980-02-29"),
        RelatedPerson: supporter(of, birthDate="1950"),
        Consent: consent(of, status="draft"),
        CarePlan: plan(of, period={"start": "2026-03-09T10:30:00+01:00"}),
    }


@pytest.mark.parametrize("model", samples(), ids=lambda model: model.resource_type)
def test_it_creates_reads_updates_and_deletes(server, model):
    sent = model(samples()[model])
    created = model(sent.create(server))
    assert created.meta.versionId == "1"
    read = model.read(created.id, server)
    assert read.as_json() == created.as_json()
    read.language = "en-GB"
    assert read.update(server)["meta"]["versionId"] == "2"
    read.delete(server)
    with pytest.raises(HTTPError, match="410"):
        model.read(created.id, server)


def test_what_never_was_is_not_found(server):
    with pytest.raises(FHIRNotFoundException):
        Patient.read("nobody", server)


def test_it_searches_through_all_pages(server):
    of = by_number(nhs_number())
    stored = {RelatedPerson(supporter(of)).create(server)["id"] for _ in range(7)}
    search = RelatedPerson.where({"patient": of["identifier"]["value"], "_count": "2"})
    found = [person.id for person in search.perform_resources_iter(server)]
    assert set(found) == stored
    assert len(found) == 7


def test_it_searches_by_token_and_date(server):
    of = by_number(nhs_number())
    stored = CarePlan(plan(of, period={"start": "2026-03-09"})).create(server)
    search = CarePlan.where(
        {
            "subject:identifier": f"{of['identifier']['system']}|{of['identifier']['value']}",
            "date": "gt2026-03-01",
        }
    )
    (found,) = search.perform_resources_iter(server)
    assert found.id == stored["id"]
    assert found.period.start.as_json() == FHIRDate("2026-03-09").as_json()


def test_it_reads_the_capabilities(server):
    server.get_capability(force=True)
    assert server.capabilityStatement.fhirVersion == "4.0.1"


def test_it_learns_what_is_wrong(server):
    with pytest.raises(HTTPError) as refusal:
        RelatedPerson(supporter(by_number("9990000019"))).create(server)
    assert refusal.value.response.status_code == 422
    assert refusal.value.response.json()["issue"][0]["expression"] == ["RelatedPerson.patient.identifier.value"]


def test_it_patches_and_reads_the_history_page_by_page(server):
    stored = RelatedPerson(supporter(by_number(nhs_number()), gender="female")).create(server)
    url = f"{server.base_uri}RelatedPerson/{stored['id']}"
    for gender in ("other", "male"):
        patch = [{"op": "replace", "path": "/gender", "value": gender}]
        sent = server.session.patch(url, json=patch, headers={"Content-Type": "application/json-patch+json"})
        assert sent.status_code == 200
    versions, following = [], f"RelatedPerson/{stored['id']}/_history?_count=2"
    while following:
        page = Bundle(server.request_json(following))
        versions += [(entry.request.method, entry.resource.meta.versionId) for entry in page.entry]
        following = next((link.url for link in page.link if link.relation == "next"), None)
    assert versions == [("PATCH", "3"), ("PATCH", "2"), ("POST", "1")]
