"""What PostgreSQL enforces by itself, whatever statement is sent: row-level security, and what alone crosses it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.storage.pool import ROLE, SET, Database
from app.storage.visibility import EVERYTHING, Visibility
from tests.conftest import running
from tests.record.examples import consent, create, name, nhs_number, patient, supporter, to

SECURED = ("resource", "resource_version", "nhs_number")
CROSSING = {
    "kith_facts",
    "kith_facts_of",
    "kith_people",
    "kith_guards",
    "kith_known",
    "kith_users",
    "kith_rekey",
    "kith_raise",
    "kith_raise_told",
    "kith_mask",
    # Whoever stores or withdraws an answer need not see the concern: they mark it, and tell nothing.
    "kith_answered",
    "kith_unanswered",
    "kith_hidden_answer",
    # What is too old goes, whoever's it is.
    "kith_forget_figures",
    "kith_disable",  # crosses nothing, and does what the role may not
}
# Whoever may see only these sees nothing of what is stored here.
NOTHING = (
    ("", "", ""),
    ("RX9", "3", ""),
    ("RX1", "3", "somebody-else"),
    ("rx1", "3", ""),
    ("RX1*", "3", ""),
    ("**", "3", ""),
)


@pytest.fixture(scope="module")
async def url(module_database_url: str) -> str:
    """A database that holds a patient, a supporter and a Consent of RX1."""
    async with running(module_database_url) as client:
        client.headers["NHSD-End-User-Organisation-ODS"] = "RX1"
        person = await create(client, patient(nhs_number()))
        friend = await create(client, supporter(to(person)))
        await create(client, consent(to(person), name(friend)))
    return module_database_url


@pytest.fixture
async def session(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A session of the service's role, without settings."""
    connection = await asyncpg.connect(url, server_settings={"role": ROLE})
    yield connection
    await connection.close()


async def counts(session: asyncpg.Connection) -> set[int]:
    return {await session.fetchval(f"SELECT count(*) FROM {table}") for table in SECURED}


async def test_a_session_without_settings_sees_nothing(session):
    assert await counts(session) == {0}


@pytest.mark.parametrize("settings", NOTHING, ids=str)
async def test_a_session_sees_what_it_is_set_to_and_no_more(session, settings):
    await session.execute(SET, *settings)
    assert await counts(session) == {0}


async def test_a_session_without_a_level_sees_no_resource(session):
    for level in ("-1", ""):
        await session.execute(SET, "RX1", level, "")
        assert {await session.fetchval(f"SELECT count(*) FROM {table}") for table in SECURED[:2]} == {0}


async def test_all_of_them_are_seen_by_who_may_see_all(session):
    await session.execute(SET, *EVERYTHING.settings)
    assert 0 not in await counts(session)


async def test_rows_are_neither_written_nor_taken_for_another_organisation(session):
    await session.execute(SET, *Visibility(frozenset({"RX1", "RX2"}), "RX2").settings)
    insert = "INSERT INTO resource (type, id, version, updated, organisation) VALUES ('Patient', 'x', 1, now(), $1)"
    for statement, *values in (
        (insert, "RX1"),
        ("UPDATE resource SET version = 9",),
        ("UPDATE resource SET organisation = 'RX2'",),
        ("INSERT INTO nhs_number (number, patient, organisation) VALUES ('1', 'x', 'RX1')",),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.execute(statement, *values)
    assert await session.execute("DELETE FROM nhs_number") == "DELETE 0"
    assert await session.execute("DELETE FROM resource") == "DELETE 0"


async def test_the_tables_have_policies_and_the_role_may_not_put_them_aside(session):
    enforced = "SELECT relrowsecurity AND NOT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE relname = $1"
    for table in (*SECURED, "kept_figures"):
        assert await session.fetchval(enforced, table), table
    assert not await session.fetchval("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = $1", ROLE)


async def test_only_the_named_functions_cross_and_none_can_be_led_astray(session):
    rows = await session.fetch(
        "SELECT p.proname, p.proconfig, p.proacl::text AS rights FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname = 'public'"
    )
    assert {row["proname"] for row in rows} == CROSSING
    for row in rows:
        settings = set(row["proconfig"]) - {"plan_cache_mode=force_generic_plan"}
        assert settings == {"search_path=pg_catalog, public, pg_temp"}, row["proname"]
        assert "kith_app=X" in row["rights"]
        assert "{=X" not in row["rights"]
        assert ",=X" not in row["rights"]


async def test_a_connection_is_set_once_for_callers_who_may_see_the_same(url, monkeypatch):
    database = Database(url, size=2)
    await database.open()
    one, other = Visibility(frozenset({"RX1"}), "RX1"), Visibility(frozenset({"RX2"}), "RX2")
    asked = "SELECT current_setting('kith.organisations'), pg_backend_pid()"
    sessions = set()
    for sees in (one, other) * 5:
        async with database.connection(sees) as connection:
            told, session = await connection.fetchrow(asked)
            assert told == sees.own
            sessions.add((told, session))
    # Two callers who alternate keep a connection each.
    assert len(sessions) == 2
    third = Visibility(frozenset({"RX3"}), "RX3")
    async with database.connection(third) as connection:
        assert (await connection.fetchrow(asked))[0] == "RX3"
    async with database.connection(one) as connection, database.connection(one) as second:
        assert {(await each.fetchrow(asked))[0] for each in (connection, second)} == {"RX1"}
    await database.close()


async def test_figures_are_kept_for_those_alone_who_see_the_same_of_the_record(session):
    keep = "INSERT INTO kept_figures (patient, seal, made, until, figures) VALUES ('p', '', 0, 1, '')"
    everybody = (EVERYTHING.settings, ("RX1", "3", ""), ("RX1", "2", ""), ("RX1,RX2", "3", ""), ("RX1", "3", "p"))
    for settings in everybody:
        await session.execute(SET, *settings)
        assert await session.fetchval("SELECT count(*) FROM kept_figures") == 0
        await session.execute(keep)
    for settings in everybody:
        await session.execute(SET, *settings)
        assert await session.fetchval("SELECT count(*) FROM kept_figures") == 1
        assert await session.execute("UPDATE kept_figures SET until = 2") == "UPDATE 1"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.execute("UPDATE kept_figures SET audience = 'other'")
    for settings in (*NOTHING, ("", "-1", "")):
        await session.execute(SET, *settings)
        assert await session.fetchval("SELECT count(*) FROM kept_figures") == 0
    await session.execute("SELECT kith_forget_figures(1)")
    await session.execute(SET, *EVERYTHING.settings)
    assert await session.fetchval("SELECT count(*) FROM kept_figures") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await session.execute("DELETE FROM kept_figures")
