"""What was made of the rows of patients, for as long as the rows are the same (docs/decisions/0020).

Rows are compared as a whole, contents included: nothing has to be invalidated, and whatever was written makes other
rows. A process keeps as many patients as it is told to (KITH_KEPT_PATIENTS), those asked about last.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import asyncpg
import orjson

from app.sharing.facts import Facts, Policy, Record, Version

Rows = tuple[asyncpg.Record, ...]

# Up to how many bytes of content are kept of a patient, and of a single record.
LARGEST: Final = 32_000
LARGEST_RECORD: Final = 8_000
# Questions of callers who may see different things, or that name different things, are of different facts.
_FEW: Final = 4
# A patient has about as many records on which decisions rest.
_RECORDS: Final = 10
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


class Question(NamedTuple):
    """What facts are made by beside the rows: the Patient named `first`, the references `asked` about, and settings."""

    first: str
    asked: frozenset[str]
    bases: tuple[str, ...]
    policy: Policy


class Shelf:
    """What was made of one patient's rows: facts by the questions asked last, none older than what was written last."""

    def __init__(self) -> None:
        self._newest = _BEGINNING
        self._facts: list[tuple[Question, Rows, Facts]] = []

    def find(self, question: Question, rows: Rows) -> Facts | None:
        """What was made for this question of the very same rows."""
        for asked, of, facts in self._facts:
            if asked == question and of == rows:
                return facts
        return None

    def put(self, question: Question, rows: Rows, facts: Facts) -> None:
        # Of a key under which there is nothing, there is one row without a record.
        newest = max((row["updated"] for row in rows if row["updated"] is not None), default=_BEGINNING)
        if newest > self._newest:
            self._newest = newest
            self._facts.clear()
        self._facts = [*self._facts[1 - _FEW :], (question, rows, facts)]


class Slot:
    """What was read of one record, and of which rows."""

    def __init__(self) -> None:
        self._rows: Rows = ()
        self._record: Record | None = None

    def record(self, rows: Rows) -> Record:
        """The record of these rows, read anew only when they are others than the last time."""
        if self._record is None or self._rows != rows:
            self._rows, self._record = rows, record(rows)
        return self._record


class Kept:
    """What a process keeps: of so many `patients`, and of ten times as many records of these or others."""

    def __init__(self, patients: int) -> None:
        self.keep(patients)

    def keep(self, patients: int) -> None:
        """From now on so many; what was kept until now is let go."""
        self._shelf = lru_cache(patients)(lambda _key: Shelf())
        self._slot = lru_cache(patients * _RECORDS)(lambda _type, _id: Slot())

    def facts(self, question: Question, rows: Rows, make: Callable[[], Facts]) -> Facts:
        """The facts of the patient whose rows these are, made only when no such facts are kept."""
        if _size(rows) > LARGEST:
            return make()
        shelf = self._shelf(rows[0]["key"])
        found = shelf.find(question, rows)
        if found is None:
            found = make()
            shelf.put(question, rows, found)
        return found

    def record(self, rows: Rows) -> Record:
        """The record of which these are all versions, read only when it is not kept."""
        if _size(rows) > LARGEST_RECORD:
            return record(rows)
        return self._slot(rows[0]["type"], rows[0]["id"]).record(rows)


def _size(rows: Rows) -> int:
    return sum([len(row["content"] or b"") for row in rows])


def record(rows: Rows) -> Record:
    """A record of the rows of its versions."""
    versions = tuple(Version(row["version"], row["updated"], _content(row), row["organisation"]) for row in rows)
    return Record(rows[0]["type"], rows[0]["id"], versions)


def _content(row: asyncpg.Record) -> dict[str, Any] | None:
    return None if row["content"] is None else orjson.loads(row["content"])
