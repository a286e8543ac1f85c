"""The service's own keys: one a day signs access tokens, those before it still verify what they signed.

They are shared through the database, so that any worker verifies what another one gave out.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from joserfc.jwk import ECKey

from app.security.keys import public

Jwk = Mapping[str, Any]

ALGORITHM: Final = "ES256"
PERIOD_SECONDS: Final = 24 * 60 * 60
# A key that was taken out of the database is believed for so long, and an unknown one is looked for so often.
FRESH_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 1.0


class KeyStore(Protocol):
    """Where the keys are kept."""

    async def every(self) -> Mapping[int, Jwk]:
        """The private key of each period. Raises Unavailable."""

    async def add(self, period: int, jwk: Jwk, now: datetime) -> None:
        """Keeps the key of a period unless there is one."""


class SigningKeys:
    """The keys as this worker knows them."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._keys: Mapping[int, Jwk] = {}
        self._looked = float("-inf")

    async def signing(self, now: datetime) -> Jwk:
        """The private key of this day, made when there is none. Raises Unavailable."""
        period = int(now.timestamp()) // PERIOD_SECONDS
        if period not in self._keys or self._age() > FRESH_SECONDS:
            await self._look()
        if period not in self._keys:
            await self._store.add(period, _made(), now)
            await self._look()
        return self._keys[period]

    async def verifying(self, kid: str) -> Jwk | None:
        """The public key of this id, None when there is none. Raises Unavailable."""
        if self._age() > FRESH_SECONDS or (kid not in self._kids() and self._age() > LOOK_SECONDS):
            await self._look()
        return self._kids().get(kid)

    async def published(self) -> list[Jwk]:
        """The public keys, newest first. Raises Unavailable."""
        await self.signing(datetime.now(UTC))
        return [public(jwk) for _, jwk in sorted(self._keys.items(), reverse=True)]

    def _kids(self) -> dict[str, Jwk]:
        return {jwk["kid"]: public(jwk) for jwk in self._keys.values()}

    def _age(self) -> float:
        return time.monotonic() - self._looked

    async def _look(self) -> None:
        self._keys = await self._store.every()
        self._looked = time.monotonic()


def _made() -> Jwk:
    key = ECKey.generate_key("P-256", private=True)
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}
