"""The token endpoint's work: a client assertion in, an access token out. https://www.rfc-editor.org/rfc/rfc6749#section-5

SMART Backend Services: https://hl7.org/fhir/smart-app-launch/backend-services.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.record.context import Context
from app.security import assertion
from app.security.access_token import OwnTokens
from app.security.assertion import Assertion
from app.security.client import Client, Clients
from app.security.jwt import NotValidError
from app.security.scopes import Scopes, understood
from app.storage import assertions, audit

GRANT: Final = "client_credentials"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# How long a used assertion is remembered after it ended: longer than clocks differ.
_MARGIN: Final = timedelta(minutes=5)

Form = Sequence[tuple[str, str]]


class TokenRefusedError(Exception):
    """A request for a token that is refused: `error` is of RFC 6749, section 5.2; str() says what is wrong."""

    def __init__(self, error: str, description: str, client: Client | None = None) -> None:
        super().__init__(description)
        self.error = error
        self.client = client


@dataclass(frozen=True, slots=True)
class TokenDoor:
    """What the token endpoint works with; `audiences` are the addresses by which an assertion may name it."""

    clients: Clients
    tokens: OwnTokens
    audiences: frozenset[str]
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Issued:
    """An access token, for how many seconds it is good, and what it may do."""

    token: str
    seconds: int
    scope: str


async def issue(context: Context, door: TokenDoor, form: Form) -> Issued:
    """A token for the client that the assertion proves. Raises TokenRefusedError, Unavailable.

    Both the token and the refusal are in the audit trail before they are answered.
    """
    try:
        return await _issued(context, door, _fields(form))
    except TokenRefusedError as refusal:
        known = _as(context, refusal.client) if refusal.client else context
        row = known.audit_row("token", status=400, outcome=f"{refusal.error}: {refusal}")
        await context.audit_commit.commit([row])
        raise


async def _issued(context: Context, door: TokenDoor, fields: Mapping[str, str]) -> Issued:
    proved = await _proved(context, door, fields)
    client = proved.client
    given = _given(client, fields.get("scope", ""))
    token = await door.tokens.make(client.id, given, context.rules.now, door.lasting)
    await _use(context, proved, given)
    return Issued(token, int(door.lasting.total_seconds()), str(given))


def _fields(form: Form) -> dict[str, str]:
    fields = dict(form)
    if len(fields) < len(form):
        raise TokenRefusedError("invalid_request", "Each parameter may be there once.")
    if fields.get("grant_type") != GRANT:
        error = "unsupported_grant_type" if fields.get("grant_type") else "invalid_request"
        raise TokenRefusedError(error, f"grant_type must be {GRANT}.")
    if fields.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefusedError("invalid_client", f"client_assertion_type must be {ASSERTION_TYPE}.")
    if "client_assertion" not in fields:
        raise TokenRefusedError("invalid_client", "client_assertion is missing.")
    return fields


async def _proved(context: Context, door: TokenDoor, fields: Mapping[str, str]) -> Assertion:
    try:
        proved = await assertion.verify(fields["client_assertion"], door.clients, door.audiences, context.rules.now)
    except NotValidError as problem:
        raise TokenRefusedError("invalid_client", f"The client assertion is not valid: {problem}.") from problem
    if fields.get("client_id", proved.client.id) != proved.client.id:
        raise TokenRefusedError("invalid_client", "client_id is not the client of the assertion.", proved.client)
    return proved


def _given(client: Client, wanted: str) -> Scopes:
    """What was asked for, as far as it is registered; all that is registered when nothing was asked for."""
    given = understood(wanted.split(" ")) & client.scopes if wanted else client.scopes
    if not given:
        raise TokenRefusedError("invalid_scope", "None of these scopes is registered for this client.", client)
    return given


async def _use(context: Context, proved: Assertion, given: Scopes) -> None:
    """Uses up the assertion, on record: both or neither."""
    client, now = proved.client, context.rules.now
    async with context.database.transaction(None) as connection:
        if not await assertions.use(connection, client.id, proved.jti, proved.ends + _MARGIN, now):
            raise TokenRefusedError("invalid_client", "The client assertion was used before (jti).", client)
        await audit.record(connection, [_as(context, client).audit_row("token", status=200, outcome=str(given))])


def _as(context: Context, client: Client) -> Context:
    return context._replace(caller=context.caller._replace(client=client.id, organisation=client.organisation))
