"""Clients with keys, and the assertions and tokens that they, or somebody who would like to be them, would send."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.security import keys
from app.security.client import Client, Key
from app.security.scopes import parse
from app.storage import clients
from app.storage.pool import Database

ROOT = "http://kith.test"
TOKEN_URL = f"{ROOT}/oauth2/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Registered:
    """A client of the tests, with its private key."""

    id: str = field(default_factory=lambda: f"client-{uuid4()}")
    key: dict[str, Any] = field(default_factory=keys.generate)
    scopes: str = "system/*.cruds kith/check"
    organisation: str = "RX1"

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.id, "sub": self.id, "aud": TOKEN_URL, "exp": now + 200, "jti": str(uuid4())} | changed
        return {name: value for name, value in claims.items() if value is not None}

    def assertion(self, header: dict[str, Any] | None = None, key: dict[str, Any] | None = None, **changed: Any) -> str:
        return signed(self.claims(**changed), key or self.key, **(header or {}))

    async def token(self, client: httpx.AsyncClient, scope: str = "") -> str:
        answer = await ask(client, self.assertion(), scope)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]


class FromNow(NamedTuple):
    """A time that is taken when a token is signed: examples are made long before they are used."""

    seconds: int


def signed(claims: dict[str, Any], key: dict[str, Any], **header: Any) -> str:
    now = int(time.time())
    claims = {name: now + each.seconds if isinstance(each, FromNow) else each for name, each in claims.items()}
    header = {"alg": key.get("alg", "ES384"), "kid": key["kid"], "typ": "JWT"} | header
    return jwt.encode(header, claims, imported(key), algorithms=[header["alg"]])


def imported(key: dict[str, Any]) -> Any:
    return (RSAKey if key["kty"] == "RSA" else ECKey).import_key(key)


def rsa(algorithm: str = "RS384", bits: int = 2048) -> dict[str, Any]:
    key = RSAKey.generate_key(bits, private=True)
    return {**key.as_dict(private=True), "kid": str(uuid4()), "alg": algorithm}


async def register(url: str, *registered: Registered, **more: Any) -> None:
    """Stores the clients in the database at `url`."""
    database = Database(url, size=1, role="none")
    await database.open()
    async with database.connection(None) as connection:
        for one in registered:
            made = datetime.now(UTC).replace(microsecond=0)
            client = Client(
                id=one.id,
                name=one.id,
                organisation=one.organisation,
                scopes=parse(one.scopes),
                made=made,
                tokens_from=made,
                keys=(Key(keys.public(one.key)),),
                **more,
            )
            await clients.add(connection, client)
    await database.close()


async def ask(client: httpx.AsyncClient, assertion: str, scope: str = "", **changed: str) -> httpx.Response:
    """A request for a token."""
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    form |= {"scope": scope} if scope else {}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await client.post(TOKEN_URL, data=form | changed, headers=headers)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def errors(answer: httpx.Response) -> Sequence[str]:
    """error and error_description of a refusal by the token endpoint."""
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    return body["error"], body["error_description"]
