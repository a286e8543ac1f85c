"""The open episodes of crisis care in SQL: the rule of app/involvement/crisis_care, by the search keys."""

from typing import Final

from app.involvement.crisis_care import CRISIS_TYPES, HOME_TREATMENT, INTENTS, OPEN_CARE, OPEN_PLAN
from app.storage.bound import Bound
from app.storage.worklists.asking import CODES, Asked, episode_of_team
from app.storage.worklists.conditions import exists, record, token

_CATEGORIES: Final = f"{CODES}/care-plan-category"


def _of_crisis_team(row: str) -> str:
    """Of an EpisodeOfCare: no type is given, or one of a crisis team."""
    crisis = (token(row, "EpisodeOfCare.type", code, system=system) for system, code in CRISIS_TYPES)
    return f"(NOT {token(row, 'EpisodeOfCare.type')} OR {' OR '.join(crisis)})"


def _open_care(row: str) -> str:
    return f"{token(row, 'EpisodeOfCare.status', *OPEN_CARE)} AND {_of_crisis_team(row)}"


def _open_plan(row: str) -> str:
    category = token(row, "CarePlan.category", HOME_TREATMENT, system=_CATEGORIES)
    return f"{category} AND {token(row, 'CarePlan.status', *OPEN_PLAN)} AND {token(row, 'CarePlan.intent', *INTENTS)}"


# A plan of crisis home treatment is an episode where there is no open EpisodeOfCare.
_PLAN: Final = f"""
{_open_plan("r")} AND NOT {exists(f"SELECT FROM {record('e', 'EpisodeOfCare', of='r')} AND {_open_care('e')}")}
"""
# Each branch goes through one index in the order of the keys, and stops at the limit: EpisodeOfCares and plans that
# are open by their status, of which it is asked, one by one, whether they are of a crisis team.
_BRANCHES: Final = (
    *(("EpisodeOfCare", status, _of_crisis_team("r")) for status in OPEN_CARE),
    *(("CarePlan", status, _PLAN) for status in OPEN_PLAN),
)
_BRANCH: Final = """
(SELECT {columns}
 FROM (SELECT t.resource AS key FROM search_token t
       WHERE t.parameter = '{type}.status' AND t.code = '{status}' AND t.resource >= {after} {of_team}
       ORDER BY t.resource OFFSET 0) open
 CROSS JOIN LATERAL (SELECT o.key, o.type, o.patient FROM resource o
                     WHERE o.key = open.key AND NOT o.deleted AND o.patient <> '' OFFSET 0) r
 CROSS JOIN LATERAL (SELECT (SELECT d.low FROM search_date d
                             WHERE d.resource = open.key AND d.parameter = '{type}.date' LIMIT 1) AS low OFFSET 0) start
 {joined}
 WHERE {is_open} {where}
 ORDER BY open.key, {order} LIMIT {limit})
"""


def is_first_episode() -> str:
    """The condition that a patient is in no open episode before `r`: who is in two is listed with the first."""
    kinds = (("EpisodeOfCare", _open_care("e")), ("CarePlan", _open_plan("e")))
    earlier = (
        f"SELECT FROM {record('e', type_, of='r')} AND e.type = r.type AND e.key < r.key AND {is_open}"
        for type_, is_open in kinds
    )
    return " AND ".join(f"NOT {exists(one)}" for one in earlier)


def episodes(asked: Asked, bind: Bound, where: str, *, columns: str = "r.key AS place, r.key", joined: str = "") -> str:
    """The statement that goes through open episodes `r`, of which `start` is the beginning, in the order of their keys.

    `joined` may add `person` rows, whose keys are then listed.
    """
    place, key = asked.after
    own = "person.key" if joined else "r.key"
    after, last, limit = bind(max(place, 0), "bigint"), bind(key, "bigint"), bind(asked.limit, "bigint")
    branches = [
        _BRANCH.format(
            columns=columns,
            joined=joined,
            type=type_,
            status=status,
            of_team=episode_of_team(asked, "t.resource"),
            is_open=is_open,
            where=f"AND (r.key, {own}) > ({after}, {last}) {where}",
            after=after,
            order=own,
            limit=limit,
        )
        for type_, status, is_open in _BRANCHES
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(branches)}) found ORDER BY place, key LIMIT {limit}"
