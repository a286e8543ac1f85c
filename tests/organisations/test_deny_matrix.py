"""Who sees what on which path: one table of records and callers, tried on every path by which a record is told.

A new path is one more function in PATHS (tests/organisations/paths.py), a new record one more line of SEES
(tests/organisations/matrix.py).
"""

import pytest

from tests.interactions.bundles import delete, transaction
from tests.organisations.matrix import (
    CALLERS,
    CONFIDENTIALITY,
    IN_CONFIDENCE,
    SECRET,
    communication,
    expected,
    labelled,
)
from tests.organisations.paths import PATHS, bundle, within
from tests.organisations.test_refusals_count import restriction
from tests.record.examples import consent, create, name, nhs_number, patient, plan, supporter, to


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("path", PATHS)
async def test_a_caller_sees_of_each_record_what_the_table_says(made, path, caller):
    records, clients = made
    seen = {}
    for record in expected():
        shown = await PATHS[path](clients[caller], records[record])
        seen[record] = "+" if SECRET in shown else "o" if shown else "-"
    assert seen == {record: signs[caller] for record, signs in expected().items()}


@pytest.mark.parametrize("caller", ["staff", "sharing", "trusted"])
async def test_a_restricted_supporter_is_not_found_by_what_is_masked(made, caller):
    records, clients = made
    searches = {"address": SECRET, "address-city": SECRET, "email": f"{SECRET}@x.example", "phone": "07700900123"}
    for parameter, value in searches.items():
        found = await bundle(clients[caller], "/RelatedPerson", **{parameter: value})
        assert within(found, records["supporter"]), parameter
        assert not within(found, records["restricted-supporter"]), parameter


async def test_a_restriction_is_not_found_by_who_put_it_up(made):
    _, clients = made
    trusted = clients["trusted"]
    of, nurse = await create(trusted, patient(nhs_number())), await create(trusted, {"resourceType": "Practitioner"})
    friend = await create(trusted, supporter(to(of)))
    said = {"author": to(nurse), "identifier": [{"system": "urn:x", "value": of["id"]}]}
    hidden = await create(trusted, restriction(to(of), name(friend)) | said)
    plain = await create(
        trusted, {"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": to(of), **said}
    )
    for caller in (clients["staff"], trusted):
        found = await bundle(caller, "/Flag", author=name(nurse), _include="*")
        assert within(found, plain)
        assert not within(found, hidden)
        found = await bundle(caller, "/Flag", _id=hidden["id"], _include="*")
        assert within(found, hidden)
        assert not within(found, nurse)
        assert within(await bundle(caller, "/Flag", identifier=f"urn:x|{of['id']}"), hidden)  # none is made twice
    assert (await trusted.delete(f"/{name(plain)}")).status_code == 204
    assert (await trusted.delete(f"/{name(nurse)}")).status_code == 409


async def test_what_somebody_may_not_see_is_answered_as_what_is_not_there(made):
    records, clients = made
    absent = "00000000-0000-4000-8000-000000000000"
    for record in ("plan-restricted", "in-confidence"):
        hidden = await clients["staff"].get(f"/{name(records[record])}")
        nothing = await clients["staff"].get(f"/{records[record]['resourceType']}/{absent}")
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.text.replace(records[record]["id"], absent) == nothing.text


@pytest.mark.parametrize("caller", ["patient", "carer", "stranger"])
async def test_who_faces_a_patient_or_carer_is_told_no_decision(made, caller):
    records, clients = made
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": "patient", "valueReference": to(records["patient"])}],
    }
    assert (await clients[caller].post("/Consent/$check-sharing", json=body)).status_code == 403
    entry = {"resource": body, "request": {"method": "POST", "url": "Consent/$check-sharing"}}
    told = await clients[caller].post("/", json={"resourceType": "Bundle", "type": "batch", "entry": [entry]})
    assert told.json()["entry"][0]["response"]["status"] == "403"


@pytest.mark.parametrize("caller", ["patient", "carer", "stranger"])
async def test_who_faces_one_patient_writes_in_no_other_record(made, caller):
    records, clients = made
    other = records["patient"] if caller == "stranger" else records["other"]
    assert (await clients[caller].post("/CarePlan", json=plan(to(other)))).status_code == 422
    assert (await clients[caller].post("/Practitioner", json={"resourceType": "Practitioner"})).status_code == 403


async def test_a_carer_records_no_decision_of_the_patient_by_any_path(made):
    records, clients = made
    of, told = records["patient"], {"type": "RelatedPerson", "identifier": {"system": "urn:x", "value": "me"}}
    agreed = consent(to(of), "by identifier")
    agreed["provision"]["actor"][0]["reference"] = told
    entry = {"resource": agreed, "request": {"method": "POST", "url": "Consent"}}
    plain = {"resourceType": "Parameters"}
    before = (await clients["trusted"].get(f"/Consent?patient={of['id']}&_summary=count")).json()["total"]
    asked = (
        ("POST", "/Consent", agreed),
        ("PUT", "/Consent/a-carers", agreed | {"id": "a-carers"}),
        ("POST", "/", {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}),
        ("POST", f"/{name(of)}/$tell-nobody", plain),
    )
    for method, url, body in asked:
        answer = await clients["carer"].request(method, url, json=body)
        assert answer.status_code == 403, (url, answer.text)
    assert (await clients["trusted"].get(f"/Consent?patient={of['id']}&_summary=count")).json()["total"] == before


async def test_what_is_masked_is_not_stored_back(made):
    records, clients = made
    seen = (await clients["staff"].get(f"/{name(records['restricted-supporter'])}")).json()
    assert [coding["code"] for coding in seen["meta"]["security"]] == ["REDACTED"]
    assert (await clients["staff"].put(f"/{name(seen)}", json=seen)).status_code == 422
    assert (await clients["trusted"].put(f"/{name(seen)}", json=seen)).status_code == 422
    bare = {key: value for key, value in seen.items() if key not in ("meta", "telecom", "address")}
    assert (await clients["staff"].put(f"/{name(seen)}", json=bare)).status_code == 403
    change = [{"op": "add", "path": "/gender", "value": "male"}]
    plain = {"Content-Type": "application/json-patch+json"}
    assert (await clients["staff"].patch(f"/{name(seen)}", json=change, headers=plain)).status_code == 403
    assert (await clients["staff"].delete(f"/{name(seen)}")).status_code == 403
    assert (await clients["staff"].delete(f"/RelatedPerson?_id={seen['id']}")).status_code == 403
    whole = (await clients["trusted"].get(f"/{name(seen)}")).json()
    assert whole == records["restricted-supporter"]


async def test_what_is_masked_for_who_somebody_may_be_is_not_deleted(made):
    _, clients = made
    of = await create(clients["trusted"], patient(nhs_number()))
    reached = {
        "name": [{"family": "Marsh", "given": ["Rob"]}],
        "telecom": [{"system": "phone", "value": "07700 900321"}],
    }
    rob, twin = [await create(clients["trusted"], supporter(to(of), **reached)) for _ in range(2)]
    await create(clients["trusted"], restriction(to(of), name(rob)))
    copy = {"resourceType": "RelatedPerson", "id": "copy", "patient": to(of), **reached}
    holder = await create(clients["trusted"], plan(to(of), contained=[copy], contributor=[{"reference": "#copy"}]))
    for masked in (twin, holder):
        assert (await clients["staff"].delete(f"/{name(masked)}")).status_code == 403
        assert (await clients["staff"].post("/", json=transaction(delete(name(masked))))).status_code == 403
        assert (await clients["trusted"].get(f"/{name(masked)}")).json() == masked
        assert (await clients["trusted"].delete(f"/{name(masked)}")).status_code == 204


async def test_what_may_be_written_and_not_read_is_hidden_from_its_writer(made):
    records, clients = made
    told = labelled(communication(to(records["patient"])), *IN_CONFIDENCE)
    for body in (
        told,
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [{"resource": told, "request": {"method": "POST", "url": "Communication"}}],
        },
    ):
        bundle = body["resourceType"] == "Bundle"
        answer = await clients["staff"].post("/" if bundle else "/Communication", json=body)
        assert answer.status_code in (200, 201), answer.text
        made_ = answer.json()
        id_ = made_["entry"][0]["response"]["location"].split("/_history")[0].rsplit("/")[-1] if bundle else made_["id"]
        assert (await clients["staff"].get(f"/Communication/{id_}")).status_code == 404
        assert (await clients["trusted"].get(f"/Communication/{id_}")).status_code == 200


async def test_a_label_hides_what_was_there_before_it(made):
    records, clients = made
    person = await create(clients["trusted"], communication(to(records["patient"])))
    restricted = labelled(person, CONFIDENTIALITY, "R")
    assert (await clients["trusted"].put(f"/{name(person)}", json=restricted)).status_code == 200
    for version in ("", "/_history/1", "/_history/2", "/_history"):
        assert (await clients["staff"].get(f"/{name(person)}{version}")).status_code == 404


async def test_ending_a_restriction_unmasks_and_a_new_one_masks_every_version(made):
    _, clients = made
    trusted, staff = clients["trusted"], clients["staff"]
    person = await create(trusted, patient(nhs_number()))
    reached = {"telecom": [{"system": "phone", "value": "07700 900321"}]}
    friend = await create(trusted, supporter(to(person), name=[{"family": "Marsh", "given": ["Ann"]}], **reached))
    by_phone = {"phone": "07700900321", "patient": person["id"]}
    assert within(await bundle(staff, "/RelatedPerson", **by_phone), friend)
    flag = await create(trusted, restriction(to(person), name(friend), code="listen-only"))
    assert "900321" not in (await staff.get(f"/{name(friend)}/_history/1")).text
    assert not within(await bundle(staff, "/RelatedPerson", **by_phone), friend)
    # Somebody else who may be her is masked from the start.
    twin = await create(trusted, supporter(to(person), name=[{"family": "Marsh", "given": ["Ann"]}], **reached))
    assert "900321" not in (await staff.get(f"/{name(twin)}")).text
    # A change by who may: what it says now is masked too.
    changed = {**friend, "gender": "female"}
    why = {"url": "https://fhir.kith.example/StructureDefinition/end-reason", "valueString": "It is over"}
    assert (await trusted.put(f"/{name(friend)}", json={**changed, "extension": [why]})).status_code == 200
    assert "900321" not in (await staff.get(f"/{name(friend)}")).text
    ended = {**flag, "status": "inactive", "extension": [*flag["extension"], why]}
    ended["period"] = {**flag["period"], "end": "2026-02-01"}
    assert (await trusted.put(f"/{name(flag)}", json=ended)).status_code == 200
    for who in (friend, twin):
        for version in ("", "/_history/1"):
            assert "900321" in (await staff.get(f"/{name(who)}{version}")).text
    assert within(await bundle(staff, "/RelatedPerson", **by_phone), friend)
