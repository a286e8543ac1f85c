"""What is not yours is not there: the same answer, by the same statements, as for what does not exist."""

import json
import re

import pytest

from app.fhir.operations import OPERATIONS, STANDARD
from app.involvement.worklists import WORKLISTS
from app.storage import audit, pool
from tests.audited import settled
from tests.callers import acting, granted
from tests.conftest import running
from tests.operations.asking import parameters
from tests.record.examples import consent, create, name, organization, patient, plan, supporter, to

JSON_PATCH = {"Content-Type": "application/json-patch+json"}
CHANGE = [{"op": "replace", "path": "/status", "value": "inactive"}]
JSON = {"Content-Type": "application/json"}
ROOT = "http://kith.test"
MARCH = "periodStart=2026-03-01&periodEnd=2026-03-31"
EPISODE = {"reference": "EpisodeOfCare/{episode}"}
EVALUATION = {
    "subject": {"type": "RelatedPerson", "id": "{person}"},
    "action": {"name": "disclose"},
    "resource": {"type": "patient-information", "id": "Patient/{patient}"},
}
HOOK = {
    "hook": "patient-consent-consult",
    "hookInstance": "x",
    "context": {"patientId": [{"value": "Patient/{patient}"}], "actor": [{"value": "RelatedPerson/{person}"}]},
}
ASKED = [
    ("GET", "Consent/{id}", None, {}),
    ("GET", "Consent/{id}/_history/1", None, {}),
    ("GET", "Consent/{id}/_history", None, {}),
    ("GET", "Consent?_id={id}", None, {}),
    ("GET", "Consent?_id={id}&_summary=count", None, {}),
    ("PATCH", "Consent/{id}", CHANGE, JSON_PATCH),
    ("DELETE", "Consent/{id}", None, {}),
    ("POST", "Consent/{id}/$withdraw", parameters(), {}),
    ("GET", "RelatedPerson/{person}", None, {}),
    ("POST", "RelatedPerson/{person}/$record-consent", parameters(("decision", "no")), {}),
    ("POST", "RelatedPerson/{person}/$record-contact", parameters(("outcome", "spoke")), {}),
    ("POST", "Patient/{patient}/$tell-nobody", parameters(), {}),
    ("GET", "Consent?patient=Patient/{patient}", None, {}),
    ("GET", "Consent?patient.name=Example&_id={id}", None, {}),
    ("GET", "Patient/{patient}/$everything", None, {}),
    ("GET", "Patient/{patient}/$social-map", None, {}),
    ("GET", "Patient/{patient}/$social-map?_format=svg", None, {}),
    ("GET", "Provenance?target=Consent/{id}&_total=accurate", None, {}),
    ("GET", "EpisodeOfCare/{episode}/$first-contacts", None, {}),
    ("GET", "EpisodeOfCare/{episode}/$involvement", None, {}),
    ("GET", "EpisodeOfCare/$team-gaps?team=Organization/{team}", None, {}),
    ("GET", "EpisodeOfCare/{episode}/$gaps", None, {}),
    ("GET", "CarePlan/{plan}/$first-contacts", None, {}),
    ("GET", "CarePlan/{plan}/$involvement", None, {}),
    ("GET", "CarePlan/{plan}/$gaps", None, {}),
    ("GET", "Consent/{id}/$validate", None, {}),
    ("GET", "Patient/{patient}/*", None, {}),
    ("GET", "?_type=Consent,CarePlan&_id={id}", None, {}),
    ("GET", f"Measure/KS-13a/$evaluate-measure?{MARCH}&subject=Patient/{{patient}}", None, {}),
    ("GET", f"Measure/$evaluate-measure?{MARCH}&team=Organization/{{team}}&reportType=subject-list", None, {}),
    ("GET", "Consent/$check-sharing?patient=Patient/{patient}&recipient=RelatedPerson/{person}", None, {}),
    *(("GET", f"{ROOT}/worklists/{each.name}?team=Organization/{{team}}", None, {}) for each in WORKLISTS),
    ("POST", f"{ROOT}/access/v1/evaluation", EVALUATION, JSON),
    ("POST", f"{ROOT}/access/v1/search/subject", EVALUATION, JSON),
    ("POST", f"{ROOT}/cds-services/patient-consent-consult", HOOK, JSON),
    ("POST", "Task", {"resourceType": "Task", "status": "requested", "intent": "order", "focus": EPISODE}, {}),
]


def test_every_operation_of_every_type_is_asked():
    own = {operation.path_of(type_) for operation in OPERATIONS for type_ in operation.types}
    paths = {re.sub(r"\{\w+\}", "{id}", path.partition("?")[0]) for _, path, _, _ in ASKED}
    assert own <= paths
    assert {each.name for each in STANDARD} <= {path.partition("$")[2] for path in paths}


@pytest.fixture(scope="module")
def statements():
    """The text of every statement that was sent, but for the rows of reads, which are written when there is time."""
    return []


def named(body, ids):
    """The body with these ids in the places of their names."""
    text = json.dumps(body)
    for each, id_ in ids.items():
        text = text.replace(f"{{{each}}}", id_)
    return json.loads(text)


def _is_asked(statement):
    """Whether Kith sends it because of a request, and not asyncpg to learn of a type once a connection."""
    return statement != audit.INSERT and "set_config('jit'" not in statement and "typeinfo_tree" not in statement


@pytest.fixture(scope="module")
async def service(module_database_url, statements):
    prepare, patch = pool._prepare, pytest.MonkeyPatch()

    async def watched(connection):
        await prepare(connection)
        connection.add_query_logger(lambda sent: _is_asked(sent.query) and statements.append(sent.query))

    patch.setattr(pool, "_prepare", watched)
    async with running(module_database_url) as connected:
        yield connected
    patch.undo()


@pytest.fixture(scope="module")
async def theirs(service):
    """The ids of a record of another organisation."""
    owner = acting(service, granted("system/*.cruds", organisation="RX2"))
    of = await create(owner, patient())
    person = await create(owner, supporter(to(of)))
    kept = await create(owner, consent(to(of), name(person)))
    team = await create(owner, organization())
    care = await create(owner, {"resourceType": "EpisodeOfCare", "status": "active", "patient": to(of)})
    planned = await create(owner, plan(to(of)))
    ids = {"id": kept, "person": person, "patient": of, "team": team, "episode": care, "plan": planned}
    return {each: record["id"] for each, record in ids.items()}


@pytest.mark.parametrize(("method", "path", "body", "headers"), ASKED)
async def test_what_is_not_yours_is_answered_as_what_is_not_there(
    service, theirs, statements, method, path, body, headers
):
    caller = acting(service, granted(organisation="RX1"))

    async def asked(ids):
        await settled(service)  # the queue of reads must not take the connection meanwhile
        statements.clear()
        url = path.format(**ids) if path.startswith(ROOT) else f"/{path.format(**ids)}"
        answer = await caller.request(method, url, json=named(body, ids), headers=headers)
        said = re.sub(r'("(id|lastUpdated)":)"[^"]*"', r"\1", answer.text)
        for id_ in ids.values():
            said = said.replace(id_, "...")
        return answer.status_code, said, list(statements)

    nothing = {each: f"00000000-0000-4000-8000-{number:012d}" for number, each in enumerate(theirs)}
    await asked(nothing)
    absent, hidden = await asked(nothing), await asked(theirs)
    assert hidden[:2] == absent[:2]
    assert hidden[2] == absent[2]
