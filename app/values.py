"""The kinds of values that settings have, each with its check; a ValueError says what a value must be."""

import ipaddress
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hostname(url: str) -> str:
    """Whom an address names, '' when it names nobody."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _postgresql(url: str) -> str:
    if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be an address that begins with postgresql://")
    return url


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("must be an address such as https://kith.example.org, without a query")
    return url.rstrip("/")


def _keys_address(url: str) -> str:
    """Keys that travel in the clear could be anybody's."""
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if url and (not secure or not parts.hostname or parts.username is not None):
        raise ValueError("must be an https:// address")
    return url


def _networks(text: str) -> str:
    """Everybody is not somebody to believe."""
    try:
        everybody = any(ipaddress.ip_network(part).prefixlen == 0 for part in text.split())
    except ValueError:
        everybody = True
    if everybody:
        raise ValueError("must be addresses or networks, such as 10.0.0.7 or 10.1.0.0/24, separated by spaces")
    return text


def secret(variable: str, file: str) -> str:
    """What the file that a variable names holds. Raises ValueError when there is nothing to be read."""
    try:
        text = Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is no text"
        raise ValueError(f"{variable}: {file}: {reason}") from None
    if not text:
        raise ValueError(f"{variable}: {file}: it is empty")
    return text


def _codes(text: str) -> str:
    for code in text.split():
        system, bar, value = code.rpartition("|")
        if not (system and bar and value):
            raise ValueError("must be codes as system|code, separated by spaces")
    return text


def _days(text: str) -> str:
    try:
        for day in text.split():
            date.fromisoformat(day)
    except ValueError:
        raise ValueError("must be days such as 2026-12-25, separated by spaces") from None
    return text


def _folder(path: Path) -> Path:
    return path.expanduser()


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


DatabaseUrl = Annotated[str, AfterValidator(_postgresql)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
KeysAddress = Annotated[str, AfterValidator(_keys_address)]
Networks = Annotated[str, AfterValidator(_networks)]
Codes = Annotated[str, AfterValidator(_codes)]
Days = Annotated[str, AfterValidator(_days)]
Folder = Annotated[Path, AfterValidator(_folder)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]
