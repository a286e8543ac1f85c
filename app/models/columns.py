"""Columns that many tables have alike."""

from sqlalchemy import BigInteger, Column, Identity, SmallInteger, Text, text


def key() -> Column[int]:
    """A number that PostgreSQL gives."""
    return Column(BigInteger, Identity(always=True), primary_key=True)


def word() -> Column[str]:
    """A code or id, compared byte by byte, '' when there is none."""
    return Column(Text(collation="C"), nullable=False, server_default=text("''"))


def prose() -> Column[str]:
    """Text, '' when there is none."""
    return Column(Text, nullable=False, server_default=text("''"))


def level() -> Column[int]:
    """Who may see a row at all (app/fhir/levels.py)."""
    return Column(SmallInteger, nullable=False, server_default=text("2"))
