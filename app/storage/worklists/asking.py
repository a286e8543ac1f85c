"""What a page of a worklist is asked for, and the parts that the statements share."""

from dataclasses import dataclass, replace
from typing import Final

from app.fhir.canonical import BASE
from app.fhir.vocabulary.contacts import ATTEMPTS
from app.storage.bound import Bound

CODES: Final = f"{BASE}/CodeSystem"
BEGINNING: Final = (-(2**63), 0)
_HOUR: Final = 3_600_000_000


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

    def behind(self, place: tuple[int, int]) -> "Asked":
        """The same from this place on."""
        return replace(self, after=place)

    @property
    def meetings_until(self) -> int:
        return self.now + self.meeting_days * 24 * _HOUR


# An Organization stands for the teams that it manages too.
_OF_TEAM: Final = """
AND {patient} IN (
    WITH team (type, id) AS (
        SELECT {type}, {id}
        UNION
        SELECT 'CareTeam', c.id FROM search_reference m JOIN resource c ON c.key = m.resource AND c.type = 'CareTeam'
        WHERE m.target_type = {type} AND m.target_id = {id} AND m.parameter = 'CareTeam'
    )
    SELECT e.patient FROM team t
    JOIN search_reference k ON k.target_type = t.type AND k.target_id = t.id
    JOIN resource e ON e.key = k.resource AND e.type IN ('EpisodeOfCare', 'CarePlan') AND NOT e.deleted)
"""


def of_team(asked: Asked, bind: Bound, patient: str) -> str:
    """The condition that a patient (a column) has an episode or plan of the team, '' when no team was asked for."""
    if asked.team is None:
        return ""
    return _OF_TEAM.format(patient=patient, type=bind(asked.team[0]), id=bind(asked.team[1]))


# Of open episodes those whose key is at or behind {after}, in the order of their keys: {columns} of each, `r` the
# episode and `start` its beginning. A plan of crisis home treatment is an episode where there is no EpisodeOfCare.
_EPISODES: Final = f"""
SELECT * FROM (
    (SELECT {{columns}} FROM search_token t JOIN resource r ON r.key = t.resource
     LEFT JOIN search_date d ON d.resource = r.key AND d.parameter = 'EpisodeOfCare.date'
     CROSS JOIN LATERAL (SELECT d.low AS low) start {{joined}}
     WHERE t.parameter = 'EpisodeOfCare.status' AND t.code = 'active' AND t.resource >= {{after}}
       AND r.type = 'EpisodeOfCare' AND NOT r.deleted AND r.patient <> '' {{where}}
     ORDER BY t.resource, {{order}} LIMIT {{limit}})
    UNION ALL
    (SELECT {{columns}} FROM search_token t JOIN resource r ON r.key = t.resource
     LEFT JOIN search_date d ON d.resource = r.key AND d.parameter = 'CarePlan.date'
     CROSS JOIN LATERAL (SELECT d.low AS low) start {{joined}}
     WHERE t.parameter = 'CarePlan.category' AND t.code = 'crisis-home-treatment'
       AND t.system = '{CODES}/care-plan-category' AND t.resource >= {{after}}
       AND r.type = 'CarePlan' AND NOT r.deleted AND r.patient <> ''
       AND EXISTS (SELECT FROM search_token s
                   WHERE s.resource = r.key AND s.parameter = 'CarePlan.status' AND s.code = 'active')
       AND NOT EXISTS (SELECT FROM resource e
                       JOIN search_token s ON s.resource = e.key AND s.parameter = 'EpisodeOfCare.status'
                       WHERE e.patient = r.patient AND e.type = 'EpisodeOfCare' AND NOT e.deleted
                         AND s.code = 'active')
       {{where}}
     ORDER BY t.resource, {{order}} LIMIT {{limit}})
) found ORDER BY place, key LIMIT {{limit}}
"""


def episodes(asked: Asked, bind: Bound, where: str, *, columns: str = "r.key AS place, r.key", joined: str = "") -> str:
    """The statement that goes through open episodes; `joined` may add `person` rows, whose keys are then listed."""
    place, key = asked.after
    own = "person.key" if joined else "r.key"
    episode, last = bind(max(place, 0), "bigint"), bind(key, "bigint")
    behind = f"(r.key, {own}) > ({episode}, {last})"
    return _EPISODES.format(
        columns=columns,
        joined=joined,
        where=f"AND {behind} {of_team(asked, bind, 'r.patient')} {where}",
        after=episode,
        order=own,
        limit=bind(asked.limit, "bigint"),
    )


def attempts(bind: Bound) -> str:
    """The condition that a Communication `c` is an attempt to reach a supporter."""
    return f"""
    EXISTS (SELECT FROM search_token o WHERE o.resource = c.key AND o.parameter = 'Communication.outcome'
            AND o.system = '{CODES}/contact-outcome' AND o.code = ANY({bind(sorted(ATTEMPTS), "text[]")}))
    AND EXISTS (SELECT FROM search_reference w WHERE w.resource = c.key AND w.parameter = 'Communication.recipient'
                AND w.target_type = 'RelatedPerson')
    """
