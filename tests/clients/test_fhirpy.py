"""fhirpy, the asynchronous Python client: https://github.com/beda-software/fhir-py"""

import pytest
from fhirpy import AsyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.record.examples import by_number, consent, nhs_number, patient, plan, supporter

# They are about how fhirpy uses aiohttp: nothing here can change that.
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


def replacing(path, **value):
    parts = {"type": {"valueCode": "replace"}, "path": {"valueString": path}, "value": value}
    part = [{"name": name, **said} for name, said in parts.items()]
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": part}]}


async def test_it_patches(kith):
    person = await kith.resource("RelatedPerson", patient=by_number(nhs_number()), gender="female").save()
    path = f"RelatedPerson/{person.id}"
    changed = await kith.execute(path, "patch", data=replacing("RelatedPerson.gender", valueCode="other"))
    assert (changed["gender"], changed["meta"]["versionId"]) == ("other", "2")
    with pytest.raises(OperationOutcome) as refusal:
        await kith.execute(path, "patch", data=replacing("RelatedPerson.birthDate", valueDate="2000-01-01"))
    assert refusal.value.resource["issue"][0]["expression"] == ["Parameters.parameter[0]"]


async def test_its_own_kind_of_patch_is_refused_and_changes_nothing(kith):
    """It sends the members that change, as one server takes them; FHIR knows no such patch."""
    person = await kith.resource("RelatedPerson", patient=by_number(nhs_number()), gender="female").save()
    with pytest.raises(OperationOutcome) as refusal:
        await person.patch(gender="other")
    assert "Parameters" in refusal.value.resource["issue"][0]["diagnostics"]
    assert (await kith.get("RelatedPerson", person.id))["meta"]["versionId"] == "1"


async def test_it_reads_histories_page_by_page(kith):
    person = await kith.resource("RelatedPerson", patient=by_number(nhs_number())).save()
    for gender in ("female", "other", "male"):
        person["gender"] = gender
        await person.save()
    path = f"RelatedPerson/{person.id}/_history"
    page, versions = await kith.execute(path, "get", params={"_count": 1}), []
    while page:
        versions += [entry["resource"]["meta"]["versionId"] for entry in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
        page = await kith.execute(url, "get") if url else None
    assert versions == ["4", "3", "2", "1"]
    assert (await kith.execute("_history", "get", params={"_count": 0}))["total"] >= 4


async def test_it_validates_and_asks_for_everything(kith):
    of = await kith.resource("Patient", name=[{"family": "Whole"}]).save()
    await kith.resource("CarePlan", status="active", intent="plan", subject=of.to_reference()).save()
    outcome = await kith.execute("Patient/$validate", data={"resourceType": "Patient", "gender": "x"})
    assert outcome["issue"][0]["expression"] == ["Patient.gender"]
    everything = await of.execute("$everything", "get")
    assert [entry["resource"]["resourceType"] for entry in everything["entry"]] == ["Patient", "CarePlan"]
