"""The open episodes of crisis care in SQL: the rule of app/involvement/crisis_care, by the search keys."""

from typing import Final

from app.involvement.crisis_care import CRISIS_TYPES, HOME_TREATMENT, INTENTS, OPEN_CARE, OPEN_PLAN
from app.storage.bound import Bound
from app.storage.worklists.asking import CODES, Asked, of_team


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


_TYPES: Final = ", ".join(f"('{system}', '{code}')" for system, code in CRISIS_TYPES)
# Of a row {row} of resource that is an EpisodeOfCare: no type is given, or one of a crisis team.
_OF_CRISIS_TEAM: Final = f"""
(NOT EXISTS (SELECT FROM search_token k WHERE k.resource = {{row}}.key AND k.parameter = 'EpisodeOfCare.type')
 OR EXISTS (SELECT FROM search_token k WHERE k.resource = {{row}}.key AND k.parameter = 'EpisodeOfCare.type'
            AND (k.system, k.code) IN ({_TYPES})))
"""
_OPEN_CARE: Final = f"""
EXISTS (SELECT FROM search_token s WHERE s.resource = {{row}}.key AND s.parameter = 'EpisodeOfCare.status'
        AND s.code IN ({_listed(OPEN_CARE)}))
AND {_OF_CRISIS_TEAM}
"""
_OPEN_PLAN: Final = f"""
EXISTS (SELECT FROM search_token k WHERE k.resource = {{row}}.key AND k.parameter = 'CarePlan.category'
        AND k.system = '{CODES}/care-plan-category' AND k.code = '{HOME_TREATMENT}')
AND EXISTS (SELECT FROM search_token s WHERE s.resource = {{row}}.key AND s.parameter = 'CarePlan.status'
            AND s.code IN ({_listed(OPEN_PLAN)}))
AND EXISTS (SELECT FROM search_token s WHERE s.resource = {{row}}.key AND s.parameter = 'CarePlan.intent'
            AND s.code IN ({_listed(tuple(sorted(INTENTS)))}))
"""

# Who is in two open episodes is listed with the first of them.
FIRST_EPISODE: Final = f"""
NOT EXISTS (
    SELECT FROM resource e
    WHERE e.patient = r.patient AND e.type = r.type AND NOT e.deleted AND e.key < r.key
      AND ((e.type = 'EpisodeOfCare' AND {_OPEN_CARE.format(row="e")})
           OR (e.type = 'CarePlan' AND {_OPEN_PLAN.format(row="e")})))
"""

# Of open episodes those whose key is at or behind {after}, in the order of their keys: {columns} of each, `r` the
# episode and `start` its beginning. Each branch goes through one index in that order, and stops at the limit.
_BRANCH: Final = """
(SELECT {columns} FROM search_token t JOIN resource r ON r.key = t.resource
 LEFT JOIN search_date d ON d.resource = r.key AND d.parameter = '{type}.date'
 CROSS JOIN LATERAL (SELECT d.low AS low) start {joined}
 WHERE {found} AND t.resource >= {after} AND r.type = '{type}' AND NOT r.deleted AND r.patient <> ''
   AND {is_open} {where}
 ORDER BY t.resource, {order} LIMIT {limit})
"""
# A plan of crisis home treatment is an episode where there is no open EpisodeOfCare.
_PLAN: Final = f"""
{_OPEN_PLAN.format(row="r")}
AND NOT EXISTS (SELECT FROM resource e WHERE e.patient = r.patient AND e.type = 'EpisodeOfCare' AND NOT e.deleted
                AND {_OPEN_CARE.format(row="e")})
"""
_BRANCHES: Final = (
    *(
        ("EpisodeOfCare", f"t.parameter = 'EpisodeOfCare.status' AND t.code = '{status}'", _OF_CRISIS_TEAM)
        for status in OPEN_CARE
    ),
    (
        "CarePlan",
        f"(t.parameter, t.code, t.system) = ('CarePlan.category', '{HOME_TREATMENT}', '{CODES}/care-plan-category')",
        _PLAN,
    ),
)


def episodes(asked: Asked, bind: Bound, where: str, *, columns: str = "r.key AS place, r.key", joined: str = "") -> str:
    """The statement that goes through open episodes; `joined` may add `person` rows, whose keys are then listed."""
    place, key = asked.after
    own = "person.key" if joined else "r.key"
    after, last, limit = bind(max(place, 0), "bigint"), bind(key, "bigint"), bind(asked.limit, "bigint")
    condition = f"AND (r.key, {own}) > ({after}, {last}) {of_team(asked, bind, 'r.patient')} {where}"
    branches = [
        _BRANCH.format(
            columns=columns,
            joined=joined,
            type=type_,
            found=found,
            is_open=is_open.format(row="r"),
            where=condition,
            after=after,
            order=own,
            limit=limit,
        )
        for type_, found, is_open in _BRANCHES
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(branches)}) found ORDER BY place, key LIMIT {limit}"
