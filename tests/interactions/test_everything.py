"""$everything: https://hl7.org/fhir/R4/patient-operation-everything.html"""

import pytest

from tests.audited import settled
from tests.callers import acting, granted
from tests.record.examples import (
    by_number,
    consent,
    create,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    supporter,
    to,
)


@pytest.fixture(scope="module")
async def record(client):
    """A patient with a supporter, a Consent, two plans and a nurse of an organisation; and somebody else's record."""
    number = nhs_number()
    of = by_number(number)
    team, nurse, stranger = [
        await create(client, each)
        for each in (organization(), practitioner(), practitioner(name=[{"family": "Stranger"}]))
    ]
    role = await create(
        client, {"resourceType": "PractitionerRole", "practitioner": to(nurse), "organization": to(team)}
    )
    first = await create(client, plan(of, author=to(role), period={"start": "2026-01-01", "end": "2026-01-31"}))
    person = await create(client, patient(number))
    helper = await create(client, supporter({"reference": name(person)}))
    decided = await create(client, consent(of, name(helper)))
    second = await create(client, plan(of, period={"start": "2026-06-01"}))
    await create(client, plan(by_number(nhs_number()), author=to(stranger)))
    return {
        "patient": person,
        "record": {name(each) for each in (first, helper, decided, second)},
        "named": {name(role), name(nurse), name(team)},
        "first": name(first),
        "second": name(second),
    }


async def everything(client, record, query=""):
    response = await client.get(f"/{name(record['patient'])}/$everything{query}")
    assert response.status_code == 200, response.text
    return response.json()


def shown(bundle):
    return [name(entry["resource"]) for entry in bundle.get("entry", [])]


async def test_it_is_the_patient_the_record_and_who_is_named_in_it(client, record):
    bundle = await everything(client, record)
    found = shown(bundle)
    assert (bundle["type"], bundle["total"]) == ("searchset", 5)  # those of no patient come along
    assert found[0] == name(record["patient"])
    assert set(found[1:5]) == record["record"]
    assert set(found[5:]) == record["named"]
    assert [entry["search"]["mode"] for entry in bundle["entry"]] == ["match"] * 5 + ["include"] * 3
    assert all(entry["fullUrl"] == f"http://kith.test/FHIR/R4/{name(entry['resource'])}" for entry in bundle["entry"])


@pytest.mark.parametrize("count", [1, 2, 3, 7])
async def test_pages_have_everything_once(client, record, count):
    seen, url = [], f"/{name(record['patient'])}/$everything?_count={count}"
    while url:
        page = (await client.get(url)).json()
        assert page["total"] == 5
        seen += shown(page)
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
    assert seen == shown(await everything(client, record))


async def test_a_count_of_none_asks_for_the_total_alone(client, record):
    bundle = await everything(client, record, "?_count=0")
    assert (bundle["total"], shown(bundle)) == (5, [])
    assert "next" not in {link["relation"] for link in bundle["link"]}


async def test_types_narrow_it(client, record):
    found = shown(await everything(client, record, "?_type=CarePlan,Consent&_type=Practitioner"))
    assert {each.split("/")[0] for each in found} == {"CarePlan", "Consent", "Practitioner"}
    assert len(found) == 4


async def test_since_shows_what_was_stored_from_then_on(client, record):
    assert shown(await everything(client, record, "?_since=2999-01-01")) == []
    assert len(shown(await everything(client, record, "?_since=2001-01-01T00:00:00Z"))) == 8


async def test_start_and_end_leave_out_what_is_about_another_time(client, record):
    early = shown(await everything(client, record, "?_type=CarePlan&end=2026-02"))
    late = shown(await everything(client, record, "?_type=CarePlan&start=2026-03-01"))
    assert (early, late) == ([record["first"]], [record["second"]])
    assert set(shown(await everything(client, record, "?start=1990&end=1991"))) >= record["named"]


async def test_what_is_deleted_is_not_in_it(client):
    of = await create(client, patient(nhs_number()))
    gone = await create(client, plan({"reference": name(of)}))
    await client.delete(f"/{name(gone)}")
    assert shown((await client.get(f"/{name(of)}/$everything")).json()) == [name(of)]
    await client.delete(f"/{name(of)}")
    assert (await client.get(f"/{name(of)}/$everything")).status_code == 410


async def test_of_nobody_there_is_nothing(client):
    assert (await client.get("/Patient/nobody/$everything")).status_code == 404


async def test_it_may_be_asked_by_post(client, record):
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": "_type", "valueCode": "CarePlan"}, {"name": "_count", "valueInteger": 1}],
    }
    url = f"/{name(record['patient'])}/$everything"
    page = (await client.post(url, json=body)).json()
    following = next(link["url"] for link in page["link"] if link["relation"] == "next")
    rest = (await client.get(following)).json()
    assert {*shown(page), *shown(rest)} == {record["first"], record["second"]}
    assert len(shown((await client.post(url, content=b"")).json())) == 8


@pytest.mark.parametrize(
    "query",
    [
        "start=x",
        "end=2026-02-30",
        "_since=x",
        "_type=Observation",
        "_type=",
        "_count=x",
        "_cursor=x",
        "name=x",
        "start=1&start=2",
    ],
)
async def test_a_parameter_that_cannot_be_understood_is_refused_and_named(client, record, query):
    response = await client.get(f"/{name(record['patient'])}/$everything?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in issue(response)["diagnostics"]


async def test_a_cursor_is_of_use_for_its_own_question_alone(client, record):
    page = await everything(client, record, "?_count=1")
    following = next(link["url"] for link in page["link"] if link["relation"] == "next")
    assert (await client.get(f"{following}&_type=CarePlan")).status_code == 400
    other = await create(client, patient(nhs_number()))
    moved = following.replace(record["patient"]["id"], other["id"])
    assert (await client.get(moved)).status_code == 400


async def test_only_types_that_may_be_read_and_searched_are_in_it(client, record):
    url = f"/{name(record['patient'])}/$everything"
    some = acting(
        client, granted("system/Patient.rs system/CarePlan.rs system/Consent.r system/RelatedPerson.s", sees=("",))
    )
    assert {each.split("/")[0] for each in shown((await some.get(url)).json())} == {"Patient", "CarePlan"}
    part = acting(client, granted("system/Patient.rs system/Consent.rs?status=draft", sees=("",)))
    bundle = (await part.get(url)).json()
    assert shown(bundle) == [name(record["patient"])]
    assert "total" not in bundle
    assert (await acting(client, granted("system/CarePlan.rs", sees=("",))).get(url)).status_code == 403


async def test_who_asked_for_everything_is_on_record(client, record):
    await everything(client, record, "?_count=1")
    await settled(client)
    events = (await client.get(f"/AuditEvent?patient={name(record['patient'])}&subtype=operation")).json()
    assert events["total" if "total" in events else "type"]
    assert events["entry"][0]["resource"]["outcome"] == "0"


async def test_what_other_organisations_keep_for_themselves_is_not_in_it(client):
    number = nhs_number()
    theirs, ours = (acting(client, granted("system/*.cruds", organisation=code)) for code in ("RX1", "RX2"))
    of = await create(theirs, patient(number))
    kept = await create(theirs, plan({"reference": name(of)}))
    assert shown((await theirs.get(f"/{name(of)}/$everything")).json()) == [name(of), name(kept)]
    both = acting(client, granted("system/*.cruds", organisation="RX2", sees=("RX1",)))
    assert shown((await both.get(f"/{name(of)}/$everything")).json()) == [name(of), name(kept)]
    for path in (f"/{name(of)}/$everything", f"/{name(of)}/$validate", f"/{name(kept)}/$validate"):
        assert (await ours.get(path)).status_code == 404
