"""What each worklist finds: the key of each entry, in order, from a place on."""

from collections.abc import Callable
from typing import Final

from app.involvement.worklists import OWED
from app.storage.bound import Bound
from app.storage.worklists.asking import CODES, ERROR, Asked, attempts, of_team, says_not
from app.storage.worklists.episodes import FIRST_EPISODE, episodes

_OPEN_TASKS: Final = ("requested", "received", "accepted", "ready", "in-progress", "on-hold")
# Of a plan `c` that names the supporter `person` as performer: something that they do is not over.
_IN_HAND: Final = """
(SELECT coalesce(bool_or(coalesce(a #>> '{detail,status}', '') <> ALL ('{cancelled,stopped,entered-in-error}')), true)
 FROM json_array_elements(c.content -> 'activity') a
 WHERE (a #> '{detail,performer}')::text LIKE '%RelatedPerson/' || person.id || '"%')
"""
# A request to tell the supporter `person` of the meeting `r`.
_ASKED_TO_COME: Final = """
SELECT FROM search_reference a
JOIN resource c ON c.key = a.resource AND c.type = 'CommunicationRequest' AND NOT c.deleted
JOIN search_reference w ON w.resource = c.key AND w.parameter = 'CommunicationRequest.recipient'
                       AND w.target_type = 'RelatedPerson' AND w.target_id = person.id
WHERE a.target_type = 'Appointment' AND a.target_id = r.id AND a.parameter = 'CommunicationRequest'
  AND EXISTS (SELECT FROM search_token s WHERE s.resource = c.key AND s.parameter = 'CommunicationRequest.status'
              AND s.code NOT IN ('draft', 'revoked', 'entered-in-error'))
"""
_MEETINGS: Final = ("planning-meeting", "review-meeting", "discharge-meeting", "network-meeting")


def not_asked(asked: Asked, bind: Bound) -> str:
    """Open episodes of patients who have no Consent and were not asked in a discussion with them."""
    return episodes(
        asked,
        bind,
        f"""
        AND NOT EXISTS (
            SELECT FROM resource c
            JOIN search_token s ON s.resource = c.key AND s.parameter = 'Consent.status'
            JOIN search_token o ON o.resource = c.key AND o.parameter = 'Consent.scope' AND o.code = 'patient-privacy'
            WHERE c.patient = r.patient AND c.type = 'Consent' AND NOT c.deleted AND s.code <> 'entered-in-error')
        AND NOT EXISTS (
            SELECT FROM resource c JOIN search_token g ON g.resource = c.key AND g.parameter = 'Communication.category'
            WHERE c.patient = r.patient AND c.type = 'Communication' AND NOT c.deleted
              AND g.code = 'discussion' AND g.system = '{CODES}/communication-category'
              AND (c.content -> 'topic')::text LIKE '%"involvement"%'
              AND EXISTS (SELECT FROM search_token s WHERE s.resource = c.key
                          AND s.parameter = 'Communication.status' AND s.code = 'completed')
              AND (NOT EXISTS (SELECT FROM search_reference w WHERE w.resource = c.key
                               AND w.parameter = 'Communication.recipient' AND w.target_type = 'RelatedPerson')
                   OR EXISTS (SELECT FROM search_reference w WHERE w.resource = c.key AND w.target_type = 'Patient'
                              AND w.parameter IN ('Communication.recipient', 'Communication.sender'))))
        """,
    )


def not_contacted(asked: Asked, bind: Bound) -> str:
    """Open episodes that began some time ago, and no attempt to reach anybody since."""
    began = bind(asked.hours_ago(asked.contact_hours), "bigint")
    where = f"""
        AND start.low <= {began} AND start.low > {bind(-(2**62), "bigint")}
        AND NOT EXISTS (
            SELECT FROM resource c
            JOIN search_date s ON s.resource = c.key AND s.parameter = 'Communication.sent' AND s.high > start.low
                             AND s.low <= {bind(asked.now, "bigint")}
            WHERE c.patient = r.patient AND c.type = 'Communication' AND NOT c.deleted AND {attempts(bind)})
        """
    return episodes(asked, bind, where)


def no_role(asked: Asked, bind: Bound) -> str:
    """Key people of open episodes who perform nothing in an active plan."""
    joined = """
        JOIN resource person ON person.patient = r.patient AND person.type = 'RelatedPerson' AND NOT person.deleted
        """
    where = f"""
        AND {_key_person("person", asked, bind)} AND {FIRST_EPISODE}
        AND NOT EXISTS (
            SELECT FROM search_reference p JOIN resource c ON c.key = p.resource AND NOT c.deleted
            JOIN search_token s ON s.resource = p.resource AND s.parameter = 'CarePlan.status' AND s.code = 'active'
            WHERE p.parameter = 'CarePlan.performer' AND p.target_type = 'RelatedPerson' AND p.target_id = person.id
              AND {_IN_HAND})
        """
    return episodes(asked, bind, where, columns="r.key AS place, person.key", joined=joined)


def not_invited(asked: Asked, bind: Bound) -> str:
    """Meetings to come, each with the key people who are not among its participants and had no letter about it."""
    place, key = asked.after
    now, until = bind(asked.now, "bigint"), bind(asked.meetings_until, "bigint")
    return f"""
        SELECT d.low AS place, r.key, uninvited.keys, uninvited.ids
        FROM search_date d JOIN resource r ON r.key = d.resource
        CROSS JOIN LATERAL (
            SELECT array_agg(person.key ORDER BY person.key) AS keys, array_agg(person.id ORDER BY person.key) AS ids
            FROM resource person
            WHERE person.patient = r.patient AND person.type = 'RelatedPerson' AND NOT person.deleted
              AND {_key_person("person", asked, bind)}
              AND NOT EXISTS (SELECT FROM search_reference a WHERE a.resource = r.key
                              AND a.target_type = 'RelatedPerson' AND a.target_id = person.id)
              AND NOT EXISTS ({_ASKED_TO_COME})) uninvited
        WHERE d.parameter = 'Appointment.date' AND d.low >= {now} AND d.low < {until}
          AND (d.low, d.resource) > ({bind(place, "bigint")}, {bind(key, "bigint")})
          AND NOT r.deleted AND r.patient <> '' AND uninvited.keys IS NOT NULL
          AND EXISTS (SELECT FROM search_token s WHERE s.resource = r.key AND s.parameter = 'Appointment.status'
                      AND s.code IN ('proposed', 'pending', 'booked', 'waitlist'))
          AND EXISTS (SELECT FROM search_token s WHERE s.resource = r.key AND s.parameter = 'Appointment.service-type'
                      AND s.system = '{CODES}/meeting-type' AND s.code = ANY({bind(list(_MEETINGS), "text[]")}))
          {of_team(asked, bind, "r.patient")}
        ORDER BY d.low, d.resource LIMIT {bind(asked.limit, "bigint")}
        """


def consent_review(asked: Asked, bind: Bound) -> str:
    """Active decisions whose review is due, or whose period is over: by whichever came first."""
    place, key = asked.after
    now = bind(asked.now, "bigint")
    after = f"({bind(place, 'bigint')}, {bind(key, 'bigint')})"
    where = f"""
        AND r.type = 'Consent' AND NOT r.deleted
        AND EXISTS (SELECT FROM search_token s
                    WHERE s.resource = r.key AND s.parameter = 'Consent.status' AND s.code = 'active')
        AND EXISTS (SELECT FROM search_token s
                    WHERE s.resource = r.key AND s.parameter = 'Consent.scope' AND s.code = 'patient-privacy')
        {of_team(asked, bind, "r.patient")}
        """
    limit = bind(asked.limit, "bigint")
    return f"""
        SELECT * FROM (
            (SELECT d.low AS place, r.key FROM search_date d JOIN resource r ON r.key = d.resource
             WHERE d.parameter = 'Consent.next-review' AND d.low <= {now} AND (d.low, d.resource) > {after} {where}
               AND NOT EXISTS (SELECT FROM search_date p WHERE p.resource = r.key AND p.parameter = 'Consent.period'
                               AND p.high <= d.low)
             ORDER BY d.low, d.resource LIMIT {limit})
            UNION ALL
            (SELECT d.high AS place, r.key FROM search_date d JOIN resource r ON r.key = d.resource
             WHERE d.parameter = 'Consent.period' AND d.high <= {now} AND (d.high, d.resource) > {after} {where}
               AND NOT EXISTS (SELECT FROM search_date p WHERE p.resource = r.key
                               AND p.parameter = 'Consent.next-review' AND p.low < d.high)
             ORDER BY d.high, d.resource LIMIT {limit})
        ) found ORDER BY place, key LIMIT {limit}
        """


def concerns(asked: Asked, bind: Bound) -> str:
    """What supporters worry about, with no answer to it and no word on its use."""
    _, key = asked.after
    old = bind(asked.hours_ago(asked.concern_hours), "bigint")
    return f"""
        SELECT r.key AS place, r.key FROM search_token t JOIN resource r ON r.key = t.resource
        WHERE t.parameter = 'Communication.category' AND t.code = 'concern'
          AND t.system = '{CODES}/communication-category' AND t.resource > {bind(key, "bigint")}
          AND r.type = 'Communication' AND NOT r.deleted
          AND EXISTS (SELECT FROM search_date d WHERE d.resource = r.key AND d.low <= {old}
                      AND d.parameter IN ('Communication.received', 'Communication.sent'))
          AND EXISTS (SELECT FROM search_reference w WHERE w.resource = r.key AND w.target_type = 'RelatedPerson'
                      AND w.parameter = 'Communication.sender')
          AND {says_not("r", ERROR)}
          AND NOT EXISTS (SELECT FROM search_reference a JOIN resource c ON c.key = a.resource AND NOT c.deleted
                          WHERE a.target_type = 'Communication' AND a.target_id = r.id
                          AND a.parameter = 'Communication' AND {says_not("c", ERROR, "not-done")})
          AND r.content::text NOT LIKE '%/StructureDefinition/knowledge-used"%'
          {of_team(asked, bind, "r.patient")}
        ORDER BY t.resource LIMIT {bind(asked.limit, "bigint")}
        """


def owed_to_carers(asked: Asked, bind: Bound) -> str:
    """Open tasks of the kinds that are owed to supporters."""
    return _tasks(asked, bind, OWED)


def override_review(asked: Asked, bind: Bound) -> str:
    """Open tasks to look at a safety override."""
    return _tasks(asked, bind, ("override-review",))


def unverified_patients(asked: Asked, bind: Bound) -> str:
    """Patients of whom there is no more than an NHS number."""
    return f"""
        SELECT r.key AS place, r.key FROM search_token t JOIN resource r ON r.key = t.resource
        WHERE t.parameter = 'Patient._tag' AND t.code = 'unverified' AND t.system = '{CODES}/record-status'
          AND t.resource > {bind(asked.after[1], "bigint")} AND r.type = 'Patient' AND NOT r.deleted
          {of_team(asked, bind, "r.patient")}
        ORDER BY t.resource LIMIT {bind(asked.limit, "bigint")}
        """


STATEMENTS: Final[dict[str, Callable[[Asked, Bound], str]]] = {
    "not-asked": not_asked,
    "consent-review": consent_review,
    "not-contacted": not_contacted,
    "no-role": no_role,
    "not-invited": not_invited,
    "owed-to-carers": owed_to_carers,
    "concerns": concerns,
    "override-review": override_review,
    "unverified-patients": unverified_patients,
}


def _tasks(asked: Asked, bind: Bound, codes: tuple[str, ...]) -> str:
    """Open tasks of some kinds, in the order in which they were recorded."""
    after, limit = bind(asked.after[1], "bigint"), bind(asked.limit, "bigint")
    kinds, team = bind(list(codes), "text[]"), of_team(asked, bind, "r.patient")
    branches = [
        f"""
        (SELECT r.key AS place, r.key FROM search_token t JOIN resource r ON r.key = t.resource
         WHERE t.parameter = 'Task.status' AND t.code = '{status}' AND t.resource > {after}
           AND r.type = 'Task' AND NOT r.deleted
           AND EXISTS (SELECT FROM search_token k WHERE k.resource = r.key AND k.parameter = 'Task.code'
                       AND k.system = '{CODES}/task-code' AND k.code = ANY({kinds})) {team}
         ORDER BY t.resource LIMIT {limit})
        """
        for status in _OPEN_TASKS
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(branches)}) found ORDER BY place, key LIMIT {limit}"


def _key_person(row: str, asked: Asked, bind: Bound) -> str:
    """The condition that a RelatedPerson is active and has one of the roles of key people."""
    return f"""
        EXISTS (SELECT FROM search_token k WHERE k.resource = {row}.key
                AND k.parameter = 'RelatedPerson.relationship' AND k.system = '{CODES}/carer-role'
                AND k.code = ANY({bind(list(asked.roles), "text[]")}))
        AND NOT EXISTS (SELECT FROM search_token k WHERE k.resource = {row}.key
                        AND k.parameter = 'RelatedPerson.active' AND k.code = 'false')
        """
