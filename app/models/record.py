"""The tables of the record. Rows only: what the API shows is built elsewhere.

Every row that can belong to a patient carries that patient's key (the id of the Patient that the record is kept
under, '' when it is of no patient), so that a patient's data can be partitioned or moved together: see
docs/decisions/0003-keys-by-patient.md.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSON
from sqlmodel import Field, SQLModel

from app.models.columns import key, level, word

# What restricts or refuses somebody, so that a new supporter is looked at before he stands in the record.
GUARDING = """patient <> '' AND (type = 'Flag' OR (type = 'Consent' AND content::text LIKE '%"deny"%'))"""


class Resource(SQLModel, table=True):
    """The current version of each resource; a deleted one stays as a row without content.

    `organisation` wrote it first. Only callers of its `level` or above see it at all (app/fhir/levels.py). Where
    `content` is masked, `whole` is what was written: for callers from the level `whole_from` up, and from
    `masked_until` on for all.
    """

    __tablename__ = "resource"
    __table_args__ = (
        Index("resource_type_id", "type", "id", unique=True),
        Index("resource_type_key", "type", "key"),
        Index("resource_type_updated", "type", "updated", "key"),
        Index("resource_patient_type", "patient", "type", "key", postgresql_where=text("patient <> ''")),
        Index("resource_guarding", "patient", postgresql_where=text(GUARDING)),
    )
    key: int | None = Field(default=None, sa_column=key())
    type: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    id: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    patient: str = Field(sa_column=word())
    organisation: str = Field(sa_column=word())
    version: int = Field(sa_column=Column(Integer, nullable=False))
    updated: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    deleted: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    content: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    level: int = Field(sa_column=level())
    whole: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    whole_from: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    masked_until: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


class ResourceVersion(SQLModel, table=True):
    """Every version of every resource, for vread and history; `content` is null for a deletion."""

    __tablename__ = "resource_version"
    __table_args__ = (
        Index("resource_version_type", "type", "sequence"),
        Index("resource_version_patient", "patient", "type", postgresql_where=text("patient <> ''")),
    )
    type: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    version: int = Field(sa_column=Column(Integer, primary_key=True))
    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    patient: str = Field(sa_column=word())
    organisation: str = Field(sa_column=word())
    updated: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    method: str = Field(sa_column=Column(Text, nullable=False))
    content: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    level: int = Field(sa_column=level())
    whole: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    whole_from: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    masked_until: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


class NhsNumber(SQLModel, table=True):
    """Which patient key an NHS number stands for within an organisation: at most one, whatever the order of arrival."""

    __tablename__ = "nhs_number"
    __table_args__ = (Index("nhs_number_patient", "patient"),)
    number: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    organisation: str = Field(
        sa_column=Column(Text(collation="C"), primary_key=True, nullable=False, server_default=text("''"))
    )
    patient: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
