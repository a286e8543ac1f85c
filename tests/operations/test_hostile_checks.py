"""A check that is asked badly is refused by name; none fails inside, and none permits."""

import asyncio
import json
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import running
from tests.record.examples import consent, create, name, nhs_number, patient, supporter, to

PATH = "/Consent/$check-sharing"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202emedication",
    "medication\u200b",
    "\uff4dedication",
    "MEDICATION",
    "medication ",
    "medication,care-plan",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%00",
    "{{7*7}}",
    "\N{REPLACEMENT CHARACTER}",
    "e\u0301" * 500,
    "x" * 10_000,
]


@pytest.fixture(scope="module")
async def known(client):
    """A patient who lets a supporter know everything that need not be named."""
    of = await create(client, patient(nhs_number(), birthDate="1980-02-01"))
    person = await create(client, supporter(to(of)))
    await create(client, consent(to(of), name(person)))
    return name(of), name(person)


def value(name_: str, text: Any) -> dict[str, Any]:
    kind = {
        "patient": "valueReference",
        "recipient": "valueReference",
        "resource": "valueReference",
        "team": "valueReference",
        "at": "valueInstant",
    }.get(name_, "valueCode")
    return {"name": name_, kind: {"reference": text} if kind == "valueReference" else text}


def body(*parameters: tuple[str, Any]) -> bytes:
    told = {"resourceType": "Parameters", "parameter": [value(*each) for each in parameters]}
    return json.dumps(told).encode()


def refused(response: httpx.Response, *statuses: int) -> None:
    assert response.status_code in statuses, response.text[:500]
    assert response.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("parameter", ["patient", "recipient", "resource", "team", "scope", "action", "content", "at"])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
async def test_hostile_text_is_refused_or_denied_and_never_permitted(client, known, parameter, text):
    of, person = known
    asked = {"patient": of, "recipient": person, "scope": "medication", parameter: text}
    response = await client.post(PATH, content=body(*asked.items()))
    assert response.status_code in (200, 400, 404), response.text[:500]
    if response.status_code == 200 and parameter != "team":
        assert response.json()["parameter"][0]["valueCode"] == "deny"


@pytest.mark.parametrize("parameter", ["purpose", "recipent", "", "patient ", "Patient", "\u0440atient"])
async def test_unknown_names_and_codes_are_refused(client, known, parameter):
    refused(await client.post(PATH, content=body(("patient", known[0]), (parameter, "NONSENSE"))), 400)
    refused(await client.get(PATH, params={"patient": known[0], parameter: "NONSENSE"}), 400)


async def test_ten_thousand_recipients_are_refused(client, known):
    recipients = [("recipient", f"RelatedPerson/{number}") for number in range(10_000)]
    refused(await client.post(PATH, content=body(("patient", known[0]), *recipients)), 400, 413)


async def test_ten_thousand_names_that_mean_one_are_refused_too(client, known):
    refused(await client.post(PATH, content=body(("patient", known[0]), *[("recipient", known[1])] * 10_000)), 400)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("0001-01-01T00:00:00Z", 200),
        ("0001-01-01T00:00:00+14:00", 400),
        ("9999-12-31T23:59:59Z", 200),
        ("9999-12-31T23:59:59.999999Z", 200),
        ("9999-12-31T23:59:59-14:00", 400),
        ("0000-01-01T00:00:00Z", 400),
        ("10000-01-01T00:00:00Z", 400),
        ("2026-02-30T00:00:00Z", 400),
        ("2026-03-09T24:00:00Z", 400),
        ("2026-03-09T10:30:60Z", 400),
        ("2016-12-31T23:59:60.5Z", 400),
        ("2026-03-09T10:30:00", 400),
        ("2026-03-09", 400),
        ("2026-03-09T10:30Z", 400),
        ("now", 400),
        ("-2026-03-09T10:30:00Z", 400),
    ],
)
async def test_times_at_the_ends_of_time_are_answered_or_refused(client, known, at, status):
    of, person = known
    response = await client.post(PATH, content=body(("patient", of), ("recipient", person), ("at", at)))
    assert response.status_code == status, response.text[:500]
    response = await client.get(PATH, params={"patient": of, "recipient": person, "at": at})
    assert response.status_code == status, response.text[:500]
    if ":60" in at:
        assert "leap second" in response.json()["issue"][0]["diagnostics"]
    if at.startswith("0001") and status == 200:
        assert response.json()["parameter"][0]["valueCode"] == "deny"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"resourceType":"Parameters","parameter":' + b'[{"part":' * 5_000 + b"1" + b"}]" * 5_000 + b"}",
        b'{"resourceType":"Parameters","parameter":[{"name":"patient"}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"patient","valueString":"Patient/x"}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"patient","part":[{"name":"x","valueString":"y"}]}]}',
        b'{"resourceType":"Parameters","parameter":{"name":"patient"}}',
        b'{"resourceType":"Parameters","parameter":[null]}',
        b'{"resourceType":"Parameters","resourceType":"Parameters"}',
        b'{"resourceType":"Parameters","parameter":[{"_name":{"id":"x"},"valueString":"y"}]}',
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"Parameters","parameter":[{"name":"patient","valueReference":{"reference":"#x"}}]}',
    ],
    ids=lambda sent: sent[:24].decode("latin-1"),
)
async def test_what_is_no_question_is_refused(client, sent):
    refused(await client.post(PATH, content=sent), 400)


async def test_a_huge_question_is_refused(client, known):
    refused(await client.post(PATH, content=body(("patient", known[0]), ("scope", "x" * 3_000_000))), 413)
    refused(await client.get(PATH, params=[("patient", known[0])] + [("scope", "medication")] * 1_001), 400)


async def test_what_may_be_given_once_may_not_be_given_twice(client, known):
    for name_, text in (("patient", known[0]), ("at", "2026-03-09T10:30:00Z"), ("action", "disclose")):
        twice = [("patient", known[0])] * (name_ != "patient") + [(name_, text)] * 2
        response = await client.post(PATH, content=body(*twice))
        refused(response, 400)
        assert name_ in response.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("where", "parameters", "resource"),
    [
        ("Parameters.implicitRules", {}, {"implicitRules": "urn:other-rules"}),
        (
            "Parameters.parameter[1].modifierExtension",
            {"modifierExtension": [{"url": "urn:not", "valueBoolean": True}]},
            {},
        ),
    ],
)
async def test_what_makes_a_question_mean_something_else_is_refused_where_it_is(
    client, known, where, parameters, resource
):
    asked = [value("patient", known[0]), value("recipient", known[1]) | parameters]
    told = {"resourceType": "Parameters", "parameter": asked} | resource
    response = await client.post(PATH, json=told)
    refused(response, 400)
    assert response.json()["issue"][0]["expression"] == [where]
    said = {"name": "decision", "valueCode": "yes"} | parameters
    told = {"resourceType": "Parameters", "parameter": [{"name": "method", "valueCode": "verbal"}, said]} | resource
    response = await client.post(f"/{known[1]}/$record-consent", json=told)
    refused(response, 400)
    assert response.json()["issue"][0]["expression"] == [where]


async def test_a_reference_that_names_two_is_refused_and_one_that_names_one_twice_is_not(client):
    numbers = [nhs_number(), nhs_number(), nhs_number()]
    of = await create(client, patient(numbers[0], birthDate="1980-02-01"))
    identifiers = [{"identifier": [{"system": NHS, "value": number}]} for number in numbers]
    person = await create(client, supporter(to(of)) | identifiers[1])
    await create(client, consent(to(of), name(person)))

    def asked(*of_numbers: str) -> dict[str, Any]:
        named = zip(("patient", "recipient"), (of, person), of_numbers, strict=True)
        parameters = [
            {"name": which, "valueReference": {"reference": name(one), "identifier": {"system": NHS, "value": number}}}
            for which, one, number in named
        ]
        return {"resourceType": "Parameters", "parameter": [*parameters, value("scope", "medication")]}

    response = await client.post(PATH, json=asked(numbers[0], numbers[1]))
    assert response.json()["parameter"][0]["valueCode"] == "permit", response.text
    for parameter, named in (("patient", (numbers[2], numbers[1])), ("recipient", (numbers[0], numbers[2]))):
        response = await client.post(PATH, json=asked(*named))
        refused(response, 400)
        assert response.json()["issue"][0]["diagnostics"].startswith(f"Parameter {parameter} names two")


TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE), st.from_regex(r"[A-Z][a-z]{3,12}/[a-z0-9.\-]{1,70}"))
ONE = st.one_of(TEXTS, st.none(), st.integers(), st.booleans(), st.lists(TEXTS, max_size=2), st.just({}))
NAMES = st.sampled_from(
    ["patient", "recipient", "resource", "team", "scope", "action", "content", "purpose", "at", "other"]
)


@st.composite
def questions(draw: st.DrawFn) -> bytes:
    parameters = draw(st.lists(st.tuples(NAMES, ONE), max_size=6))
    told = [value(*each) for each in parameters]
    identifier = {"identifier": {"system": draw(TEXTS), "value": draw(TEXTS)}, "type": draw(TEXTS)}
    told += draw(st.sampled_from([[], [{"name": "recipient", "valueReference": identifier}]]))
    told += draw(st.sampled_from([[], [value("patient", "Patient/hostile")]]))
    return json.dumps({"resourceType": "Parameters", "parameter": told}).encode()


@pytest.fixture
async def asked(client):
    """A function for Hypothesis, which knows no async: it asks and waits."""
    await client.put("/Patient/hostile", json={"resourceType": "Patient", "id": "hostile", "birthDate": "1980-02-01"})
    return client


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=questions())
async def test_whatever_is_asked_nothing_fails_inside_and_nothing_permits(asked, sent):
    response = await asked.post(PATH, content=sent)
    assert response.status_code in (200, 400, 404, 413), response.text[:500]
    assert response.json()["resourceType"] in ("Parameters", "OperationOutcome")
    if response.status_code == 200:
        answers = [each for each in response.json()["parameter"] if each["name"] == "answer"]
        told = [{part["name"]: part for part in each["part"]} for each in answers]
        bases = {each["basis"]["valueCode"] for each in told if each["decision"]["valueCode"] == "permit"}
        assert bases <= {"listening", "general-information", "own-record"}


async def test_without_an_audit_row_there_is_no_decision(database_url):
    async with running(database_url) as client:
        of = await create(client, patient(nhs_number(), birthDate="1980-02-01"))
        person = await create(client, supporter(to(of)))
        await create(client, consent(to(of), name(person)))
        question = {"patient": name(of), "recipient": name(person), "scope": "medication"}
        assert (await client.get(PATH, params=question)).json()["parameter"][0]["valueCode"] == "permit"
        owner = await asyncpg.connect(database_url)
        await owner.execute("REVOKE INSERT ON audit FROM kith_app")
        responses = [await client.get(PATH, params=question)]
        responses += await asyncio.gather(*(client.post(PATH, content=body(*question.items())) for _ in range(20)))
        responses += [await client.get(PATH, params={"patient": "Patient/nobody"})]
        await owner.execute("GRANT INSERT ON audit TO kith_app")
        again = await client.get(PATH, params=question)
        checks = await owner.fetchval("SELECT count(*) FROM audit WHERE interaction = 'check' AND status = 200")
        await owner.close()
    for response in responses:
        refused(response, 503)
        assert int(response.headers["Retry-After"]) > 0
        for word in ("permit", "deny", "decision", "consent"):
            assert word not in response.text.lower()
    assert again.json()["parameter"][0]["valueCode"] == "permit"
    assert checks == 2


async def test_an_answer_is_given_only_once_its_row_can_be_read(client, known, module_database_url):
    owner = await asyncpg.connect(module_database_url)
    for _ in range(20):
        response = await client.get(PATH, params={"patient": known[0], "recipient": known[1]})
        told = next(each for each in response.json()["parameter"] if each["name"] == "auditEvent")
        key = int(told["valueReference"]["reference"].removeprefix("AuditEvent/"))
        detail = json.loads(await owner.fetchval("SELECT detail FROM audit WHERE key = $1", key))
        assert len(detail["answers"]) == 15
    await owner.close()
