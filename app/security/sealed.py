"""What a caller is given to bring back, and neither to read nor to change: encrypted under a key of the caller's own.

JSON Web Encryption, https://www.rfc-editor.org/rfc/rfc7516: nobody else can use it, and not even the caller reads it.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_LONGEST: Final = 8_000
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}
_ALGORITHMS: Final = list(_HEADER.values())
# What every one would begin with, its header, is not sent, and so not believed either.
_HEAD: Final = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.."


def seal(said: bytes, use: bytes, secret: bytes) -> str:
    """What is said as text for a URL; what is sealed for one `use` is no good for another."""
    return jwe.encrypt_compact(_HEADER, said, _key(use + secret), algorithms=_ALGORITHMS).removeprefix(_HEAD)


def unseal(text: str, use: bytes, secret: bytes) -> bytes | None:
    """What was said; None for what this service did not seal for this use and under this secret."""
    if len(text) > _LONGEST:
        return None
    try:
        return jwe.decrypt_compact(_HEAD + text, _key(use + secret), algorithms=_ALGORITHMS).plaintext
    except (JoseError, ValueError):
        return None


@lru_cache(1_000)
def _key(secret: bytes) -> OctKey:
    """The key of one caller, made of the secret of the service and of who the caller is."""
    return OctKey.import_key(sha256(secret).digest())
