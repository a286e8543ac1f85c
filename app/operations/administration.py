"""Administration over HTTP, with kith/admin: the clients of one's own organisation, and stopping one at once.

To register clients and to change their keys is for whoever owns the tables: `kith client`.
"""

from typing import Any, Final

from app.fhir.errors import NotFound
from app.record.audited import read_audited, write_audited
from app.record.context import Context
from app.security.client import Client, Key
from app.storage import audit, clients

LIST: Final = "client-list"
DISABLE: Final = "client-disable"


async def list_clients(context: Context) -> list[dict[str, Any]]:
    """The registrations of the caller's organisation, by name. Raises InsufficientScope, Unavailable."""
    async with read_audited(context, LIST, ""), context.connection() as connection:
        return [shown(each) for each in await clients.own(connection)]


async def disable_client(context: Context, id_: str) -> dict[str, Any]:
    """Refuses a client of the caller's organisation and every token it has, within seconds; its registration then.

    Raises InsufficientScope, NotFound (also for another organisation's), Unavailable.
    """
    async with write_audited(context, DISABLE, "", id_):
        async with context.transaction() as connection:
            found = await clients.disable_own(connection, id_)
            if found is None:
                raise NotFound("This organisation has no such client.")
            row = context.audit_row(DISABLE, "", id_, status=200, outcome=f"{found.name}: {found.scopes}")
            await audit.record(connection, [row])
        return shown(found)


def shown(client: Client) -> dict[str, Any]:
    """A registration as JSON: of its keys no more than which they are."""
    facing = {"patient": client.facing_patient} if client.facing_patient else {}
    return {
        "id": client.id,
        "name": client.name,
        "organisation": client.organisation,
        "sees": list(client.sees),
        "scopes": str(client.scopes),
        "facing": client.facing,
        **facing,
        "enabled": client.enabled,
        "sandbox": client.sandbox,
        "made": client.made.isoformat(),
        "keys": [_key(each) for each in client.keys],
    }


def _key(key: Key) -> dict[str, Any]:
    until = {"until": key.until.isoformat()} if key.until else {}
    return {"kid": key.jwk["kid"], "kty": key.jwk["kty"], **until}
