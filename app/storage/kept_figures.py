"""The figures of patients that were worked out before, where they are what would be worked out now.

They are of the very same rows, as the caller sees them now, by the same program and settings; and of a time since which
nothing has come that they asked for (docs/decisions/0024).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final, NamedTuple

from asyncpg import Record

from app.storage.patient_rows import PatientRows
from app.storage.pool import Connection

# Row-level security leaves those of callers who may see the very same.
_FIND: Final = """
SELECT k.patient, k.seal, k.made, k.until, k.figures FROM kept_figures k
WHERE k.patient = ANY ($1) AND k.audience = kith_audience() AND k.made <= $2 AND k.until > $2
"""
_KEEP: Final = """
INSERT INTO kept_figures (patient, seal, made, until, figures)
SELECT f.patient, f.seal, $1, f.until, f.figures
FROM unnest($2::text[], $3::bytea[], $4::bigint[], $5::bytea[]) AS f(patient, seal, until, figures)
ON CONFLICT (patient, audience) DO UPDATE
SET seal = EXCLUDED.seal, made = EXCLUDED.made, until = EXCLUDED.until, figures = EXCLUDED.figures, stored = now()
"""
_FORGET: Final = "SELECT kith_forget_figures($1)"
# Which references are to this service is asked of those alone that are whole addresses.
_ADDRESS: Final = re.compile(rb'"reference"\s*:\s*"http')


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures are made by beside rows: `made_by` is a digest of program and settings, `now` in microseconds.

    `bases` are the names of [base].
    """

    made_by: bytes
    now: int
    bases: tuple[str, ...]


class Figures(NamedTuple):
    """What was worked out of rows, by their digest; it stays so before `until` (microseconds)."""

    patient: str
    digest: bytes
    until: int
    figures: bytes


async def in_place_of_rows(connection: Connection, patients: Sequence[PatientRows], basis: Basis) -> list[PatientRows]:
    """The same patients, each with the figures that are kept, or with rows and their digest."""
    found = await connection.fetch(_FIND, [one.key for one in patients], basis.now)
    kept = {row["patient"]: row for row in found}
    return [_either(rows, _digest(rows, basis), kept.get(rows.key)) for rows in patients]


async def keep(connection: Connection, basis: Basis, figures: Iterable[Figures], days: int) -> None:
    """Keeps what was worked out, in the place of what was kept of these patients; of others nothing that is older."""
    rows = [
        (one.patient, _seal(one.digest, basis.now, one.until, one.figures), one.until, one.figures) for one in figures
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    await connection.execute(_KEEP, basis.now, *columns)
    await connection.execute(_FORGET, days)


def _digest(rows: PatientRows, basis: Basis) -> bytes:
    found = blake2b(len(rows.records).to_bytes(8), key=basis.made_by, digest_size=32)
    found.update(rows.records)
    found.update(rows.versions)
    if _ADDRESS.search(rows.records) or _ADDRESS.search(rows.versions):
        found.update(" ".join(basis.bases).encode())
    return found.digest()


def _either(rows: PatientRows, digest: bytes, kept: Record | None) -> PatientRows:
    if kept is not None and kept["seal"] == _seal(digest, kept["made"], kept["until"], kept["figures"]):
        return PatientRows(rows.key, figures=kept["figures"])
    return replace(rows, digest=digest)


def _seal(digest: bytes, made: int, until: int, figures: bytes) -> bytes:
    """Of the rows, the time and the figures: none of them is another than when they were made."""
    return blake2b(b"%d %d " % (made, until) + figures, key=digest, digest_size=32).digest()
