"""Another organisation's record: not there, whichever way one looks for it; there, where a registration says so."""

import httpx
import pytest

from tests.callers import acting, granted
from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    consent,
    create,
    found,
    issue,
    name,
    nhs_number,
    patient,
    plan,
    put,
    supporter,
    team,
    to,
)

ABSENT = "00000000-0000-4000-8000-000000000000"


def without_names(response: httpx.Response, *names: str) -> tuple[int, str]:
    text = response.text
    for one in names:
        text = text.replace(one, "...")
    return response.status_code, text


@pytest.mark.parametrize(
    "path", ["{}", "{}/_history", "{}/_history/1", "{}/_history/9"], ids=["read", "history", "vread", "absent version"]
)
async def test_what_is_not_yours_is_answered_as_what_does_not_exist(ours, theirs, path):
    person = await create(theirs, patient(nhs_number()))
    answer = await ours.get("/" + path.format(name(person)))
    absent = await ours.get("/" + path.format(f"Patient/{ABSENT}"))
    assert answer.status_code == 404
    assert without_names(answer, person["id"]) == without_names(absent, ABSENT)


async def test_writes_at_what_is_not_yours_are_answered_as_at_what_does_not_exist(ours, theirs):
    person = await create(theirs, patient(nhs_number()))
    for method, headers, body in (
        ("DELETE", {}, None),
        ("DELETE", {"If-Match": 'W/"1"'}, None),
        ("PATCH", {"Content-Type": "application/json-patch+json"}, [{"op": "add", "path": "/active", "value": True}]),
    ):
        answers = [
            await ours.request(method, f"/Patient/{id_}", json=body, headers=headers) for id_ in (person["id"], ABSENT)
        ]
        assert without_names(answers[0], person["id"]) == without_names(answers[1], ABSENT)
    assert (await theirs.get(f"/{name(person)}")).json() == person


async def test_an_id_that_another_organisation_has_cannot_be_used_and_nothing_is_said_of_it(ours, theirs):
    number = nhs_number()
    person = await create(theirs, patient(number))
    refused = await put(ours, patient(id=person["id"]))
    assert refused.status_code == 409
    assert issue(refused)["diagnostics"] == "This id cannot be used. Let the service choose one, by POST."
    matched = await put(ours, patient(id=person["id"]), **{"If-Match": 'W/"1"'})
    absent = await put(ours, patient(id=ABSENT), **{"If-Match": 'W/"1"'})
    assert without_names(matched, person["id"]) == without_names(absent, ABSENT)
    assert matched.status_code == 412


async def test_no_search_finds_it_and_no_total_counts_it(ours, theirs):
    number = nhs_number()
    person = await create(theirs, patient(number, active=True, name=[{"family": "Unfindable"}]))
    friend = await create(theirs, supporter(to(person), name=[{"family": "Unfindable"}]))
    for search in (
        f"/Patient?_id={person['id']}",
        f"/Patient?identifier={NHS_NUMBER}|{number}",
        "/Patient?family=unfindable&_total=accurate",
        "/Patient?family=unfindable&_summary=count",
        "/Patient?_sort=family&family:contains=unfind",
        f"/RelatedPerson?patient={person['id']}",
        f"/RelatedPerson?patient={number}",
        f"/RelatedPerson?patient:identifier={NHS_NUMBER}|{number}",
        "/RelatedPerson?patient.family=unfindable",
        f"/Patient?_has:RelatedPerson:patient:_id={friend['id']}",
    ):
        answer = await ours.get(search)
        assert answer.status_code == 200, answer.text
        assert answer.json().get("total", 0) == 0, search
        assert "entry" not in answer.json(), search


async def test_not_having_a_name_finds_nothing_of_others_either(ours, theirs):
    theirs_ = await create(theirs, patient(nhs_number(), gender="other"))
    ours_ = await create(ours, patient(nhs_number()))
    for search in ("/Patient?gender:missing=true", "/Patient?gender:not=male", "/Patient"):
        ids = await found(ours, f"{search}{'&' if '?' in search else '?'}_count=500")
        assert ours_["id"] in ids
        assert theirs_["id"] not in ids


async def test_includes_lead_to_nothing_of_others(client, ours, theirs, sharing):
    person = await create(theirs, patient(nhs_number()))
    friend = await create(sharing, supporter(to(person)))
    answer = (await ours.get(f"/RelatedPerson?_id={friend['id']}&_include=RelatedPerson:patient")).json()
    assert [entry["resource"]["resourceType"] for entry in answer["entry"]] == ["RelatedPerson"]
    along = (await sharing.get(f"/RelatedPerson?_id={friend['id']}&_include=RelatedPerson:patient")).json()
    assert [entry["resource"]["resourceType"] for entry in along["entry"]] == ["RelatedPerson", "Patient"]
    back = (await theirs.get(f"/Patient?_id={person['id']}&_revinclude=RelatedPerson:patient")).json()
    assert [entry["resource"]["resourceType"] for entry in back["entry"]] == ["Patient"]


async def test_the_history_of_a_type_and_of_everything_is_that_of_ones_own(ours, theirs):
    person = await create(theirs, patient(nhs_number()))
    mine = await create(ours, patient(nhs_number()))
    for path in ("/Patient/_history", "/_history"):
        versions = (await ours.get(path, params={"_count": "500"})).json()["entry"]
        ids = {entry["resource"]["id"] for entry in versions if "resource" in entry}
        assert mine["id"] in ids
        assert person["id"] not in ids


async def test_a_reference_to_it_is_one_to_nothing(ours, theirs):
    person = await create(theirs, patient(nhs_number()))
    answers = [
        await ours.post("/CarePlan", json=plan({"reference": f"Patient/{id_}"})) for id_ in (person["id"], ABSENT)
    ]
    assert answers[0].status_code == 422
    assert without_names(answers[0], person["id"]) == without_names(answers[1], ABSENT)


async def test_each_organisation_has_its_own_patient_with_an_nhs_number(ours, theirs):
    number = nhs_number()
    one, other = await create(ours, patient(number)), await create(theirs, patient(number))
    assert one["id"] != other["id"]
    assert (await ours.post("/Patient", json=patient(number))).status_code == 409
    assert await found(ours, f"/Patient?identifier={NHS_NUMBER}|{number}") == {one["id"]}
    mine = await create(ours, plan(by_number(number)))
    assert await found(ours, f"/CarePlan?patient={one['id']}") == {mine["id"]}
    assert await found(theirs, f"/CarePlan?patient={number}") == set()


async def test_a_record_by_nhs_number_makes_a_patient_of_ones_own(ours, theirs):
    number = nhs_number()
    person = await create(theirs, patient(number))
    mine = await create(ours, plan(by_number(number)))
    [unverified] = await found(ours, f"/Patient?identifier={NHS_NUMBER}|{number}")
    assert unverified != person["id"]
    assert await found(ours, f"/CarePlan?patient={unverified}") == {mine["id"]}


async def test_a_registration_opens_the_records_of_another_organisation(sharing, theirs, ours):
    number = nhs_number()
    person = await create(theirs, patient(number))
    assert (await sharing.get(f"/{name(person)}")).json() == person
    assert await found(sharing, f"/Patient?identifier={NHS_NUMBER}|{number}") == {person["id"]}
    # What it writes there is its own organisation's.
    mine = await create(sharing, plan(by_number(number)))
    assert (await ours.get(f"/{name(mine)}")).status_code == 200
    assert (await theirs.get(f"/{name(mine)}")).status_code == 404
    own = await create(ours, patient(number))
    assert await found(sharing, f"/CarePlan?patient={number}") == {mine["id"]}
    later = await create(sharing, plan(by_number(number)))
    assert await found(sharing, f"/CarePlan?patient={own['id']}") == {later["id"]}
    assert await found(sharing, f"/CarePlan?patient={number}") == {mine["id"], later["id"]}


async def test_seeing_a_record_is_no_right_to_change_it(sharing, theirs):
    person = await create(theirs, patient(nhs_number()))
    plain = {"Content-Type": "application/json-patch+json"}
    change = [{"op": "add", "path": "/active", "value": True}]
    for answer in (
        await put(sharing, {**person, "active": True}),
        await sharing.delete(f"/{name(person)}"),
        await sharing.patch(f"/{name(person)}", json=change, headers=plain),
    ):
        assert answer.status_code == 403, answer.text
        assert "which alone may change it" in issue(answer)["diagnostics"]
    assert (await theirs.get(f"/{name(person)}")).json() == person


async def test_it_stays_with_the_organisation_that_wrote_it(client, ours, theirs):
    person = await create(ours, patient(nhs_number()))
    # Somebody who sees everything (callers are not told apart) changes it.
    assert (await put(client, {**person, "active": True})).status_code == 200
    assert (await ours.get(f"/{name(person)}/_history/2")).status_code == 200
    assert (await theirs.get(f"/{name(person)}")).status_code == 404


async def test_what_others_refer_to_is_kept_and_their_record_is_not_named(sharing, theirs):
    person = await create(theirs, patient(nhs_number()))
    mine = await create(sharing, plan(to(person)))
    refused = await theirs.delete(f"/{name(person)}")
    assert refused.status_code == 409
    assert mine["id"] not in refused.text
    assert "a record that you may not see" in issue(refused)["diagnostics"]


async def test_a_supporter_whom_others_name_is_kept_and_their_record_is_not_named(sharing, theirs):
    person = await create(theirs, patient(nhs_number()))
    friend = await create(theirs, supporter(to(person)))
    circle = await create(sharing, team(to(person), name(friend)))
    agreed = await create(sharing, consent(to(person), name(friend)))
    refused = await theirs.delete(f"/{name(friend)}")
    assert refused.status_code == 409
    assert circle["id"] not in refused.text
    assert agreed["id"] not in refused.text


async def test_patients_that_become_one_take_along_what_others_recorded(sharing, theirs):
    old, new = await create(theirs, patient(nhs_number())), await create(theirs, patient(nhs_number()))
    mine = await create(sharing, plan(to(old)))
    link = {"other": to(new), "type": "replaced-by"}
    assert (await put(theirs, {**old, "link": [link]})).status_code == 200
    assert await found(sharing, f"/CarePlan?patient={new['id']}") == {mine["id"]}


async def test_a_cursor_is_its_own_callers_alone(client, ours):
    for _ in range(3):
        await create(ours, patient(nhs_number(), name=[{"family": "Paged"}]))
    first = (await ours.get("/Patient?family=paged&_count=1")).json()
    [further] = [link["url"] for link in first["link"] if link["relation"] == "next"]
    assert (await ours.get(further)).status_code == 200
    async with acting(client, granted(organisation="RX1", sees=("RX2",))) as another:
        assert (await another.get(further)).status_code == 400
    assert (await client.get(further)).status_code == 400
