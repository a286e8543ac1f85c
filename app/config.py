"""The settings: the only reader of the environment. One setting a line, each documented where it is declared."""

import difflib
import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KITH_"


class SettingsError(Exception):
    """One or more settings are wrong; str() has a line for each, beginning with its name."""


def _loopback(host: str) -> str:
    """Callers are not authenticated yet, so nobody beyond this machine may be one."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(
            "must be a loopback address (127.0.0.1, ::1, localhost), because callers are not authenticated"
        )
    return host


def _postgresql(url: str) -> str:
    if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be an address that begins with postgresql://")
    return url


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("must be an address such as https://kith.example.org, without a query")
    return url.rstrip("/")


def _folder(path: Path) -> Path:
    return path.expanduser()


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Host = Annotated[str, AfterValidator(_loopback)]
DatabaseUrl = Annotated[str, AfterValidator(_postgresql)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Folder = Annotated[Path, AfterValidator(_folder)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


class Settings(BaseSettings):
    """What a deployment may choose, read from the environment as KITH_<NAME>; a wrong value stops the start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: Host = Field("127.0.0.1", description="Address to listen on. Only loopback until callers are authenticated.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port to listen on.")
    data: Folder = Field(Path(".kith"), description="Folder of the embedded PostgreSQL and of files the service keeps.")
    database_url: DatabaseUrl = Field("", description="postgresql:// address of a PostgreSQL; empty: the embedded one.")
    migration_database_url: DatabaseUrl = Field("", description="The same database as its owner, for migrations only.")
    workers: int = Field(1, ge=1, le=64, description="Worker processes.")
    pool_size: int = Field(10, ge=2, le=200, description="Database connections of each worker.")
    base_url: WebAddress = Field(
        "", description="Public address of the service root, such as https://kith.example.org."
    )
    referential_integrity: bool = Field(True, description="Refuse references to registered types that do not exist.")
    computable_consents: bool = Field(
        True, description="Refuse active patient-privacy Consents that cannot be decided on."
    )
    vrs_leniency: bool = Field(False, description="Add the actor role that Validated Relationships Consents lack.")
    best_interest_days: int = Field(28, ge=1, le=366, description="Most days a best-interest decision holds.")
    override_hours: int = Field(72, ge=1, le=720, description="Longest time a safety override holds, in hours.")
    capacity_days: int = Field(28, ge=1, le=366, description="Days until lacking capacity must be confirmed again.")
    unknown_patient_age: Literal["adult", "child"] = Field(
        "adult", description="What a patient is taken for whose birth date is not recorded."
    )
    same_person_systems: str = Field(
        "https://fhir.nhs.uk/Id/nhs-number",
        description="Systems of identifiers that only one human being has, separated by spaces.",
    )
    ordinary_labels: str = Field(
        "PSY", description="Sensitivity codes (v3-ActCode) that are ordinary in this service, separated by spaces."
    )
    development_privileges: bool = Field(
        False, description="For development only: any caller may override and end restrictions."
    )
    check_nhs_numbers: bool = Field(True, description="Refuse NHS numbers whose modulus 11 check digit is wrong.")
    second_opinion: bool = Field(
        False,
        description="Ask fhir.resources' own validator too about each resource: slower, and it finds nothing more.",
    )
    require_if_match: bool = Field(
        False, description="Refuse an update, patch or delete without If-Match (as PDS does)."
    )
    max_body_bytes: int = Field(
        2_000_000, ge=1_000, description="Largest request body, and largest result of a patch, in bytes."
    )
    body_timeout: float = Field(20.0, gt=0, description="Longest time a request body may take to arrive, in seconds.")
    compress_from: int = Field(
        1_400, ge=0, description="Smallest answer that is compressed for those who accept gzip, in bytes; 0: none."
    )
    cors_origins: str = Field(
        "",
        description="Web origins whose scripts may call this service, separated by spaces (https://app.example.org); "
        "empty: none. They act with their user's token: name only origins that you trust with the whole record.",
    )
    default_count: int = Field(50, ge=1, le=1000, description="Matches on a page when _count is absent.")
    max_count: int = Field(500, ge=1, le=10_000, description="Largest number of matches on a page.")
    max_included: int = Field(
        1000, ge=1, le=10_000, description="Most resources that _include and _revinclude add to a page."
    )
    audit_queue: int = Field(10_000, ge=1, description="Audit rows of reads that may wait to be written, per worker.")
    log_level: LogLevel = Field("INFO", description="Least serious message that is logged.")
    log_format: Literal["plain", "json"] = Field("plain", description="Lines for people, or a JSON object a line.")
    release_id: str = Field("", description="What the deployer calls this release, shown by /_ping.")
    commit_id: str = Field("", description="Source commit of this build, shown by /_ping.")

    @model_validator(mode="after")
    def _page_fits(self) -> Self:
        if self.default_count > self.max_count:
            raise ValueError("KITH_DEFAULT_COUNT: must not be above KITH_MAX_COUNT")
        return self


def load(**given: Any) -> Settings:
    """The settings of the environment, with `given` in their place where it names one. Raises SettingsError."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(details) for details in error.errors(include_url=False))) from None


def hand_down(settings: Settings) -> None:
    """Writes the settings to the environment, for the worker processes to read."""
    for name, value in settings.model_dump(mode="json").items():
        os.environ[_variable(name)] = str(value)


def unknown() -> list[str]:
    """A line for each variable of the environment that looks like a setting and is none."""
    known = [_variable(name) for name in Settings.model_fields]
    lines = []
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in known:
            near = difflib.get_close_matches(variable, known, n=1)
            lines.append(f"{variable}: no such setting" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def documentation() -> str:
    """docs/settings.md, made from the declarations above."""
    declared = Settings.model_json_schema()["properties"]
    return "\n".join([
        "# Settings",
        "",
        "Read from the environment when Kith starts. A wrong value stops the start with one line that names it.",
        "This page is made by `make docs` from `app/config.py`.",
        "",
        "| variable | value | default | what it does |",
        "| --- | --- | --- | --- |",
        *(_row(name, declared[name]) for name in Settings.model_fields),
        "",
    ])  # fmt: skip


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _line(details: ErrorDetails) -> str:
    name = _variable(str(details["loc"][0])) if details["loc"] else ""
    reason = details["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{name}: {reason}" if name else reason


def _row(name: str, declared: dict[str, Any]) -> str:
    shown = str(declared["default"])
    default = f"`{shown.lower() if declared['type'] == 'boolean' else shown}`" if shown else ""
    return f"| `{_variable(name)}` | {_kind(declared)} | {default} | {declared['description']} |"


def _kind(declared: dict[str, Any]) -> str:
    """What a value must look like, from the JSON Schema of a setting."""
    if "enum" in declared:
        return ", ".join(f"`{choice}`" for choice in declared["enum"])
    if declared["type"] == "boolean":
        return "`true`, `false`"
    if declared["type"] == "string":
        return "text"
    bounds = [
        f"{word} {declared[bound]}"
        for word, bound in (("from", "minimum"), ("over", "exclusiveMinimum"), ("to", "maximum"))
        if bound in declared
    ]
    return " ".join(["number", *bounds])
