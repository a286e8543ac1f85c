"""The tables that the service keeps for itself."""

from datetime import datetime

from sqlalchemy import Column, DateTime, LargeBinary, Text
from sqlmodel import Field, SQLModel


class ServiceSecret(SQLModel, table=True):
    """Random keys that every worker must share, made when the schema was: the signing key of search cursors."""

    __tablename__ = "service_secret"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Progress(SQLModel, table=True):
    """How far something that goes through the record in the background has come: all that was stored before `seen`."""

    __tablename__ = "progress"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    seen: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
