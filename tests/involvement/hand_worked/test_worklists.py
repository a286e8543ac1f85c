"""Each worklist holds whom the page puts on it, and nobody who misses it by an hour or a word."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import running
from tests.involvement.hand_worked.caseload import Case, Caseload, Places, post
from tests.involvement.hand_worked.words import Json
from tests.involvement.hand_worked.worklists import LISTED, LISTS, NO_ROLE
from tests.record.examples import by_number, nhs_number

each_case = pytest.mark.parametrize(
    ("caseload", "case"),
    [pytest.param(each, case, id=f"{each.name}: {case.told}") for each in LISTS for case in each.cases],
)


@pytest.fixture(scope="module")
async def service(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(module_database_url) as client:
        await post(client, LISTS)
        yield client


async def page(client: httpx.AsyncClient, name: str, **parameters: str) -> list[str]:
    """The references of the matches of a worklist."""
    url = client.base_url.join("/worklists/" + name)
    answer = await client.get(url, params={"_count": "100", **parameters})
    assert answer.status_code == 200, answer.text
    bundle: Json = answer.json()
    matches = (entry["resource"] for entry in bundle.get("entry", ()) if entry["search"]["mode"] == "match")
    return [f"{resource['resourceType']}/{resource['id']}" for resource in matches]


@pytest.fixture(scope="module")
async def listed(service: httpx.AsyncClient) -> dict[str, list[str]]:
    """What is on each list for its team."""
    return {each.name: await page(service, each.name, team=each.team) for each in LISTS}


@each_case
def test_who_has_to_be_on_it_is_and_nobody_else(caseload: Caseload, case: Case, listed: dict[str, list[str]]) -> None:
    begins = f"{caseload.id_of(case)}-"
    ids = [reference.split("/")[1] for reference in listed[caseload.name]]
    found: Places = {id_.removeprefix(begins): LISTED for id_ in ids if id_.startswith(begins)}
    assert found == case.expected["strict"]
    assert len(set(ids)) == len(ids)


async def test_the_pages_of_a_list_hold_each_entry_once(
    service: httpx.AsyncClient, listed: dict[str, list[str]]
) -> None:
    found: list[str] = []
    url = str(service.base_url.join(f"/worklists/no-role?_count=2&team={NO_ROLE.team}"))
    while url:
        bundle: Json = (await service.get(url)).json()
        entries = [entry for entry in bundle.get("entry", ()) if entry["search"]["mode"] == "match"]
        assert len(entries) <= 2
        found += [f"RelatedPerson/{entry['resource']['id']}" for entry in entries]
        url = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), "")
    assert found == listed["no-role"]


async def test_who_is_known_by_a_number_alone_is_unverified_until_somebody_says_who(service: httpx.AsyncClient) -> None:
    number = nhs_number()
    created = await service.post("/RelatedPerson", json={"resourceType": "RelatedPerson", "patient": by_number(number)})
    assert created.status_code == 201, created.text
    found = await service.get("/Patient", params={"identifier": number})
    [entry] = found.json()["entry"]
    patient = f"Patient/{entry['resource']['id']}"
    assert patient in await page(service, "unverified-patients")
    known = {"identifier": [by_number(number)["identifier"]], "name": [{"family": "Known"}]}
    written = await service.put(f"/{patient}", json={"resourceType": "Patient", "id": patient.split("/")[1], **known})
    assert written.status_code == 200, written.text
    assert patient not in await page(service, "unverified-patients")
