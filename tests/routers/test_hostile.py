"""Input from nowhere good: refused or taken as what it is, and never a failure of the service."""

import json

import pytest

from tests.record.examples import issue, issues, organization

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
INJECTIONS = ["' OR '1'='1", "'; DROP TABLE resource; --", "$1", "%s", "\\", "x' UNION SELECT 1 --", "{{7*7}}", "${x}"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"}",
        b"null",
        b"true",
        b"1",
        b'"Practitioner"',
        b"[]",
        b'[{"resourceType":"Practitioner"}]',
        b"{}",
        b'{"resourceType":null}',
        b'{"resourceType":["Practitioner"]}',
        b'{"resourceType":"Practitioner"} x',
        b'{"resourceType":"Practitioner"}{"resourceType":"Practitioner"}',
        b"{'resourceType':'Practitioner'}",
        b'{"resourceType":"Practitioner",}',
        b'{"resourceType":"Practitioner","active":true,"active":false}',
        b'{"resourceType":"Practitioner","name":NaN}',
        b'{"resourceType":"Practitioner","name":Infinity}',
        b'{"resourceType":"Practitioner","name":"\xff\xfe"}',
        b'{"resourceType":"Practitioner","name":"\xed\xa0\x80"}',
        b'{"resourceType":"Practitioner","id":"\\ud800"}',
        b'{"resourceType":"Practitioner","birthDate":"a\x00b"}',
        b'\xef\xbb\xbf{"resourceType":"Practitioner"}',
        '{"resourceType":"Practitioner"}'.encode("utf-16"),
        '{"resourceType":"Practitioner"}'.encode("utf-32"),
        b"<Practitioner xmlns='http://hl7.org/fhir'/>",
        b"[" * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"resourceType":"Practitioner","extension":' + b'[{"extension":' * 10_000 + b"[]" + b"}]" * 10_000 + b"}",
        b'{"resourceType":"Practitioner","active":' + b"9" * 100_000 + b"}",
        b'{"resourceType":"Practitioner","active":1e999999999}',
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
async def test_a_body_that_is_no_practitioner_is_refused(client, body):
    for method, path in (("POST", "/Practitioner"), ("PUT", "/Practitioner/x")):
        response = await client.request(method, path, content=body)
        assert response.status_code in (400, 422)
        assert all(each["severity"] == "error" for each in issues(response))
        assert len(response.content) < 10_000


@pytest.mark.parametrize(
    "value",
    ["1e400", "-1e-400", "1" + "0" * 90, "1." + "0" * 90, "-0", "1E+99", "0e0", "12345678901234567890"],
)
async def test_a_huge_number_is_kept_or_refused(client, value):
    extension = f'[{{"url":"urn:x","valueDecimal":{value}}}]'
    response = await client.post("/Practitioner", content=f'{{"resourceType":"Practitioner","extension":{extension}}}')
    assert response.status_code in (201, 400, 422)
    if response.status_code == 201:
        assert f'"valueDecimal":{value}}}' in response.text


@pytest.mark.parametrize("value", ["1e2", "1.0", "99999999999999999999", "-1", "2147483648"])
async def test_a_whole_number_that_is_none_is_refused(client, value):
    body = f'{{"resourceType":"Practitioner","telecom":[{{"system":"phone","value":"1","rank":{value}}}]}}'
    response = await client.post("/Practitioner", content=body)
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Practitioner.telecom[0].rank"]


@pytest.mark.parametrize("text", ["\\u0000", "\\u0001", "\\u001f", "\\ud800", "\\udfff\\ud800"])
async def test_characters_that_fhir_does_not_know_are_refused(client, text):
    body = f'{{"resourceType":"Organization","name":"a{text}b"}}'
    response = await client.post("/Organization", content=body)
    assert response.status_code in (400, 422)
    escaped = f'{{"resourceType":"Organization","name":"x","a{text}b":1}}'
    assert (await client.post("/Organization", content=escaped)).status_code in (400, 422)


@pytest.mark.parametrize(
    "text", [*INJECTIONS, "\u2028", "\U0001f469\u200d\U0001f692", "\u202eevil", "a\\u0000b", "\ufffe"]
)
async def test_text_is_kept_and_found_whatever_it_holds(client, text):
    stored = await client.post("/Organization", json=organization(name=f"x {text}"))
    assert stored.status_code == 201
    assert stored.json()["name"] == f"x {text}"
    escaped = f"x {text}".replace("\\", "\\\\").replace(",", "\\,").replace("$", "\\$").replace("|", "\\|")
    found = (await client.get("/Organization", params={"name:exact": escaped})).json()
    assert [entry["resource"]["name"] for entry in found["entry"]] == [f"x {text}"]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(
    "name", ["_id", "name", "name:exact", "name:contains", "identifier", "partof", "_lastUpdated", "_sort", "_count",
             "_elements", "_summary", "_total", "_cursor", "_tag", "_profile", "name:missing"]
)  # fmt: skip
async def test_sql_in_a_parameter_is_a_value_like_any(client, name, text):
    for response in (
        await client.get("/Organization", params={name: text}),
        await client.post("/Organization/_search", data={name: text}, headers=FORM),
    ):
        assert response.status_code in (200, 400)
        assert "syntax" not in response.text
    assert (await client.get("/metadata")).status_code == 200


@pytest.mark.parametrize(
    "text", ["%27%20OR%201=1", "a%00b", "%0a%0d", "%ff%fe", "%ed%a0%80", "%zz", "a b", "\u00e9", "%25", "*", "_"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_an_id_that_is_none_is_nothing_that_is_there(client, method, text):
    for path in (f"/Practitioner/{text}", f"/Practitioner/{text}/_history", f"/Practitioner/{text}/_history/1"):
        response = await client.request(method, path, content=b'{"resourceType":"Practitioner","id":"x"}')
        assert 200 <= response.status_code < 500
        if response.status_code >= 400:
            assert issues(response)
        else:
            assert method == "DELETE"


@pytest.mark.parametrize(
    "text", ["Observation%00", "%00", "%ff", "'", "Patient%20", "_nothing", "__proto__", "x" * 1000]
)
async def test_a_type_that_is_none_is_not_found(client, text):
    for path in (f"/{text}", f"/{text}/1", f"/{text}/_history", f"/{text}/1/_history/1"):
        response = await client.get(path)
        assert response.status_code in (404, 405)
        assert issue(response)
    assert (await client.post(f"/{text}", json={})).status_code in (404, 405)


@pytest.mark.parametrize(
    "query",
    ["%", "%ff=1", "name=%ff", "name=%ed%a0%80", "name=%00", "%00=1", "=", "&&&", "name", "name=%zz", "?=?", "name[]=1",
     "name=" + "," * 5_000, "name=\\", "name=a\\", "identifier=|||", "identifier=|", "_count=1e3", "_count=%20",
     "_count=" + "9" * 400, "_lastUpdated=9999-12-31T23:59:60Z", "_lastUpdated=gt0000", "_lastUpdated=-1", "_sort=-",
     "_sort=,,", "_elements=,", "_has:a:b:c=1", "name:exact:contains=1", "name:=1", ":name=1", "partof:Patient=1",
     "partof.name=1", "_total=x", "_summary=x", "name=a&name=b&name=a,b,c", "_format=json&_format=xml", ";name=1"],
)  # fmt: skip
async def test_a_query_is_answered_or_refused(client, query):
    response = await client.get(f"/Organization?{query}")
    posted = await client.post("/Organization/_search", content=query, headers=FORM)
    for answer in (response, posted):
        assert answer.status_code in (200, 400, 406)
        assert answer.json()["resourceType"] in ("Bundle", "OperationOutcome")


async def test_a_form_in_plain_utf_8_is_read_as_such(client):
    await client.post("/Organization", json=organization(name="\u00c9quipe de nuit"))
    response = await client.post(
        "/Organization/_search", content="name:exact=\u00c9quipe+de+nuit".encode(), headers=FORM
    )
    assert response.json()["total"] == 1


@pytest.mark.parametrize("body", [b"name=\xff", b"\xed\xa0\x80=1"])
async def test_a_form_that_is_not_utf_8_is_refused(client, body):
    response = await client.post("/Organization/_search", content=body, headers=FORM)
    assert response.status_code == 400


@pytest.mark.parametrize(
    "header", ["Accept", "Prefer", "If-Match", "If-None-Match", "If-Modified-Since", "Content-Type", "Host", "Range",
               "If-None-Exist", "Authorization", "Cookie", "X-Forwarded-For", "Transfer-Encoding", "Expect"]
)  # fmt: skip
@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"'\"`;--", b"a" * 5_000, b"%00", b",,,;;;==="])
async def test_a_header_of_nonsense_is_no_failure_of_the_service(client, header, value):
    body = json.dumps({"resourceType": "Practitioner", "id": "x"})
    for method, path in (("GET", "/Practitioner/x"), ("PUT", "/Practitioner/x"), ("GET", "/Practitioner")):
        response = await client.request(method, path, content=body, headers={header: value})
        assert response.status_code < 500 or response.status_code == 501
