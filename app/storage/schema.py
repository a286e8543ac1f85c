"""The schema of the database against the one this code was written for: compared, and brought up to date.

To compare takes one question to the database; what changes a schema (app/storage/migrating.py) is imported when one
has to change, for that alone takes longer than the start of a service.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import asyncpg

from app.refusal import Refusal

Standing = Literal["empty", "foreign", "older", "current", "newer"]

_REVISION: Final = "SELECT version_num FROM alembic_version"
_TABLES: Final = "SELECT array_agg(tablename::text) FROM pg_tables WHERE schemaname = current_schema()"
_CONNECT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Schema:
    """How a database stands to this code.

    empty: no tables at all; foreign: tables, none of them Kith's; older, current, newer: than what the code expects.
    """

    standing: Standing
    revision: str
    expected: str


def migrations() -> Path:
    """The folder of the migrations: inside the package where it is installed, beside it in a clone."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "alembic"
    return installed if installed.is_dir() else package.parent / "alembic"


def revisions() -> list[str]:
    """The revisions that this code knows, the first first: their files are named so."""
    return sorted(path.name.partition("_")[0] for path in (migrations() / "versions").glob("[0-9]*.py"))


@asynccontextmanager
async def reached(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a postgresql:// address. Raises Refusal when there is none to be had."""
    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        reason = str(error).split("\n", 1)[0] or type(error).__name__
        raise Refusal(f"the database cannot be reached: {reason}") from None
    try:
        yield connection
    finally:
        await connection.close()


async def compare(url: str) -> Schema:
    """How the database at `url` stands to this code. Raises Refusal when it cannot be reached."""
    known = revisions()
    async with reached(url) as connection:
        try:
            tables = set(await connection.fetchval(_TABLES) or ())
            found = await connection.fetchval(_REVISION) if "alembic_version" in tables else None
        except asyncpg.PostgresError as error:
            reason = str(error).split("\n", 1)[0]
            raise Refusal(
                f"the database does not show its schema: {reason} (is its account a member of kith_app?)"
            ) from error
    return Schema(_standing(found, tables - {"alembic_version"}, known), found or "", known[-1])


def _standing(revision: str | None, tables: set[str], known: list[str]) -> Standing:
    if not revision:
        return "foreign" if tables else "empty"
    if revision not in known:
        return "newer"
    return "current" if revision == known[-1] else "older"


async def upgrade(url: str) -> Schema:
    """Brings the schema up to date, all or nothing, one caller at a time, and says how it stands then.

    Raises Refusal when the database cannot be reached, is of something else, or is newer than this code.
    """
    found = await compare(url)
    if found.standing == "current":
        return found
    from app.storage import migrating

    async with migrating.turn(url) as connection:
        found = await compare(url)
        if found.standing in {"foreign", "newer"}:
            raise Refusal(refusal(found))
        if found.standing != "current":
            await migrating.upgrade(connection)
    return await compare(url)


def refusal(schema: Schema) -> str:
    """What stands in the way of serving from a database whose schema is not current."""
    return {
        "empty": "the database is empty: run `kith migrate`",
        "foreign": "the database holds tables that are not Kith's: give Kith a database of its own",
        "older": f"the database has schema {schema.revision}, this Kith needs {schema.expected}: run `kith migrate`",
        "newer": f"the database has schema {schema.revision}, which this Kith ({schema.expected}) does not know: "
        "it was migrated by a newer Kith; start that one, or restore a backup",
        "current": "",
    }[schema.standing]
