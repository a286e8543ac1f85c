"""The tables that the service keeps for itself."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Index, Integer, LargeBinary, Text, func
from sqlmodel import Field, SQLModel


class ServiceSecret(SQLModel, table=True):
    """Random keys that every worker must share, made when the schema was: the signing key of search cursors."""

    __tablename__ = "service_secret"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Progress(SQLModel, table=True):
    """How far something that goes through the record in the background has come.

    "rules": everything that was stored before `seen` was looked at; "rules of KEY": the record of that patient key is
    to be looked at again. "reindex": everything up to `place`, a Resource.key, of what there was at `seen`. "figures"
    is there for the worker that works ahead to lock.
    """

    __tablename__ = "progress"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    seen: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    place: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))


class KeptFigures(SQLModel, table=True):
    """What indicators said of one patient to a sort of caller; it stays so from `made` to `until` (microseconds).

    The `seal` is of it, of the rows it was made of, and of what else it was made by: app/storage/kept_figures.py.
    `audience` stands for what the caller may see (`kith_audience`): nobody reads or keeps figures of another.
    """

    __tablename__ = "kept_figures"
    __table_args__ = (Index("kept_figures_stored", "stored"),)
    patient: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    audience: str = Field(sa_column=Column(Text(collation="C"), primary_key=True, server_default=func.kith_audience()))
    seal: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made: int = Field(sa_column=Column(BigInteger, nullable=False))
    until: int = Field(sa_column=Column(BigInteger, nullable=False))
    stored: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False, server_default=func.now()))
    figures: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class FiguresWanted(SQLModel, table=True):
    """A sort of caller who asked for reports, by what it may see (Visibility), last about when it `asked`.

    Figures of what changed were worked out ahead up to `seen`, and of what changed then up to the patient key `place`.
    """

    __tablename__ = "figures_wanted"
    audience: str = Field(sa_column=Column(Text(collation="C"), primary_key=True, server_default=func.kith_audience()))
    organisations: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    own: str = Field(sa_column=Column(Text, nullable=False))
    level: int = Field(sa_column=Column(Integer, nullable=False))
    asked: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False, server_default=func.now()))
    seen: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    place: str = Field(sa_column=Column(Text(collation="C"), nullable=False, server_default=""))
