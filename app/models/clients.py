"""The tables of who may call: registered clients, their public keys, and the keys that sign what they are given.

The role of the service may read clients and disable one, by a function: registering is for whoever owns the tables.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlmodel import Field, SQLModel


def _text(*, key: bool = False, empty: bool = False) -> Column[str]:
    return Column(Text, primary_key=key, nullable=False, server_default=text("''") if empty else None)


def _boolean(default: str) -> Column[bool]:
    return Column(Boolean, nullable=False, server_default=text(default))


def _time(*, optional: bool = False) -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=optional)


class Client(SQLModel, table=True):
    """A system that may call: for which organisation (ODS code), whose records it sees besides, with which scopes.

    Access tokens that were made before `tokens_from` are not taken any more.
    """

    __tablename__ = "client"
    id: str = Field(sa_column=_text(key=True))
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    organisation: str = Field(sa_column=_text())
    sees: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'")))
    scopes: str = Field(sa_column=_text())
    facing: str = Field(sa_column=_text())
    facing_patient: str = Field(sa_column=_text(empty=True))
    sandbox: bool = Field(sa_column=_boolean("false"))
    enabled: bool = Field(sa_column=_boolean("true"))
    made: datetime = Field(sa_column=_time())
    tokens_from: datetime = Field(sa_column=_time())


class ClientKey(SQLModel, table=True):
    """A public key of a client (a JWK), until a time when it was replaced."""

    __tablename__ = "client_key"
    client: str = Field(sa_column=_text(key=True))
    kid: str = Field(sa_column=_text(key=True))
    jwk: str = Field(sa_column=Column(JSON, nullable=False))
    until: datetime | None = Field(default=None, sa_column=_time(optional=True))


class UsedAssertion(SQLModel, table=True):
    """A client assertion that was used, as the hash of its jti, kept until it would have expired anyway."""

    __tablename__ = "used_assertion"
    __table_args__ = (Index("used_assertion_expires", "expires"),)
    client: str = Field(sa_column=_text(key=True))
    jti: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    expires: datetime = Field(sa_column=_time())


class SigningKey(SQLModel, table=True):
    """A key that signs access tokens, one a period, so that workers who make one at once make the same."""

    __tablename__ = "signing_key"
    period: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kid: str = Field(sa_column=_text())
    private: str = Field(sa_column=Column(JSON, nullable=False))
    made: datetime = Field(sa_column=_time())
