"""The settings: the only reader of the environment. One setting a line, each documented where it is declared."""

import difflib
import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.involvement import rules
from app.involvement.rules import BY_NAME
from app.involvement.thresholds import thresholds
from app.production import contradictions, weaknesses
from app.values import Codes, DatabaseUrl, Days, Folder, KeysAddress, LogLevel, Networks, WebAddress, secret

PREFIX = "KITH_"
# What may stand in a file that <NAME>_FILE names instead.
SECRETS = ("database_url", "migration_database_url")


class SettingsError(Exception):
    """One or more settings are wrong; str() has a line for each, beginning with its name."""


class Settings(BaseSettings):
    """What a deployment may choose, read from the environment as KITH_<NAME>; a wrong value stops the start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "production"] = Field(
        "development", description="production refuses every setting that is weak, and only then serves other machines."
    )
    host: str = Field("127.0.0.1", description="Address to listen on; other than loopback in production only.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port to listen on.")
    data: Folder = Field(Path(".kith"), description="Folder of the embedded PostgreSQL and of files the service keeps.")
    database_url: DatabaseUrl = Field("", description="postgresql:// address of a PostgreSQL; empty: the embedded one.")
    migration_database_url: DatabaseUrl = Field("", description="The same database as its owner, for migrations only.")
    database_url_file: str = Field("", description="File that holds KITH_DATABASE_URL, in its place.")
    migration_database_url_file: str = Field(
        "", description="File that holds KITH_MIGRATION_DATABASE_URL, in its place."
    )
    workers: int = Field(1, ge=1, le=64, description="Worker processes.")
    pool_size: int = Field(10, ge=2, le=200, description="Database connections of each worker.")
    base_url: WebAddress = Field(
        "", description="Public address of the service root, such as https://kith.example.org."
    )
    tls_certificate_file: str = Field(
        "", description="PEM file with the certificate of the service and those above it: serves https."
    )
    tls_key_file: str = Field("", description="PEM file with the private key of that certificate.")
    tls_key_password_file: str = Field("", description="File with the password of that key, if it has one.")
    tls_client_ca_file: str = Field(
        "", description="PEM file with authorities: only clients with a certificate of theirs are let in (mutual TLS)."
    )
    tls_proxy: Networks = Field(
        "",
        description="Addresses or networks of a proxy in front that ends TLS, separated by spaces; what it says of who "
        "calls (X-Forwarded-For, X-Forwarded-Proto) is believed.",
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
    key_roles: str = Field(
        "key-supporter main-carer carer young-carer shared-lives-carer",
        description="Roles (carer-role) of the key people around a patient, separated by spaces; to be agreed locally.",
    )
    contact_hours: int = Field(
        24, ge=1, le=8_760, description="Hours of an episode after which nobody contacted is on a worklist."
    )
    concern_hours: int = Field(
        24, ge=1, le=8_760, description="Hours after which a supporter's concern without an answer is on a worklist."
    )
    rules: str = Field(" ".join(BY_NAME), description="Rules by which tasks arise (docs/owed.md), separated by spaces.")
    rule_hours: str = Field(
        "",
        description="Hours until the tasks of a rule are due, where they differ from docs/owed.md: "
        "support-information=48 debrief=24; to be agreed locally.",
    )
    rules_seconds: float = Field(
        10.0, ge=0, description="Seconds between two looks at what changed, for the tasks of the rules; 0: none."
    )
    meeting_days: int = Field(
        7, ge=1, le=366, description="Days within which a meeting to which somebody is not invited is on a worklist."
    )
    authentication: Literal["on", "off"] = Field(
        "on", description="off, for development only: nobody needs a token, and nobody is told apart."
    )
    suicidality_codes: Codes = Field(
        "",
        description="Codes (system|code, separated by spaces) by which the source system marks suicidal thoughts or "
        "plans; empty: QS189-4 is not assessable.",
    )
    bank_holidays: Days = Field(
        "", description="Days (2026-12-25, separated by spaces) that are no working days beside weekends."
    )
    small_number: int = Field(
        5, ge=1, le=100, description="Smallest number of a summary of indicators that is told; 1: all are."
    )
    figures_days: int = Field(
        90,
        ge=0,
        le=3_660,
        description="Days for which figures of a patient are kept for the next report, while nothing of the record "
        "changes; 0: none are.",
    )
    figures_seconds: float = Field(
        15.0, ge=0, description="Seconds between two looks at whose figures can be worked out before a report; 0: none."
    )
    thresholds: str = Field(
        "", description="Shares that are enough, and where from (docs/indicators.md): KS-13b=0.9; who says so."
    )
    token_endpoint: bool = Field(True, description="Give tokens to registered clients at /oauth2/token.")
    requests_per_second: float = Field(
        1_000.0,
        gt=0,
        description="Requests that one client, or one address without a token, may make of one worker; ten times that "
        "at once.",
    )
    token_requests_per_second: float = Field(
        10.0, gt=0, description="Requests for tokens that one address may make each second; ten times that at once."
    )
    refusals_per_second: float = Field(
        20.0, gt=0, description="Requests without a good token that one address may make; ten times that at once."
    )
    token_seconds: int = Field(300, ge=30, le=43_200, description="How long an access token is good, in seconds.")
    issuer: str = Field("", description="iss of an external issuer whose access tokens are taken too.")
    issuer_jwks: KeysAddress = Field("", description="https:// address of that issuer's keys (a JWK Set).")
    issuer_audience: str = Field("", description="aud that its tokens must have.")
    issuer_client_claim: str = Field("client_id", description="Claim that holds the client's id, as registered here.")
    issuer_scope_claim: str = Field("scope", description="Claim that holds the scopes: a text or an array.")
    issuer_organisation_claim: str = Field(
        "", description="Claim that holds the ODS code; with it, clients need not be registered here."
    )
    development_privileges: bool = Field(
        False, description="With authentication off: any caller may override and end restrictions."
    )
    check_nhs_numbers: bool = Field(True, description="Refuse NHS numbers whose modulus 11 check digit is wrong.")
    second_opinion: bool = Field(
        False,
        description="Ask fhir.resources' own validator too about each resource: slower, and it finds nothing more.",
    )
    require_if_match: bool = Field(
        False, description="Refuse an update, patch or delete without If-Match (as PDS does)."
    )
    max_requests: int = Field(
        500, ge=1, description="Requests that one worker answers at the same time; the next are told to try again."
    )
    max_body_bytes: int = Field(
        2_000_000, ge=1_000, description="Largest request body, and largest result of a patch, in bytes."
    )
    max_bundle_bytes: int = Field(10_000_000, ge=1_000, description="Largest transaction or batch, in bytes.")
    max_bundle_entries: int = Field(5_000, ge=1, description="Most entries of a transaction or batch.")
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
    kept_patients: int = Field(
        1_000,
        ge=0,
        description="Patients of whom each worker keeps what it read of their records, for as long as nothing of these "
        "changes: about 100 kB each.",
    )
    audit_queue: int = Field(10_000, ge=1, description="Audit rows of reads that may wait to be written, per worker.")
    seal_seconds: float = Field(10.0, ge=0, description="Seconds between two seals over the audit trail; 0: none.")
    seal_key_file: str = Field(
        "", description="File of the key that signs them, the same for all workers; empty: seal-key in KITH_DATA."
    )
    audit_keep_days: int = Field(
        2_922, ge=1, description="Days for which audit rows cannot be removed; to be agreed locally."
    )
    log_level: LogLevel = Field("INFO", description="Least serious message that is logged.")
    log_format: Literal["plain", "json"] = Field("plain", description="Lines for people, or a JSON object a line.")
    release_id: str = Field("", description="What the deployer calls this release, shown by /_ping.")
    commit_id: str = Field("", description="Source commit of this build, shown by /_ping.")

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        files = {name: given[f"{name}_file"] for name in SECRETS if given.get(f"{name}_file")}
        for name in files:
            if given.get(name):
                raise ValueError(f"{variable(name)}: must not be set when {variable(name)}_FILE is")
        return given | {name: secret(f"{variable(name)}_FILE", file) for name, file in files.items()}

    @model_validator(mode="after")
    def _page_fits(self) -> Self:
        if self.default_count > self.max_count:
            raise ValueError("KITH_DEFAULT_COUNT: must not be above KITH_MAX_COUNT")
        return self

    @model_validator(mode="after")
    def _is_agreed(self) -> Self:
        rules.check(self.rules.split(), self.rule_hours.split())
        thresholds(self.thresholds)
        return self

    @model_validator(mode="after")
    def _safe(self) -> Self:
        problems = [*contradictions(self), *weaknesses(self)]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def debrief_hours(self) -> int:
        """The hours within which a debrief is offered, whether or not tasks arise for it."""
        return rules.hours("debrief", self.rule_hours.split())

    @property
    def wanted_rules(self) -> dict[str, int]:
        """The rules by which tasks arise, with the hours until those are due."""
        return {name: rules.hours(name, self.rule_hours.split()) for name in self.rules.split()}

    @property
    def seal_key(self) -> Path:
        """The file of the key that signs the seals over the audit trail."""
        return Path(self.seal_key_file) if self.seal_key_file else self.data / "seal-key"

    @property
    def roots(self) -> tuple[str, ...]:
        """The addresses by which it is called: KITH_BASE_URL; without it, those by which this machine knows it."""
        names = ("localhost", "127.0.0.1", "[::1]")
        return (self.base_url,) if self.base_url else tuple(f"{self.scheme}://{name}:{self.port}" for name in names)

    @property
    def own_issuer(self) -> str:
        """The address by which this service's own tokens name it."""
        return self.roots[0]

    @property
    def scheme(self) -> str:
        """By which the service itself is called; a proxy in front of it may be called by another."""
        return "https" if self.tls_certificate_file else "http"


def load(**given: Any) -> Settings:
    """The settings of the environment, with `given` in their place where it names one. Raises SettingsError."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(details) for details in error.errors(include_url=False))) from None


def hand_down(settings: Settings) -> None:
    """Writes the settings to the environment, for the worker processes to read; what a file holds stays there."""
    in_files = {name for name in SECRETS if getattr(settings, f"{name}_file")}
    for name, value in settings.model_dump(mode="json").items():
        os.environ[variable(name)] = "" if name in in_files else str(value)


def unknown() -> list[str]:
    """A line for each variable of the environment that looks like a setting and is none."""
    known = [variable(name) for name in Settings.model_fields]
    lines = []
    for given in sorted(os.environ):
        if given.startswith(PREFIX) and given not in known:
            near = difflib.get_close_matches(given, known, n=1)
            lines.append(f"{given}: no such setting" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def variable(name: str) -> str:
    """The variable of the environment that holds a setting."""
    return PREFIX + name.upper()


def _line(details: ErrorDetails) -> str:
    name = variable(str(details["loc"][0])) if details["loc"] else ""
    reason = details["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{name}: {reason}" if name else reason
