"""Access tokens of an external issuer, by its published keys: https://www.rfc-editor.org/rfc/rfc9068#section-4

The address of the keys comes from the settings and never from a token; it is asked without following redirects,
within limits of time and size.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import orjson

from app.fhir.errors import Unavailable
from app.security import jwt
from app.security.access_token import AccessToken, ExpiredError
from app.security.jwt import ALGORITHMS, Claims, NotValidError, kind
from app.security.keys import is_strong, public
from app.security.scopes import understood

SKEW: Final = timedelta(seconds=60)
# Keys are asked for again so often, and not more often than this when a token names one that is not known.
FRESH_SECONDS: Final = 600.0
LOOK_SECONDS: Final = 10.0
# While the issuer is away its keys are believed for so long.
STALE_SECONDS: Final = 3600.0
FETCH_SECONDS: Final = 5.0
LARGEST: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are believed: `issuer` and `audience` as its tokens name them, the address of its keys, and the
    claims that tell client, scopes and organisation ('' when the registration here tells the organisation).
    """

    issuer: str
    audience: str
    jwks_url: str
    client_claim: str = "client_id"
    scope_claim: str = "scope"
    organisation_claim: str = ""


class IssuerKeys:
    """The keys of an issuer, as they were last seen by this worker."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._keys: dict[str, Claims] = {}
        self._tried = self._seen = self._missed = float("-inf")
        self._turn = asyncio.Lock()

    async def find(self, kid: str) -> Claims | None:
        """The key of this id, None when there is none. Raises Unavailable when the keys cannot be had."""
        if self._is_due(kid):
            async with self._turn:
                if self._is_due(kid):
                    if self._is_fresh():
                        self._missed = time.monotonic()
                    await self._look()
        if time.monotonic() - self._seen > STALE_SECONDS:
            raise Unavailable("The keys of the issuer of this token cannot be had.")
        return self._keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        """Whether to look: for what is old, or for a key that is not known, which is new, or made up."""
        last = self._missed if self._is_fresh() else self._tried
        return (kid not in self._keys or not self._is_fresh()) and time.monotonic() - last > LOOK_SECONDS

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._seen <= FRESH_SECONDS

    async def _look(self) -> None:
        self._tried = time.monotonic()
        try:
            self._keys = _usable(orjson.loads(await self._fetched()))
        except (httpx.HTTPError, ValueError):
            return  # what is known is believed a while longer
        self._seen = time.monotonic()

    async def _fetched(self) -> bytes:
        content = b""
        async with (
            asyncio.timeout(FETCH_SECONDS),
            httpx.AsyncClient(
                transport=self._transport, follow_redirects=False, timeout=FETCH_SECONDS, trust_env=False
            ) as client,
            client.stream("GET", self._url, headers={"Accept": "application/json"}) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise ValueError("the keys are not there")
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LARGEST:
                    raise ValueError("the keys are too many")
        return content


class Issuer:
    """What an issuer's tokens say."""

    def __init__(self, trust: Trust, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.trust = trust
        self._keys = IssuerKeys(trust.jwks_url, transport)

    async def read(self, token: str, header: Claims, now: datetime) -> AccessToken:
        """What a token says, if the issuer made it for this service. Raises NotValidError, Unavailable."""
        kid = jwt.text(header, "kid")
        jwk = await self._keys.find(kid) if kid else None
        if jwk is None:
            raise NotValidError("it is not of a key of its issuer")
        claims = jwt.verified(token, jwk, tuple(ALGORITHMS))
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.trust.issuer or self.trust.audience not in audiences:
            raise NotValidError("it is not for this service")
        made, ends = self._times(claims, now)
        organisation = jwt.text(claims, self.trust.organisation_claim) if self.trust.organisation_claim else ""
        client = jwt.text(claims, self.trust.client_claim)
        return AccessToken(client, understood(self._scopes(claims)), made, ends, organisation)

    def _times(self, claims: Claims, now: datetime) -> tuple[datetime, datetime]:
        ends, begins = jwt.moment(claims, "exp"), jwt.moment(claims, "nbf")
        if ends is None:
            raise NotValidError("it has no exp")
        if ends <= now - SKEW:
            raise ExpiredError
        if begins is not None and begins > now + SKEW:
            raise NotValidError("it is not valid yet")
        return jwt.moment(claims, "iat") or now, ends + SKEW

    def _scopes(self, claims: Claims) -> list[str]:
        found = claims.get(self.trust.scope_claim)
        words = found.split(" ") if isinstance(found, str) else found
        return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _usable(document: Any) -> dict[str, Claims]:
    """The keys of a JWK Set that can verify: of a known kind, strong, for signatures; others are passed over."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise ValueError("no JWK Set")  # noqa: TRY004  # as what cannot be read at all
    return {
        key["kid"]: public(key)
        for key in keys
        if isinstance(key, dict) and isinstance(key.get("kid"), str)
        if kind(key) and key.get("use", "sig") == "sig" and is_strong(key)
    }
