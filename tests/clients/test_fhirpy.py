"""fhirpy, the asynchronous Python client: https://github.com/beda-software/fhir-py"""

import pytest
from fhirpy import AsyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.record.examples import by_number, consent, nhs_number, patient, plan, supporter

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:fhirpy", "ignore::DeprecationWarning:aiohttp")


@pytest.fixture
def kith(service):
    return AsyncFHIRClient(service)


def samples():
    of = by_number(nhs_number())
    return {
        "Patient": patient(nhs_number()),
        "RelatedPerson": supporter(of),
        "Consent": consent(of, status="draft"),
        "CarePlan": plan(of),
    }


@pytest.mark.parametrize("type_", samples())
async def test_it_creates_reads_updates_and_deletes(kith, type_):
    resource = kith.resource(
        **{"resource_type" if key == "resourceType" else key: value for key, value in samples()[type_].items()}
    )
    await resource.save()
    assert resource["meta"]["versionId"] == "1"
    assert resource.id
    read = await kith.reference(type_, resource.id).to_resource()
    assert read.serialize() == resource.serialize()
    read["language"] = "en-GB"
    await read.save()
    assert read["meta"]["versionId"] == "2"
    await resource.refresh()
    assert resource["language"] == "en-GB"
    await resource.refresh()
    assert resource["meta"]["versionId"] == "2"
    await read.delete()
    with pytest.raises(ResourceNotFound):
        await kith.reference(type_, resource.id).to_resource()


async def test_it_searches_through_all_pages(kith):
    of = by_number(nhs_number())
    stored = {(await kith.resource("RelatedPerson", patient=of).save()).id for _ in range(7)}
    search = kith.resources("RelatedPerson").search(patient=of["identifier"]["value"]).limit(2)
    assert {person.id async for person in search} == stored
    assert {person.id for person in await search.fetch_all()} == stored
    assert len(await search.fetch()) == 2


async def test_it_counts(kith):
    """It counts by a parameter that only one other server knows (_totalMethod), beside _count=0, which is FHIR's."""
    of = by_number(nhs_number())
    for _ in range(3):
        await kith.resource("RelatedPerson", patient=of).save()
    assert await kith.resources("RelatedPerson").search(patient=of["identifier"]["value"]).count() == 3


async def test_it_includes_and_chains(kith):
    of = by_number(nhs_number())
    people = {(await kith.resource("RelatedPerson", patient=of).save()).id for _ in range(3)}
    search = kith.resources("RelatedPerson").search(patient__identifier=of["identifier"]["value"])
    assert {person.id for person in await search.fetch_all()} == people
    bundle = await search.include("RelatedPerson", "patient").fetch_raw()
    assert [entry.search.mode for entry in bundle.entry] == ["match"] * 3 + ["include"]


async def test_it_gets_the_one_and_the_first(kith):
    number = nhs_number()
    await kith.resource(
        "Patient", identifier=[{"system": by_number(number)["identifier"]["system"], "value": number}]
    ).save()
    search = kith.resources("Patient").search(identifier=number)
    assert (await search.get()).id == (await search.first()).id


async def test_it_sorts_and_chooses_elements(kith):
    of = by_number(nhs_number())
    for family in ("Beta", "Alpha"):
        await kith.resource("RelatedPerson", patient=of, name=[{"family": family}], gender="female").save()
    search = kith.resources("RelatedPerson").search(patient=of["identifier"]["value"]).sort("name").elements("name")
    shown = await search.fetch()
    assert [person["name"][0]["family"] for person in shown] == ["Alpha", "Beta"]
    assert all("gender" not in person for person in shown)


async def test_it_learns_what_is_wrong(kith):
    with pytest.raises(OperationOutcome) as refusal:
        await kith.resource("RelatedPerson", patient=by_number(nhs_number()), gender="x").save()
    (issue,) = refusal.value.resource["issue"]
    assert issue["expression"] == ["RelatedPerson.gender"]
