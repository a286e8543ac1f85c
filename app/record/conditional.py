"""Conditional writes: criteria decide which resource is meant, and whoever asks alike takes turns.

Two writers whose criteria each meet what the other would store must not decide at once. If the criteria of either name
an identifier, or the patient, the other's resource has it too; so each takes turns on the identifiers and the patient
in its criteria and in its resource. One whose criteria name neither has its type to itself meanwhile.
https://hl7.org/fhir/R4/http.html#ccreate, https://hl7.org/fhir/R4/http.html#cond-update
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, PreconditionFailed
from app.fhir.links import links, patient_parameters
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.fhir.search.criterion import Criterion
from app.fhir.search.keys import extract
from app.fhir.search.query import Limits, Pairs, Query
from app.fhir.search.reference import Numbered, Target
from app.fhir.search.token import Token
from app.record.context import Context
from app.record.reach import check_reach
from app.record.write import Overtaken
from app.security.permission import require
from app.security.scopes import Scope
from app.storage import resources, search
from app.storage.pool import Connection
from app.storage.resources import Stored
from app.storage.search import Match
from app.storage.turns import Turns, take

# One match is the resource, and two refuse.
_ENOUGH: Final = Limits(2, 2)
# PostgreSQL holds so many locks at once, and no more.
MOST_TURNS: Final = 400


def criteria(context: Context, definition: ResourceDefinition, pairs: Pairs) -> Query:
    """The search that finds the resource. Raises BadRequest unless each parameter is a criterion, PreconditionFailed
    when there is none, InsufficientScope unless the caller may search.
    """
    require(context.caller.scopes, Scope(definition.type, "s"), "Criteria tell what is there.")
    if not pairs:
        raise PreconditionFailed(
            "No criteria are given, and every resource would meet them. One resource is named by its id: [type]/[id]."
        )
    asked = query.parse(pairs, definition, now=context.rules.now, bases=context.bases, limits=_ENOUGH, lenient=False)
    if any(name.partition(":")[0] in query.SHAPING for name, _ in pairs):
        raise BadRequest(
            "Only search criteria decide which resource is meant, such as identifier=system|value.",
            spine="INVALID_SEARCH_DATA",
        )
    check_reach(context.caller.scopes, asked.criteria)
    return asked


async def one(context: Context, connection: Connection, asked: Query) -> Match | None:
    """The resource that meets the criteria, None when none does. Raises PreconditionFailed when several do."""
    page = await search.search(connection, asked, context.visibility)
    if len(page.matches) > 1:
        raise ambiguous(asked.definition.type)
    return page.matches[0] if page.matches else None


def ambiguous(type_: str, expression: str = "") -> PreconditionFailed:
    """What refuses criteria that several resources meet."""
    text = f"Several {type_} resources meet the criteria."
    return PreconditionFailed(text, code="multiple-matches", expression=expression)


async def meeting(context: Context, connection: Connection, asked: Query, most: int) -> list[Match]:
    """Up to so many resources that meet the criteria."""
    return (await search.search(connection, replace(asked, count=most), context.visibility)).matches


async def decided(
    context: Context, connection: Connection, asked: Query, resource: dict[str, Any] | None = None
) -> Match | None:
    """The same, found in turn with whoever decides on a write of `resource` (None: a deletion) in a like way."""
    await take(connection, together([turns(context, asked, resource)]))
    return await one(context, connection, asked)


async def locked(
    context: Context, connection: Connection, found: Match, type_: str, *, to_delete: bool = False
) -> Stored:
    """What was found, which nobody else changes until this transaction ends. Raises Overtaken when somebody has."""
    lock = resources.lock_to_delete if to_delete else resources.lock
    stored = await lock(connection, type_, found.id, context.visibility)
    if stored is None or (stored.content != found.content and not stored.masked):
        raise Overtaken
    return stored


def turns(context: Context, asked: Query, resource: dict[str, Any] | None) -> Turns:
    """The turns to take before the search for what decides on a write of `resource` (None: a deletion)."""
    definition = asked.definition
    codes, patients = set(identifiers(asked)), set(_patients(asked))
    kind = f"conditional {definition.type}"
    if not codes and not patients:
        return Turns(alone=frozenset({kind}))
    if resource is not None:
        codes.update(
            code
            for name, _, code in extract(resource, definition, context.bases).tokens
            if name == f"{definition.type}.identifier"
        )
        found = links(resource, definition, context.bases, BY_TYPE)
        patients.update(filter(None, (found.patient.id, found.patient.number)))
    return Turns(
        shared=frozenset({kind}),
        alone=frozenset(f"{definition.type} identified as {code}" for code in codes),
        patients=frozenset((definition.type, name) for name in patients),
    )


def together(turns_: list[Turns]) -> Turns:
    """The turns of many decisions in one transaction; coarser ones when there are too many."""
    joined = Turns()
    for each in turns_:
        joined |= each
    if len(joined.alone) + len(joined.patients) <= MOST_TURNS:
        return joined
    return Turns(alone=joined.shared | {name for name in joined.alone if name.startswith("conditional ")})


def identifiers(asked: Query) -> Iterator[str]:
    """The values of identifiers, one of which whatever meets the criteria has."""
    for criterion in asked.own:
        if criterion.parameter.name == "identifier" and _demands(criterion):
            codes = [value.code for value in criterion.values if isinstance(value, Token)]
            if all(codes):
                yield from filter(None, codes)


def _patients(asked: Query) -> Iterator[str]:
    """The ids and NHS numbers of patients, of one of whom whatever meets the criteria is."""
    covered = patient_parameters(asked.definition)
    for criterion in asked.own:
        if f"{asked.definition.type}.{criterion.parameter.name}" in covered and _demands(criterion):
            values = criterion.values
            if all(
                isinstance(value, Numbered) or (isinstance(value, Target) and value.types == ("Patient",))
                for value in values
            ):
                yield from (
                    value.number if isinstance(value, Numbered) else value.id
                    for value in values
                    if isinstance(value, Numbered | Target)
                )


def _demands(criterion: Criterion) -> bool:
    """Whether what meets a criterion has one of its values."""
    return criterion.missing is None and not criterion.negated
