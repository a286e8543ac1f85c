"""Questions that an outsider may ask to learn whether a record is there: each is answered as if it were not.

All but one: an id is one resource's whoever it belongs to, so that nobody else can use it (docs/organisations.md).
"""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from json import dumps
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from tests.interactions.bundles import batch, delete, entry, get, post, put_entry, transaction
from tests.record.examples import (
    LOCAL,
    NHS_NUMBER,
    by_number,
    consent,
    create,
    name,
    nhs_number,
    patient,
    plan,
    put,
    supporter,
    to,
)

Resource = dict[str, Any]
Ask = Callable[[httpx.AsyncClient, str, str], Awaitable[httpx.Response]]

JSON_PATCH: Final = "application/json-patch+json"
FORM: Final = "application/x-www-form-urlencoded"
UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")
CURSOR: Final = re.compile(r"_cursor=[^&\"]+")


def _get(path: str) -> Ask:
    async def ask(client: httpx.AsyncClient, id_: str, value: str) -> httpx.Response:
        return await client.get("/" + path.format(id=id_, value=value))

    return ask


def _patch(path: str, *operations: Resource) -> Ask:
    async def ask(client: httpx.AsyncClient, id_: str, value: str) -> httpx.Response:
        url = "/" + path.format(id=id_, value=value)
        return await client.patch(url, json=operations, headers={"Content-Type": JSON_PATCH})

    return ask


def _send(method: str, path: str, body: Callable[[str, str], Resource] | None = None, **headers: str) -> Ask:
    async def ask(client: httpx.AsyncClient, id_: str, value: str) -> httpx.Response:
        sent = {each.replace("_", "-"): text.format(id=id_, value=value) for each, text in headers.items()}
        json = body(id_, value) if body else None
        return await client.request(method, "/" + path.format(id=id_, value=value), json=json, headers=sent)

    return ask


async def _search(client: httpx.AsyncClient, id_: str, value: str) -> httpx.Response:
    return await client.post("/Patient/_search", data={"_id": id_, "family": value}, headers={"Content-Type": FORM})


def _bundle(kind: Callable[..., Resource], *entries: Callable[[str, str], Resource]) -> Ask:
    return _send("POST", "", lambda id_, value: kind(*(each(id_, value) for each in entries)))


def _named(_id: str, value: str) -> Resource:
    return patient(name=[{"family": value}])


def _about(id_: str, _value: str) -> Resource:
    return plan({"reference": f"Patient/{id_}"})


def _parameters(id_: str, _value: str) -> Resource:
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "patient", "valueReference": {"reference": f"Patient/{id_}"}},
            {"name": "scope", "valueCode": "care-plan"},
        ],
    }


def _tested(id_: str, value: str) -> Resource:
    data = b64encode(dumps([{"op": "test", "path": "/name/0/family", "value": value}]).encode()).decode()
    return entry("PATCH", f"Patient/{id_}", {"resourceType": "Binary", "contentType": JSON_PATCH, "data": data})


SEARCHES: Final = (
    "Patient?_id={id}&_total=accurate",
    "Patient?family={value}&_summary=count",
    "Patient?family:exact={value}&_sort=-family&_total=accurate",
    "Patient?identifier={local}|{value}",
    "Patient?gender:missing=true&family={value}&_sort=-birthdate",
    "Patient?_has:RelatedPerson:patient:name={value}",
    "Patient?_has:CarePlan:patient:_has:CarePlan:part-of:patient={id}&_total=accurate",
    "RelatedPerson?patient={id}&_total=accurate",
    "RelatedPerson?patient.family={value}",
    "RelatedPerson?patient:Patient._id={id}",
    "RelatedPerson?name={value}&_include=RelatedPerson:patient&_revinclude=*",
    "CarePlan?patient._id={id}&_include:iterate=*",
    "Patient/{id}/*?_total=accurate",
    "Patient/{id}/RelatedPerson?_summary=count",
    "?_type=Patient,RelatedPerson&_id={id}",
    "Patient/{id}/$everything",
    "Patient/{id}/$validate",
    "Patient/{id}/$validate?mode=delete",
    "Patient/{id}/_history?_since=2020-01-01",
    "Patient/{id}/_history?_count=0",
    "Consent/$check-sharing?patient=Patient/{id}&scope=care-plan",
)
ORACLES: Final[dict[str, Ask]] = {
    **{path: _get(path.replace("{local}", LOCAL)) for path in SEARCHES},
    "head": _send("HEAD", "Patient/{id}"),
    "read if none match": _send("GET", "Patient/{id}", If_None_Match='W/"1"'),
    "read if modified since": _send("GET", "Patient/{id}", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT"),
    "search by POST": _search,
    "patch that tests": _patch("Patient/{id}", {"op": "test", "path": "/name/0/family", "value": "x"}),
    "patch by criteria": _patch("Patient?family={value}", {"op": "test", "path": "/active", "value": True}),
    "create unless there": _send("POST", "Patient", _named, If_None_Exist="family={value}"),
    "update by criteria": _send("PUT", "Patient?family={value}", _named),
    "update of the first version": _send("PUT", "Patient/{id}", lambda id_, _: patient(id=id_), If_Match='W/"1"'),
    "delete by criteria": _send("DELETE", "Patient?family={value}"),
    "delete by id as criteria": _send("DELETE", "Patient?_id={id}", If_Match='W/"1"'),
    "a reference": _send("POST", "CarePlan", _about),
    "a link": _send(
        "POST", "Patient", lambda id_, _: patient(link=[{"other": {"reference": f"Patient/{id_}"}, "type": "seealso"}])
    ),
    "a contained reference": _send(
        "POST",
        "CarePlan",
        lambda id_, _: plan(
            {"display": "x"},
            contained=[
                {
                    "resourceType": "Group",
                    "id": "g",
                    "type": "person",
                    "actual": True,
                    "member": [{"entity": {"reference": f"Patient/{id_}"}}],
                }
            ],
            supportingInfo=[{"reference": "#g"}],
        ),
    ),
    "a trial create": _send("POST", "CarePlan/$validate?mode=create", _about),
    "a check": _send("POST", "Consent/$check-sharing", _parameters),
    "nobody is told": _send("POST", "Patient/{id}/$tell-nobody", lambda _, __: {"resourceType": "Parameters"}),
    "transaction of reads": _bundle(transaction, lambda id_, _: get(f"Patient/{id_}")),
    "transaction of searches": _bundle(transaction, lambda _, value: get(f"Patient?family={value}")),
    "transaction of a patch": _bundle(transaction, _tested),
    "transaction of deletions": _bundle(transaction, lambda id_, _: delete(f"Patient/{id_}", ifMatch='W/"1"')),
    "transaction if none exists": _bundle(
        transaction, lambda id_, value: post(_named(id_, value), ifNoneExist=f"family={value}")
    ),
    "transaction of a conditional reference": _bundle(
        transaction, lambda _, value: post(plan({"reference": f"Patient?family={value}"}))
    ),
    "batch of everything": _bundle(
        batch,
        lambda id_, _: get(f"Patient/{id_}"),
        lambda id_, _: delete(f"Patient/{id_}"),
        _tested,
        lambda id_, _: put_entry(patient(id=id_), ifMatch='W/"1"'),
        lambda _, value: get(f"RelatedPerson?patient.family={value}"),
    ),
}


def _said(answer: httpx.Response, *own: str) -> tuple[Any, ...]:
    """What an answer tells, without the names that were asked for and those that were made for it."""
    text = answer.text
    for each in own:
        text = text.replace(each, "...")
    told = {key: value for key, value in answer.headers.items() if key in ("etag", "allow", "warning", "location")}
    bare = [TIME.sub("then", UUID.sub("...", CURSOR.sub("", each))) for each in (text, str(sorted(told.items())))]
    return answer.status_code, *bare


@pytest.mark.parametrize("ask", ORACLES.values(), ids=ORACLES)
async def test_what_is_not_yours_is_answered_as_what_is_not_there(ours, theirs, ask):
    value, other = f"Quill{uuid4().hex}", f"Quill{uuid4().hex}"
    person = await create(theirs, patient(name=[{"family": value}], identifier=[{"system": LOCAL, "value": value}]))
    await create(theirs, supporter(to(person), name=[{"family": value}]))
    whole = await create(theirs, plan(to(person)))
    await create(theirs, plan(to(person), partOf=[to(whole)]))
    absent = str(uuid4())
    before = (await theirs.get(f"/{name(person)}/_history")).json()["total"]
    there, nothing = await ask(ours, person["id"], value), await ask(ours, absent, other)
    assert _said(there, person["id"], value) == _said(nothing, absent, other)
    assert (await theirs.get(f"/{name(person)}/_history")).json()["total"] == before
    assert (await theirs.get(f"/{name(person)}")).json() == person


async def test_an_order_does_not_tell_where_what_is_hidden_stands(ours, theirs):
    family = f"Order{uuid4().hex}"
    for person in ("a", "c"):
        await create(ours, patient(name=[{"family": family, "given": [person]}]))
    await create(theirs, patient(name=[{"family": family, "given": ["b"]}]))
    for count in ("1", "2", "3"):
        first = (await ours.get("/Patient", params={"family": family, "_sort": "given", "_count": count})).json()
        assert first["total"] == 2
        assert len(first["entry"]) == min(2, int(count))
        assert ("next" in {link["relation"] for link in first["link"]}) == (count == "1")


async def test_a_number_that_another_organisation_knows_is_as_new_as_any(ours, theirs):
    known, new = nhs_number(), nhs_number()
    await create(theirs, patient(known))
    answers = []
    for number in (known, new):
        made = await ours.post("/RelatedPerson", json=supporter(by_number(number)))
        real = await ours.post(
            "/Patient", json=patient(number), headers={"If-None-Exist": f"identifier={NHS_NUMBER}|{number}"}
        )
        history = await ours.get(f"/{name(real.json())}/_history")
        answers.append((_said(made, number), _said(real, number), _said(history, number)))
    assert answers[0] == answers[1]


async def test_what_a_decision_of_others_rests_on_is_not_asked_about_by_id(ours, theirs):
    number = nhs_number()
    mine, their = await create(ours, patient(number)), await create(theirs, patient(number))
    friend = await create(theirs, supporter(to(their)))
    agreed = await create(theirs, consent(to(their), name(friend)))
    for type_, id_ in (("Consent", agreed["id"]), ("RelatedPerson", friend["id"])):
        for path in ("", "/_history", "/_history/1"):
            assert (await ours.get(f"/{type_}/{id_}{path}")).status_code == 404
        found = await ours.get(f"/{type_}?_id={id_}&_total=accurate")
        assert found.json()["total"] == 0
    refused = await put(ours, consent(to(mine), name(friend), id=agreed["id"]))
    assert refused.status_code in (409, 422)
    assert "RX2" not in refused.text
