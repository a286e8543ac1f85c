"""The paths by which a record may be told: each is a function that says what a caller is shown of it."""

from collections.abc import Awaitable, Callable
from typing import Final

import httpx

from tests.organisations.matrix import SECRET, Resource
from tests.record.examples import name

Path = Callable[[httpx.AsyncClient, Resource], Awaitable[str]]


def within(found: Resource, resource: Resource) -> str:
    """What a Bundle says of a resource; '' for nothing."""
    entries = [one.get("resource", {}) for one in found.get("entry", ())]
    return "".join(str(one) for one in entries if (one.get("resourceType"), one.get("id")) == _key(resource))


def _key(resource: Resource) -> tuple[str, str]:
    return resource["resourceType"], resource["id"]


async def bundle(client: httpx.AsyncClient, url: str, **parameters: str) -> Resource:
    assert "?" not in url, "httpx would leave it out"
    answer = await client.get(url, params={"_count": "500", **parameters})
    assert answer.status_code in (200, 404), answer.text
    return answer.json() if answer.status_code == 200 else {}


async def _read(client: httpx.AsyncClient, resource: Resource) -> str:
    answer = await client.get(f"/{name(resource)}")
    assert answer.status_code in (200, 404)
    return answer.text if answer.status_code == 200 else ""


async def _vread(client: httpx.AsyncClient, resource: Resource) -> str:
    answer = await client.get(f"/{name(resource)}/_history/1")
    assert answer.status_code in (200, 404)
    return answer.text if answer.status_code == 200 else ""


async def _history(client: httpx.AsyncClient, resource: Resource) -> str:
    return within(await bundle(client, f"/{name(resource)}/_history"), resource)


async def _type_history(client: httpx.AsyncClient, resource: Resource) -> str:
    return within(await bundle(client, f"/{resource['resourceType']}/_history"), resource)


async def _system_history(client: httpx.AsyncClient, resource: Resource) -> str:
    return within(await bundle(client, "/_history"), resource)


async def _by_id(client: httpx.AsyncClient, resource: Resource) -> str:
    found = await bundle(client, f"/{resource['resourceType']}", _id=resource["id"], _total="accurate")
    shown = within(found, resource)
    assert found["total"] == (1 if shown else 0)
    return shown


async def _by_type(client: httpx.AsyncClient, resource: Resource) -> str:
    return within(await bundle(client, f"/{resource['resourceType']}", _sort="-_lastUpdated"), resource)


async def _by_post(client: httpx.AsyncClient, resource: Resource) -> str:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"/{resource['resourceType']}/_search"
    return within((await client.post(url, data={"_id": resource["id"]}, headers=form)).json(), resource)


async def _along(client: httpx.AsyncClient, resource: Resource) -> str:
    """What comes along with its patient, or with itself."""
    parameters = {"_revinclude": "*"} if resource["resourceType"] != "Patient" else {}
    found = await bundle(client, "/Patient", **parameters)
    return within(found, resource)


async def _in_batch(client: httpx.AsyncClient, resource: Resource) -> str:
    entry = [{"request": {"method": "GET", "url": name(resource)}}]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "batch", "entry": entry})
    return within(answer.json(), resource)


async def _of_elements(client: httpx.AsyncClient, resource: Resource) -> str:
    every = ",".join(member for member in resource if member not in ("resourceType", "id", "meta"))
    return within(await bundle(client, f"/{resource['resourceType']}", _id=resource["id"], _elements=every), resource)


def _patient(resource: Resource) -> str:
    """The id of whose record it is."""
    named = [
        resource.get("subject", {}),
        resource.get("patient", {}),
        resource.get("actor", {}),
        *resource.get("target", ()),
    ]
    patients = [each["reference"] for each in named if each.get("reference", "").startswith("Patient/")]
    return patients[0].removeprefix("Patient/") if patients else resource["id"]


async def _in_transaction(client: httpx.AsyncClient, resource: Resource) -> str:
    entry = [{"request": {"method": "GET", "url": f"{resource['resourceType']}?_id={resource['id']}"}}]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entry})
    return within(answer.json()["entry"][0]["resource"], resource)


async def _of_several_types(client: httpx.AsyncClient, resource: Resource) -> str:
    return within(await bundle(client, "/", _id=resource["id"], _type=resource["resourceType"]), resource)


async def _in_compartment(client: httpx.AsyncClient, resource: Resource) -> str:
    if resource["resourceType"] == "Patient":
        return await _everything(client, resource)
    return within(await bundle(client, f"/Patient/{_patient(resource)}/*"), resource)


async def _everything(client: httpx.AsyncClient, resource: Resource) -> str:
    return within(await bundle(client, f"/Patient/{_patient(resource)}/$everything"), resource)


async def _by_chain(client: httpx.AsyncClient, resource: Resource) -> str:
    """What the record is by which its patient is found; a Patient by itself."""
    type_ = resource["resourceType"]
    reference = "patient" if type_ != "Patient" else ""
    if not reference:
        return await _by_id(client, resource)
    chained = within(await bundle(client, f"/{type_}", **{"patient:Patient._id": _patient(resource)}), resource)
    having = {f"_has:{type_}:patient:_id": resource["id"]}
    found = await bundle(client, "/Patient", **having, _total="accurate")
    matches = [entry for entry in found.get("entry", ()) if entry["search"]["mode"] == "match"]
    assert found.get("total", 0) == len(matches)
    assert bool(chained) == bool(found.get("total"))
    return chained


async def _validated(client: httpx.AsyncClient, resource: Resource) -> str:
    """Whether a trial finds it there: what it says of it holds nothing, so what is read is shown in its place."""
    answer = await client.get(f"/{name(resource)}/$validate")
    assert answer.status_code in (200, 404)
    assert SECRET not in answer.text
    return await _read(client, resource) if answer.status_code == 200 else ""


async def _asked_in_bundles(client: httpx.AsyncClient, resource: Resource) -> str:
    """What its history, its compartment and $everything show of it in a batch and in a transaction: all the same."""
    record = f"Patient/{_patient(resource)}"
    urls = [f"{name(resource)}/_history", f"{record}/*?_count=500", f"{record}/$everything?_count=500"]
    if resource["resourceType"] == "Patient":
        urls.pop(1)  # as alone
    entries = [{"request": {"method": "GET", "url": url}} for url in urls]
    batch = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    told = (await client.post("/", json=batch)).json()["entry"]
    answer = await client.post("/", json={**batch, "type": "transaction"})
    if answer.status_code == 200:
        told += answer.json()["entry"]
    shown = [within(each.get("resource", {}), resource) for each in told]
    assert len({(bool(each), SECRET in each) for each in shown}) == 1
    return shown[0]


PATHS: Final[dict[str, Path]] = {
    "read": _read,
    "vread": _vread,
    "history": _history,
    "history of the type": _type_history,
    "history of everything": _system_history,
    "search by id": _by_id,
    "search of the type": _by_type,
    "search by POST": _by_post,
    "revinclude": _along,
    "batch": _in_batch,
    "elements": _of_elements,
    "transaction": _in_transaction,
    "search of several types": _of_several_types,
    "compartment": _in_compartment,
    "everything": _everything,
    "chain": _by_chain,
    "validate": _validated,
    "history, compartment and everything in Bundles": _asked_in_bundles,
}
