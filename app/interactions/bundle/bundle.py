"""POST [base]: a transaction, all or nothing, or a batch, each entry by itself. https://hl7.org/fhir/R4/http.html#transaction"""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from app.fhir import json
from app.fhir.bundle.doors import READS
from app.fhir.bundle.entry import Entry
from app.fhir.bundle.place import place, placed
from app.fhir.bundle.read import Asked, asked
from app.fhir.bundle.response import Answer, Returning, response
from app.fhir.errors import BadRequest, FhirError, Issue
from app.interactions.bundle.asking import Operations, ask
from app.interactions.bundle.carried_out import carry_out
from app.interactions.bundle.prepared import INTERACTIONS, prepare
from app.interactions.bundle.room import Room, too_much
from app.record.audited import write_audited
from app.record.context import Context

log = logging.getLogger("kith")

# Bytes of a Bundle that takes long enough to read that others should not have to wait for it.
LARGE: Final = 200_000


async def bundle(
    context: Context, body: bytes, returning: Returning, operations: Operations, *, lenient: bool = False
) -> bytes:
    """The response Bundle; `operations` are those of the product that a batch may ask for.

    Raises BadRequest, PayloadTooLarge and Invalid for the Bundle as a whole, and for a transaction whatever refuses one
    of its entries, which the issues name; nothing is stored then.
    """
    async with write_audited(context, "transaction", ""):
        given = _read(context, body) if len(body) < LARGE else await asyncio.to_thread(_read, context, body)
        if given.kind == "transaction":
            answers = await carry_out(context, await prepare(context, given.entries), lenient=lenient)
            return response("transaction", context.base_url, answers, returning)
    return response("batch", context.base_url, await _batch(context, given, operations, lenient=lenient), returning)


def _read(context: Context, body: bytes) -> Asked:
    return asked(json.loads(body), context.bases, context.rules, context.policy.max_bundle_entries)


async def _batch(context: Context, given: Asked, operations: Operations, *, lenient: bool) -> list[Answer]:
    """Each entry as a transaction of its own."""
    entries = {entry.index: entry for entry in given.entries}
    answers, room = [], Room()
    for index in range(given.size):
        entry = entries.get(index)
        if entry is None:
            answer = await _refused(context, index, BadRequest(issues=given.refused[index]))
        elif room.is_used and (entry.method in READS or entry.address.asks):
            answer = await _refused(context, index, too_much())
        else:
            answer = await _alone(context, entry, operations, lenient=lenient)
        room.take(answer)
        answers.append(answer)
    return answers


async def _alone(context: Context, entry: Entry, operations: Operations, *, lenient: bool) -> Answer:
    try:
        if entry.address.asks:
            return await ask(context, entry, lenient=lenient, operations=operations)
        if entry.method in READS:  # which leave their own audit row, whatever comes of them
            return (await carry_out(context, await prepare(context, [entry]), lenient=lenient))[0]
        async with write_audited(context, INTERACTIONS[entry.method], entry.type, entry.address.id):
            return (await carry_out(context, await prepare(context, [entry]), lenient=lenient))[0]
    except FhirError as refusal:
        return Answer(refusal.status, issues=placed(refusal.issues, entry.place))
    except Exception:
        log.exception("an entry of request %s failed unexpectedly", context.caller.request_id)
        text = f"Something went wrong inside the service. Quote request id {context.caller.request_id}."
        return Answer(500, issues=(Issue("exception", text, entry.place, severity="fatal"),))


async def _refused(context: Context, index: int, refusal: FhirError) -> Answer:
    """The answer to an entry that is not carried out at all."""
    with suppress(FhirError):
        async with write_audited(context, "batch", ""):
            raise refusal
    return Answer(refusal.status, issues=placed(refusal.issues, place(index)))
