"""A registered client: the system that calls, for which organisation, and what it may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.security.caller import Facing, Granted
from app.security.scopes import Scopes

Jwk = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A public key (a JWK with kid) of a client, and until when it is good (None: until it is replaced)."""

    jwk: Jwk
    until: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Client:
    """A registration. `sees` are organisations whose records it may see besides those of its own.

    Tokens made before `tokens_from` are not taken any more; `sandbox` says that it must not exist in production.
    """

    id: str
    name: str
    organisation: str
    scopes: Scopes
    made: datetime
    tokens_from: datetime
    sees: tuple[str, ...] = ()
    facing: Facing = "staff"
    facing_patient: str = ""
    sandbox: bool = False
    enabled: bool = True
    keys: tuple[Key, ...] = field(default=())

    def key(self, kid: str, now: datetime) -> Jwk | None:
        """The key of this id, if it is good now."""
        return next((key.jwk for key in self.keys if key.jwk["kid"] == kid and key.is_good(now)), None)

    def granted(self, scopes: Scopes) -> Granted:
        """What a token of this client stands for that was given these scopes: never more than is registered now."""
        return Granted(
            client=self.id,
            client_name=self.name,
            organisation=self.organisation,
            organisations=frozenset({self.organisation, *self.sees}),
            scopes=scopes & self.scopes,
            facing=self.facing,
            facing_patient=self.facing_patient,
        )


class Clients(Protocol):
    """Where registrations are looked up."""

    async def find(self, id_: str) -> Client | None:
        """The client of this id, enabled or not. Raises Unavailable."""
