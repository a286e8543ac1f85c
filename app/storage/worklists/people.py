"""The worklists of people: key people without a part, and those who are not invited; and the other records of them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.storage.bound import Bound
from app.storage.pool import Connection
from app.storage.worklists.asking import CODES, Asked, of_team
from app.storage.worklists.conditions import exists, names, record, token
from app.storage.worklists.episodes import episodes, is_first_episode

# Of a plan `c` that names a supporter as performer, in whose text there is this: something that they do is not over.
_IN_HAND: Final = """
(SELECT coalesce(bool_or(coalesce(a #>> '{{detail,status}}', '') <> ALL ('{{cancelled,stopped,entered-in-error}}')),
                 true)
 FROM json_array_elements(c.content -> 'activity') a
 WHERE strpos((a #> '{{detail,performer}}')::text, {named}) > 0)
"""


def _performs(references: str, named: str, of: str = "") -> str:
    """The condition that there are such references `p` of an active plan to the supporter `person`, who is `named`."""
    active = "SELECT FROM search_token k WHERE k.resource = p.resource AND k.parameter = 'CarePlan.status' "
    plan = f"SELECT FROM resource c WHERE c.key = p.resource AND NOT c.deleted {of} AND {_IN_HAND.format(named=named)}"
    return exists(
        f"SELECT FROM {references} AND p.parameter = 'CarePlan.performer' "
        f"""AND {exists(active + "AND k.code = 'active'")} AND {exists(plan)}"""
    )


# The supporter `person` of the patient of `r` has a part in an active plan: by reference, or by an identifier.
_PERFORMS: Final = "({} OR {})".format(
    _performs(
        "search_reference p WHERE p.target_type = 'RelatedPerson' AND p.target_id = person.id",
        "'RelatedPerson/' || person.id || '\"'",
    ),
    _performs(
        "search_token i JOIN search_reference p ON p.value = i.code AND p.system = i.system AND p.value <> '' "
        "WHERE i.resource = person.key AND i.parameter = 'RelatedPerson.identifier'",
        "'\"' || i.code || '\"'",
        of="AND c.patient = r.patient",
    ),
)


def _of_the_meeting(type_: str, parameter: str, who: str, condition: str = "") -> str:
    """The condition that a record of this type is about the meeting `r`, and names the supporter `person`."""
    named = exists(
        f"SELECT FROM search_reference w WHERE w.resource = c.key AND w.parameter = '{type_}.{who}' "
        f"AND {names('w', 'person')}"
    )
    found = (
        f"SELECT FROM resource c WHERE c.key = a.resource AND c.type = '{type_}' AND NOT c.deleted {condition} "
        f"AND {named}"
    )
    return exists(
        "SELECT FROM search_reference a WHERE a.target_type = 'Appointment' AND a.target_id = r.id "
        f"AND a.parameter = '{parameter}' AND {exists(found)}"
    )


_NOT_SENT: Final = token("c", "CommunicationRequest.status", "draft", "revoked", "entered-in-error")
# The supporter `person` is a participant of the meeting `r`, was asked to come by letter, or answered that they will or
# will not: whoever answers was asked.
_INVITED: Final = "({})".format(
    " OR ".join(
        (
            exists(f"SELECT FROM search_reference a WHERE a.resource = r.key AND {names('a', 'person')}"),
            _of_the_meeting("CommunicationRequest", "CommunicationRequest", "recipient", f"AND NOT {_NOT_SENT}"),
            _of_the_meeting("AppointmentResponse", "AppointmentResponse.appointment", "actor"),
        )
    )
)
_MEETINGS: Final = ("planning-meeting", "review-meeting", "discharge-meeting", "network-meeting")
_OTHERS: Final = """
SELECT w.entry, person.id, person.key, {done} AS done, {is_key} AS is_key
FROM unnest({entries}, {ids}) AS w(entry, id)
JOIN resource r ON r.key = w.entry
JOIN resource person ON person.type = 'RelatedPerson' AND person.id = w.id AND NOT person.deleted
"""
# By their lists, what has been done with a supporter who is on none.
_DONE: Final = {"no-role": _PERFORMS, "not-invited": _INVITED}


class Other(NamedTuple):
    """Another record of a human on an entry (its key): whether what the list misses is there by it, or it is listed."""

    entry: int
    id: str
    key: int
    is_done: bool
    is_listed: bool


async def others(connection: Connection, name: str, asked: Asked, wanted: Sequence[tuple[int, str]]) -> list[Other]:
    """How other records stand, as far as the caller may see; `wanted` are keys of entries with RelatedPerson ids."""
    bind = Bound()
    entries, ids = bind([entry for entry, _ in wanted], "bigint[]"), bind([id_ for _, id_ in wanted], "text[]")
    is_key = _key_person("person", asked, bind)
    statement = _OTHERS.format(done=_DONE[name], is_key=is_key, entries=entries, ids=ids)
    rows = await connection.fetch(statement, *bind.values)
    return [Other(row["entry"], row["id"], row["key"], row["done"], row["is_key"] and not row["done"]) for row in rows]


def no_role(asked: Asked, bind: Bound) -> str:
    """Key people of open episodes who perform nothing in an active plan."""
    people = f"CROSS JOIN LATERAL (SELECT p.key, p.id FROM {record('p', 'RelatedPerson', of='r')} OFFSET 0) person"
    where = f"AND {_key_person('person', asked, bind)} AND {is_first_episode()} AND NOT {_PERFORMS}"
    return episodes(asked, bind, where, columns="r.key AS place, person.key", joined=people)


def not_invited(asked: Asked, bind: Bound) -> str:
    """Meetings to come, each with the key people who are no participants, had no letter about it and gave no answer."""
    # One place to begin at: of two, PostgreSQL would take the pair, and pass all the meetings that are over.
    place, key = max(asked.after, (asked.now, -1))
    until = bind(asked.meetings_until, "bigint")
    return f"""
        SELECT d.low AS place, r.key, uninvited.keys, uninvited.ids
        FROM (SELECT d.low, d.resource FROM search_date d
              WHERE d.parameter = 'Appointment.date' AND d.low < {until}
                AND (d.low, d.resource) > ({bind(place, "bigint")}, {bind(key, "bigint")})
              ORDER BY d.low, d.resource OFFSET 0) d
        CROSS JOIN LATERAL (SELECT * FROM resource o WHERE o.key = d.resource AND NOT o.deleted AND o.patient <> ''
                            OFFSET 0) r
        CROSS JOIN LATERAL (
            SELECT array_agg(person.key ORDER BY person.key) AS keys, array_agg(person.id ORDER BY person.key) AS ids
            FROM {record("person", "RelatedPerson", of="r")}
              AND {_key_person("person", asked, bind)} AND NOT {_INVITED}
            OFFSET 0) uninvited
        WHERE uninvited.keys IS NOT NULL
          AND {token("r", "Appointment.status", "proposed", "pending", "booked", "waitlist")}
          AND {token("r", "Appointment.service-type", *_MEETINGS, system=f"{CODES}/meeting-type")}
          {of_team(asked, "r")}
        ORDER BY d.low, d.resource LIMIT {bind(asked.limit, "bigint")}
        """


def _key_person(row: str, asked: Asked, bind: Bound) -> str:
    """The condition that a RelatedPerson is active and has one of the roles of key people."""
    held = exists(
        f"SELECT FROM search_token k WHERE k.resource = {row}.key AND k.parameter = 'RelatedPerson.relationship' "
        f"AND k.system = '{CODES}/carer-role' AND k.code = ANY({bind(list(asked.roles), 'text[]')})"
    )
    return f"{held} AND NOT {token(row, 'RelatedPerson.active', 'false')}"
