"""Client assertions: how a client proves who it is. https://www.rfc-editor.org/rfc/rfc7523#section-3

With the rules of SMART Backend Services: `iss` and `sub` are the client, `aud` is the token endpoint and nothing else,
it is good for five minutes at most, and once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.security import jwt
from app.security.client import Client, Clients
from app.security.jwt import Claims, NotValidError
from app.security.keys import CLIENT_ALGORITHMS

LONGEST_LIFE: Final = timedelta(minutes=5)
# How far the clocks of a client may be from ours.
SKEW: Final = timedelta(seconds=30)
_UNKNOWN: Final = "it is not signed by a key of a registered client (iss, sub, kid, and the signature are looked at)"


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who asks; and the id of the assertion, which must not come again before it ends."""

    client: Client
    jti: str
    ends: datetime


async def verify(assertion: str, clients: Clients, audiences: frozenset[str], now: datetime) -> Assertion:
    """Raises NotValidError, Unavailable. Whoever is not registered learns nothing of who is."""
    header, claimed = jwt.unverified(assertion)
    id_, kid = jwt.text(claimed, "iss", 100), jwt.text(header, "kid", 100)
    client = await clients.find(id_) if id_ else None
    jwk = client.key(kid, now) if client and client.enabled and kid else None
    if client is None or jwk is None:
        raise NotValidError(_UNKNOWN)
    try:
        claims = jwt.verified(assertion, jwk, CLIENT_ALGORITHMS)
    except NotValidError as problem:
        raise NotValidError(_UNKNOWN) from problem
    if (claims.get("iss"), claims.get("sub")) != (client.id, client.id):
        raise NotValidError("iss and sub must both be the id of the client")
    if not _is_for(claims, audiences):
        raise NotValidError(f"aud must be exactly {min(audiences)}")
    jti = jwt.text(claims, "jti", 200)
    if not jti:
        raise NotValidError("it needs a jti of up to 200 characters")
    return Assertion(client, jti, _end(claims, now))


def _is_for(claims: Claims, audiences: frozenset[str]) -> bool:
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    return isinstance(audience, str) and audience in audiences


def _end(claims: Claims, now: datetime) -> datetime:
    ends = jwt.moment(claims, "exp")
    if ends is None or ends <= now - SKEW:
        raise NotValidError("it has expired, or has no exp")
    # A clock that is ahead of ours shows by iat: what was good for five minutes there is good here.
    made = jwt.moment(claims, "iat")
    ahead = SKEW if made is not None and ends - made <= LONGEST_LIFE else timedelta(0)
    if ends > now + LONGEST_LIFE + ahead:
        raise NotValidError("exp must be five minutes ahead at most")
    for name in ("nbf", "iat"):
        begins = jwt.moment(claims, name)
        if begins is not None and begins > now + SKEW:
            raise NotValidError(f"its {name} lies ahead")
    return ends
