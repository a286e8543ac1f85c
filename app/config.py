"""The settings: the only reader of the environment. One setting a line, each documented where it is declared."""

from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may choose, read from the environment as KITH_<NAME>; a wrong value stops the start."""

    model_config = SettingsConfigDict(env_prefix="KITH_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on. Only loopback until callers are authenticated.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port to listen on.")
    data: Path = Field(Path(".kith"), description="Folder of the embedded PostgreSQL and of files the service keeps.")
    database_url: str = Field("", description="postgresql:// address of a PostgreSQL; empty: the embedded one.")
    migration_database_url: str = Field("", description="The same database as its owner, for migrations only.")
    workers: int = Field(1, ge=1, le=64, description="Worker processes.")
    pool_size: int = Field(10, ge=2, le=200, description="Database connections of each worker.")
    base_url: str = Field("", description="Public address of the service root, such as https://kith.example.org.")
    referential_integrity: bool = Field(True, description="Refuse references to registered types that do not exist.")
    computable_consents: bool = Field(True, description="Refuse active patient-privacy Consents nobody could decide on.")
    vrs_leniency: bool = Field(False, description="Add the actor role that Validated Relationships Consents lack.")
    check_nhs_numbers: bool = Field(True, description="Refuse NHS numbers whose modulus 11 check digit is wrong.")
    require_if_match: bool = Field(False, description="Refuse an update or delete without If-Match (as PDS does).")
    max_body_bytes: int = Field(2_000_000, ge=1_000, description="Largest request body, in bytes.")
    body_timeout: float = Field(20.0, gt=0, description="Longest time a request body may take to arrive, in seconds.")
    default_count: int = Field(50, ge=1, le=1000, description="Matches on a page when _count is absent.")
    max_count: int = Field(500, ge=1, le=10_000, description="Largest number of matches on a page.")
    audit_queue: int = Field(10_000, ge=1, description="Audit rows of reads that may wait to be written, per worker.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    release_id: str = Field("", description="What the deployer calls this release, shown by /_ping.")
    commit_id: str = Field("", description="Source commit of this build, shown by /_ping.")
