""" "Not there" and "not yours" send the same statements, so that not even the time of an answer tells them apart."""

import re
from collections import Counter
from typing import Any

import httpx
import pytest

from app.storage.pool import _Connection
from tests.audited import settled
from tests.record.examples import create, name, nhs_number, patient, plan, to

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ABSENT = "00000000-0000-4000-8000-000000000000"
JSON_PATCH = {"Content-Type": "application/json-patch+json"}
ADD = [{"op": "add", "path": "/active", "value": True}]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each statement was sent, other than those of the queue that writes audit rows of reads."""
    sent: Counter[str] = Counter()
    for method in ("execute", "fetch", "fetchrow", "fetchval"):
        real = getattr(_Connection, method)

        def counted(self: Any, statement: str, *values: Any, _real: Any = real, **more: Any) -> Any:
            if "INSERT INTO audit" not in statement or "unnest" not in statement:
                sent[statement] += 1
            return _real(self, statement, *values, **more)

        monkeypatch.setattr(_Connection, method, counted)
    return sent


def _requests(client: httpx.AsyncClient, type_: str, id_: str) -> dict[str, Any]:
    url, body = f"/{type_}/{id_}", {"resourceType": type_, "id": id_, "status": "active", "intent": "plan"}
    body |= {"subject": {"display": "x"}} if type_ == "CarePlan" else {}
    if type_ == "Patient":
        body = {"resourceType": type_, "id": id_}
    question = {
        "resourceType": "Parameters",
        "parameter": [{"name": "patient", "valueReference": {"reference": f"Patient/{id_}"}}],
    }
    return {
        "read": lambda: client.get(url),
        "vread": lambda: client.get(f"{url}/_history/1"),
        "history": lambda: client.get(f"{url}/_history"),
        "search": lambda: client.get(f"/{type_}", params={"_id": id_}),
        "delete": lambda: client.delete(url),
        "delete if": lambda: client.delete(url, headers={"If-Match": 'W/"1"'}),
        "update if": lambda: client.put(url, json=body, headers={"If-Match": 'W/"1"'}),
        "patch": lambda: client.patch(url, json=ADD, headers=JSON_PATCH),
        "refer": lambda: client.post("/CarePlan", json=plan({"reference": url}, basedOn=[{"reference": url}])),
        "check": lambda: client.post("/Consent/$check-sharing", json=question),
    }


@pytest.mark.parametrize("asked", list(_requests(None, "Patient", "")))
async def test_the_same_statements_are_sent_for_what_is_not_yours_hidden_and_absent(
    ours, theirs, trusted, statements, asked
):
    person, own = await create(theirs, patient(nhs_number())), await create(trusted, patient(nhs_number()))
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}
    hidden = await create(trusted, plan(to(own), meta={"security": [label]}))
    for client, there in ((ours, person), (theirs, hidden)):
        found = []
        for id_ in (ABSENT, there["id"], ABSENT, there["id"]):
            # The first two of each set the connection and prepare; the queue of reads must not take it meanwhile.
            await settled(client)
            statements.clear()
            answer = await _requests(client, there["resourceType"], id_)[asked]()
            found.append((answer.status_code, UUID.sub("...", answer.text), Counter(statements)))
        assert found[2] == found[3]
    for client, there in ((theirs, person), (trusted, hidden)):
        assert (await client.get(f"/{name(there)}")).status_code == 200
