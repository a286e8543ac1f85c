"""Columns of values are read by PostgreSQL as they were written."""

from decimal import Decimal

import asyncpg
import pytest

from app.storage.columns import columns, taken

AWKWARD = [
    "",
    " ",
    "NULL",
    "null",
    'O"Brien',
    "back\\slash",
    "\\",
    "{",
    "}",
    ",",
    "a,b",
    "line\nbreak",
    "\t",
    "é",
    "😀",
    "\\n",
]


async def _read(url: str, types: str, rows: list[tuple[str | int | Decimal, ...]]) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        width = len(types.split())
        found = await connection.fetch(f"SELECT * FROM unnest({taken(1, types)})", *columns(rows, width))
    finally:
        await connection.close()
    return [tuple(record) for record in found]


async def test_whatever_a_text_holds_comes_back_as_it_is(module_database_url: str) -> None:
    rows: list[tuple[str | int | Decimal, ...]] = [(text, text + "x") for text in AWKWARD]
    assert await _read(module_database_url, "text text", rows) == rows


async def test_numbers_come_back_to_the_last_digit(module_database_url: str) -> None:
    rows: list[tuple[str | int | Decimal, ...]] = [
        (number, Decimal(text))
        for number, text in ((-(2**63), "1E-17"), (0, "-0.10"), (2**63 - 1, "12345678901234567890.5"))
    ]
    assert await _read(module_database_url, "bigint numeric", rows) == rows


@pytest.mark.parametrize("width", [1, 3])
async def test_of_no_rows_there_is_none(module_database_url: str, width: int) -> None:
    assert await _read(module_database_url, " ".join(["text"] * width), []) == []
