"""The kinds of values that settings have, each with its check; a ValueError says what a value must be."""

import ipaddress
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


def _folder(path: Path) -> Path:
    return path.expanduser()


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


DatabaseUrl = Annotated[str, AfterValidator(_postgresql)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
KeysAddress = Annotated[str, AfterValidator(_keys_address)]
Folder = Annotated[Path, AfterValidator(_folder)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]
