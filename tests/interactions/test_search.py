"""search-type: https://hl7.org/fhir/R4/http.html#search"""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    create,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    supporter,
)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SUBSETTED = "SUBSETTED"
PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient"


@pytest.fixture(scope="module")
async def nurses(client):
    """Five practitioners whose names tie, found by their city."""
    address = [{"city": "Newport"}]
    return [await create(client, practitioner(address=address, gender="female")) for _ in range(5)]


async def search(client, path: str, **headers: str):
    response = await client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def links(bundle) -> dict[str, str]:
    return {link["relation"]: link["url"] for link in bundle["link"]}


def found(bundle) -> list:
    return [entry["resource"] for entry in bundle.get("entry", []) if entry["search"]["mode"] == "match"]


async def test_a_searchset_holds_the_stored_resources_with_their_addresses(client, nurses):
    bundle = await search(client, "/Practitioner?address-city=newport")
    assert (bundle["resourceType"], bundle["type"], bundle["total"]) == ("Bundle", "searchset", 5)
    assert found(bundle) == nurses
    assert [entry["fullUrl"] for entry in bundle["entry"]] == [f"http://kith.test/FHIR/R4/{name(n)}" for n in nurses]
    assert {entry["search"]["mode"] for entry in bundle["entry"]} == {"match"}
    assert links(bundle) == dict.fromkeys(
        ("self", "first"), "http://kith.test/FHIR/R4/Practitioner?address-city=newport"
    )


async def test_an_empty_result_has_no_entry(client):
    bundle = await search(client, "/Practitioner?address-city=nowhere")
    assert bundle["total"] == 0
    assert "entry" not in bundle


async def test_a_search_by_post_answers_the_same_with_links_for_get(client, nurses):
    got = await search(client, "/Practitioner?address-city=newport&gender=female&_count=2")
    posted = await client.post(
        "/Practitioner/_search?gender=female", content="address-city=newport&_count=2", headers=FORM
    )
    assert posted.status_code == 200
    assert found(posted.json()) == found(got)
    following = await search(client, links(posted.json())["next"])
    assert found(following) == nurses[2:4]


async def test_a_search_by_post_needs_no_form(client, nurses):
    got = await search(client, "/Practitioner?address-city=newport&gender=female&_count=2")
    bare = client.build_request("POST", "/Practitioner/_search?address-city=newport&gender=female&_count=2")
    untold = client.build_request("POST", "/Practitioner/_search", content="gender=female")
    for request in (bare, untold):
        request.headers.pop("Content-Type", None)
    assert found((await client.send(bare)).json()) == found(got)
    assert (await client.send(untold)).status_code == 415


async def test_the_self_link_echoes_what_was_asked_percent_encoded(client):
    value = r"a\,b|c d&e=f#g+h%é"
    response = await client.get("/Consent", params={"category": value, "_format": "json"})
    link = links(response.json())["self"]
    assert link.isascii()
    assert " " not in link
    assert parse_qsl(urlsplit(link).query) == [("category", value), ("_format", "json")]


@pytest.mark.parametrize("query", ["", "_sort=family", "_sort=-_lastUpdated", "_sort=given,-_id", "_total=none"])
async def test_the_next_links_lead_through_all_matches_once(client, nurses, query):
    address = f"/Practitioner?address-city=newport&_count=2&{query}".rstrip("&")
    seen, totals = [], set()
    while address:
        bundle = await search(client, address)
        seen += [resource["id"] for resource in found(bundle)]
        totals.add(bundle.get("total"))
        assert "_cursor" not in links(bundle)["first"]
        address = links(bundle).get("next")
    assert sorted(seen) == sorted(nurse["id"] for nurse in nurses)
    assert totals == ({None} if query == "_total=none" else {5})


async def test_a_cursor_is_for_its_own_search_and_cannot_be_made_up(client, nurses):
    following = links(await search(client, "/Practitioner?address-city=newport&_count=2"))["next"]
    cursor = dict(parse_qsl(urlsplit(following).query))["_cursor"]
    own = {"address-city": "newport", "_cursor": cursor}
    assert (await client.get("/Practitioner", params=own)).status_code == 200
    assert (await client.get("/Practitioner", params={**own, "_count": "1"})).status_code == 200
    others = [
        ("/Practitioner", {**own, "address-city": "cardiff"}),
        ("/Practitioner", {"_cursor": cursor}),
        ("/Practitioner", {**own, "_sort": "family"}),
        ("/Practitioner", {**own, "gender": "female"}),
        ("/Organization", own),
        *[
            ("/Practitioner", {**own, "_cursor": bad})
            for bad in (cursor[:-1], cursor[1:], f"{cursor}x", "x", "", "." * 9000)
        ],
        ("/Practitioner", {**own, "_cursor": "\0\ud7ff☃"}),
        ("/Practitioner", {**own, "_cursor": "WzEsMl0.AAAA"}),
    ]
    for path, params in others:
        response = await client.get(path, params=params)
        assert response.status_code == 400, params
        assert "_cursor" in issue(response)["diagnostics"]


async def test_a_count_above_the_maximum_is_cut_and_of_nothing_counts(client, nurses):
    assert len(found(await search(client, "/Practitioner?address-city=newport&_count=100000"))) == 5
    for query in ("_count=0", "_summary=count"):
        bundle = await search(client, f"/Practitioner?address-city=newport&{query}")
        assert bundle["total"] == 5
        assert "entry" not in bundle
        assert "next" not in links(bundle)


async def test_an_unknown_parameter_is_refused_by_name_and_ignored_when_lenient(client, nurses):
    refused = await client.get("/Practitioner?adress-city=newport")
    assert refused.status_code == 400
    assert "'adress-city' is not known. Known for Practitioner:" in issue(refused)["diagnostics"]
    assert issue(refused)["details"]["coding"][0]["code"] == "INVALID_SEARCH_DATA"
    path = "/Practitioner?adress-city=cardiff&address-city=newport&_include=X:y"
    bundle = await search(client, path, Prefer="handling=lenient")
    assert found(bundle) == nurses
    assert links(bundle)["self"] == "http://kith.test/FHIR/R4/Practitioner?address-city=newport"
    outcome = bundle["entry"][-1]
    assert outcome["search"] == {"mode": "outcome"}
    assert [problem["severity"] for problem in outcome["resource"]["issue"]] == ["warning", "warning"]
    assert "adress-city" in outcome["resource"]["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("query", "members"),
    [
        ("_elements=title", {"resourceType", "id", "meta", "status", "intent", "subject", "title"}),
        (
            "_elements=CarePlan.period,note",
            {"resourceType", "id", "meta", "status", "intent", "subject", "period", "note"},
        ),
        ("_summary=text", {"resourceType", "id", "meta", "status", "intent", "subject", "text"}),
        (
            "_summary=data",
            {"resourceType", "id", "meta", "status", "intent", "subject", "title", "_title", "period", "note"},
        ),
        ("_summary=true", {"resourceType", "id", "meta", "status", "intent", "subject", "title", "_title", "period"}),
    ],
)
async def test_a_part_of_a_resource_keeps_what_is_mandatory_and_says_that_it_is_a_part(client, query, members):
    stored = await create(
        client,
        plan(
            by_number(nhs_number()),
            title="Crisis plan",
            _title={"extension": [{"url": "http://x.example/y", "valueDecimal": 1}]},
            period={"start": "2026"},
            note=[{"text": "Call early."}],
            text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Plan</div>'},
            meta={"tag": [{"system": "http://t.example", "code": "kept"}]},
        ),
    )
    (part,) = found(await search(client, f"/CarePlan?_id={stored['id']}&{query}"))
    assert set(part) - {"_title"} == members - {"_title"}
    assert [tag["code"] for tag in part["meta"]["tag"]] == ["kept", SUBSETTED]
    assert {member: part[member] for member in set(part) - {"meta"}} == {
        member: stored[member] for member in set(part) - {"meta"}
    }
    (whole,) = found(await search(client, f"/CarePlan?_id={stored['id']}&_summary=false"))
    assert whole == stored


async def test_every_way_to_name_a_patient_finds_the_same_and_creates_nobody(client):
    number = nhs_number()
    someone = await create(client, patient(number))
    supporters = [
        await create(client, supporter({"reference": name(someone)})),
        await create(client, supporter(by_number(number))),
        await create(
            client,
            supporter({"reference": f"https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/{number}"}),
        ),
    ]
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    before = (await search(client, "/Patient?_count=0"))["total"]
    ways = [
        {"patient": someone["id"]},
        {"patient": name(someone)},
        {"patient": f"http://kith.test/FHIR/R4/{name(someone)}"},
        {"patient:Patient": someone["id"]},
        {"patient": number},
        {"patient": f"{NHS_NUMBER}|{number}"},
        {"patient": f"{PDS}/{number}"},
        {"patient:identifier": f"{NHS_NUMBER}|{spaced}"},
    ]
    for way in ways:
        response = await client.get("/RelatedPerson", params=way)
        assert found(response.json()) == supporters, way
    unknown = nhs_number()
    for way in ({"patient": unknown}, {"patient:identifier": f"{NHS_NUMBER}|{unknown}"}):
        assert (await client.get("/RelatedPerson", params=way)).json()["total"] == 0
    assert found((await client.get("/Patient", params={"identifier": f"{NHS_NUMBER}|{spaced}"})).json()) == [someone]
    assert (await search(client, "/Patient?_count=0"))["total"] == before


async def test_a_write_is_found_by_the_next_search_and_a_deletion_is_not(client):
    team = await create(client, organization(name="Tŷ Cymru Crisis Team"))
    path = "/Organization?name=ty+cymru"
    assert found(await search(client, path)) == [team]
    changed = await client.put(f"/{name(team)}", json={**team, "name": "Home Treatment"})
    assert found(await search(client, path)) == []
    assert found(await search(client, "/Organization?name=home")) == [changed.json()]
    assert (await client.delete(f"/{name(team)}")).status_code == 204
    assert found(await search(client, "/Organization?name=home")) == []
    assert found(await search(client, f"/Organization?_id={team['id']}")) == []


async def test_a_decimal_keeps_its_digits_in_a_bundle_and_in_a_part(client):
    extension = '[{"url":"http://x.example/y","valueDecimal":1.500}]'
    body = f'{{"resourceType":"Organization","name":"Digits","extension":{extension}}}'
    assert (await client.post("/Organization", content=body)).status_code == 201
    for query in ("", "&_elements=extension,name"):
        assert '"valueDecimal":1.500' in (await client.get(f"/Organization?name=digits{query}")).text


async def test_a_group_is_found_by_a_trait_and_its_value_together(client):
    def trait(code: str, value: bool) -> dict[str, object]:
        return {"code": {"coding": [{"system": "urn:traits", "code": code}]}, "valueBoolean": value, "exclude": False}

    traits = [trait("smokes", True), trait("drinks", False)]
    group = await create(client, {"resourceType": "Group", "type": "person", "actual": False, "characteristic": traits})
    for value in ("smokes$true", "urn:traits|smokes$true", "drinks$false", "other$true,smokes$true"):
        found = await search(client, f"/Group?characteristic-value={value}")
        assert [entry["resource"]["id"] for entry in found["entry"]] == [group["id"]], value
    for value in ("smokes$false", "|smokes$true", "urn:other|smokes$true", "drinks$true"):
        assert "entry" not in await search(client, f"/Group?characteristic-value={value}"), value
    for value in ("smokes", "smokes$", "$true", "smokes$true$1", "urn:traits|$true", "a|b|c$true"):
        assert (await client.get(f"/Group?characteristic-value={value}")).status_code == 400, value
    assert (await client.get("/Group?characteristic-value:not=smokes$true")).status_code == 400
