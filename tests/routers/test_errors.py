"""Every failure is an OperationOutcome as FHIR JSON, on every path: https://hl7.org/fhir/R4/operationoutcome.html"""

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.record.examples import issue, issues

SPINE = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SpineErrorOrWarningCode"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/FHIR",
        "/FHIR/R5/Patient",
        "/FHIR/R4//Patient",
        "/FHIR/R4/Patient//",
        "/FHIR/R4/Patient%2F",
        "/FHIR/R4/Patient/1/_history/1/more",
        "/FHIR/R4/Patient/1/Observation",
        "/FHIR/R4/Consent/1/Patient",
        "/FHIR/R4/Observation",
        "/FHIR/R4/patient",
        "/FHIR/R4/Observation/1/_history",
        "/_ping/",
        "/docs/nothing.js",
        "/FHIR/R4/%2e%2e/%2e%2e/etc/passwd",
        "/FHIR/R4/Patient%2F1",
        "/%00",
        "/\u00e9\U0001f600",
    ],
)
async def test_a_path_where_nothing_is_is_not_found(client, path):
    response = await client.get(f"http://kith.test{path}")
    assert response.status_code == 404
    OperationOutcome.model_validate(response.json())
    assert issue(response)["severity"] == "error"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/Patient/1", {"GET", "PUT", "PATCH", "DELETE"}),
        ("GET", "/Patient/_search", {"POST"}),
        ("TRACE", "/Patient/1", {"GET", "PUT", "PATCH", "DELETE"}),
        ("BREW", "/Patient/1", {"GET", "PUT", "PATCH", "DELETE"}),
        ("PUT", "/Patient/1/_history/1", {"GET"}),
        ("DELETE", "/Patient/1/_history/1", {"GET"}),
        ("DELETE", "/Patient/1/_history", {"GET"}),
        ("PUT", "/metadata", {"GET"}),
        ("POST", "http://kith.test/_ping", {"GET"}),
        ("DELETE", "http://kith.test/_status", {"GET"}),
        ("POST", "http://kith.test/docs", {"GET"}),
    ],
)
async def test_a_method_that_is_not_possible_is_not_allowed(client, method, path, allowed):
    response = await client.request(method, path)
    assert response.status_code == 405
    assert allowed <= set(response.headers["Allow"].split(", "))
    assert method not in response.headers["Allow"]
    assert issue(response)["code"] == "not-supported"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("path", ["/Patient/_history", "/Patient/_search"])
async def test_reserved_words_are_no_ids(client, method, path):
    body = {"resourceType": "Patient", "id": path.rpartition("/")[2]}
    response = await client.request(method, path, json=body)
    assert response.status_code in (400, 404, 405, 422)
    assert issues(response)


async def test_all_issues_come_at_once_each_with_its_element(client):
    body = {
        "resourceType": "RelatedPerson",
        "active": "true",
        "gender": "woman",
        "birthDate": "31/12/1980",
        "name": [{"family": ""}, {"use": "daily"}],
    }
    response = await client.post("/RelatedPerson", json=body)
    assert response.status_code == 422
    OperationOutcome.model_validate(response.json())
    named = {each["expression"][0] for each in issues(response)}
    assert named >= {
        "RelatedPerson.active",
        "RelatedPerson.gender",
        "RelatedPerson.birthDate",
        "RelatedPerson.name[0].family",
        "RelatedPerson.name[1].use",
        "RelatedPerson.patient",
    }
    assert {each["severity"] for each in issues(response)} == {"error"}


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/Patient/nobody", "RESOURCE_NOT_FOUND"),
        ("GET", "/Patient?nonsense=1", "INVALID_SEARCH_DATA"),
        ("GET", "/Observation", "UNSUPPORTED_SERVICE"),
        ("POST", "/Patient", "INVALID_VALUE"),
    ],
)
async def test_errors_carry_spine_codes(client, method, path, code):
    response = await client.request(method, path)
    assert issue(response)["details"]["coding"] == [{"system": SPINE, "code": code}]


async def test_a_failure_inside_tells_nothing_but_the_request_id(client, monkeypatch):
    async def broken(*_):
        raise RuntimeError("password=secret SELECT * FROM resource")

    monkeypatch.setattr("app.storage.resources.read", broken)
    response = await client.get("/Patient/x")
    assert response.status_code == 500
    assert issue(response)["severity"] == "fatal"
    assert "secret" not in response.text
    assert "SELECT" not in response.text
    assert response.headers["X-Request-ID"] in issue(response)["diagnostics"]


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("GET", "/Consent/$check-sharng", "$check-sharng"),
        ("GET", "/Consent/$check-sharng?patient=9990000018", "$check-sharng"),
        ("GET", "/Consent/%24check-sharng", "$check-sharng"),
        ("POST", "/Consent/$check-sharng", "$check-sharng"),
        ("POST", "/RelatedPerson/1/$record-consnt", "$record-consnt"),
        ("GET", "/RelatedPerson/1/$record-consnt", "$record-consnt"),
        ("GET", "/$meta", "$meta"),
        ("POST", "/$meta", "$meta"),
        ("GET", "/ValueSet/$expand?url=https://fhir.kith.example/ValueSet/carer-role", "$expand"),
        ("GET", "/ValueSet/carer-role/$expand", "$expand"),
        ("POST", "/ValueSet/$expand", "$expand"),
        ("POST", "/ValueSet/carer-role/$expand", "$expand"),
    ],
)
async def test_an_operation_that_there_is_not_is_told_as_one(client, method, path, named):
    response = await client.request(method, path, **({} if method == "GET" else {"json": {}}))
    assert response.status_code == 404, response.text
    assert f"There is no operation {named} at this address" in issue(response)["diagnostics"]


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/Consent/$check-sharing"), ("GET", "/RelatedPerson/1/$record-consent")]
)
async def test_an_operation_by_another_method_is_told_its_methods(client, method, path):
    response = await client.request(method, path)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


async def test_what_was_asked_of_the_wrong_address_is_told_the_address(client):
    response = await client.get("/Consent/-sharing?patient=9990000018")
    assert response.status_code == 400
    assert issue(response)["diagnostics"] == "Parameter patient has no meaning at /FHIR/R4/Consent/-sharing."


async def test_beside_the_base_it_is_told_where_the_base_is(client):
    for path in ("/", "/RelatedPerson", "/fhir/r4/RelatedPerson"):
        assert "FHIR is under /FHIR/R4" in issue(await client.get(f"http://kith.test{path}"))["diagnostics"]
