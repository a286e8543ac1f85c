"""`kith check` and `kith audit replay`, as a person at a terminal has them."""

import asyncio
from functools import partial

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from app import cli, sandbox
from app.checking import PATH, Question, ask
from app.cli import kith
from app.config import Settings
from app.refusal import Refusal
from tests.openapi.random_requests import serving
from tests.record.examples import consent, patient, supporter

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

NUMBER = "9990000018"


@pytest.fixture(scope="module")
def address(module_database_url):
    with serving(module_database_url) as served:
        yield served


@pytest.fixture(scope="module")
def mum(address):
    """A supporter who may be told about medication, and whether or not about anything else."""
    with httpx.Client(base_url=f"{address}/FHIR/R4", headers={"Content-Type": "application/fhir+json"}) as client:
        client.put("/Patient/known", json=patient(NUMBER, id="known", birthDate="1980-02-01")).raise_for_status()
        person = client.post("/RelatedPerson", json=supporter({"reference": "Patient/known"})).json()
        name = f"RelatedPerson/{person['id']}"
        given = consent({"reference": "Patient/known"}, name)
        scope = {"system": "https://fhir.kith.example/CodeSystem/sharing-scope", "code": "medication"}
        given["provision"]["code"] = [{"coding": [scope]}]
        client.post("/Consent", json=given).raise_for_status()
        return name


def run(*arguments, **environment):
    # The service of these tests is in this process, and its access lines are not what the command says.
    return CliRunner(env={"KITH_LOG_LEVEL": "WARNING"} | environment).invoke(kith, [*map(str, arguments)])


def asked(address, *more):
    return run("check", "--patient", NUMBER, "--url", address, *more)


def test_a_permit_says_why_and_ends_well(address, mum):
    said = asked(address, "--recipient", mum, "--scope", "medication")
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert lines[0] == f"MAY BE TOLD  Supporter ({mum}), Medication"
    assert lines[1].strip() == "The patient agreed that this recipient may be told about medication."
    assert "AuditEvent/" in lines[-1]


def test_a_deny_says_why_then_what_is_still_allowed_then_what_to_do_next(address, mum):
    said = asked(address, "--recipient", mum, "--scope", "care-plan")
    assert said.exit_code == 1
    assert said.output.startswith(f"MUST NOT BE TOLD  Supporter ({mum}), Care plan")
    words = ("the care plan is not among them", "Still allowed: Listen", "Next: Ask the patient", "not-covered")
    places = [said.output.index(word) for word in words]
    assert places == sorted(places)


def test_nobody_and_nothing_named_is_the_whole_matrix(address, mum):
    said = run("check", "--patient", "Patient/known", "--url", address)
    assert said.exit_code == 1
    assert said.output.count(mum) == 15


def test_a_time_is_passed_on(address, mum):
    said = asked(address, "--recipient", mum, "--scope", "medication", "--at", "2020-01-01T00:00:00Z")
    assert said.exit_code == 1
    assert "recipient-not-linked" in said.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--patient", "9990000026"), "the service answers 404"),
        (("--patient", "Patient/known", "--scope", "everything"), "Parameter scope is one of"),
        (("--patient", "Patient/known", "--at", "yesterday"), "Parameter at is an instant"),
        (("--patient", "[bold]"), "Parameter patient is"),
    ],
)
def test_what_cannot_be_answered_is_no_yes(address, arguments, said):
    ended = run("check", "--url", address, *arguments)
    assert ended.exit_code == 2
    assert "no answer is not a yes: ask a person" in ended.output
    assert said in ended.stderr


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://[", ""])
def test_a_service_that_does_not_answer_is_no_yes(url):
    ended = run("check", "--patient", "Patient/known", "--url", url)
    assert ended.exit_code == 2
    assert "no answer is not a yes: ask a person" in ended.output
    assert "no service answers" in ended.stderr


@pytest.mark.parametrize("body", [[], {}, 5, {"parameter": [{}]}, {"parameter": [{"name": "decision"}]}])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_is_none_of_kiths_is_no_yes(monkeypatch, body, status):
    answering(monkeypatch, lambda _: httpx.Response(status, json=body))
    with pytest.raises(Refusal, match=r"is no Kith|answers 400"):
        ask("http://kith.test", Question(NUMBER, [], []))


@pytest.mark.parametrize("body", [[], 5, {"entry": [{}]}, {"entry": [{"resource": {"id": "mum", "name": [5]}}]}])
def test_names_that_nobody_can_read_leave_the_answer_as_it_is(monkeypatch, body):
    recipient = {"name": "recipient", "valueReference": {"reference": "RelatedPerson/mum"}}
    told = [
        {"name": "decision", "valueCode": "deny"},
        {"name": "auditEvent", "valueReference": {"reference": "AuditEvent/1"}},
        {"name": "edition", "valueString": "1"},
        {"name": "answer", "part": [recipient, {"name": "decision", "valueCode": "deny"}]},
    ]
    found = {PATH: {"parameter": told}, "/FHIR/R4/RelatedPerson": body}
    answering(monkeypatch, lambda request: httpx.Response(200, json=found[request.url.path]))
    [answer] = ask("http://kith.test", Question(NUMBER, [], [])).answers
    assert (answer.recipient, answer.name, answer.decision) == ("RelatedPerson/mum", "", "deny")


def answering(monkeypatch, answer):
    """Puts a service that answers like this in the place of every other."""
    monkeypatch.setattr("app.checking.httpx.Client", partial(httpx.Client, transport=httpx.MockTransport(answer)))


def test_a_service_that_wants_a_token_is_given_one(module_database_url, mum, tmp_path):
    chosen = Settings(data=tmp_path)
    sandbox.prepare(chosen, module_database_url)
    arguments = ("check", "--patient", NUMBER, "--recipient", mum, "--scope", "medication")
    with serving(module_database_url, authentication="on") as secured:
        without = run(*arguments, "--url", secured, KITH_DATA=str(tmp_path / "elsewhere"))
        assert without.exit_code == 2
        assert "the service answers 401" in without.stderr
        assert "--token-file" in without.stderr
        for given in ({"KITH_DATA": str(tmp_path)}, {}):
            more = () if given else ("--token-file", sandbox.path(chosen))
            assert "401" not in run(*arguments, "--url", secured, *more, **given).stderr


def test_the_token_of_the_sandbox_goes_to_no_other_machine(tmp_path):
    (tmp_path / "sandbox-token").write_text("secret")
    chosen = Settings(data=tmp_path)
    assert cli._token(chosen, None, "http://localhost:8000") == "secret"
    for url in ("https://kith.example.org", "http://127.0.0.1.example.org", "http://localhost@example.org", "nonsense"):
        assert cli._token(chosen, None, url) == ""


def last_check(url):
    async def found():
        connection = await asyncpg.connect(url)
        key = await connection.fetchval("SELECT max(key) FROM audit WHERE interaction = 'check' AND status = 200")
        await connection.close()
        return key

    return asyncio.run(found())


def change(url, statement, *arguments):
    async def changed():
        connection = await asyncpg.connect(url)
        answer = await connection.fetchval(statement, *arguments)
        await connection.close()
        return answer

    return asyncio.run(changed())


def test_a_replay_says_that_the_answer_is_the_same_and_is_recorded(address, mum, module_database_url):
    asked(address, "--recipient", mum, "--scope", "medication")
    key = last_check(module_database_url)
    said = run("audit", "replay", f"AuditEvent/{key}", KITH_DATABASE_URL=module_database_url)
    assert said.exit_code == 0, said.output
    assert f"AuditEvent/{key}: 1 answer," in said.output
    assert "The answer is the same." in said.output
    row = "SELECT client || ' ' || outcome FROM audit WHERE interaction = 'replay' AND id = $1"
    assert change(module_database_url, row, str(key)) == "kith audit replay the same"


def test_a_replay_shows_what_is_not_the_same(address, mum, module_database_url):
    asked(address, "--recipient", mum, "--scope", "medication")
    key = last_check(module_database_url)
    tampered = "UPDATE audit SET detail = replace(detail::text, '\"permit\"', '\"deny\"')::json WHERE key = $1"
    change(module_database_url, tampered, key)
    said = run("audit", "replay", key, KITH_DATABASE_URL=module_database_url)
    assert said.exit_code == 1
    assert "The answer is not the same." in said.output
    for word in ("deny: patient-consent", "permit: patient-consent"):
        assert word in " ".join(said.output.split())


def test_what_is_no_check_cannot_be_replayed(module_database_url):
    said = run("audit", "replay", 999_999_999, KITH_DATABASE_URL=module_database_url)
    assert said.exit_code == 2
    assert "there is no AuditEvent/999999999" in said.output + said.stderr


@pytest.mark.parametrize("key", ["", "0", "41x", "Consent/41", "AuditEvent/", "٤١", 1 << 63])
def test_what_is_no_id_of_an_audit_event_is_refused(key):
    said = run("audit", "replay", key, KITH_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.exit_code == 2
    assert "AuditEvent/41" in said.output + said.stderr


def test_a_replay_without_its_database_is_one_line():
    said = run("audit", "replay", "1", KITH_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.exit_code == 1
    assert said.stderr.startswith("kith: the database cannot be reached: ")
