"""The key that signs the seals of the audit trail: a file, so that whoever can write the database cannot sign."""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

BYTES: Final = 32
SEALED: Final = b"sealed\0"
REMOVED: Final = b"removed\0"


class UnfitKeyError(Exception):
    """The file holds no key; str() says why."""


class SealKey:
    """Signs seals and their removal with HMAC-SHA-256: https://www.rfc-editor.org/rfc/rfc2104"""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, purpose: bytes, digest: bytes) -> bytes:
        """The signature over a digest, for one purpose and no other."""
        return hmac.digest(self._key, purpose + digest, sha256)

    def agrees(self, purpose: bytes, digest: bytes, signature: bytes) -> bool:
        """Whether this key made the signature, for this purpose."""
        return hmac.compare_digest(self.sign(purpose, digest), signature)


def from_file(path: Path, *, make: bool = False) -> SealKey:
    """The key in a file of 64 hexadecimal digits.

    With `make` there is one afterwards, readable by its owner alone. Raises UnfitKeyError when it cannot be read,
    made or understood.
    """
    try:
        if make:
            _make(path)
        text = path.read_text().strip()
    except FileNotFoundError:
        raise UnfitKeyError(f"{path} is not there: `openssl rand -hex {BYTES}` makes one") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise UnfitKeyError(f"{path}: {problem}") from None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != BYTES:
        raise UnfitKeyError(f"{path}: must hold {2 * BYTES} hexadecimal digits")
    return SealKey(key)


def _make(path: Path) -> None:
    """Makes the file, whole or not at all, unless it is there: several workers may start at once."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(BYTES) + "\n")
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
