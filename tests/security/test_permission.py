"""What each interaction and operation takes, over HTTP; a refusal names the scope, and is in the audit trail."""

import pytest

from app.security.scopes import PRIVILEGES
from tests.callers import acting, granted
from tests.operations.asking import parameters
from tests.record.examples import consent, create, issue, name, patient, supporter, to

EVERYTHING = f"system/*.cruds {' '.join(PRIVILEGES)}"
EVALUATION = {
    "subject": {"type": "RelatedPerson", "id": "unknown"},
    "action": {"name": "disclose"},
    "resource": {"type": "patient-information", "id": "nobody"},
}
CHECK = "Consent/$check-sharing?patient=Patient/nobody"
SITE = "http://kith.test"

DOORS = [
    ("GET", "Consent/x", None, "system/Consent.r"),
    ("GET", "Consent/x/_history/1", None, "system/Consent.r"),
    ("GET", "Consent/x/_history", None, "system/Consent.r"),
    ("GET", "Consent/_history", None, "system/Consent.s"),
    ("GET", "Consent", None, "system/Consent.s"),
    ("POST", "Consent", {"resourceType": "Consent"}, "system/Consent.c"),
    ("PUT", "Consent/x", {"resourceType": "Consent", "id": "x"}, "system/Consent.u"),
    ("PATCH", "Consent/x", {"resourceType": "Parameters"}, "system/Consent.u system/Consent.r"),
    ("DELETE", "Consent/x", None, "system/Consent.d"),
    ("GET", "Patient/x/$everything", None, "system/Patient.r"),
    ("GET", "Patient/x/$social-map", None, "system/Patient.r system/List.r system/RelatedPerson.r"),
    ("GET", "AuditEvent", None, "kith/audit"),
    ("GET", "AuditEvent/1", None, "kith/audit"),
    ("GET", CHECK, None, "kith/check"),
    ("POST", "Consent/$check-sharing", parameters(("patient", {"reference": "Patient/x"})), "kith/check"),
    ("POST", "RelatedPerson/x/$record-consent", parameters(), "kith/check system/Consent.c"),
    ("POST", "Patient/x/$tell-nobody", parameters(), "kith/check system/Consent.c"),
    ("POST", "Consent/x/$withdraw", parameters(), "kith/check system/Consent.u"),
    ("POST", "RelatedPerson/x/$record-contact", parameters(), "system/Communication.c"),
]


@pytest.mark.parametrize(("method", "path", "body", "needed"), DOORS)
async def test_each_door_takes_its_scopes_and_no_others_will_do(client, method, path, body, needed):
    for missing in needed.split():
        kept = needed.replace(missing, "")
        others = " ".join(kith for kith in PRIVILEGES if kith != missing)
        more = f"{missing[:-1]}{'cruds'.replace(missing[-1], '')}" if "." in missing else "system/*.cruds"
        without = acting(client, granted(f"{kept} {others} {more} system/CarePlan.cruds"))
        refused = await without.request(method, f"/{path}", json=body)
        assert refused.status_code == 403, (missing, refused.text)
        assert issue(refused)["code"] == "forbidden"
        assert f'error="insufficient_scope", scope="{missing}"' in refused.headers["WWW-Authenticate"]
    allowed = await acting(client, granted(needed)).request(method, f"/{path}", json=body)
    assert allowed.status_code not in (401, 403), allowed.text


async def test_the_history_of_everything_takes_every_type(client):
    some = acting(client, granted("system/Consent.cruds system/Patient.cruds system/*.r"))
    assert (await some.get("/_history")).status_code == 403
    assert (await acting(client, granted("system/*.s")).get("/_history")).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/access/v1/evaluation",
        "/access/v1/evaluations",
        "/access/v1/search/subject",
        "/access/v1/search/resource",
        "/access/v1/search/action",
    ],
)
async def test_the_doors_of_authzen_take_the_scope_to_check(client, path):
    without = acting(client, granted("system/*.cruds kith/audit"))
    for body in (EVALUATION, EVALUATION | {"evaluations": [{}, {}]}):
        refused = await without.post(SITE + path, json=body, headers={"Content-Type": "application/json"})
        assert refused.status_code == 403, refused.text
        assert "kith/check" in refused.headers["WWW-Authenticate"]
        assert refused.json()["error"]["status"] == 403


async def test_cds_hooks_takes_the_scope_to_check(client):
    body = {"hook": "patient-consent-consult", "hookInstance": "1", "context": {"patientId": [], "actor": []}}
    url = f"{SITE}/cds-services/patient-consent-consult"
    sent = {"url": url, "json": body, "headers": {"Content-Type": "application/json"}}
    anybody = await acting(client, granted("kith/check")).post(**sent)
    assert anybody.status_code != 403
    body["context"] = {
        "patientId": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001111"}],
        "actor": [{"system": "https://example.org", "value": "x"}],
    }
    assert (await acting(client, granted("system/*.cruds")).post(**sent)).status_code == 403


async def test_a_token_that_may_only_check_reads_none_of_the_records_behind_the_answer(client):
    writer = acting(client, granted())
    of = await create(writer, patient())
    person = await create(writer, supporter(to(of)))
    kept = await create(writer, consent(to(of), name(person)))
    checking = acting(client, granted("kith/check"))
    asked = f"/Consent/$check-sharing?patient={name(of)}&recipient={name(person)}"
    assert (await checking.get(asked)).status_code == 200
    for path in (
        name(of),
        name(person),
        name(kept),
        "Consent",
        "Patient",
        f"{name(kept)}/_history",
        "Consent/_history",
    ):
        assert (await checking.get(f"/{path}")).status_code == 403, path


async def test_a_consent_is_replaced_only_by_who_may_update_consents(client):
    writer = acting(client, granted())
    of = await create(writer, patient())
    person = await create(writer, supporter(to(of)))
    kept = await create(writer, consent(to(of), name(person)))
    said = parameters(("decision", "no"), ("replaces", to(kept)))
    refused = await acting(client, granted("kith/check system/Consent.c")).post(
        f"/{name(person)}/$record-consent", json=said
    )
    assert refused.status_code == 403
    assert "system/Consent.u" in refused.headers["WWW-Authenticate"]
    assert (await client.get(f"/{name(kept)}")).json()["status"] == "active"


async def test_a_refusal_is_on_record_before_it_is_answered(client):
    refused = await acting(client, granted("system/CarePlan.r", organisation="RX9")).get("/Consent/secret")
    assert refused.status_code == 403
    trail = (await client.get("/AuditEvent?agent:identifier=RX9")).json()["entry"]
    event = trail[0]["resource"]
    assert (event["outcome"], event["action"]) == ("4", "R")
    assert "system/Consent.r" in event["outcomeDesc"]


async def test_a_user_of_another_organisation_is_not_this_clients(client):
    headers = {"NHSD-End-User-Organisation-ODS": "RX2"}
    refused = await acting(client, granted(organisation="RX1")).get("/Consent", headers=headers)
    assert refused.status_code == 403
    headers = {"NHSD-End-User-Organisation-ODS": "RX1"}
    assert (await acting(client, granted(organisation="RX1")).get("/Consent", headers=headers)).status_code == 200
