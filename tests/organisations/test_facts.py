"""The facts of a check come by plain statements or by the recursive one, and are the same by both."""

import asyncpg
import pytest

from app.storage.own_records import OF_THE_PATIENT
from app.storage.pool import ROLE, SET
from app.storage.visibility import EVERYTHING, Visibility
from tests.conftest import running
from tests.record.examples import consent, create, name, nhs_number, patient, supporter, to

PLAIN = "SELECT * FROM kith_facts($1, '', $2, $3, '{}', '{}', '{}', $4, $1)"
BEYOND = "SELECT * FROM kith_facts_beyond($1, $2, $3, '{}', '{}', '{}', $4)"
CALLERS = {
    "everything": EVERYTHING,
    "own": Visibility(frozenset({"RX1"}), "RX1"),
    "both": Visibility(frozenset({"RX1", "RX2"}), "RX2"),
    "other": Visibility(frozenset({"RX2"}), "RX2"),
    "low": Visibility(frozenset({"RX1", "RX2"}), "RX1", 1),
}


@pytest.fixture(scope="module")
async def recorded(module_database_url: str) -> tuple[str, str, str]:
    """A patient of RX1 with supporters and Consents of two organisations, and one of them; and a stranger of RX2."""
    async with running(module_database_url) as client:
        client.headers["NHSD-End-User-Organisation-ODS"] = "RX1"
        person, stranger = await create(client, patient(nhs_number())), await create(client, patient(nhs_number()))
        friend = await create(client, supporter(to(person)))
        await create(client, consent(to(person), name(friend)))
        foreign = await create(client, supporter(to(stranger)))
        client.headers["NHSD-End-User-Organisation-ODS"] = "RX2"
        await create(client, supporter(to(person)))
    return person["id"], friend["id"], foreign["id"]


@pytest.mark.parametrize("caller", CALLERS)
async def test_both_ways_find_the_same_rows(module_database_url, recorded, caller):
    owner = await asyncpg.connect(module_database_url)
    await owner.execute(SET, *CALLERS[caller].settings)
    key, friend, foreign = recorded
    for ids in ([], [friend], [foreign], [friend, foreign, friend, "nobody"]):
        asked = (key, ["RelatedPerson"] * len(ids), ids, list(OF_THE_PATIENT))
        rows = await owner.fetch(PLAIN, *asked)
        assert rows == await owner.fetch(BEYOND, *asked)
        assert len(rows) >= 4
    nothing = [await owner.fetch(way, "empty", [], [], []) for way in (PLAIN, BEYOND)]
    assert [[(row["key"], row["type"], row["content"]) for row in rows] for rows in nothing] == [
        [("empty", None, None)]
    ] * 2
    await owner.close()


async def test_the_service_calls_the_recursive_one_through_the_other_alone(module_database_url):
    session = await asyncpg.connect(module_database_url, server_settings={"role": ROLE})
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await session.fetch(BEYOND, "x", [], [], [])
    await session.close()
