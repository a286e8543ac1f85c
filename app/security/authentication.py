"""Who calls, by the Authorization header of a request: https://www.rfc-editor.org/rfc/rfc6750"""

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from app.fhir.errors import Unauthorised
from app.security import jwt
from app.security.access_token import AccessToken, ExpiredError, OwnTokens
from app.security.caller import ANYBODY, Granted
from app.security.client import Client, Clients
from app.security.jwt import NotValidError
from app.security.scopes import EVERYTHING, PRIVILEGED

if TYPE_CHECKING:
    from app.security.issuer import Issuer

# A registration is looked up again after so long: a client that was disabled is refused by then.
CLIENT_SECONDS: Final = 2.0
MOST_TOKENS: Final = 10_000
MOST_CLIENTS: Final = 1_000
INVALID: Final = "invalid_token"


class Authentication(Protocol):
    """Turns the Authorization header of a request ('' for none) into what was granted."""

    async def granted(self, authorization: str) -> Granted:
        """Raises Unauthorised when there is no token that is valid now, Unavailable when that cannot be told."""


class Off:
    """For development alone: nobody is told apart, and everybody may do everything but take protection away."""

    def __init__(self, *, development_privileges: bool = False) -> None:
        self._granted = replace(ANYBODY, scopes=PRIVILEGED if development_privileges else EVERYTHING)

    async def granted(self, authorization: str) -> Granted:  # noqa: ARG002  # whatever is sent means nothing
        return self._granted


class RememberedClients:
    """Registrations, each looked up again when it was not for CLIENT_SECONDS."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._known: OrderedDict[str, tuple[float, Client | None]] = OrderedDict()

    async def find(self, id_: str) -> Client | None:
        known = self._known.get(id_)
        if known is not None and time.monotonic() - known[0] < CLIENT_SECONDS:
            return known[1]
        found = await self._clients.find(id_)
        self._known[id_] = (time.monotonic(), found)
        if len(self._known) > MOST_CLIENTS:
            self._known.popitem(last=False)
        return found


@dataclass(slots=True)
class Remembered:
    """A token that was verified, and what its client's registration made of it."""

    token: AccessToken
    ends: float
    client: Client | None
    granted: Granted


class On:
    """Tokens of this service, of an external issuer, or of both; each is verified once, then remembered by its hash."""

    def __init__(self, clients: Clients, own: OwnTokens | None, issuer: "Issuer | None") -> None:
        self._clients = RememberedClients(clients)
        self._own = own
        self._issuer = issuer
        self._tokens: OrderedDict[bytes, Remembered] = OrderedDict()

    async def granted(self, authorization: str) -> Granted:
        scheme, _, token = authorization.partition(" ")
        if not token or scheme.lower() != "bearer":
            raise Unauthorised(
                "Send an access token: Authorization: Bearer ...", error=INVALID if authorization else ""
            )
        if len(token) > jwt.LONGEST:
            raise Unauthorised(f"The token is longer than {jwt.LONGEST} characters.", error=INVALID, code="security")
        digest = sha256(token.encode("latin-1", "replace")).digest()
        known = self._tokens.get(digest)
        if known is None or known.ends <= time.time():
            known = await self._verified(token)
            self._tokens[digest] = known
            if len(self._tokens) > MOST_TOKENS:
                self._tokens.popitem(last=False)
        client = await self._clients.find(known.token.client)
        if client != known.client:
            known.client, known.granted = client, self._grant(known.token, client)
        return known.granted

    async def _verified(self, token: str) -> Remembered:
        try:
            found = await self._read(token, datetime.now(UTC))
        except ExpiredError as expired:
            raise Unauthorised("The token has expired: ask for another.", error=INVALID, code="expired") from expired
        except NotValidError as problem:
            raise Unauthorised(f"The token is not valid: {problem}.", error=INVALID, code="security") from problem
        client = await self._clients.find(found.client)
        return Remembered(found, found.ends.timestamp(), client, self._grant(found, client))

    async def _read(self, token: str, now: datetime) -> AccessToken:
        header, claims = jwt.unverified(token)
        if self._own is not None and claims.get("iss") == self._own.issuer:
            return await self._own.read(token, header, now)
        if self._issuer is not None and claims.get("iss") == self._issuer.trust.issuer:
            return await self._issuer.read(token, header, now)
        raise NotValidError("its issuer is not believed here")

    def _grant(self, token: AccessToken, client: Client | None) -> Granted:
        """What the token gives now. Raises Unauthorised when its client may not call any more, or never might."""
        if client is None and token.organisation and token.client:
            organisation = token.organisation
            return Granted(token.client, token.client, organisation, frozenset({organisation}), token.scopes)
        if client is None or not client.enabled or token.made < client.tokens_from:
            raise Unauthorised("The client of this token may not call.", error=INVALID, code="security")
        if token.organisation and token.organisation != client.organisation:
            raise Unauthorised("The token is of another organisation than its client.", error=INVALID, code="security")
        return client.granted(token.scopes)
