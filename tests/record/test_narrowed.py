"""Granular scopes: what does not meet them is as if it were not there, by every way in."""

import pytest

from tests.callers import acting, granted
from tests.record.examples import consent, create, found, name, patient, put, supporter, to

ACTIVE = "system/Consent.rs?status=active"


@pytest.fixture(scope="module")
def staff(client):
    return acting(client, granted())


@pytest.fixture
async def consents(staff):
    """An active Consent, and one that was active once and is inactive now."""
    of = await create(staff, patient())
    person = await create(staff, supporter(to(of)))
    active = await create(staff, consent(to(of), name(person)))
    ended = await create(staff, consent(to(of), name(person)))
    assert (await put(staff, {**ended, "status": "inactive"})).status_code == 200
    return active, ended, of


@pytest.mark.parametrize("scope", [ACTIVE, f"{ACTIVE} system/Consent.rs?category=http://example.org|none"])
async def test_only_what_meets_the_constraint_is_there(client, consents, scope):
    active, ended, of = consents
    narrow = acting(client, granted(scope))
    assert (await narrow.get(f"/{name(active)}")).status_code == 200
    hidden, absent = await narrow.get(f"/{name(ended)}"), await narrow.get("/Consent/nothing-here")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace(ended["id"], "nothing-here") == absent.text
    by_patient = f"/Consent?patient={name(of)}"
    assert await found(narrow, by_patient) == {active["id"]}
    assert (await narrow.get(f"{by_patient}&_summary=count")).json()["total"] == 1
    assert (await narrow.get(f"{by_patient}&_sort=-date")).json()["total"] == 1
    assert await found(narrow, f"{by_patient}&status=inactive") == set()
    assert await found(narrow, f"/Consent?_id={ended['id']}") == set()


async def test_several_constraints_give_what_any_of_them_gives(client, consents):
    active, ended, of = consents
    both = acting(client, granted(f"{ACTIVE} system/Consent.rs?status=inactive"))
    assert await found(both, f"/Consent?patient={name(of)}") == {active["id"], ended["id"]}
    assert (await both.get(f"/{name(ended)}")).status_code == 200
    neither = acting(client, granted("system/Consent.rs?status=active&category=http://example.org|none"))
    assert await found(neither, f"/Consent?patient={name(of)}") == set()
    assert (await neither.get(f"/{name(active)}")).status_code == 404


@pytest.mark.parametrize("scope", ["nonsense=1", "_id=a", "date=2026", "patient=Patient/a", "status:not=active"])
async def test_a_constraint_that_cannot_be_judged_gives_nothing(client, consents, scope):
    active, _, of = consents
    narrow = acting(client, granted(f"system/Consent.rs?{scope}"))
    assert (await narrow.get(f"/{name(active)}")).status_code == 404
    assert await found(narrow, f"/Consent?patient={name(of)}") == set()


async def test_a_part_of_a_type_has_no_past_and_leads_nowhere(client, consents):
    active, ended, of = consents
    narrow = acting(client, granted(f"{ACTIVE} system/Patient.rs system/RelatedPerson.rs"))
    for path in (
        f"{name(ended)}/_history/1",
        f"{name(active)}/_history/1",
        f"{name(active)}/_history",
        "Consent/_history",
        f"RelatedPerson?_has:Consent:actor:status=inactive&patient={name(of)}",
    ):
        assert (await narrow.get(f"/{path}")).status_code == 403, path
    along = await narrow.get(f"/RelatedPerson?patient={name(of)}&_revinclude=Consent:actor")
    assert {entry["resource"]["resourceType"] for entry in along.json()["entry"]} == {"RelatedPerson"}


async def test_what_is_narrowed_away_cannot_be_deleted_patched_or_changed_with_it(client, consents):
    active, _, _ = consents
    narrow = acting(client, granted(ACTIVE))
    patched = await narrow.patch(f"/{name(active)}", json=[], headers={"Content-Type": "application/json-patch+json"})
    assert patched.status_code == 403
    assert (await put(narrow, active)).status_code == 403
    assert (await narrow.delete(f"/{name(active)}")).status_code == 403
