"""What callers may do in a Bundle: no more than each entry would let them do alone."""

from uuid import uuid4

import pytest

from tests.callers import acting, granted
from tests.interactions.bundles import batch, delete, entry, get, post, put_entry, send, statuses
from tests.record.examples import issue, organization

LINKED = {"url": "https://trust.example.org/x", "valueReference": {"reference": "Patient?identifier=a"}}


@pytest.mark.parametrize(
    ("scope", "sent"),
    [
        ("system/Organization.rus", post(organization())),
        ("system/Organization.crds", put_entry(organization(id="a"))),
        ("system/Organization.crus", delete("Organization/a")),
        ("system/Organization.cuds", get(f"Organization/{uuid4()}")),
        ("system/Organization.crud", get("Organization?name=a")),
        ("system/Organization.c", post(organization(), ifNoneExist="identifier=a")),
        ("system/Organization.cu", entry("PUT", "Organization?identifier=a", organization())),
        ("system/Organization.d", delete("Organization?identifier=a")),
        ("system/Organization.cs", post(organization(extension=[LINKED]))),
    ],
)
async def test_an_entry_takes_the_scope_that_it_takes_alone(client, scope, sent):
    limited = acting(client, granted(scope))
    response = await send(limited, sent)
    assert response.status_code == 403
    assert issue(response)["expression"][0].startswith("Bundle.entry[0]")
    assert statuses(await limited.post("", json=batch(sent))) == ["403"]


async def test_a_refusal_for_want_of_a_scope_names_the_entry_and_stores_nothing(client):
    value = str(uuid4())
    limited = acting(client, granted("system/Organization.c"))
    marked = organization(identifier=[{"value": value}])
    response = await send(limited, post(marked), delete("Organization/a"))
    assert response.status_code == 403
    assert issue(response)["expression"] == ["Bundle.entry[1]"]
    assert "insufficient_scope" in response.headers["WWW-Authenticate"]
    assert (await client.get(f"/Organization?identifier={value}")).json()["total"] == 0


async def test_criteria_take_the_scope_to_search(client):
    limited = acting(client, granted("system/Organization.cud"))
    headers = {"If-None-Exist": "identifier=a"}
    assert (await limited.post("/Organization", json=organization(), headers=headers)).status_code == 403
    assert (await limited.put("/Organization?identifier=a", json=organization())).status_code == 403
    assert (await limited.delete("/Organization?identifier=a")).status_code == 403
