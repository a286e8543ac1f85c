"""TLS of `kith serve`, from the files that the settings name: https://docs.python.org/3/library/ssl.html"""

import ssl
from collections.abc import Callable

import uvicorn

from app.config import Settings, SettingsError
from app.values import secret

CERTIFICATE = "KITH_TLS_CERTIFICATE_FILE"
KEY = "KITH_TLS_KEY_FILE"
PASSWORD = "KITH_TLS_KEY_PASSWORD_FILE"  # noqa: S105  # a setting's name
CLIENT_CA = "KITH_TLS_CLIENT_CA_FILE"


def context(settings: Settings) -> ssl.SSLContext:
    """TLS 1.2 or newer with the certificate and key of the settings, asking clients for theirs where a setting says so.

    Raises SettingsError, which names the file that is no good.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.options |= ssl.OP_NO_RENEGOTIATION
    made.set_alpn_protocols(["http/1.1"])
    _check_certificates(CERTIFICATE, settings.tls_certificate_file)
    _load(made, settings)
    if settings.tls_client_ca_file:
        _check_certificates(CLIENT_CA, settings.tls_client_ca_file)
        made.load_verify_locations(settings.tls_client_ca_file)
        made.verify_mode = ssl.CERT_REQUIRED
    return made


def of_worker(settings: Settings, _: uvicorn.Config, __: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """As `context`; what uvicorn asks for in each worker."""
    return context(settings)


def _load(made: ssl.SSLContext, settings: Settings) -> None:
    key = _text(KEY, settings.tls_key_file)
    # Without a password there is an empty one: OpenSSL would ask for it on the terminal.
    password = _text(PASSWORD, settings.tls_key_password_file) if settings.tls_key_password_file else ""
    try:
        made.load_cert_chain(settings.tls_certificate_file, settings.tls_key_file, lambda: password)
    except ssl.SSLError as problem:
        reason = problem.reason or "it holds no private key in PEM"
        if reason == "KEY_VALUES_MISMATCH":
            reason = f"it is not the key of {settings.tls_certificate_file}"
        elif "ENCRYPTED" in key:
            reason = f"it needs its password in {PASSWORD}, and that is not it: {reason}"
        raise SettingsError(f"{KEY}: {settings.tls_key_file}: {reason}") from None


def _check_certificates(variable: str, file: str) -> None:
    """Raises SettingsError unless the file holds certificates."""
    _text(variable, file)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        raise SettingsError(f"{variable}: {file}: it holds no certificates in PEM") from None


def _text(variable: str, file: str) -> str:
    try:
        return secret(variable, file)
    except ValueError as problem:
        raise SettingsError(str(problem)) from None
