"""The tables of search keys, those of current versions.

They are kept by patient like the record itself: see docs/decisions/0003-keys-by-patient.md.
"""

from decimal import Decimal

from sqlalchemy import BigInteger, Column, Index, Integer, Numeric, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import word


class SearchKey(SQLModel):
    """What every key has: `resource` is Resource.key, `number` counts the keys of one resource within one table."""

    resource: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(sa_type=Integer, primary_key=True, sa_column_kwargs={"autoincrement": False})
    patient: str = Field(sa_type=Text(collation="C"), sa_column_kwargs={"server_default": text("''")})
    parameter: str = Field(sa_type=Text(collation="C"))


class SearchToken(SearchKey, table=True):
    """Codes, identifiers and booleans. `parameter` is "Consent.status"; `system` is '' when there is none.

    Keys of Kith's own, which no search asks for, have a parameter without a type (app/involvement/concerns.py).
    """

    __tablename__ = "search_token"
    # With `resource` third, the matches of one code come in the order of pages, however many there are.
    __table_args__ = (Index("search_token_code", "parameter", "code", "resource", "system"),)
    system: str = Field(sa_column=word())
    code: str = Field(sa_column=word())


class SearchString(SearchKey, table=True):
    """Names and addresses: `value` folded (case, accents, punctuation), `exact` as written."""

    __tablename__ = "search_string"
    __table_args__ = (Index("search_string_value", "parameter", "value"),)
    value: str = Field(sa_column=word())
    exact: str = Field(sa_column=word())


class SearchDate(SearchKey, table=True):
    """Instants as [low, high) in microseconds since 1970-01-01T00:00:00Z; an open end is the extreme of a bigint.

    Keys of Kith's own have the name of a worklist (app/involvement/due.py).
    """

    __tablename__ = "search_date"
    # With `resource` third, they come in the order of a search sorted by them, from either end.
    __table_args__ = (
        Index("search_date_low", "parameter", "low", "resource", "high"),
        Index("search_date_high", "parameter", "high", "resource", "low"),
    )
    low: int = Field(sa_column=Column(BigInteger, nullable=False))
    high: int = Field(sa_column=Column(BigInteger, nullable=False))


class SearchReference(SearchKey, table=True):
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
    target_type: str = Field(sa_column=word())
    target_id: str = Field(sa_column=word())
    url: str = Field(sa_column=word())
    system: str = Field(sa_column=word())
    value: str = Field(sa_column=word())


class SearchUri(SearchKey, table=True):
    """URIs and canonical URLs, matched whole."""

    __tablename__ = "search_uri"
    __table_args__ = (Index("search_uri_value", "parameter", "value"),)
    value: str = Field(sa_column=word())


class SearchQuantity(SearchKey, table=True):
    """Numbers as [low, high], with the system and code of their unit; `part` is the first half of a composite."""

    __tablename__ = "search_quantity"
    __table_args__ = (Index("search_quantity_low", "parameter", "low", "resource", "high"),)
    low: Decimal = Field(sa_column=Column(Numeric, nullable=False))
    high: Decimal = Field(sa_column=Column(Numeric, nullable=False))
    system: str = Field(sa_column=word())
    code: str = Field(sa_column=word())
    part: str = Field(sa_column=word())
