"""What the requests of one worker share, made of its settings."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.config import Settings, SettingsError
from app.fhir.definition import Rules
from app.fhir.vocabulary import CARER_ROLE
from app.involvement.indicators.local import Local
from app.involvement.thresholds import thresholds
from app.operations.token import TokenDoor
from app.record.context import Policy
from app.routers import oauth
from app.routers.surroundings import Service
from app.security.access_token import OwnTokens
from app.security.authentication import Authentication, Off, On
from app.security.rate import Rate
from app.security.signing import SigningKeys
from app.sharing.facts import Policy as SharingPolicy
from app.storage.audit import AuditQueue
from app.storage.audit_commit import AuditCommit
from app.storage.clients import StoredClients
from app.storage.pool import Database
from app.storage.signing_keys import StoredSigningKeys

if TYPE_CHECKING:
    from app.security.issuer import Issuer


def service_of(settings: Settings) -> Service:
    """What the requests of one worker share; the database is not open yet."""
    database = Database(settings.database_url, size=settings.pool_size)
    clients = StoredClients(database)
    tokens = OwnTokens(settings.own_issuer, SigningKeys(StoredSigningKeys(database)))
    return Service(
        database=database,
        audit=AuditQueue(database, size=settings.audit_queue),
        audit_commit=AuditCommit(database),
        rules=_rules(settings),
        policy=_policy(settings),
        authentication=_authentication(settings, clients, tokens),
        token_door=_token_door(settings, clients, tokens),
        base_url=settings.base_url.rstrip("/"),
        max_body_bytes=settings.max_body_bytes,
        max_bundle_bytes=settings.max_bundle_bytes,
        body_timeout=settings.body_timeout,
        request_rate=Rate(settings.requests_per_second),
        token_rate=Rate(settings.token_requests_per_second),
        refusal_rate=Rate(settings.refusals_per_second),
        release_id=settings.release_id,
        commit_id=settings.commit_id,
        revision=settings.commit_id[:7],
    )


def _rules(settings: Settings) -> Callable[[datetime], Rules]:
    return partial(
        Rules,
        check_nhs_numbers=settings.check_nhs_numbers,
        computable_consents=settings.computable_consents,
        vrs_leniency=settings.vrs_leniency,
        best_interest_days=settings.best_interest_days,
        override_hours=settings.override_hours,
        second_opinion=settings.second_opinion,
    )


def _policy(settings: Settings) -> Policy:
    return Policy(
        referential_integrity=settings.referential_integrity,
        require_if_match=settings.require_if_match,
        default_count=settings.default_count,
        max_count=settings.max_count,
        max_bundle_entries=settings.max_bundle_entries,
        max_included=settings.max_included,
        max_resource_bytes=settings.max_body_bytes,
        sharing=_sharing_policy(settings),
        local=_local(settings),
        small_number=settings.small_number,
        figures_days=settings.figures_days,
        thresholds=thresholds(settings.thresholds),
        token_url=_token_url(settings),
        key_roles=tuple(settings.key_roles.split()),
        contact_hours=settings.contact_hours,
        concern_hours=settings.concern_hours,
        meeting_days=settings.meeting_days,
    )


def _sharing_policy(settings: Settings) -> SharingPolicy:
    return SharingPolicy(
        capacity_days=settings.capacity_days,
        best_interest_days=settings.best_interest_days,
        override_hours=settings.override_hours,
        unknown_patient_age=settings.unknown_patient_age,
        same_person_systems=frozenset(settings.same_person_systems.split()),
        ordinary_labels=frozenset(settings.ordinary_labels.split()),
    )


def _local(settings: Settings) -> Local:
    unknown = frozenset(settings.key_roles.split()) - frozenset(CARER_ROLE.codes)
    if unknown:
        raise SettingsError(f"KITH_KEY_ROLES: no such carer role: {', '.join(sorted(unknown))}")
    marks = (code.rpartition("|") for code in settings.suicidality_codes.split())
    return Local(
        key_roles=frozenset(settings.key_roles.split()),
        suicidality=frozenset((system, code) for system, _, code in marks),
        debrief_hours=settings.debrief_hours,
        holidays=frozenset(date.fromisoformat(day) for day in settings.bank_holidays.split()),
    )


def _authentication(settings: Settings, clients: StoredClients, tokens: OwnTokens) -> Authentication:
    if settings.authentication == "off":
        return Off(development_privileges=settings.development_privileges)
    return On(clients, tokens if settings.token_endpoint else None, _issuer(settings) if settings.issuer else None)


def _issuer(settings: Settings) -> "Issuer":
    from app.security.issuer import Issuer, Trust  # with it comes an HTTP client, a tenth of the time of a start

    return Issuer(
        Trust(
            issuer=settings.issuer,
            audience=settings.issuer_audience,
            jwks_url=settings.issuer_jwks,
            client_claim=settings.issuer_client_claim,
            scope_claim=settings.issuer_scope_claim,
            organisation_claim=settings.issuer_organisation_claim,
        )
    )


def _token_url(settings: Settings) -> str | None:
    if settings.authentication == "off":
        return None
    return settings.own_issuer + oauth.TOKEN if settings.token_endpoint else ""


def _token_door(settings: Settings, clients: StoredClients, tokens: OwnTokens) -> TokenDoor | None:
    if settings.authentication == "off" or not settings.token_endpoint:
        return None
    lasting = timedelta(seconds=settings.token_seconds)
    return TokenDoor(clients, tokens, frozenset(root + oauth.TOKEN for root in settings.roots), lasting)
