"""What an interaction works with: the database, the caller, the rules and the time of this one request."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from app.fhir import base
from app.fhir.definition import Rules
from app.fhir.levels import CONFIDENTIAL, OPEN, PATIENT, STAFF
from app.involvement.indicators.local import Local
from app.involvement.thresholds import Thresholds
from app.security.caller import Caller, Facing
from app.security.scopes import CHECK, RESTRICTIONS
from app.sharing.facts import Policy as SharingPolicy
from app.storage.audit import AuditQueue, AuditRow, storable
from app.storage.audit_commit import AuditCommit
from app.storage.pool import Borrowed, Connection, Database
from app.storage.visibility import EVERYTHING, Visibility

# No id is like this.
NOBODY = "-/-"


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that interactions obey; `token_url` is what the CapabilityStatement says (None: no token wanted).

    `key_roles` are the roles of key people; the hours and days are those after or within which worklists list things.
    """

    referential_integrity: bool = True
    require_if_match: bool = False
    default_count: int = 50
    max_count: int = 500
    max_bundle_entries: int = 5_000
    max_included: int = 1000
    max_resource_bytes: int = 2_000_000
    sharing: SharingPolicy = field(default_factory=SharingPolicy)
    local: Local = field(default_factory=Local)
    small_number: int = 5
    figures_days: int = 90
    thresholds: Thresholds = field(default_factory=Thresholds)
    token_url: str | None = None
    key_roles: tuple[str, ...] = ("key-supporter", "main-carer", "carer", "young-carer", "shared-lives-carer")
    contact_hours: int = 24
    concern_hours: int = 24
    meeting_days: int = 7


class Context(NamedTuple):
    """One request's surroundings; a tuple, since each makes one, and a frozen dataclass takes five times as long.

    `base_url` is [base], as the caller sees it; `bases` are all names of [base].

    `provenance` is what the caller sends along about what it writes, a valid Provenance without target; None: nothing.
    """

    database: Database
    audit: AuditQueue
    caller: Caller
    rules: Rules
    policy: Policy
    base_url: str
    bases: tuple[str, ...]
    cursor_secret: bytes
    audit_commit: AuditCommit
    provenance: dict[str, Any] | None = None

    @property
    def root(self) -> str:
        """The address of the service, as the caller sees it."""
        return self.base_url.removesuffix(base.PATH)

    @property
    def cursor_key(self) -> bytes:
        """What cursors of this caller are sealed with."""
        return self.cursor_secret + self.caller.seal

    @property
    def visibility(self) -> Visibility:
        """What of the record the caller may see."""
        caller = self.caller
        return _visibility(
            caller.organisations,
            caller.organisation,
            caller.facing,
            caller.facing_patient,
            confidential=caller.scopes.has(RESTRICTIONS),
        )

    @property
    def trail(self) -> Visibility:
        """What of the audit trail the caller may see: what was done for its own organisation.

        A patient is told who looked at their own record, a carer nothing.
        """
        caller = self.caller
        if caller.organisations is None:
            return EVERYTHING
        if caller.facing == "carer":
            return Visibility(frozenset())
        whose = (caller.facing_patient or NOBODY) if caller.facing == "patient" else ""
        return Visibility(frozenset({caller.organisation}), caller.organisation, patient=whose)

    @property
    def may_ask(self) -> bool:
        """Whether the caller may be told what the sharing decision says: in an answer to a check, or in a warning."""
        return self.caller.facing == "staff" and self.caller.scopes.has(CHECK)

    def connection(self) -> Borrowed:
        """A connection that sees what the caller may see, where each statement commits by itself."""
        return self.database.connection(self.visibility)

    def transaction(self, *, one_moment: bool = False) -> AbstractAsyncContextManager[Connection]:
        """Such a connection, in a transaction; in one of reads alone that see `one_moment`."""
        return self.database.transaction(self.visibility, one_moment=one_moment)

    def audit_row(
        self,
        interaction: str,
        type_: str = "",
        id_: str = "",
        *,
        status: int,
        version: int = 0,
        patient: str = "",
        outcome: str = "",
        query: str = "",
        detail: bytes | None = None,
    ) -> AuditRow:
        """The audit row of something that the caller did, now."""
        caller = self.caller
        return AuditRow(
            recorded=self.rules.now,
            interaction=interaction,
            type=storable(type_),
            id=storable(id_),
            version=version,
            patient=patient,
            status=status,
            outcome=storable(outcome),
            query=storable(query),
            client=storable(caller.client),
            organisation=storable(caller.organisation),
            user_role=storable(caller.user_role),
            request_id=caller.request_id,
            correlation_id=storable(caller.correlation_id),
            detail=detail,
        )


@lru_cache(1024)
def _visibility(
    organisations: frozenset[str] | None, own: str, facing: Facing, patient: str, *, confidential: bool
) -> Visibility:
    if organisations is None:
        return EVERYTHING
    if facing == "staff":
        return Visibility(organisations, own, CONFIDENTIAL if confidential else STAFF)
    # A client that faces nobody in particular sees nobody's record.
    return Visibility(organisations, own, PATIENT if facing == "patient" else OPEN, patient or NOBODY)
