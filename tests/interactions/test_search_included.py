"""What a search brings along, and what it finds through what: https://hl7.org/fhir/R4/search.html#include"""

import pytest

from tests.conftest import running
from tests.interactions.test_search import FORM, SUBSETTED, found, links, search
from tests.record.examples import (
    create,
    name,
    nhs_number,
    patient,
    supporter,
    to,
)


async def modes(client, path: str) -> dict[str, list[str]]:
    bundle = await search(client, path)
    found = {"match": [], "include": [], "outcome": []}
    for entry in bundle.get("entry", []):
        found[entry["search"]["mode"]].append(entry.get("fullUrl", "").removeprefix("http://kith.test/FHIR/R4/"))
    return found


async def test_what_is_included_comes_after_the_matches_as_stored(client):
    someone = await create(client, patient(nhs_number()))
    people = [await create(client, supporter({"reference": name(someone)})) for _ in range(2)]
    path = f"/RelatedPerson?patient={someone['id']}&_include=RelatedPerson:patient"
    bundle = await search(client, path)
    assert found(bundle) == people
    (along,) = [entry for entry in bundle["entry"] if entry["search"]["mode"] == "include"]
    assert along == {
        "fullUrl": f"http://kith.test/FHIR/R4/{name(someone)}", "resource": someone, "search": {"mode": "include"},
    }  # fmt: skip
    assert bundle["total"] == 2
    paged = await search(client, f"{path}&_count=1")
    assert len(paged["entry"]) == 2
    second = await search(client, links(paged)["next"])
    assert [entry["resource"]["id"] for entry in second["entry"]] == [people[1]["id"], someone["id"]]
    for counted in ("_count=0", "_summary=count"):
        assert "entry" not in await search(client, f"{path}&{counted}")


async def test_elements_are_those_of_the_matches_unless_they_name_the_type_of_what_is_included(client):
    someone = await create(client, patient(nhs_number(), gender="female"))
    await create(client, supporter({"reference": name(someone)}))
    path = f"/RelatedPerson?patient={someone['id']}&_include=RelatedPerson:patient"
    for elements in ("gender", "RelatedPerson.name"):
        match, along = [each["resource"] for each in (await search(client, f"{path}&_elements={elements}"))["entry"]]
        assert [tag["code"] for tag in match["meta"]["tag"]] == [SUBSETTED]
        assert along == someone
    along = (await search(client, f"{path}&_elements=name,Patient.gender"))["entry"][-1]["resource"]
    assert set(along) == {"resourceType", "id", "meta", "gender"}
    assert [tag["code"] for tag in along["meta"]["tag"]] == [SUBSETTED]


async def test_a_summary_is_one_of_what_is_included_too(client):
    someone = await create(client, patient(nhs_number(), photo=[{"url": "http://photo.example/1"}]))
    await create(client, supporter({"reference": name(someone)}))
    path = f"/RelatedPerson?patient={someone['id']}&_include=RelatedPerson:patient&_summary=true"
    along = (await search(client, path))["entry"][-1]["resource"]
    assert "photo" not in along
    assert [tag["code"] for tag in along["meta"]["tag"]] == [SUBSETTED]


async def test_a_chain_and_a_reverse_chain_go_over_http(client):
    someone = await create(client, patient(nhs_number(), name=[{"family": "Chainley"}]))
    friend = await create(client, supporter({"reference": name(someone)}))
    assert (await modes(client, "/RelatedPerson?patient:Patient.family=chainley"))["match"] == [name(friend)]
    assert (await modes(client, f"/Patient?_has:RelatedPerson:patient:_id={friend['id']}"))["match"] == [name(someone)]
    posted = await client.post("/RelatedPerson/_search", content="patient.family=chainley", headers=FORM)
    assert found(posted.json()) == [friend]
    assert links(posted.json())["self"].endswith("/RelatedPerson?patient.family=chainley")


async def test_includes_that_do_not_fit_on_a_page_are_announced(module_database_url):
    async with running(module_database_url, max_included=2) as small:
        someone = await create(small, patient(nhs_number()))
        for _ in range(3):
            await create(small, supporter({"reference": name(someone)}))
        path = f"/Patient?_id={someone['id']}&_revinclude=RelatedPerson:patient"
        bundle = await search(small, path)
        assert [entry["search"]["mode"] for entry in bundle["entry"]] == ["match", "include", "include", "outcome"]
        (problem,) = bundle["entry"][-1]["resource"]["issue"]
        assert (problem["severity"], problem["code"]) == ("warning", "too-costly")
        assert "only the first 2 are here" in problem["diagnostics"]


@pytest.mark.parametrize(
    ("search_", "says"),
    [
        ("CarePlan?_revinclude=Provenance:target", True),
        ("CarePlan?_has:Provenance:target:agent-type=author", True),
        ("Patient?_has:CarePlan:patient:_has:Provenance:target:agent-type=author", True),
        ("Provenance?_include=Provenance:target&_include=Provenance:patient", True),
        ("Provenance?target:CarePlan.status=active", True),
        ("Provenance?target=CarePlan/x", False),
        ("CarePlan?_revinclude=*", True),
    ],
)
async def test_a_search_that_goes_through_stored_provenances_alone_says_so(client, search_, says):
    bundle = (await client.get(f"/{search_}&_count=1")).json()
    outcomes = [each["resource"] for each in bundle.get("entry", ()) if each["search"]["mode"] == "outcome"]
    assert [each["code"] for one in outcomes for each in one["issue"]] == ["incomplete"] * says


MEASURE = "https://fhir.kith.example/Measure/C14"


def report(of, measure: str = MEASURE) -> dict[str, object]:
    period = {"start": "2026-01-01", "end": "2026-01-31"}
    said = {"status": "complete", "type": "individual", "measure": measure, "period": period, "subject": to(of)}
    return {"resourceType": "MeasureReport", **said}


async def test_a_measure_of_the_release_comes_along_with_its_report(client):
    of = await create(client, patient(nhs_number()))
    version = (await client.get("/Measure/C14")).json()["version"]
    for measure in (MEASURE, f"{MEASURE}|{version}", f"{MEASURE}|9", "https://elsewhere.example/Measure/C14"):
        await create(client, report(of, measure))
    path = f"/MeasureReport?patient={of['id']}&_include=MeasureReport:measure"
    bundle = await search(client, path)
    along = [entry for entry in bundle["entry"] if entry["search"]["mode"] == "include"]
    assert [entry["resource"] for entry in along] == [(await client.get("/Measure/C14")).json()]
    assert (bundle["total"], len(bundle["entry"])) == (4, 5)
    assert (await modes(client, f"{path}:Measure&_summary=true"))["include"] == ["Measure/C14"]
    assert "Measure/C14" in (await modes(client, f"/MeasureReport?patient={of['id']}&_include=*"))["include"]
    others = f"/MeasureReport?patient={of['id']}&measure={MEASURE}|9&_include=MeasureReport:measure"
    assert (await modes(client, others))["include"] == []
    iterated = f"/Patient?_id={of['id']}&_revinclude=MeasureReport:patient&_include:iterate=MeasureReport:measure"
    assert min((await modes(client, iterated))["include"]) == "Measure/C14"


async def test_questionnaires_come_along_by_their_url_and_version(client):
    of, url = await create(client, patient(nhs_number())), f"https://forms.example/{nhs_number()}"
    form = {"resourceType": "Questionnaire", "status": "active", "url": url}
    one, two = [await create(client, {**form, "version": version}) for version in ("1", "2")]
    said = {"resourceType": "QuestionnaireResponse", "status": "completed", "subject": to(of)}
    answer = await create(client, {**said, "questionnaire": f"{url}|1"})
    path = f"/QuestionnaireResponse?subject={name(of)}&_include=QuestionnaireResponse:questionnaire"
    assert await modes(client, path) == {"match": [name(answer)], "include": [name(one)], "outcome": []}
    reverse = f"/Questionnaire?url={url}|2&_revinclude=QuestionnaireResponse:questionnaire"
    assert await modes(client, reverse) == {"match": [name(two)], "include": [], "outcome": []}
