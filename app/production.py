"""What a production start refuses: each weak setting by its name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from app.values import is_loopback

if TYPE_CHECKING:
    from app.config import Settings

LONGEST_TOKEN: Final = 900


def contradictions(settings: "Settings") -> Iterator[str]:
    """A line for each setting that does not go with the others, wherever this runs."""
    if not is_loopback(settings.host) and settings.environment != "production":
        yield (
            "KITH_HOST: must be a loopback address (127.0.0.1, ::1, localhost) unless KITH_ENVIRONMENT is production, "
            "where callers are authenticated"
        )
    if bool(settings.tls_certificate_file) != bool(settings.tls_key_file):
        yield "KITH_TLS_CERTIFICATE_FILE: must be set together with KITH_TLS_KEY_FILE"
    elif (settings.tls_key_password_file or settings.tls_client_ca_file) and not settings.tls_certificate_file:
        yield "KITH_TLS_CERTIFICATE_FILE: must be set for the other settings of TLS to mean anything"
    if settings.authentication == "on" and not settings.token_endpoint and not settings.issuer:
        yield "KITH_ISSUER: must be set when KITH_TOKEN_ENDPOINT is false, or nobody could have a token"
    if settings.issuer and not (settings.issuer_jwks and settings.issuer_audience):
        yield "KITH_ISSUER_JWKS: must be set, and KITH_ISSUER_AUDIENCE too, when KITH_ISSUER is"
    if settings.issuer and settings.issuer == settings.own_issuer:
        yield "KITH_ISSUER: must be another address than this service's own"


def weaknesses(settings: "Settings") -> Iterator[str]:
    """A line for each setting that is good for trying Kith out and not for patients."""
    if settings.environment != "production":
        return
    if settings.authentication != "on":
        yield "KITH_AUTHENTICATION: must be on in production"
    if settings.development_privileges:
        yield "KITH_DEVELOPMENT_PRIVILEGES: must be false in production: the scope kith/override takes its place"
    yield from _in_the_clear(settings)
    if settings.token_seconds > LONGEST_TOKEN:
        yield f"KITH_TOKEN_SECONDS: must be {LONGEST_TOKEN} at most in production"
    if not settings.seal_key_file or not settings.seal_seconds:
        yield "KITH_SEAL_KEY_FILE: must be set in production, and KITH_SEAL_SECONDS not 0: the audit trail is sealed"
    if settings.log_level == "DEBUG":
        yield "KITH_LOG_LEVEL: must not be DEBUG in production"


def _in_the_clear(settings: "Settings") -> Iterator[str]:
    """A line for each way in which tokens or records would travel unprotected."""
    if not settings.base_url.startswith("https://"):
        yield "KITH_BASE_URL: must be the https:// address of the service in production: tokens are made for it"
    if not is_loopback(settings.host) and not settings.tls_certificate_file and not settings.tls_proxy:
        yield (
            "KITH_TLS_CERTIFICATE_FILE: must be set in production, or KITH_TLS_PROXY where a proxy ends TLS, unless "
            "KITH_HOST is a loopback address"
        )
    if settings.issuer and not settings.issuer.startswith("https://"):
        yield "KITH_ISSUER: must be an https:// address in production"
    if settings.issuer and not settings.issuer_jwks.startswith("https://"):
        yield "KITH_ISSUER_JWKS: must be an https:// address in production"
