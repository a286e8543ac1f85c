"""The access tokens that this service gives out and believes: https://www.rfc-editor.org/rfc/rfc9068"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from app.security import jwt
from app.security.jwt import Claims, NotValidError
from app.security.scopes import Scopes, understood
from app.security.signing import ALGORITHM, SigningKeys

TYPE: Final = "at+jwt"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token says: whose it is, what it was given, when it was made and ends."""

    client: str
    scopes: Scopes
    made: datetime
    ends: datetime
    organisation: str = ""


class OwnTokens:
    """Tokens by `issuer`, the address of this service, which is also whom they are for."""

    def __init__(self, issuer: str, keys: SigningKeys) -> None:
        self.issuer = issuer
        self.keys = keys

    async def make(self, client: str, scopes: Scopes, now: datetime, lasting: timedelta) -> str:
        """A token for a client. Raises Unavailable."""
        made = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": client,
            "client_id": client,
            "scope": str(scopes),
            "iat": made,
            "exp": made + int(lasting.total_seconds()),
            "jti": str(uuid4()),
        }
        return jwt.signed(claims, await self.keys.signing(now), algorithm=ALGORITHM, type_=TYPE)

    async def read(self, token: str, header: Claims, now: datetime) -> AccessToken:
        """What a token says, if this service made it and it has not ended. Raises NotValidError, Unavailable."""
        jwk = await self.keys.verifying(jwt.text(header, "kid"))
        if jwk is None or header.get("typ") != TYPE:
            raise NotValidError("it is not of a key of this service")
        claims = jwt.verified(token, jwk, (ALGORITHM,))
        made, ends = jwt.moment(claims, "iat"), jwt.moment(claims, "exp")
        if (claims.get("iss"), claims.get("aud")) != (self.issuer, self.issuer) or made is None or ends is None:
            raise NotValidError("it is not for this service")
        if ends <= now:
            raise ExpiredError
        return AccessToken(jwt.text(claims, "client_id"), understood(_words(claims)), made, ends)


class ExpiredError(NotValidError):
    """A token that was valid once."""

    def __init__(self) -> None:
        super().__init__("it has expired")


def _words(claims: Claims) -> list[str]:
    return jwt.text(claims, "scope", jwt.LONGEST).split(" ")
