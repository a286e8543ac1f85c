"""Which form an answer and a body have: https://hl7.org/fhir/R4/http.html#mime-type"""

import gzip

import pytest

from tests.record.examples import create, issue, name, practitioner

FHIR, PLAIN = "application/fhir+json; charset=utf-8", "application/json; charset=utf-8"


@pytest.fixture(scope="module")
async def stored(client):
    return await create(client, practitioner())


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", FHIR),
        ("application/*", FHIR),
        ("application/fhir+json", FHIR),
        ("Application/FHIR+JSON", FHIR),
        ("application/json", PLAIN),
        ("application/fhir+json; charset=utf-8", FHIR),
        ("application/fhir+json; fhirVersion=4.0", FHIR),
        ('application/fhir+json; fhirVersion="4.0"', FHIR),
        ("application/json;fhirVersion=4.0.1", PLAIN),
        ("application/fhir+xml, application/json", PLAIN),
        ("application/fhir+xml, application/fhir+json;q=0.1", FHIR),
        ("application/json;q=0.5, application/fhir+json;q=0.9", FHIR),
        ("application/json;q=0.9, application/fhir+json;q=0.5", PLAIN),
        ("application/json, text/plain, */*", PLAIN),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", FHIR),
        ("application/fhir+json;q=0, */*", PLAIN),
        ("application/fhir+json;q=0.2, application/*;q=0.8", PLAIN),
        ("application/fhir+json;fhirVersion=5.0, application/json", PLAIN),
        ("text/json", "text/json; charset=utf-8"),
        ("text/*, application/xml", "text/json; charset=utf-8"),
        ("text/json;q=0.5, application/fhir+json;q=0.4", "text/json; charset=utf-8"),
        ("text/html, text/*;q=0.3, */*;q=0.5", FHIR),
    ],
)
async def test_the_best_that_is_accepted_is_answered(client, stored, accept, expected):
    response = await client.get(f"/{name(stored)}", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == expected
    assert response.json() == stored


async def test_accept_may_come_in_several_lines(client, stored):
    headers = [("Accept", "application/fhir+xml"), ("Accept", "application/json")]
    response = await client.get(f"/{name(stored)}", headers=headers)
    assert response.headers["Content-Type"] == PLAIN


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+xml",
        "application/xml",
        "text/html",
        "text/turtle",
        "image/*",
        "application/fhir+json;q=0",
        "*/*;q=0",
        "application/fhir+json;q=x",
        "application/fhir+json;fhirVersion=3.0",
        "application/fhir+json;fhirVersion=5.0",
        "json",
        ",;=",
    ],
)
@pytest.mark.parametrize("path", ["/metadata", "/Practitioner", "/Practitioner/_history", "/Practitioner/x"])
async def test_what_is_not_to_be_had_is_not_acceptable(client, accept, path):
    response = await client.get(path, headers={"Accept": accept})
    assert response.status_code == 406
    assert issue(response)["code"] == "not-supported"


async def test_a_write_whose_answer_would_not_be_accepted_does_not_happen(client):
    before = (await client.get("/Practitioner?_summary=count")).json()["total"]
    response = await client.post("/Practitioner", json=practitioner(), headers={"Accept": "application/fhir+xml"})
    assert response.status_code == 406
    assert (await client.get("/Practitioner?_summary=count")).json()["total"] == before


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("json", FHIR),
        ("application/fhir+json", FHIR),
        ("application/fhir%2Bjson", FHIR),
        ("application/json", PLAIN),
        ("text/json", PLAIN),
        ("application/fhir%2Bjson;fhirVersion=4.0", FHIR),
    ],
)
async def test_format_goes_before_accept(client, stored, form, expected):
    for path in (f"/{name(stored)}", "/Practitioner", "/metadata", "/Practitioner/_history"):
        response = await client.get(f"{path}?_format={form}", headers={"Accept": "application/fhir+xml"})
        assert response.status_code == 200
        assert response.headers["Content-Type"] == expected


@pytest.mark.parametrize(
    "form", ["xml", "application/fhir%2Bxml", "ttl", "html", "nonsense", "json;fhirVersion=5.0", "%00"]
)
async def test_a_format_that_is_not_to_be_had_is_not_acceptable(client, form):
    response = await client.get(f"/Practitioner?_format={form}")
    assert response.status_code == 406
    assert issue(response)["severity"] == "error"


async def test_format_and_pretty_may_stand_in_the_form_of_a_search(client, stored):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    pretty = await client.post("/Practitioner/_search", data={"_pretty": "true", "_format": "json"}, headers=headers)
    assert pretty.text.startswith('{\n  "resourceType"')
    xml = await client.post("/Practitioner/_search", data={"_format": "xml"}, headers=headers)
    assert xml.status_code == 406


async def test_pretty_indents_and_changes_nothing_else(client, stored):
    for path in (f"/{name(stored)}", "/metadata"):
        plain = await client.get(path)
        pretty = await client.get(f"{path}?_pretty=true")
        assert pretty.text.startswith("{\n  ")
        assert pretty.json() == plain.json()
        assert (await client.get(f"{path}?_pretty=false")).content == plain.content


async def test_pretty_is_true_or_false(client, stored):
    response = await client.get(f"/{name(stored)}?_pretty=yes")
    assert response.status_code == 400
    assert "_pretty" in issue(response)["diagnostics"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/json",
        "APPLICATION/FHIR+JSON",
        "application/fhir+json; charset=UTF-8",
        'application/fhir+json;charset="utf-8"',
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json; FHIRVersion=4.0.1; charset=utf8",
    ],
)
async def test_a_body_of_these_types_is_taken(client, content_type):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Content-Type": content_type})
    assert response.status_code == 201


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/fhir+xml",
        "application/xml",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "application/fhir+json; charset=iso-8859-1",
        "application/fhir+json; charset=utf-16",
        "application/fhir+json; fhirVersion=3.0",
        "application/fhir+json; fhirVersion=5.0",
        "application/fhir+jsonx",
        "\x00",
    ],
)
async def test_a_body_of_another_type_is_not_supported(client, content_type):
    for method, path in (("POST", "/Practitioner"), ("PUT", "/Practitioner/x")):
        response = await client.request(method, path, json=practitioner(id="x"), headers={"Content-Type": content_type})
        assert response.status_code == 415
        assert issue(response)["code"] == "not-supported"


async def test_a_body_without_a_type_is_not_supported(client):
    request = client.build_request("POST", "/Practitioner", content=b'{"resourceType":"Practitioner"}')
    del request.headers["Content-Type"]
    response = await client.send(request)
    assert response.status_code == 415
    assert "application/fhir+json" in response.headers["Accept"]


async def test_a_search_by_post_takes_a_form_and_nothing_else(client):
    response = await client.post("/Practitioner/_search", json={})
    assert response.status_code == 415
    assert response.headers["Accept"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "", "nonsense"])
async def test_a_body_compressed_otherwise_is_told_what_is_taken(client, encoding):
    body = gzip.compress(b'{"resourceType":"Practitioner"}')
    response = await client.post("/Practitioner", content=body, headers={"Content-Encoding": encoding})
    assert response.status_code == 415
    assert response.headers["Accept-Encoding"] == "gzip"
    assert issue(response)["code"] == "not-supported"


async def test_an_error_is_fhir_json_whatever_is_accepted(client):
    response = await client.get("/Practitioner/nobody", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.headers["Content-Type"] == FHIR
