"""Histories, compartments, capabilities and operations in a Bundle: what they are alone."""

import pytest

from app.interactions.bundle import room
from tests.audited import settled
from tests.callers import acting, granted
from tests.interactions.bundles import batch, done, entry, get, post, send, statuses
from tests.record.examples import consent, create, issue, name, patient, plan, practitioner, put, supporter, to


@pytest.fixture
async def of(client):
    """A Patient in the second version, with a supporter who may be told."""
    stored = (await put(client, {**await create(client, patient()), "gender": "female"})).json()
    person = await create(client, supporter(to(stored)))
    await create(client, plan(to(stored)))
    await create(client, consent(to(stored), name(person)))
    return stored, person


def same(resource):
    """What an answer says, but for when and as what it was made."""
    return {key: value for key, value in resource.items() if key not in ("id", "timestamp", "date")}


async def answered(client, *entries):
    response = await client.post("", json=batch(*entries))
    assert response.status_code == 200, response.text
    return response.json()["entry"]


NOT_THERE = "3c0ad0e1-e1f3-4987-8222-f17708046516"
READS = ("_history?_count=1", "Patient/_history?_count=2", "{}/_history", "{}/CarePlan?status=active", "{}/*?_count=1")


async def test_what_is_read_is_what_is_answered_alone_in_a_batch_and_in_a_transaction(client, of):
    paths = [path.format(name(of[0])) for path in (*READS, "{}/$everything", "metadata", "{}/_history/")]
    alone = [(await client.get(f"/{path}")).json() for path in paths]
    for told in (await answered(client, *map(get, paths)), await done(client, *map(get, paths))):
        assert [each["response"] for each in told] == [{"status": "200"}] * len(paths)
        for path, each, one in zip(paths, told, alone, strict=True):
            assert without_cursors(same(each["resource"])) == without_cursors(same(one)), path


def without_cursors(resource):
    return {key: value for key, value in resource.items() if key != "link"}


async def test_a_history_in_a_transaction_shows_what_the_transaction_wrote(client, of):
    stored, _ = of
    told = await done(client, get(f"{name(stored)}/_history"), entry("PUT", name(stored), {**stored, "gender": "male"}))
    versions = [each["resource"]["meta"]["versionId"] for each in told[0]["resource"]["entry"]]
    assert versions == ["3", "2", "1"]
    following = next(each for each in (await first_page(client, stored))["link"] if each["relation"] == "next")
    [page] = await answered(client, get(following["url"]))
    assert page["resource"]["entry"][0]["resource"]["meta"]["versionId"] == "2"


async def first_page(client, stored):
    [told] = await answered(client, get(f"{name(stored)}/_history?_count=1"))
    return told["resource"]


async def test_a_batch_asks_may_i_tell_and_whether_a_resource_is_valid(client, of):
    stored, person = of
    question = f"Consent/$check-sharing?patient={name(stored)}&recipient={name(person)}&scope=medication"
    told = await answered(
        client,
        get(question),
        entry("POST", "Consent/$check-sharing", {"resourceType": "Parameters", "parameter": [
            {"name": "patient", "valueReference": to(stored)},
            {"name": "recipient", "valueReference": to(person)},
            {"name": "scope", "valueCode": "medication"},
        ]}),
        entry("POST", "Patient/$validate", {**patient(), "gender": "x"}),
        entry("POST", f"{name(stored)}/$validate?mode=delete"),
        get(f"{name(stored)}/$validate"),
        entry("HEAD", question),
    )  # fmt: skip
    assert [each["response"]["status"] for each in told] == ["200"] * 6
    alone = (await client.get(f"/{question}")).json()["parameter"][0]
    assert told[0]["resource"]["parameter"][0] == told[1]["resource"]["parameter"][0] == alone
    recorded = next(each for each in told[0]["resource"]["parameter"] if each["name"] == "auditEvent")
    assert (await client.get(f"/{recorded['valueReference']['reference']}")).status_code == 200
    assert told[2]["resource"]["issue"][0]["expression"] == ["Patient.gender"]
    assert told[4]["resource"]["resourceType"] == "OperationOutcome"
    assert "resource" not in told[5]
    assert (await client.get(f"/{name(stored)}")).status_code == 200


@pytest.mark.parametrize(
    ("scope", "sent"),
    [
        ("system/RelatedPerson.rs", get("Patient/_history")),
        ("system/RelatedPerson.rs", get("_history")),
        ("system/RelatedPerson.rs", get("Patient/a/_history")),
        ("system/RelatedPerson.rs", get("Patient/a/$everything")),
        ("system/Patient.rs", get("Patient/a/CarePlan")),
        ("system/Patient.rs", get("Consent/$check-sharing?patient=Patient/a")),
        ("system/Patient.rs", entry("POST", "Patient/$validate?mode=create", patient())),
    ],
)
async def test_each_takes_the_scope_that_it_takes_alone(client, scope, sent):
    limited = acting(client, granted(scope))
    url, method = sent["request"]["url"], sent["request"]["method"]
    assert (await limited.request(method, f"/{url}", json=sent.get("resource"))).status_code == 403
    assert statuses(await limited.post("", json=batch(sent))) == ["403"]


async def test_each_is_on_record_as_it_is_alone(client, of):
    stored, _ = of
    await answered(client, get(f"{name(stored)}/_history"), get(f"{name(stored)}/$everything"), get("Patient/a/*"))
    await settled(client)
    trail = await client.get("/AuditEvent", params={"patient": name(stored), "_count": 100})
    kinds = [each["resource"]["subtype"][0]["code"] for each in trail.json()["entry"]]
    assert {"history-instance", "operation"} <= set(kinds)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (get(f"Patient/{NOT_THERE}/_history"), "404"),
        (get("Patient/_history?nonsense=1"), "400"),
        (get("_history", ifNoneMatch='W/"1"'), "400"),
        (get("Nothing/_history"), "400"),
        (get("Patient/../_history"), "400"),
        (get(f"Patient/{NOT_THERE}/Nothing"), "404"),
        (get("Patient/a/$social-map"), "400"),
        (get("Organization/a/$everything"), "400"),
        (entry("POST", "_history", patient()), "400"),
        (entry("DELETE", "Patient/a/_history"), "400"),
        (entry("PUT", "Patient/$validate", patient()), "400"),
        (entry("POST", "Patient/$validate"), "400"),
        (entry("POST", "Patient/$validate", [1]), "400"),  # type: ignore[arg-type]  # what nobody should send
        (entry("POST", "Consent/$check-sharing", patient()), "400"),
        (entry("POST", "Consent/$check-sharing?scope=x", {"resourceType": "Parameters"}), "400"),
        (get("Consent/$check-sharing?nonsense=1"), "400"),
        (get("metadata/x"), "400"),
    ],
    ids=lambda value: str(value.get("request")) if isinstance(value, dict) else value,
)
async def test_what_cannot_be_asked_is_refused_by_itself(client, sent, status):
    told = await answered(client, sent, post(patient()))
    assert [each["response"]["status"] for each in told] == [status, "201"]
    where = told[0]["response"]["outcome"]["issue"][0].get("expression", ["Bundle.entry[0]"])
    assert where[0].startswith("Bundle.entry[0]")


@pytest.mark.parametrize(
    "sent", [get("Consent/$check-sharing?patient=a"), entry("POST", "Patient/$validate", patient())]
)
async def test_what_stands_alone_is_no_part_of_a_transaction(client, sent):
    refused = await send(client, post(patient()), sent)
    assert refused.status_code == 400
    assert issue(refused)["expression"] == ["Bundle.entry[1].request.url"]
    assert "no part of a transaction" in issue(refused)["diagnostics"]


@pytest.mark.parametrize("asked", ["{}", "{}/_history", "CarePlan?patient={}", "{}/$everything"])
async def test_an_answer_shows_so_many_bytes_and_no_more(client, of, monkeypatch, asked):
    url = asked.format(name(of[0]))
    monkeypatch.setattr(room, "MOST_SHOWN", 1)
    response = await client.post("", json=batch(get(url), get(url), post(practitioner())))
    assert statuses(response) == ["200", "413", "201"]
    [said] = response.json()["entry"][1]["response"]["outcome"]["issue"]
    assert (said["code"], said["expression"]) == ("too-costly", ["Bundle.entry[1]"])
    before = (await client.get("/Practitioner?_summary=count")).json()["total"]
    refused = await send(client, post(practitioner()), get(url), get(url))
    assert refused.status_code == 413
    assert issue(refused)["expression"] == ["Bundle.entry[2]"]
    assert (await client.get("/Practitioner?_summary=count")).json()["total"] == before
