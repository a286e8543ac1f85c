"""The sealed audit trail: whatever is done to a row that was sealed, or to a seal, is found."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.security.seal_key import SealKey, UnfitKeyError, from_file
from app.storage import seals
from app.storage.audit import AuditRow, record
from app.storage.pool import ROLE, Database
from app.storage.sealing import Sealing

KEY = SealKey(b"k" * 32)
NOW = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)


def row(number: int, **more) -> AuditRow:
    given = {"recorded": NOW + timedelta(minutes=number), "interaction": "read", "type": "Consent", "id": f"c{number}"}
    rest = dict.fromkeys(
        ("patient", "outcome", "query", "client", "organisation", "user_role", "request_id", "correlation_id"), ""
    )
    return AuditRow(**(rest | {"version": 1, "status": 200} | given | more))


@pytest.fixture
async def database(database_url):
    opened = Database(database_url, size=4)
    await opened.open()
    yield opened
    await opened.close()


async def write(database, *rows):
    async with database.connection(None) as connection:
        await record(connection, rows)


async def sealed(database, sealing=None):
    sealing = sealing or Sealing(database, KEY)
    return await sealing.once() + await sealing.once()


async def verified(database, key=KEY):
    async with database.connection(None) as connection:
        return await seals.verify(connection, key)


@pytest.fixture
async def trail(database):
    """A trail of three seals over two rows each, and one row without."""
    for batch in range(3):
        await write(database, row(2 * batch), row(2 * batch + 1, query="name=Zoë\n[1,2]"))
        assert await sealed(database) == 1
    await write(database, row(9))
    return database


async def test_a_trail_that_nobody_touched_is_as_it_was(trail):
    found = await verified(trail)
    assert (found.seals, found.rows, found.unsealed, found.problems) == (3, 6, 1, ())


async def test_an_empty_trail_needs_no_seal(database):
    assert await sealed(database) == 0
    assert (await verified(database)).problems == ()


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit SET outcome = 'permit' WHERE id = 'c3'", "seal 2: rows with keys 3 to 4 are not as they were"),
        ("UPDATE audit SET recorded = recorded + interval '1 microsecond' WHERE id = 'c0'", "seal 1: rows"),
        ("UPDATE audit SET detail = '{}' WHERE id = 'c5'", "seal 3: rows"),
        ("DELETE FROM audit WHERE id = 'c2'", "seal 2: 2 rows were sealed, 1 are there"),
        (
            """WITH gone AS (DELETE FROM audit WHERE id = 'c2' RETURNING recorded)
            INSERT INTO audit (key, recorded, interaction, type, id, version, status) OVERRIDING SYSTEM VALUE
            SELECT 3, recorded, 'read', 'Consent', 'other', 1, 200 FROM gone""",
            "seal 2: rows",
        ),
        (
            "UPDATE audit a SET id = CASE a.id WHEN 'c0' THEN 'c2' ELSE 'c0' END WHERE a.id IN ('c0', 'c2')",
            "seal 1: rows",
        ),
        ("DELETE FROM audit_seal WHERE number = 2", "seal 2 is missing"),
        ("DELETE FROM audit_seal WHERE number = 1", "seal 1 is missing"),
        ("UPDATE audit_seal SET count = 7 WHERE number = 1", "seal 1: 7 rows were sealed, 2 are there"),
        ("UPDATE audit_seal SET digest = sha256('x') WHERE number = 3", "seal 3 is not signed with this key"),
        ("UPDATE audit_seal SET removal = sha256('x') WHERE number = 1", "removed by somebody without the key"),
        ("UPDATE audit_seal SET removal = signature WHERE number = 1", "removed by somebody without the key"),
    ],
)
async def test_whatever_its_owner_changes_is_found(trail, connection, tampering, found):
    await connection.execute(tampering)
    problems = (await verified(trail)).problems
    assert any(found in problem for problem in problems), problems


async def test_a_chain_made_anew_without_the_key_is_found(trail, connection):
    await connection.execute("UPDATE audit SET outcome = 'permit' WHERE id = 'c3'")
    await connection.execute("DELETE FROM audit_seal")
    forger = Sealing(trail, SealKey(b"f" * 32))
    assert await sealed(trail, forger) == 1
    assert "seal 1 is not signed with this key" in (await verified(trail)).problems


async def test_a_newest_seal_that_was_cut_off_shows_by_a_copy_of_its_digest(trail, connection):
    last = (await verified(trail)).last
    await connection.execute("DELETE FROM audit WHERE key > 4")
    await connection.execute("DELETE FROM audit_seal WHERE number = 3")
    assert (await verified(trail)).problems == ()
    async with trail.connection(None) as reading:
        assert await seals.digest(reading, last.number) is None
        assert await seals.digest(reading, 2) is not None


async def test_a_row_that_commits_late_is_waited_for_and_those_who_write_wait_for_nobody(database):
    sealing = Sealing(database, KEY)
    async with database.transaction(None) as slow:
        await record(slow, [row(0)])
        await asyncio.wait_for(write(database, row(1), row(2)), 5)
        for _ in range(3):
            assert await sealing.once() == 0
    assert await sealed(database, sealing) == 1
    found = await verified(database)
    assert (found.rows, found.unsealed, found.problems) == (3, 0, ())


async def test_rows_of_a_transaction_that_was_rolled_back_leave_a_gap_and_no_doubt(database):
    await write(database, row(0))
    async with database.connection(None) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await record(connection, [row(1), row(2)])
        await transaction.rollback()
    await write(database, row(3))
    assert await sealed(database) == 1
    assert (await verified(database)).rows == 2


async def test_several_sealers_among_writers_make_one_chain(database, monkeypatch):
    monkeypatch.setattr(seals, "MOST", 7)
    sealers = [Sealing(database, KEY) for _ in range(3)]

    async def writing(start):
        for number in range(start, start + 20):
            await write(database, row(number), row(number))

    async def sealing(each):
        for _ in range(15):
            await each.once()

    await asyncio.gather(*(writing(100 * part) for part in range(3)), *map(sealing, sealers))
    await sealed(database, sealers[0])
    found = await verified(database)
    assert (found.rows, found.unsealed, found.problems) == (120, 0, ())
    assert found.seals >= 120 // 14


async def test_the_service_can_neither_change_seals_nor_rows(trail, database_url):
    connection = await asyncpg.connect(database_url, server_settings={"role": ROLE})
    for forbidden in (
        "UPDATE audit SET outcome = ''",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE audit_seal SET count = 1",
        "DELETE FROM audit_seal",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    await connection.close()


async def test_only_whole_batches_are_removed_and_their_signed_seals_stay(trail, database_url):
    keeper = Database(database_url, size=2, role="kith_retention")
    await keeper.open()
    removed = []
    while True:
        async with keeper.transaction(None) as connection:
            # The second batch has a row of this very minute.
            done = await seals.remove(connection, NOW + timedelta(minutes=3), KEY)
        if done is None:
            break
        removed.append(done)
    async with keeper.connection(None) as connection:
        for forbidden in ("UPDATE audit SET outcome = ''", "UPDATE audit_seal SET digest = ''", "DELETE FROM resource"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
    await keeper.close()
    assert removed == [(1, 2)]
    found = await verified(trail)
    assert (found.seals, found.rows, found.removed, found.problems) == (3, 4, 2, ())


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "deep" / "seal-key"
    with pytest.raises(UnfitKeyError, match="seal-key"):
        from_file(path)
    made = from_file(path, make=True)
    assert path.stat().st_mode & 0o777 == 0o600
    again = from_file(path, make=True)
    assert again.agrees(b"sealed\0", b"x", made.sign(b"sealed\0", b"x"))
    assert not again.agrees(b"removed\0", b"x", made.sign(b"sealed\0", b"x"))
    assert [each.name for each in path.parent.iterdir()] == ["seal-key"]


@pytest.mark.parametrize("text", ["", "abc", "00" * 31, "zz" * 32, "00" * 33])
def test_a_file_that_holds_no_key_is_refused(tmp_path, text):
    path = tmp_path / "seal-key"
    path.write_text(text)
    with pytest.raises(UnfitKeyError, match="64 hexadecimal digits"):
        from_file(path, make=True)
