"""The tables of the audit trail and of its seals: rows are only ever inserted."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSON
from sqlmodel import Field, SQLModel

from app.models.columns import key, prose, word


class Audit(SQLModel, table=True):
    """One interaction each: who, what, which version, how it ended. Only ever inserted.

    `detail` holds what an interaction of its own kind has to tell beyond that.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_recorded", "recorded"),
        Index("audit_patient", "patient", "recorded", postgresql_where=text("patient <> ''")),
        Index(
            "audit_patients",
            text("((detail -> 'patients')::jsonb)"),
            postgresql_using="gin",
            postgresql_where=text("(detail -> 'patients') IS NOT NULL"),
        ),
    )
    key: int | None = Field(default=None, sa_column=key())
    recorded: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    interaction: str = Field(sa_column=Column(Text, nullable=False))
    type: str = Field(sa_column=word())
    id: str = Field(sa_column=word())
    version: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("0")))
    patient: str = Field(sa_column=word())
    status: int = Field(sa_column=Column(Integer, nullable=False))
    outcome: str = Field(sa_column=prose())
    query: str = Field(sa_column=prose())
    client: str = Field(sa_column=prose())
    organisation: str = Field(sa_column=prose())
    user_role: str = Field(sa_column=prose())
    request_id: str = Field(sa_column=prose())
    correlation_id: str = Field(sa_column=prose())
    detail: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class AuditSeal(SQLModel, table=True):
    """What a batch of audit rows looked like when it was sealed, chained to the seal before.

    It covers the rows with keys over `after` up to `through`, `count` of them, the `newest` recorded then. `removal`
    is the signature over their removal once they are older than they have to be kept; the seal stays.
    """

    __tablename__ = "audit_seal"
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    after: int = Field(sa_column=Column(BigInteger, nullable=False))
    through: int = Field(sa_column=Column(BigInteger, nullable=False))
    count: int = Field(sa_column=Column(Integer, nullable=False))
    newest: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    sealed: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    removal: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
