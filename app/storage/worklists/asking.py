"""What a page of a worklist is asked for, and the parts that the statements share."""

from dataclasses import dataclass, replace
from typing import Final

from app.fhir.canonical import BASE
from app.fhir.vocabulary.contacts import ATTEMPTS
from app.storage.bound import Bound

CODES: Final = f"{BASE}/CodeSystem"
BEGINNING: Final = (-(2**63), 0)
ERROR: Final = "entered-in-error"
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


# An Organization stands for the teams that it manages too. What a CareTeam refers to twice has one search key, so its
# content alone tells whether that is who manages it.
_OF_TEAM: Final = """
AND {patient} IN (
    WITH team (type, id) AS (
        SELECT {type}, {id}
        UNION
        SELECT 'CareTeam', c.id FROM search_reference m JOIN resource c ON c.key = m.resource AND c.type = 'CareTeam'
        WHERE m.target_type = {type} AND m.target_id = {id} AND m.parameter IN ('CareTeam', 'CareTeam.participant')
          AND EXISTS (SELECT FROM json_array_elements(c.content -> 'managingOrganization') o
                      WHERE split_part(o ->> 'reference', '/_history/', 1) LIKE '%' || {type} || '/' || {id})
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


def says_not(row: str, *statuses: str) -> str:
    """The condition that a Communication (a row of resource) has none of these statuses."""
    listed = ", ".join(f"'{status}'" for status in statuses)
    return f"""
    NOT EXISTS (SELECT FROM search_token s WHERE s.resource = {row}.key AND s.parameter = 'Communication.status'
                AND s.code IN ({listed}))
    """


def attempts(bind: Bound) -> str:
    """The condition that a Communication `c` is an attempt to reach a supporter, as its outcome says."""
    return f"""
    {says_not("c", ERROR)}
    AND EXISTS (SELECT FROM search_token o WHERE o.resource = c.key AND o.parameter = 'Communication.outcome'
            AND o.system = '{CODES}/contact-outcome' AND o.code = ANY({bind(sorted(ATTEMPTS), "text[]")}))
    AND EXISTS (SELECT FROM search_reference w WHERE w.resource = c.key AND w.parameter = 'Communication.recipient'
                AND w.target_type = 'RelatedPerson')
    """
