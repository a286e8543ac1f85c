"""Patient/{id}/$social-map: who is around a patient, shown to each caller as far as the caller may see."""

import pytest

from app.operations import social_map
from tests.callers import acting, granted
from tests.involvement.test_social_map import drawn, entry
from tests.operations.worklists import main_carer, yes
from tests.organisations.test_refusals_count import restriction
from tests.record.examples import create, issue, name, nhs_number, patient, supporter, to

SCOPES = "system/*.cruds kith/check"


def the_map(of, *entries, **more):
    body = drawn(*entries, **more) | {"resourceType": "List", "mode": "working", "subject": of}
    del body["id"], body["meta"]
    return body


@pytest.fixture
async def amina(client):
    """A patient with a mother, who may know the care plan, and a former partner, who is kept away."""
    of = await create(client, patient(nhs_number()))
    mum = await create(client, main_carer(to(of)))
    rob = await create(client, supporter(to(of), name=[{"family": "Marsh", "given": ["Rob"]}]))
    await create(client, yes(to(of), mum, "care-plan"))
    await create(client, restriction(to(of), name(rob)))
    near = entry(name(mum), ("closeness", "inner"), ("effect-on-patient", "helps"))
    await create(client, the_map(to(of), near, entry(display="The allotment", kind="place")))
    return of, mum, rob


async def told(client, of, **query):
    answer = await client.get(f"/{name(of)}/$social-map", params=query)
    assert answer.status_code == 200, answer.text
    return {node["label"]: node for node in answer.json()["nodes"]}


async def test_people_and_places_are_told_with_roles_restrictions_and_how_sharing_stands(client, amina):
    of, mum, rob = amina
    nodes = await told(client, of)
    assert list(nodes) == ["Supporter", "The allotment", "Rob Marsh"]
    assert nodes["Supporter"] == {
        "id": "n1",
        "kind": "person",
        "label": "Supporter",
        "reference": name(mum),
        "closeness": "inner",
        "effectOnPatient": "helps",
        "roles": ["main-carer"],
        "consent": "given, limited",
    }
    assert (nodes["Rob Marsh"]["reference"], nodes["Rob Marsh"]["consent"]) == (name(rob), "restricted")
    assert nodes["Rob Marsh"]["restrictions"] == ["no-contact-safeguarding"]


@pytest.mark.parametrize(("accept", "query"), [("image/svg+xml", {}), ("*/*", {"_format": "svg"})])
async def test_the_same_is_told_as_a_picture(client, amina, accept, query):
    of, _, _ = amina
    answer = await client.get(f"/{name(of)}/$social-map", params=query, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "The allotment" in answer.text
    assert "no-contact-safeguarding" in answer.text


async def test_restrictions_and_states_are_for_those_who_may_know(client, amina):
    of, _, rob = amina
    everybody = "system/Patient.rs system/List.rs system/RelatedPerson.rs"
    for scope, states, flags in (
        (everybody, False, False),
        (f"{everybody} system/Flag.rs", False, True),
        (f"{everybody} kith/check", True, False),
    ):
        async with acting(client, granted(scope, organisation="RX1", sees=("",))) as caller:
            nodes = await told(caller, of)
            assert ["consent" in node for node in nodes.values() if "reference" in node] == [states] * 2
            assert ("restrictions" in nodes["Rob Marsh"]) is flags
    assert rob


async def test_nobody_is_another_answer_than_not_asked(client):
    of = await create(client, patient(nhs_number()))
    asked = (await client.get(f"/{name(of)}/$social-map")).json()
    assert (asked["asked"], asked["nodes"], asked["edges"]) == ("not-asked", [], [])
    system = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
    await create(client, the_map(to(of), emptyReason={"coding": [{"system": system, "code": "nilknown"}]}))
    asked = (await client.get(f"/{name(of)}/$social-map")).json()
    assert (asked["asked"], asked["nodes"]) == ("nobody", [])
    assert "there is nobody" in asked["text"]


async def test_another_organisation_is_told_what_it_is_told_of_nobody(client):
    async with acting(client, granted(SCOPES, organisation="RX1")) as ours:
        of = await create(ours, patient(nhs_number()))
    async with acting(client, granted(SCOPES, organisation="RX2")) as theirs:
        for id_ in (of["id"], "00000000-0000-4000-8000-000000000000"):
            answer = await theirs.get(f"/Patient/{id_}/$social-map")
            assert answer.status_code == 404
            assert issue(answer)["diagnostics"] == f"There is no Patient/{id_}."


@pytest.mark.parametrize("facing", ["patient", "carer"])
async def test_a_client_that_faces_a_patient_or_carer_is_refused_and_told_nothing_untrue(client, facing):
    async with acting(client, granted(SCOPES, organisation="RX1")) as ours:
        of = await create(ours, patient(nhs_number()))
        mum = await create(ours, main_carer(to(of)))
        await create(ours, the_map(to(of), entry(name(mum), display="Mum at home")))
    one = granted(SCOPES, organisation="RX1", facing=facing, patient=of["id"])
    async with acting(client, one) as outside:
        answer = await outside.get(f"/{name(of)}/$social-map")
        assert answer.status_code == 403
        assert "staff" in issue(answer)["diagnostics"]
        assert "Mum" not in answer.text


async def test_a_map_of_more_than_anybody_reads_is_not_drawn(client, amina):
    of, mum, _ = amina
    newest = {"date": "2030-01-01"}
    for many, status in ((social_map.MOST_DRAWN - 1, 200), (social_map.MOST_DRAWN, 422)):  # and Rob, who is not on it
        await create(client, the_map(to(of), *[entry(name(mum))] * many, **newest))
        for query in ({}, {"_format": "svg"}):
            answer = await client.get(f"/{name(of)}/$social-map", params=query)
            assert answer.status_code == status, answer.text
        newest = {"date": "2030-01-02"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Patient/nobody/$social-map", 404),
        ("/Patient/nobody/$social-map?team=x", 400),
        ("/Patient/nobody/$social-map?_format=png", 406),
        ("/Patient/nobody/$social-map?_format=xml", 406),
        ("/Patient/a%00b/$social-map", 404),
    ],
)
async def test_what_cannot_be_asked_is_refused(client, path, status):
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    assert issue(answer)["diagnostics"]


async def test_a_deleted_patient_is_gone_and_a_map_is_never_written(client):
    of = await create(client, patient(nhs_number()))
    url = f"/{name(of)}/$social-map"
    assert (await client.post(url)).json() == (await client.get(url)).json()
    assert (await client.post(url, json={"resourceType": "List"})).status_code == 400
    assert (await client.put(url, json={})).status_code == 405
    assert (await client.delete(f"/{name(of)}")).status_code == 204
    assert (await client.get(url)).status_code == (await client.post(url)).status_code == 410


async def test_nothing_of_one_patient_is_on_the_map_of_another(client, amina):
    of, _, _ = amina
    other = await create(client, patient(nhs_number()))
    await create(client, supporter(to(other), name=[{"family": "Marsh", "given": ["Rob"]}]))
    assert list(await told(client, other)) == ["Rob Marsh"]
    assert len(await told(client, of)) == 3
