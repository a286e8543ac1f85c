"""capabilities: https://hl7.org/fhir/R4/http.html#capabilities, and that every word of it is true."""

import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from app.fhir.operations import OPERATIONS
from app.fhir.published.everything import PUBLISHED
from app.fhir.resources import DEFINITIONS
from app.fhir.types import table
from tests.conftest import running
from tests.record.examples import (
    by_number,
    consent,
    create,
    name,
    nhs_number,
    organization,
    patch,
    patient,
    plan,
    practitioner,
    put,
    supporter,
    team,
    to,
)

TYPES = [definition.type for definition in DEFINITIONS]
VALUES = {
    "token": "a|b",
    "string": "x",
    "date": "lt1900-01-01",
    "reference": "absent",
    "uri": "urn:x",
    "composite": "x$1",
    "number": "1",
    "quantity": "1|urn:x|y",
}


@pytest.fixture(scope="module")
async def statement(client):
    return (await client.get("/metadata")).json()


@pytest.fixture(scope="module")
async def samples(client):
    of = by_number(nhs_number())
    place = await create(client, organization())
    return {
        "Patient": patient(nhs_number()),
        "RelatedPerson": supporter(of),
        "Consent": consent(of, status="draft"),
        "CarePlan": plan(of),
        "CareTeam": team(of),
        "Practitioner": practitioner(),
        "Organization": organization(),
        "PractitionerRole": {"resourceType": "PractitionerRole", "organization": to(place)},
        "Flag": {"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": of},
        "Group": {"resourceType": "Group", "type": "person", "actual": True},
        "Task": {"resourceType": "Task", "status": "requested", "intent": "order", "for": of},
        "Communication": {"resourceType": "Communication", "status": "completed", "subject": of},
        "QuestionnaireResponse": {"resourceType": "QuestionnaireResponse", "status": "completed", "subject": of},
        "Appointment": {
            "resourceType": "Appointment",
            "status": "proposed",
            "participant": [{"actor": of, "status": "accepted"}],
        },
        **pathway(of),
        "Provenance": {
            "resourceType": "Provenance",
            "target": [of],
            "recorded": "2026-03-03T10:00:00Z",
            "agent": [{"who": of}],
        },
    }


def pathway(of):
    """The least that a resource of each further type must say."""
    request = {"status": "active", "subject": of}
    measure = "https://example.org/Measure/m"
    figure = {"status": "complete", "type": "summary", "measure": measure, "period": {"start": "2026"}}
    bodies = {
        "EpisodeOfCare": {"status": "active", "patient": of},
        "Encounter": {"status": "finished", "class": {"code": "HH"}, "subject": of},
        "ServiceRequest": {**request, "intent": "order"},
        "RiskAssessment": {"status": "final", "subject": of},
        "Goal": {"lifecycleStatus": "active", "description": {"text": "x"}, "subject": of},
        "CommunicationRequest": request,
        "AppointmentResponse": {
            "appointment": {"display": "x"},
            "actor": of,
            "participantStatus": "accepted",
        },
        "List": {"status": "current", "mode": "working", "subject": of},
        "Questionnaire": {"status": "draft"},
        "MeasureReport": figure,
    }
    return {type_: {"resourceType": type_, **body} for type_, body in bodies.items()}


async def test_it_is_a_valid_capability_statement_of_r4(statement):
    CapabilityStatement.model_validate(statement)
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["kind"] == "instance"
    assert statement["implementation"]["url"] == "http://kith.test/FHIR/R4"
    assert "application/fhir+json" in statement["format"]


async def test_it_is_open_to_every_format_that_is_to_be_had(client):
    response = await client.get("/metadata", headers={"Accept": "application/json"})
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (await client.get("/metadata?_format=xml")).status_code == 406


def of(statement, type_):
    return next(each for each in statement["rest"][0]["resource"] if each["type"] == type_)


async def test_it_lists_every_registered_type_once(statement):
    assert [each["type"] for each in statement["rest"][0]["resource"]] == [*TYPES, "AuditEvent", *PUBLISHED]


async def test_every_interaction_with_the_system_that_it_claims_works(client, statement):
    done = {
        "history-system": (await client.get("/_history")).status_code,
        "search-system": (await client.get("?_count=1")).status_code,
    }
    for kind in ("transaction", "batch"):
        answer = await client.post("", json={"resourceType": "Bundle", "type": kind})
        assert answer.json()["type"] == f"{kind}-response"
        done[kind] = answer.status_code
    assert {each["code"] for each in statement["rest"][0]["interaction"]} == set(done)
    assert set(done.values()) == {200}


async def test_every_parameter_and_compartment_of_the_system_that_it_claims_works(client, statement):
    (rest,) = statement["rest"]
    for parameter in rest["searchParam"]:
        value = "absent" if parameter["name"] == "_id" else VALUES[parameter["type"]]
        response = await client.get("", params={parameter["name"]: value, "_count": 1})
        assert response.status_code == 200, response.text
    published = [address.removeprefix("http://hl7.org/fhir/CompartmentDefinition/") for address in rest["compartment"]]
    assert published == ["patient", "relatedPerson", "practitioner", "encounter"]
    for each in published:
        assert (await client.get(f"/{each[0].upper()}{each[1:]}/absent/*")).status_code == 200


@pytest.mark.parametrize("type_", TYPES)
async def test_every_interaction_that_it_claims_works(client, statement, samples, type_):
    claimed = {each["code"] for each in of(statement, type_)["interaction"]}
    stored = await create(client, samples[type_])
    url = f"/{name(stored)}"
    done = {
        "create": 201,
        "read": (await client.get(url)).status_code,
        "vread": (await client.get(f"{url}/_history/1")).status_code,
        "update": (await put(client, stored)).status_code,
        "patch": (await patch(client, stored, {"op": "test", "path": "/id", "value": stored["id"]})).status_code,
        "history-instance": (await client.get(f"{url}/_history")).status_code,
        "history-type": (await client.get(f"/{type_}/_history")).status_code,
        "search-type": (await client.get(f"/{type_}?_id={stored['id']}")).status_code,
        "delete": (await client.delete(url)).status_code,
    }
    assert claimed == set(done)
    assert done == {**dict.fromkeys(done, 200), "create": 201, "delete": 204}


@pytest.mark.parametrize("type_", TYPES)
async def test_every_operation_that_it_claims_is_there(client, statement, samples, type_):
    levels = {each.name: each.level for each in OPERATIONS} | {"validate": "type", "everything": "instance"}
    stored = await create(client, samples[type_])
    claimed = {each["name"]: each["definition"] for each in of(statement, type_)["operation"]}
    assert "validate" in claimed
    for operation, definition in claimed.items():
        where = name(stored) if levels[operation] == "instance" else type_
        asked = await client.post(f"/{where}/${operation}", json=samples[type_])
        # Understood or not, it was heard: what is not there is 404 or 405.
        assert asked.status_code in (200, 400), (operation, asked.text)
        assert (await client.options(f"/{where}/${operation}")).headers["Allow"].count("POST") == 1
        assert definition.startswith("http")


@pytest.mark.parametrize("type_", TYPES)
async def test_every_conditional_write_that_it_claims_works(client, statement, samples, type_):
    claims = of(statement, type_)
    sample = {key: value for key, value in samples[type_].items() if type_ != "Patient" or key != "identifier"}
    criteria = f"_id=conditional-{type_}"
    assert claims["conditionalUpdate"] is True
    made = await client.put(f"/{type_}?{criteria}", json={**sample, "id": f"conditional-{type_}"})
    assert made.status_code == 201, made.text
    assert (await client.put(f"/{type_}?{criteria}", json=sample)).status_code == 200
    changed = {"op": "add", "path": "/language", "value": "en"}
    sent = {"Content-Type": "application/json-patch+json"}
    assert (await client.patch(f"/{type_}?{criteria}", json=[changed], headers=sent)).status_code == 200
    assert claims["conditionalCreate"] is True
    there = await client.post(f"/{type_}", json=sample, headers={"If-None-Exist": criteria})
    assert (there.status_code, there.json()["id"]) == (200, f"conditional-{type_}")
    assert claims["conditionalDelete"] == "single"
    assert (await client.delete(f"/{type_}?{criteria}")).status_code == 204
    assert (await client.get(f"/{type_}/conditional-{type_}")).status_code == 410


@pytest.mark.parametrize("type_", TYPES)
async def test_it_claims_what_is_true_of_versions_and_new_ids(client, statement, samples, type_):
    claims = of(statement, type_)
    identifier = {"value": "v"}
    several = identifier if type_ == "QuestionnaireResponse" else [identifier]
    odd = {"identifier": several} if "identifier" in table(type_).elements else {"policy": ["urn:example:policy"]}
    stored = await create(client, {**samples[type_], **odd})
    url = f"/{name(stored)}"
    assert claims["versioning"] == "versioned-update"
    assert (await put(client, stored, **{"If-Match": 'W/"9"'})).status_code == 412
    assert claims["readHistory"] is True
    await client.delete(url)
    assert (await client.get(f"{url}/_history/1")).status_code == 200
    assert claims["updateCreate"] is True
    assert (await put(client, {**stored, "id": f"chosen-{type_}"})).status_code == 201
    assert claims["conditionalRead"] == "full-support"
    chosen = f"/{type_}/chosen-{type_}"
    assert (await client.get(chosen, headers={"If-None-Match": 'W/"1"'})).status_code == 304
    later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert (await client.get(chosen, headers=later)).status_code == 304


@pytest.mark.parametrize("type_", TYPES)
async def test_every_search_parameter_that_it_claims_works(client, statement, type_):
    for parameter in of(statement, type_)["searchParam"]:
        value = "absent" if parameter["name"] == "_id" else VALUES[parameter["type"]]
        response = await client.get(f"/{type_}", params={parameter["name"]: value, "_sort": parameter["name"]})
        assert response.status_code == 200, (parameter["name"], response.text)
        posted = await client.post(
            f"/{type_}/_search",
            data={parameter["name"]: value},
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert posted.json().get("total") == response.json()["total"] == 0, parameter["name"]


@pytest.mark.parametrize("type_", TYPES)
async def test_every_include_that_it_claims_works(client, statement, type_):
    claims = of(statement, type_)
    asked = [("_include", each) for each in claims["searchInclude"]]
    asked += [("_revinclude", each) for each in claims["searchRevInclude"]]
    assert {"*", f"{type_}:*"} <= set(claims["searchInclude"])
    for start in range(0, len(asked), 40):
        response = await client.get(f"/{type_}", params=asked[start : start + 40])
        assert response.status_code == 200, response.text


async def test_every_claim_about_audit_events_is_true(client, statement):
    claims = of(statement, "AuditEvent")
    assert [each["code"] for each in claims["interaction"]] == ["read", "search-type"]
    # The searches of the other tests were for what is absent, and are in the trail themselves.
    values = {**VALUES, "string": "nobody", "agent": "system|value", "reference": "never-asked-about"}
    for parameter in claims["searchParam"]:
        name_ = "agent:identifier" if parameter["name"] == "agent" else parameter["name"]
        value = "0" if name_ == "_id" else values.get(parameter["name"], values[parameter["type"]])
        response = await client.get("/AuditEvent", params={name_: value})
        assert response.status_code == 200, response.text
        assert "entry" not in response.json(), name_


async def test_references_are_claimed_as_enforced_only_where_they_are(module_database_url, statement):
    assert "enforced" in of(statement, "Consent")["referencePolicy"]
    async with running(module_database_url, referential_integrity=False) as loose:
        assert "enforced" not in of((await loose.get("/metadata")).json(), "Consent")["referencePolicy"]
