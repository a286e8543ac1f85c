"""Signed JSON Web Tokens, read and checked by joserfc: https://www.rfc-editor.org/rfc/rfc7519

What a hostile token can be made of is wide, so whatever goes wrong while it is read means only that it is not valid.
"""

import json
import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.jwk import ECKey, JWKRegistry, Key, RSAKey
from joserfc.jws import JWSRegistry

Claims = Mapping[str, Any]

LONGEST: Final = 8 * 1024
# What each algorithm takes, pinned: neither "none" nor anything symmetric is here.
ALGORITHMS: Final = {"RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "ES256": "P-256", "ES384": "P-384"}
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_LATEST: Final = 253_402_300_799  # the last second of the year 9999


class NotValidError(Exception):
    """A token that is not to be believed; str() says why, in words that a caller may be told."""


def unverified(token: str) -> tuple[Claims, Claims]:
    """Header and claims as they are written, to find out whose key would verify them, and for nothing else."""
    if len(token) > LONGEST or not _COMPACT.fullmatch(token):
        raise NotValidError("it is no signed JWT")
    try:
        found = jws.extract_compact(token.encode(), registry=_REGISTRY)
        header, claims = found.headers(), json.loads(found.payload or b"")
    except Exception as problem:
        raise NotValidError("it cannot be read") from problem
    if not isinstance(claims, dict) or not isinstance(header, dict):
        raise NotValidError("it has no claims")
    return header, claims


def verified(token: str, jwk: Claims, algorithms: Collection[str]) -> Claims:
    """The claims of a token that this key signed, by one of these algorithms."""
    header, _ = unverified(token)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms or "crit" in header:
        raise NotValidError(f"its algorithm is none of {', '.join(algorithms)}")
    if kind(jwk) != ALGORITHMS[algorithm] or jwk.get("alg", algorithm) != algorithm:
        raise NotValidError("its algorithm is not that of the key")
    try:
        return jwt.decode(token, _imported(jwk), algorithms=[algorithm], registry=_REGISTRY).claims
    except Exception as problem:
        raise NotValidError("its signature is not that of the key") from problem


def signed(claims: Claims, jwk: Claims, *, algorithm: str, type_: str) -> str:
    """A token with these claims, signed with a private key that has a kid."""
    header = {"alg": algorithm, "kid": jwk["kid"], "typ": type_}
    return jwt.encode(header, dict(claims), _imported(jwk), algorithms=[algorithm])


def kind(jwk: Claims) -> str:
    """RSA, or the curve of a key; '' for what signs nothing here."""
    found = jwk.get("crv") if jwk.get("kty") == "EC" else jwk.get("kty")
    return found if isinstance(found, str) and found in ALGORITHMS.values() else ""


def moment(claims: Claims, name: str) -> datetime | None:
    """A NumericDate, None when there is none. Raises NotValidError for what is no time."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotValidError(f"its {name} is no time")
    if not 0 <= value <= _LATEST:
        raise NotValidError(f"its {name} is no time")
    return datetime.fromtimestamp(value, UTC)


def text(claims: Claims, name: str, longest: int = 500) -> str:
    """A claim that is a text, '' when it is none, or one that no database can hold."""
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else ""


def _imported(jwk: Claims) -> Key:
    key = JWKRegistry.import_key({name: value for name, value in jwk.items() if name in _MEMBERS})
    if not isinstance(key, RSAKey | ECKey):
        raise NotValidError("its key is neither RSA nor EC")
    return key


# The members of a key that mathematics needs; what else a JWK says is judged where it is taken in.
_MEMBERS: Final = frozenset({"kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"})
_REGISTRY: Final = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
