"""Entries that ask for histories, compartments, capabilities and operations: what their own routes would answer.

What each takes, what is on record of it, and how much it shows are those of the same interaction alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app.fhir import json
from app.fhir.bundle.address import Pairs
from app.fhir.bundle.entry import Entry
from app.fhir.bundle.response import Answer
from app.fhir.search.query import REPRESENTATION
from app.interactions.capabilities import capabilities
from app.interactions.everything import everything
from app.interactions.history import history
from app.interactions.search import search_compartment
from app.interactions.validate import told, validate
from app.record.context import Context

# An operation of the product by the parameters of the URL and the resource that was sent, None for none; its answer
# is the JSON of a resource.
Operation = Callable[[Context, Pairs, Any], Awaitable[bytes]]
Operations = Mapping[str, Operation]


async def ask(context: Context, entry: Entry, *, lenient: bool, operations: Operations) -> Answer:
    """The answer to an entry that asks for something beside resources. Raises FhirError."""
    content = await _asked(context, entry, lenient, operations)
    return Answer(200, content=None if entry.method == "HEAD" else content)


async def _asked(context: Context, entry: Entry, lenient: bool, operations: Operations) -> bytes:
    of, id_, pairs = entry.address.definition, entry.address.id, entry.address.criteria or []
    criteria = [pair for pair in pairs if pair[0] not in REPRESENTATION]
    match entry.address.asks:
        case "metadata":
            return json.dumps(capabilities(context))
        case "_history":
            return await history(context, of if of.type else None, id_, pairs)
        case "$everything":
            return await everything(context, id_, pairs)
        case "$validate":
            body = None if entry.resource is None else json.dumps(entry.resource)
            return json.dumps(told(await validate(context, of, id_, body, criteria)))
        case operation if operation in operations:
            return await operations[operation](context, criteria, entry.resource)
        case type_:
            return (await search_compartment(context, of.type, id_, type_, pairs, lenient=lenient)).body
