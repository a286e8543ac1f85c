"""What each worklist finds: the key of each entry, in order, from a place on."""

from collections.abc import Callable
from functools import partial
from typing import Final

from app.involvement.concerns import ANSWERS, WAITING
from app.involvement.due import DUE
from app.involvement.indicators.involved import EMPTY_REASON, NOBODY, SOCIAL_MAP
from app.sharing.times import BEGINNING
from app.storage.bound import Bound
from app.storage.worklists.asking import CODES, Asked, attempts, of_team
from app.storage.worklists.conditions import exists, record, refers, token
from app.storage.worklists.episodes import episodes
from app.storage.worklists.people import no_role, not_invited

_CATEGORIES: Final = f"{CODES}/communication-category"
# Nobody can ask the patient of the row `r` anything any more.
_DIED: Final = exists(f"SELECT FROM {record('p', 'Patient', of='r')} AND {token('p', 'Patient.deceased', 'true')}")


def _is_map(row: str) -> str:
    """The condition that a row of List is a social map that counts."""
    of = token(row, "List.code", SOCIAL_MAP, system=f"{CODES}/list-code")
    return f"{of} AND {token(row, 'List.status', 'current')}"


def _drawn(row: str) -> str:
    """When it was drawn: of two, that which was drawn or else stored later counts."""
    date = f"SELECT d.low FROM search_date d WHERE d.resource = {row}.key AND d.parameter = 'List.date' LIMIT 1"
    return f"(coalesce(({date}), {BEGINNING}), {row}.updated)"


# The patient of the row `r` was asked last who there is, and named nobody, nor is anybody on record.
_HAS_NOBODY: Final = "({} AND NOT {})".format(
    exists(
        f"SELECT FROM {record('l', 'List', of='r')} AND {_is_map('l')} "
        f"AND {token('l', 'List.empty-reason', *sorted(NOBODY), system=EMPTY_REASON)} AND NOT "
        + exists(f"SELECT FROM {record('n', 'List', of='r')} AND {_is_map('n')} AND {_drawn('n')} > {_drawn('l')}")
    ),
    exists(f"SELECT FROM {record('p', 'RelatedPerson', of='r')} AND NOT {token('p', 'RelatedPerson.active', 'false')}"),
)


def not_asked(asked: Asked, bind: Bound) -> str:
    """Open episodes of patients who have no Consent and were not asked in a discussion with them."""
    privacy = f"{token('c', 'Consent.status')} AND {token('c', 'Consent.scope', 'patient-privacy')}"
    decided = exists(
        f"SELECT FROM {record('c', 'Consent', of='r')} AND {privacy} "
        f"AND NOT {token('c', 'Consent.status', 'entered-in-error')}"
    )
    to_others = refers("c", "RelatedPerson", "Communication.recipient")
    with_patient = refers("c", "Patient", "Communication.recipient", "Communication.sender")
    discussed = exists(
        f"SELECT FROM {record('c', 'Communication', of='r')} "
        f"AND {token('c', 'Communication.category', 'discussion', system=_CATEGORIES)} "
        """AND (c.content -> 'topic')::text LIKE '%"involvement"%' """
        f"AND {token('c', 'Communication.status', 'completed')} AND (NOT {to_others} OR {with_patient})"
    )
    return episodes(asked, bind, f"AND NOT {decided} AND NOT {discussed} AND NOT {_DIED}")


def not_contacted(asked: Asked, bind: Bound) -> str:
    """Open episodes that began some time ago, and no attempt to reach anybody since, unless there is nobody."""
    began = bind(asked.hours_ago(asked.contact_hours), "bigint")
    since = exists(
        "SELECT FROM search_date s WHERE s.resource = c.key AND s.parameter = 'Communication.sent' "
        f"AND s.high > start.low AND s.low <= {bind(asked.now, 'bigint')}"
    )
    tried = exists(f"SELECT FROM {record('c', 'Communication', of='r')} AND {since} AND {attempts(bind)}")
    time = f"AND start.low <= {began} AND start.low > {bind(-(2**62), 'bigint')}"
    return episodes(asked, bind, f"{time} AND NOT {tried} AND NOT {_HAS_NOBODY} AND NOT {_DIED}")


def consent_review(asked: Asked, bind: Bound) -> str:
    """Active decisions whose review is due, or whose period is over: by whichever came first."""
    limit = bind(asked.limit, "bigint")
    review = _decisions(
        asked,
        bind,
        ("Consent.next-review", "low"),
        "SELECT FROM search_date p WHERE p.resource = r.key AND p.parameter = 'Consent.period' AND p.high <= d.at",
    )
    end = _decisions(
        asked,
        bind,
        ("Consent.period", "high"),
        "SELECT FROM search_date p WHERE p.resource = r.key AND p.parameter = 'Consent.next-review' AND p.low < d.at",
    )
    return f"SELECT * FROM ({review} UNION ALL {end}) found ORDER BY place, key LIMIT {limit}"


def concerns(asked: Asked, bind: Bound) -> str:
    """What supporters worry about and nobody answered, as far as the caller may see."""
    old = bind(asked.hours_ago(asked.concern_hours), "bigint")
    times = (
        "SELECT FROM search_date d WHERE d.resource = r.key "
        "AND d.parameter IN ('Communication.received', 'Communication.sent')"
    )
    # Of what does not say when it was told nobody can know that there is still time.
    told = f"({exists(f'{times} AND d.low <= {old}')} OR NOT {exists(times)})"
    # What is marked as answered is that for everybody who sees the concern; other answers not everybody sees.
    answered = exists(
        f"SELECT FROM search_token a WHERE a.parameter = '{ANSWERS}' AND a.code = 'Communication/' || r.id AND "
        + exists("SELECT FROM resource c WHERE c.key = a.resource AND NOT c.deleted")
    )
    where = f"AND NOT {answered} AND {told} {of_team(asked, 'r')}"
    return _by_token(asked, bind, (WAITING, WAITING, ""), where)


def unverified_patients(asked: Asked, bind: Bound) -> str:
    """Patients of whom there is no more than an NHS number."""
    return _by_token(asked, bind, ("Patient._tag", "unverified", f"{CODES}/record-status"), of_team(asked, "r"))


def _tasks(name: str, asked: Asked, bind: Bound) -> str:
    """The open tasks of a list in the order in which they are due, by the key that they have while they are on it."""
    place, key = (bind(each, "bigint") for each in asked.after)
    return f"""
        SELECT d.low AS place, r.key
        FROM (SELECT d.low, d.resource FROM search_date d
              WHERE d.parameter = '{name}' AND (d.low, d.resource) > ({place}, {key})
              ORDER BY d.low, d.resource OFFSET 0) d
        CROSS JOIN LATERAL (SELECT * FROM resource o WHERE o.key = d.resource AND NOT o.deleted OFFSET 0) r
        WHERE true {of_team(asked, "r")}
        ORDER BY d.low, d.resource LIMIT {bind(asked.limit, "bigint")}
        """


STATEMENTS: Final[dict[str, Callable[[Asked, Bound], str]]] = {
    "not-asked": not_asked,
    "consent-review": consent_review,
    "not-contacted": not_contacted,
    "no-role": no_role,
    "not-invited": not_invited,
    "concerns": concerns,
    "unverified-patients": unverified_patients,
    **{name: partial(_tasks, name) for name in DUE},
}


def _decisions(asked: Asked, bind: Bound, by: tuple[str, str], earlier: str) -> str:
    """Active decisions by a date of theirs that has come, as (parameter, column); not those that `earlier` finds."""
    parameter, column = by
    place, key = asked.after
    return f"""
        (SELECT d.at AS place, r.key
         FROM (SELECT d.{column} AS at, d.resource FROM search_date d
               WHERE d.parameter = '{parameter}' AND d.{column} <= {bind(asked.now, "bigint")}
                 AND d.{column} >= {bind(place, "bigint")}
               ORDER BY d.{column}, d.resource OFFSET 0) d
         CROSS JOIN LATERAL (SELECT * FROM resource o WHERE o.key = d.resource AND NOT o.deleted OFFSET 0) r
         WHERE (d.at, d.resource) > ({bind(place, "bigint")}, {bind(key, "bigint")})
           AND {token("r", "Consent.status", "active")} AND {token("r", "Consent.scope", "patient-privacy")}
           AND NOT {exists(earlier)} AND NOT {_DIED} {of_team(asked, "r")}
         ORDER BY d.at, d.resource LIMIT {bind(asked.limit, "bigint")})
        """


def _by_token(asked: Asked, bind: Bound, by: tuple[str, str, str], where: str) -> str:
    """What has a token, as (parameter, code, system or ''), in the order in which it was recorded."""
    parameter, code, system = by
    of = f"AND t.system = '{system}'" if system else ""
    return f"""
        SELECT r.key AS place, r.key
        FROM (SELECT t.resource FROM search_token t
              WHERE t.parameter = '{parameter}' AND t.code = '{code}' {of}
                AND t.resource > {bind(asked.after[1], "bigint")}
              ORDER BY t.resource OFFSET 0) t
        CROSS JOIN LATERAL (SELECT * FROM resource o WHERE o.key = t.resource AND NOT o.deleted OFFSET 0) r
        WHERE true {where}
        ORDER BY t.resource LIMIT {bind(asked.limit, "bigint")}
        """
