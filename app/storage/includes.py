"""`_include` and `_revinclude`: one statement for each round of references, however many resources it starts from.

https://hl7.org/fhir/R4/search.html#include
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.fhir import nhs_number
from app.fhir.search.include import Include
from app.storage.bound import Bound
from app.storage.links import SAME_VERSION
from app.storage.pool import Connection
from app.storage.search import Match
from app.storage.visibility import CONTENT, Visibility, visible

# A chain of references as long as this is a list of its own, better asked for as one.
MOST_ROUNDS: Final = 100

# A reference to a patient is to every Patient of that record, by whatever name; one by NHS number that was not known
# when it was written is looked up now.
_ROUND: Final = """
WITH forward AS (SELECT * FROM unnest({forward}, {targets}) AS f(parameter, target)),
backward AS (SELECT * FROM unnest({backward}, {sources}) AS b(parameter, target)),
wanted AS (
    SELECT t.key
    FROM search_reference h JOIN forward f ON f.parameter = h.parameter AND f.target IN ('', h.target_type)
    JOIN resource t ON t.type = h.target_type AND t.id = h.target_id
    WHERE h.resource = ANY({start}) AND h.target_type <> 'Patient'
  UNION
    SELECT t.key
    FROM search_reference h JOIN forward f ON f.parameter = h.parameter AND f.target IN ('', h.target_type)
    LEFT JOIN nhs_number n
        ON n.number = CASE WHEN h.value <> '' AND h.system = {nhs} THEN h.value ELSE h.target_id END
    JOIN resource t ON t.type = 'Patient' AND t.patient <> ''
        AND t.patient = CASE WHEN n.patient IS NULL THEN h.target_id ELSE n.patient END
    WHERE h.resource = ANY({start}) AND h.target_type = 'Patient'
  UNION
    SELECT h.resource
    FROM resource s
    JOIN search_reference h
        ON h.target_type = s.type AND h.target_id = CASE WHEN s.type = 'Patient' THEN s.patient ELSE s.id END
    JOIN backward b ON b.parameter = h.parameter AND b.target IN ('', s.type)
    WHERE s.key = ANY({start}){by_address}
)
SELECT r.key, r.type, r.id, r.patient, {content} AS content FROM wanted w JOIN resource r ON r.key = w.key
WHERE {visible} AND r.type = ANY({types}) AND NOT EXISTS (SELECT FROM unnest({seen}) AS s(key) WHERE s.key = r.key)
ORDER BY r.key LIMIT {most}
"""
# The same by canonical URLs: of each parameter ("QuestionnaireResponse.questionnaire") to the URLs that it may name
# ("Questionnaire.url").
_BY_ADDRESS: Final = f"""
  UNION
    SELECT u.resource
    FROM search_reference h JOIN unnest({{named}}, {{urls}}) AS f(parameter, urls) ON f.parameter = h.parameter
    JOIN search_uri u ON u.parameter = f.urls AND u.value = h.url
    WHERE h.resource = ANY({{start}}) AND h.url <> '' AND {SAME_VERSION}
  UNION
    SELECT h.resource
    FROM search_uri u JOIN unnest({{naming}}, {{owned}}) AS b(parameter, urls) ON b.urls = u.parameter
    JOIN search_reference h ON h.parameter = b.parameter AND h.url <> '' AND h.url = u.value
    WHERE u.resource = ANY({{start}}) AND {SAME_VERSION}"""


class Bounds(NamedTuple):
    """What may come along: resources of these `types`, and at most so many of them in all."""

    types: Sequence[str]
    most: int


class Included(NamedTuple):
    """What came along, in the order it was found; `truncated` when there was more than was allowed."""

    resources: tuple[Match, ...] = ()
    truncated: bool = False


async def included(
    connection: Connection,
    matches: Sequence[Match],
    includes: Sequence[Include],
    visibility: Visibility,
    bounds: Bounds,
) -> Included:
    """What the includes lead to from these matches, each resource once and no match again."""
    found: list[Match] = []
    seen, start, following = [match.key for match in matches], list(matches), list(includes)
    for _ in range(MOST_ROUNDS):
        if not start or not following:
            return Included(tuple(found))
        room = bounds.most - len(found)
        rows = await _round(connection, start, following, seen, visibility, Bounds(bounds.types, room + 1))
        if len(rows) > room:
            return Included((*found, *rows[:room]), truncated=True)
        found += rows
        seen += [row.key for row in rows]
        start, following = rows, [include for include in includes if include.iterate]
    return Included(tuple(found), truncated=bool(start))


async def _round(
    connection: Connection,
    start: Sequence[Match],
    includes: Sequence[Include],
    seen: Sequence[int],
    visibility: Visibility,
    bounds: Bounds,
) -> list[Match]:
    bind = Bound()
    ways = [(include.reverse, key, include.target) for include in includes for key in include.keys]
    forward = [(key, target) for reverse, key, target in ways if not reverse]
    backward = [(key, target) for reverse, key, target in ways if reverse]
    start_ = bind([match.key for match in start], "bigint[]")
    statement = _ROUND.format(
        forward=bind([key for key, _ in forward], "text[]"),
        targets=bind([target for _, target in forward], "text[]"),
        backward=bind([key for key, _ in backward], "text[]"),
        sources=bind([target for _, target in backward], "text[]"),
        start=start_,
        by_address=_by_address(includes, start_, bind),
        nhs=bind(nhs_number.SYSTEM),
        content=CONTENT,
        visible=visible(visibility, bind),
        seen=bind(list(seen), "bigint[]"),
        types=bind(list(bounds.types), "text[]"),
        most=bind(bounds.most, "bigint"),
    )
    return [Match(*row) for row in await connection.fetch(statement, *bind.values)]


def _by_address(includes: Sequence[Include], start: str, bind: Bound) -> str:
    """The part of a round that follows canonical URLs; '' where none is asked for."""
    ways = [(include.reverse, key, f"{type_}.url") for include in includes for key, type_ in include.canonicals]
    if not ways:
        return ""
    forward = [(key, urls) for reverse, key, urls in ways if not reverse]
    backward = [(key, urls) for reverse, key, urls in ways if reverse]
    return _BY_ADDRESS.format(
        named=bind([key for key, _ in forward], "text[]"),
        urls=bind([urls for _, urls in forward], "text[]"),
        start=start,
        naming=bind([key for key, _ in backward], "text[]"),
        owned=bind([urls for _, urls in backward], "text[]"),
    )
