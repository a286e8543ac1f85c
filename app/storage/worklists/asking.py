"""What a page of a worklist is asked for, and the parts that the statements share."""

from dataclasses import dataclass, replace
from typing import Final

from app.fhir.canonical import BASE
from app.fhir.vocabulary.contacts import ATTEMPTS
from app.storage.bound import Bound
from app.storage.worklists.conditions import exists, record, refers, token

CODES: Final = f"{BASE}/CodeSystem"
BEGINNING: Final = (-(2**63), 0)
ERROR: Final = "entered-in-error"
_HOUR: Final = 3_600_000_000
_EPISODES: Final = ("EpisodeOfCare", "CarePlan")


@dataclass(frozen=True, slots=True)
class Asked:
    """`now` in microseconds since 1970-01-01T00:00:00Z; `after` the place of the last entry; `team` as (type, id).

    A place is two numbers: what the list is ordered by, and a Resource.key. `roles` are those of key people.
    """

    now: int
    after: tuple[int, int] = BEGINNING
    limit: int = 50
    team: tuple[str, str] | None = None
    contact_hours: int = 24
    concern_hours: int = 24
    meeting_days: int = 7
    roles: tuple[str, ...] = ()

    def hours_ago(self, hours: int) -> int:
        return self.now - hours * _HOUR

    def behind(self, place: tuple[int, int], limit: int) -> "Asked":
        """The same from this place on, so many entries."""
        return replace(self, after=place, limit=limit)

    @property
    def meetings_until(self) -> int:
        return self.now + self.meeting_days * 24 * _HOUR


# The team that is asked for. An Organization stands for the teams that it manages too. What a CareTeam refers to twice
# has one search key, so its content alone tells whether that is who manages it. Records of other systems name an
# Organization by an identifier of it.
_TEAM: Final = """
numbered (system, value) AS MATERIALIZED (
    SELECT k.system, k.code FROM resource o JOIN search_token k ON k.resource = o.key
    WHERE o.type = {type} AND o.id = {id} AND NOT o.deleted AND k.parameter = 'Organization.identifier'
      AND k.system <> ''
),
team (type, id) AS MATERIALIZED (
    SELECT {type}, {id}
    UNION ALL
    SELECT 'CareTeam', c.id FROM search_reference m JOIN resource c ON c.key = m.resource AND c.type = 'CareTeam'
    WHERE m.target_type = {type} AND m.target_id = {id} AND m.parameter IN ('CareTeam', 'CareTeam.participant')
      AND EXISTS (SELECT FROM json_array_elements(c.content -> 'managingOrganization') o
                  WHERE split_part(o ->> 'reference', '/_history/', 1) LIKE '%' || {type} || '/' || {id})
),
"""


def team(asked: Asked, bind: Bound) -> str:
    """What stands before the other parts of a statement, for `of_team` and `episode_of_team`; '' without a team."""
    return _TEAM.format(type=bind(asked.team[0]), id=bind(asked.team[1])) if asked.team else ""


def of_team(asked: Asked, row: str) -> str:
    """The condition that the patient of a row of resource has an episode or plan of the team; '' without a team."""
    either = (exists(f"SELECT FROM {record('e', type_, row)} AND {_names_team('e.key')}") for type_ in _EPISODES)
    return f"AND ({' OR '.join(either)})" if asked.team else ""


def episode_of_team(asked: Asked, key: str) -> str:
    """The condition that an episode itself, by its key, is of the team; '' without a team."""
    return f"AND {_names_team(key)}" if asked.team else ""


def _names_team(key: str) -> str:
    """The condition that the resource of a key names the team."""
    return exists(
        f"SELECT FROM search_reference k WHERE k.resource = {key} "
        "AND ((k.target_type, k.target_id) IN (SELECT team.type, team.id FROM team) "
        "OR k.value <> '' AND k.parameter = 'EpisodeOfCare.organization' "
        "AND (k.system, k.value) IN (SELECT numbered.system, numbered.value FROM numbered))"
    )


def says_not(row: str, *statuses: str) -> str:
    """The condition that a Communication (a row of resource) has none of these statuses."""
    return f"NOT {token(row, 'Communication.status', *statuses)}"


def attempts(bind: Bound) -> str:
    """The condition that a Communication `c` is an attempt to reach a supporter, as its one outcome says."""
    of_contact = (
        f"o.resource = c.key AND o.parameter = 'Communication.outcome' AND o.system = '{CODES}/contact-outcome'"
    )
    attempted = bind(sorted(ATTEMPTS), "text[]")
    outcome = (
        f"(SELECT count(DISTINCT o.code) = 1 AND bool_and(o.code = ANY({attempted})) "
        f"FROM search_token o WHERE {of_contact})"
    )
    return f"{says_not('c', ERROR)} AND {outcome} AND {refers('c', 'RelatedPerson', 'Communication.recipient')}"
