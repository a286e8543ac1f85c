"""`kith audit verify`, `remove` and `export`, as an auditor at a terminal has them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from typer.testing import CliRunner

from app.cli import kith
from app.security import seal_key
from app.storage.pool import Database
from app.storage.sealing import Sealing
from tests.storage.test_seals import row, sealed, write

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

LONG_AGO = datetime(2010, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
async def key_file(tmp_path):
    seal_key.from_file(tmp_path / "seal-key", make=True)
    return tmp_path / "seal-key"


@pytest.fixture
async def trail(database_url, key_file):
    """One sealed batch of long ago, and one of now."""
    database = Database(database_url, size=2)
    await database.open()
    sealing = Sealing(database, seal_key.from_file(key_file))
    await write(database, row(1, recorded=LONG_AGO, patient="anna"), row(2, recorded=LONG_AGO + timedelta(hours=1)))
    assert await sealed(database, sealing) == 1
    await write(database, row(3, recorded=datetime.now(UTC)))
    assert await sealed(database, sealing) == 1
    await database.close()


@pytest.fixture
def run(trail, database_url, key_file):
    settings = {"KITH_DATABASE_URL": database_url, "KITH_SEAL_KEY_FILE": str(key_file)}

    def running(*arguments, **changed):
        return CliRunner(env=settings | changed).invoke(kith, ["audit", *arguments])

    return running


async def owner(url, statement):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def said(ended, code, *words):
    assert ended.exit_code == code, ended.output
    for word in words:
        assert word in ended.output, ended.output


async def in_thread(work, *arguments, **changed):
    """The command runs an event loop of its own, so it needs a thread of its own beside the test's."""
    return await asyncio.to_thread(work, *arguments, **changed)


async def test_a_trail_is_verified_and_the_last_seal_can_be_asked_for_later(run, database_url):
    first = await in_thread(run, "verify")
    said(first, 0, "2 seals over 3 rows; 0 rows were removed", "0 rows are not sealed yet")
    last = first.stdout.splitlines()[-1]
    assert last.startswith("2:")
    said(await in_thread(run, "verify", "--expect", last), 0)
    said(await in_thread(run, "verify", "--expect", "2:00"), 1, "seal 2:00 is not there")
    said(await in_thread(run, "verify", "--expect", "x"), 1, "seal x is not there")
    assert await owner(database_url, "SELECT count(*) FROM audit WHERE interaction = 'audit-verify'") == 4


async def test_a_changed_row_ends_with_one_and_says_where(run, database_url):
    await owner(database_url, "UPDATE audit SET patient = 'bert' WHERE patient = 'anna'")
    said(await in_thread(run, "verify"), 1, "kith: seal 1: rows with keys 1 to 2 are not as they were")


async def test_old_batches_are_removed_and_the_chain_still_holds(run, database_url):
    said(await in_thread(run, "remove", "--before", "2015-01-01"), 0, "2 rows were removed")
    said(await in_thread(run, "verify"), 0, "2 rows were removed when their time had come")
    said(await in_thread(run, "remove", "--before", "2015-01-01"), 0, "0 rows were removed")
    assert await owner(database_url, "SELECT outcome FROM audit WHERE interaction = 'audit-remove'") == "seal 1: 2 rows"


async def test_what_has_to_be_kept_is_not_removed(run, database_url):
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    said(await in_thread(run, "remove", "--before", today), 1, "KITH_AUDIT_KEEP_DAYS")
    assert await owner(database_url, "SELECT count(*) FROM audit") == 3


async def test_without_the_key_nothing_is_verified(run, tmp_path):
    said(await in_thread(run, "verify", KITH_SEAL_KEY_FILE=str(tmp_path / "none")), 1, "the key of the audit trail")
    assert not (tmp_path / "none").exists()


async def test_events_of_some_days_are_exported_a_line_each(run):
    exported = await in_thread(run, "export", "--since", "2010-05-01", "--until", "2010-05-02")
    assert exported.exit_code == 0, exported.output
    events = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [event["resourceType"] for event in events] == ["AuditEvent"] * 2
    assert [event["recorded"][:13] for event in events] == ["2010-05-01T12", "2010-05-01T13"]
