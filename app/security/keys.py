"""The public keys of a client as it hands them over: a JWK Set, of which every key must be fit to be believed.

https://www.rfc-editor.org/rfc/rfc7517, https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html
"""

import json
from base64 import urlsafe_b64decode
from typing import Any, Final

from joserfc.jwk import ECKey, RSAKey

from app.security.jwt import ALGORITHMS, Claims, kind

MOST: Final = 10
SMALLEST_RSA: Final = 2048
LARGEST_RSA: Final = 8192
# What SMART Backend Services lets a client sign with.
CLIENT_ALGORITHMS: Final = ("RS384", "RS512", "ES384")
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PUBLIC: Final = ("kty", "kid", "alg", "use", "crv", "x", "y", "n", "e")
_LONGEST_KID: Final = 100


class UnfitKeysError(Exception):
    """Keys that are not taken; str() has a line for each reason."""


def read(text: str) -> tuple[Claims, ...]:
    """The public keys of a JWK Set. Raises UnfitKeysError with every reason not to take it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UnfitKeysError("the file is not JSON") from None
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise UnfitKeysError('the file is no JWK Set: {"keys": [{...}]}')
    if len(keys) > MOST:
        raise UnfitKeysError(f"a client has {MOST} keys at most")
    problems = [f"key {place}: {problem}" for place, key in enumerate(keys, 1) for problem in _problems(key)]
    kids = [key.get("kid") for key in keys]
    if not problems and len(set(kids)) < len(kids):
        problems = ["two keys have the same kid"]
    if problems:
        raise UnfitKeysError("\n".join(problems))
    return tuple({name: key[name] for name in _PUBLIC if name in key} for key in keys)


def is_strong(key: dict[str, Any]) -> bool:
    """Whether a public key of RSA or EC is well-formed, and not too small to be safe or too large to be checked."""
    try:
        if key.get("kty") == "RSA":
            size = int.from_bytes(urlsafe_b64decode(key["n"] + "==")).bit_length()
            return SMALLEST_RSA <= size <= LARGEST_RSA and bool(RSAKey.import_key(_public(key)).raw_value)
        ECKey.import_key(_public(key))
    except Exception:  # noqa: BLE001  # whatever the library says of a hostile key, it is not taken
        return False
    return True


def generate() -> dict[str, Any]:
    """A new private key to sign client assertions with (ES384), as a JWK; SMART clients look for it by `key_ops`."""
    key = ECKey.generate_key("P-384", private=True)
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "alg": "ES384", "key_ops": ["sign"]}


def public(key: Claims) -> dict[str, Any]:
    """The public part of a key, with which what the private part signed is verified."""
    operations = {"key_ops": ["verify"]} if "key_ops" in key else {}
    return {name: value for name, value in key.items() if name not in _PRIVATE} | operations


def _public(key: dict[str, Any]) -> dict[str, Any]:
    return {name: key[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in key}


def _problems(key: dict[str, Any]) -> list[str]:
    kid = key.get("kid")
    wanted = {ALGORITHMS[name] for name in CLIENT_ALGORITHMS}
    if _PRIVATE & key.keys():
        return ["it is private: hand over the public part only, and make a new one, since this one has been shown"]
    if kind(key) not in wanted:
        return ["it is neither RSA nor EC on P-384"]
    problems = []
    if not isinstance(kid, str) or not 0 < len(kid) <= _LONGEST_KID or not kid.isprintable():
        problems.append(f"it needs a kid of up to {_LONGEST_KID} characters")
    if key.get("use", "sig") != "sig":
        problems.append("it is not for signatures (use)")
    if key.get("alg", CLIENT_ALGORITHMS[0]) not in CLIENT_ALGORITHMS or _mismatched(key):
        problems.append(f"its alg is none of {', '.join(CLIENT_ALGORITHMS)} that fits it")
    if not is_strong(key):
        problems.append(f"it is malformed, or weak: RSA has {SMALLEST_RSA} to {LARGEST_RSA} bits")
    return problems


def _mismatched(key: dict[str, Any]) -> bool:
    algorithm = key.get("alg")
    return isinstance(algorithm, str) and ALGORITHMS.get(algorithm) != kind(key)
