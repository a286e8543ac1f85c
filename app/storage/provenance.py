"""What stored Provenances are about: whether there are such versions, and who may read of them."""

from collections.abc import Collection
from typing import Final

from app.storage.pool import Connection

Version = tuple[str, str, int]  # type, id, version

_MISSING: Final = """
SELECT w.type, w.id, w.version FROM unnest($1::text[], $2::text[], $3::int[]) w(type, id, version)
WHERE NOT EXISTS (
    SELECT FROM resource_version r WHERE r.type = w.type AND r.id = w.id AND r.version = w.version)
"""


async def missing(connection: Connection, versions: Collection[Version]) -> set[Version]:
    """Those of the versions that there are not, or that the caller may not see."""
    types, ids, numbers = (list(column) for column in zip(*versions, strict=True))
    return {(row["type"], row["id"], row["version"]) for row in await connection.fetch(_MISSING, types, ids, numbers)}


async def hide_with(connection: Connection, names: Collection[tuple[str, str]]) -> None:
    """Raises the level of the Provenances about these resources to that of the resources, where it is lower."""
    if names:
        types, ids = (list(column) for column in zip(*names, strict=True))
        await connection.execute("SELECT kith_raise_told($1, $2)", types, ids)
