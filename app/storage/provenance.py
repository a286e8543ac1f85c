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

_HIDE_ABOUT: Final = """
SELECT kith_raise_told(ARRAY(
    SELECT k.resource FROM search_reference k
    WHERE k.parameter = 'Provenance.target' AND k.target_type = $1 AND k.target_id = $2))
"""


async def missing(connection: Connection, versions: Collection[Version]) -> set[Version]:
    """Those of the versions that there are not, or that the caller may not see."""
    types, ids, numbers = (list(column) for column in zip(*versions, strict=True))
    return {(row["type"], row["id"], row["version"]) for row in await connection.fetch(_MISSING, types, ids, numbers)}


async def hide(connection: Connection, key: int) -> None:
    """Raises the level of one Provenance to that of what it is about, where it is lower."""
    await connection.execute("SELECT kith_raise_told(ARRAY[$1::bigint])", key)


async def hide_about(connection: Connection, type_: str, id_: str) -> None:
    """Raises the level of the Provenances about a resource to that of the resource, where it is lower."""
    await connection.execute(_HIDE_ABOUT, type_, id_)
