"""The values of a statement: each becomes a numbered parameter, so that nothing a caller sends is ever SQL."""

from typing import Any, Literal

SqlType = Literal["text", "text[]", "bigint", "bigint[]", "numeric", "timestamptz"]


class Bound:
    """Collects values; calling it with one gives the SQL that stands for it.

    Texts of statements depend on what kind of values there are and never on the values, so that PostgreSQL and the
    driver meet the same few statements again and again, and keep their plans.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []

    def __call__(self, value: Any, type_: SqlType = "text") -> str:
        self.values.append(value)
        return f"${len(self.values)}::{type_}"
