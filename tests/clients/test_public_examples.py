"""Public examples over HTTP: stored with the settings they need, found by all they hold, and read back equal."""

import json
from contextlib import AsyncExitStack

import pytest

from app.fhir.resources import BY_TYPE
from app.fhir.search.keys import elements
from tests.conftest import running
from tests.fhir import examples
from tests.fhir.rules import DATA
from tests.record.examples import NHS_NUMBER, content
from tests.storage.search.test_examples import _asked

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the public test material is not beside the project"),
    pytest.mark.long,
]

ON = {"vrs_leniency"}
# What only the record can tell: here a mother decides for her child on a policyRule by which the patient decides.
BY_THE_RECORD = {"Consent-ex-consent-basic-treat-infant.json": frozenset({"computable_consents"})}
OWN = ("_id", "_lastUpdated")  # what the service sets itself
MOST = 45


@pytest.fixture(scope="module")
async def services(module_database_url):
    """Gives a client of the service with some settings changed; all on one database."""
    async with AsyncExitStack() as stack:
        connected = {}

        async def service(settings):
            if settings not in connected:
                chosen = {name: name in ON for name in settings}
                connected[settings] = await stack.enter_async_context(running(module_database_url, **chosen))
            return connected[settings]

        yield service


@pytest.fixture(scope="module")
def known():
    """The NHS numbers of the Patients stored so far: there is one Patient for each."""
    return set()


def _exact(body):
    """JSON whose decimals keep their digits."""
    return content(json.loads(body, parse_float=str))


def _without_roles(resource):
    """A Consent without the roles of its actors, which a setting adds; any other resource as it is."""
    if resource["resourceType"] != "Consent":
        return resource
    provision = resource["provision"]
    actors = [{key: value for key, value in actor.items() if key != "role"} for actor in provision.get("actor", ())]
    return {**resource, "provision": {**provision, "actor": actors}}


def _numbers(resource):
    """The NHS numbers of a Patient."""
    if resource["resourceType"] != "Patient":
        return set()
    return {each["value"] for each in resource.get("identifier", ()) if each.get("system") == NHS_NUMBER}


def _criteria(resource):
    """A value of the resource for each search parameter that it has one for."""
    definition = BY_TYPE[resource["resourceType"]]
    for parameter in definition.search_parameters:
        if parameter.name in OWN:
            continue
        for element in elements(resource, parameter):
            yield from _asked(parameter, element)[:1]


@pytest.mark.parametrize("folder", examples.FOLDERS)
async def test_an_example_is_stored_found_and_read_back(services, known, folder):
    for path in examples.files():
        needed, issues = examples.needs(path)
        if issues or folder not in path.relative_to(DATA).parts[0]:
            continue
        client = await services(frozenset(needed) | BY_THE_RECORD.get(path.name, frozenset()))
        for body in examples.resources(path):
            resource = json.loads(body)
            type_ = resource["resourceType"]
            response = await client.post(f"/{type_}", content=body)
            if known & _numbers(resource):
                assert response.status_code == 409
                continue
            known |= _numbers(resource)
            assert response.status_code == 201, (path.name, response.text)
            read = await client.get(response.headers["Location"].removeprefix("http://kith.test/FHIR/R4"))
            if "Warning" in response.headers:
                assert _without_roles(_exact(read.content)) == _without_roles(_exact(body))
            else:
                assert _exact(read.content) == _exact(body), path.name
            id_ = response.json()["id"]
            asked = list(_criteria(response.json()))[:MOST]
            found = await client.get(f"/{type_}", params=[*asked, ("_count", "500")])
            assert found.status_code == 200, found.text
            ids = [entry["resource"]["id"] for entry in found.json().get("entry", ())]
            assert id_ in ids, (
                path.name,
                asked,
                [pair for pair in asked if not await _finds(client, type_, pair, id_)],
            )


async def _finds(client, type_, pair, id_):
    return (await client.get(f"/{type_}", params=[pair, ("_id", id_)])).json()["total"] == 1
