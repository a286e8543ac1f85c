"""Turns: transactions that decide by a search whether to write take them one after the other.

A turn is a lock of PostgreSQL on a text, which its transaction keeps until it ends.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Turns:
    """What to wait for: `shared` among those who have it as shared, `alone` from all others.

    `ids` and `numbers` name patients, each in every way in which others may name the same one; the turn is then on
    the record of that patient within a `type`.
    """

    shared: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    patients: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # type, id or NHS number

    def __or__(self, other: "Turns") -> "Turns":
        return Turns(self.shared | other.shared, self.alone | other.alone, self.patients | other.patients)


# Locks are taken in one order, so that nobody waits for somebody who waits for him.
TAKE = """
WITH given AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) AS g(type, name)),
known AS MATERIALIZED (
    SELECT g.type, r.patient AS key FROM given g JOIN resource r ON r.type = 'Patient' AND r.id = g.name
    UNION
    SELECT g.type, n.patient FROM given g JOIN nhs_number n ON n.number = g.name
),
name AS (
    SELECT type, name FROM given
    UNION
    SELECT type, key FROM known
    UNION
    SELECT k.type, n.number FROM known k JOIN nhs_number n ON n.patient = k.key
),
turn AS (
    SELECT hashtextextended(name, 0) AS hash, false AS alone FROM unnest($3::text[]) AS shared(name)
    UNION ALL
    SELECT hashtextextended(name, 0), true FROM unnest($4::text[]) AS alone(name)
    UNION ALL
    SELECT hashtextextended(format('%s of patient %s', type, name), 0), true FROM name
)
SELECT CASE WHEN t.alone THEN pg_advisory_xact_lock(t.hash) ELSE pg_advisory_xact_lock_shared(t.hash) END
FROM (SELECT hash, bool_or(alone) AS alone FROM turn GROUP BY hash ORDER BY hash) t
"""


async def take(connection: Connection, turns: Turns) -> None:
    """Waits for these turns; they are this transaction's until it ends."""
    await connection.execute(TAKE, *_columns(turns.patients), sorted(turns.shared), sorted(turns.alone))


def _columns(names: Collection[tuple[str, str]]) -> list[list[str]]:
    return [[type_ for type_, _ in names], [name for _, name in names]]
