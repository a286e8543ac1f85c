"""The tables of the record. Rows only: what the API shows is built elsewhere.

Every row that can belong to a patient carries that patient's key (the id of the Patient that the record is kept
under, '' when it is of no patient), so that a patient's data can be partitioned or moved together: see
docs/decisions/0003-keys-by-patient.md. The search tables hold the keys of current versions: `resource` is
Resource.key and `number` counts the keys of one resource within one table.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlmodel import Field, SQLModel


def _key() -> Column[int]:
    return Column(BigInteger, Identity(always=True), primary_key=True)


def _text(*, collation: str | None = None) -> Column[str]:
    return Column(Text(collation=collation), nullable=False, server_default=text("''"))


def _level() -> Column[int]:
    return Column(SmallInteger, nullable=False, server_default=text("2"))


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
    )
    key: int | None = Field(default=None, sa_column=_key())
    type: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    id: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    patient: str = Field(sa_column=_text(collation="C"))
    organisation: str = Field(sa_column=_text(collation="C"))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    updated: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    deleted: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    content: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    level: int = Field(sa_column=_level())
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
    patient: str = Field(sa_column=_text(collation="C"))
    organisation: str = Field(sa_column=_text(collation="C"))
    updated: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    method: str = Field(sa_column=Column(Text, nullable=False))
    content: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    level: int = Field(sa_column=_level())
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


class SearchToken(SQLModel, table=True):
    """Codes, identifiers and booleans. `parameter` is "Consent.status"; `system` is '' when there is none."""

    __tablename__ = "search_token"
    # With `resource` third, the matches of one code come in the order of pages, however many there are.
    __table_args__ = (Index("search_token_code", "parameter", "code", "resource", "system"),)
    resource: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    patient: str = Field(sa_column=_text(collation="C"))
    parameter: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    system: str = Field(sa_column=_text(collation="C"))
    code: str = Field(sa_column=_text(collation="C"))


class SearchString(SQLModel, table=True):
    """Names and addresses: `value` folded (case, accents, punctuation), `exact` as written."""

    __tablename__ = "search_string"
    __table_args__ = (Index("search_string_value", "parameter", "value"),)
    resource: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    patient: str = Field(sa_column=_text(collation="C"))
    parameter: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    value: str = Field(sa_column=_text(collation="C"))
    exact: str = Field(sa_column=_text(collation="C"))


class SearchDate(SQLModel, table=True):
    """Instants as [low, high) in microseconds since 1970-01-01T00:00:00Z; an open end is the extreme of a bigint."""

    __tablename__ = "search_date"
    # With `resource` third, they come in the order of a search sorted by them, from either end.
    __table_args__ = (
        Index("search_date_low", "parameter", "low", "resource", "high"),
        Index("search_date_high", "parameter", "high", "resource", "low"),
    )
    resource: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    patient: str = Field(sa_column=_text(collation="C"))
    parameter: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    low: int = Field(sa_column=Column(BigInteger, nullable=False))
    high: int = Field(sa_column=Column(BigInteger, nullable=False))


class SearchReference(SQLModel, table=True):
    """References: to a resource here (`target_type`, `target_id`), elsewhere (`url`), or by identifier.

    A reference to a patient holds the patient key, however it was written. Parameter "Consent" alone marks a
    reference that no search parameter covers; it is kept for referential integrity.
    """

    __tablename__ = "search_reference"
    __table_args__ = (
        Index("search_reference_target", "target_id", "target_type", "parameter"),
        Index("search_reference_url", "parameter", "url", postgresql_where=text("url <> ''")),
        Index("search_reference_identifier", "parameter", "value", "system", postgresql_where=text("value <> ''")),
        # References to patients whose NHS number nobody has yet.
        Index(
            "search_reference_unknown",
            "value",
            postgresql_where=text(
                "target_type = 'Patient' AND target_id = '' AND system = 'https://fhir.nhs.uk/Id/nhs-number'"
            ),
        ),
    )
    resource: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    patient: str = Field(sa_column=_text(collation="C"))
    parameter: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    target_type: str = Field(sa_column=_text(collation="C"))
    target_id: str = Field(sa_column=_text(collation="C"))
    url: str = Field(sa_column=_text(collation="C"))
    system: str = Field(sa_column=_text(collation="C"))
    value: str = Field(sa_column=_text(collation="C"))


class SearchUri(SQLModel, table=True):
    """URIs and canonical URLs, matched whole."""

    __tablename__ = "search_uri"
    __table_args__ = (Index("search_uri_value", "parameter", "value"),)
    resource: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    patient: str = Field(sa_column=_text(collation="C"))
    parameter: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    value: str = Field(sa_column=_text(collation="C"))


class SearchQuantity(SQLModel, table=True):
    """Numbers as [low, high], with the system and code of their unit; `part` is the first half of a composite."""

    __tablename__ = "search_quantity"
    __table_args__ = (Index("search_quantity_low", "parameter", "low", "resource", "high"),)
    resource: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    patient: str = Field(sa_column=_text(collation="C"))
    parameter: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    low: Decimal = Field(sa_column=Column(Numeric, nullable=False))
    high: Decimal = Field(sa_column=Column(Numeric, nullable=False))
    system: str = Field(sa_column=_text(collation="C"))
    code: str = Field(sa_column=_text(collation="C"))
    part: str = Field(sa_column=_text(collation="C"))


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
    key: int | None = Field(default=None, sa_column=_key())
    recorded: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    interaction: str = Field(sa_column=Column(Text, nullable=False))
    type: str = Field(sa_column=_text(collation="C"))
    id: str = Field(sa_column=_text(collation="C"))
    version: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("0")))
    patient: str = Field(sa_column=_text(collation="C"))
    status: int = Field(sa_column=Column(Integer, nullable=False))
    outcome: str = Field(sa_column=_text())
    query: str = Field(sa_column=_text())
    client: str = Field(sa_column=_text())
    organisation: str = Field(sa_column=_text())
    user_role: str = Field(sa_column=_text())
    request_id: str = Field(sa_column=_text())
    correlation_id: str = Field(sa_column=_text())
    detail: str | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class ServiceSecret(SQLModel, table=True):
    """Random keys that every worker must share, made when the schema was: the signing key of search cursors."""

    __tablename__ = "service_secret"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


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


class Progress(SQLModel, table=True):
    """How far something that goes through the record in the background has come: all that was stored before `seen`."""

    __tablename__ = "progress"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    seen: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
