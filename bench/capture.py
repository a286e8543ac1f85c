"""What Kith sends to PostgreSQL, without a PostgreSQL: its own code runs until a statement is due, which is kept.

The data of the benchmark and the bare service are made from this, so that both are always what Kith itself would
write and ask, whatever becomes of its statements.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from app.fhir.definition import Rules
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.record.context import Context, Policy
from app.record.draft import Draft
from app.record.write import version
from app.security.caller import Caller
from app.storage import resources, search, statements
from app.storage.audit import AuditQueue
from app.storage.audit_commit import AuditCommit
from app.storage.pool import Connection, Database
from app.storage.visibility import EVERYTHING

BASE = "http://localhost/FHIR/R4"
# A time well before any run, to the microsecond that the data is the same each time.
RECORDED = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
ELEMENT, ESCAPED = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>[^",{}]+)'), re.compile(r"\\(.)")
REQUEST_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and its values."""

    text: str
    values: tuple[Any, ...]

    def column(self, number: int) -> Any:
        """The value of $number, a list where it is a column as PostgreSQL writes it."""
        value = self.values[number - 1]
        return _column(value) if isinstance(value, str) and value.startswith("{") else value

    def rows(self, first: int, last: int) -> list[tuple[Any, ...]]:
        """The rows whose columns are $first to $last."""
        return list(zip(*(self.column(number) for number in range(first, last + 1)), strict=True))


class _Recorder:
    """Stands where a connection would, and keeps what it is given."""

    def __init__(self) -> None:
        self.statement = Statement("", ())

    async def fetch(self, text: str, *values: Any) -> list[dict[str, Any]]:
        self.statement = Statement(text, values)
        return [{"matches": 0, "key": None}]


async def created(resource: dict[str, Any], moment: datetime = RECORDED) -> Statement:
    """The statement of the creation of a valid resource under the id it has."""
    draft = Draft(BY_TYPE[resource["resourceType"]], resource, resource["id"], "POST", "create", 201)
    change = version(_context(moment), draft, alone=True)
    return Statement(statements.INSERT.text, tuple(resources.values(change, resources.reference_rows(change))))


async def searched(type_: str, pairs: list[tuple[str, str]]) -> Statement:
    """The statement of a search."""
    recorder = _Recorder()
    limits = query.Limits(Policy().default_count, Policy().max_count)
    asked = query.parse(pairs, BY_TYPE[type_], now=RECORDED, bases=(BASE,), limits=limits, lenient=False)
    await search.search(cast(Connection, recorder), asked, EVERYTHING)
    return recorder.statement


def _column(text: str) -> list[str | int | Decimal]:
    return [_element(found) for found in ELEMENT.finditer(text)]


def _element(found: re.Match[str]) -> str | int | Decimal:
    if found["number"] is None:
        return ESCAPED.sub(r"\1", found["text"])
    return Decimal(found["number"]) if "." in found["number"] else int(found["number"])


def _context(moment: datetime) -> Context:
    database = Database("", size=1)
    return Context(
        database=database,
        audit=AuditQueue(database, size=1),
        caller=Caller(request_id=REQUEST_ID, client="127.0.0.1"),
        rules=Rules(now=moment),
        policy=Policy(),
        base_url=BASE,
        bases=(BASE,),
        cursor_secret=b"",
        audit_commit=AuditCommit(database),
    )


def later(seconds: int) -> datetime:
    """RECORDED and so many seconds."""
    return RECORDED + timedelta(seconds=seconds)
