"""Callers of every kind, without tokens: what a token stands for is given to a client of the tests directly."""

import itertools
from typing import cast

import httpx
from fastapi import FastAPI

from app.security import scopes
from app.security.authentication import Authentication
from app.security.caller import Facing, Granted

NUMBERS = itertools.count(1)


class Named:
    """An authentication that knows the callers of the tests, and asks the real one about everybody else."""

    def __init__(self, real: Authentication) -> None:
        self._real = real
        self.known: dict[str, Granted] = {}

    async def granted(self, authorization: str) -> Granted:
        return self.known.get(authorization) or await self._real.granted(authorization)


def granted(
    scope: str = "system/*.cruds kith/check",
    *,
    organisation: str = "RX1",
    sees: tuple[str, ...] = (),
    facing: Facing = "staff",
    patient: str = "",
) -> Granted:
    """What a token of a registered client stands for; it sees the records of its organisation and of those in `sees`.

    `scope` is as a token has it; `patient` is the id of the Patient whom a patient- or carer-facing client is about.
    """
    return Granted(
        client=f"client-{organisation.lower()}",
        client_name=f"A system of {organisation}",
        organisation=organisation,
        organisations=frozenset({organisation, *sees}),
        scopes=scopes.parse(scope),
        facing=facing,
        facing_patient=patient,
    )


def acting(client: httpx.AsyncClient, as_: Granted) -> httpx.AsyncClient:
    """A client of the same application as `client`, which calls with what was granted."""
    transport = cast(httpx.ASGITransport, client._transport)
    named = cast(FastAPI, transport.app).state.service.authentication
    token = f"Bearer test-{next(NUMBERS)}"
    named.known[token] = as_
    return httpx.AsyncClient(
        transport=transport, base_url=client.base_url, headers={**client.headers, "Authorization": token}
    )
