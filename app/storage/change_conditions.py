"""Criteria of a search for Provenances as SQL conditions on a version `r` that tells of its write.

https://hl7.org/fhir/R4/provenance.html#search
"""

from collections.abc import Callable, Mapping
from typing import Final

from app.fhir.audit_event import CLIENT, ODS, ROLE
from app.fhir.change import AUTHOR, COMPOSER, CUSTODIAN, PARTICIPANT, of_change
from app.fhir.references import target
from app.fhir.search.criterion import Condition, Criterion, Either, Value, Within
from app.fhir.search.date import Moment
from app.fhir.search.query import Query
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target
from app.fhir.search.token import Token
from app.storage import matching
from app.storage.bound import Bound

NOTHING: Final = "false"
# The audit row of the write of `r`, found by the time that both have: there is an index on it.
WRITE: Final = """
audit a WHERE a.recorded = r.updated AND a.type = r.type AND a.id = r.id AND a.version = r.version
AND a.interaction IN ('create', 'update', 'patch', 'delete') AND a.status < 300 AND a.outcome = ''
""".strip()
_LARGEST: Final = 2**31 - 1
_CLIENT, _USER = (f"EXISTS (SELECT FROM {WRITE} AND a.{column} {{}})" for column in ("client", "user_role"))
_AGENTS: Final = {ODS: "r.organisation {}", ROLE: _USER, CLIENT: _CLIENT}
_PARTS: Final = {CUSTODIAN: "r.organisation {}", AUTHOR: _USER, COMPOSER: _CLIENT}


def condition(asked: Condition, bind: Bound) -> str:
    """The SQL of one condition. Nothing is gone on to from here, or found by what refers to it."""
    match asked:
        case Criterion():
            return _criterion(asked, bind)
        case Either(alternatives):
            each = (" AND ".join(_criterion(one, bind) for one in found) or "true" for found in alternatives)
            return f"({' OR '.join(each) or NOTHING})"
        case Within("Patient", about):
            return _patient(about, bind)
        case _:
            return NOTHING


def is_narrow(query: Query) -> bool:
    """Whether few versions meet the criteria: those of one patient, record or id."""
    return any(
        (isinstance(asked, Criterion) and asked.parameter.name in _NARROW and asked.values and not asked.negated)
        or (isinstance(asked, Within) and asked.type == "Patient")
        for asked in query.criteria
    )


def _criterion(criterion: Criterion, bind: Bound) -> str:
    name = criterion.parameter.name
    if criterion.missing is not None:
        there = _THERE.get(name, NOTHING)
        return f"NOT ({there})" if criterion.missing else f"({there})"
    matches = _CONDITIONS.get(name)
    found = [matches(value, bind) for value in criterion.values] if matches else [NOTHING]
    return f"{'NOT ' if criterion.negated else ''}({' OR '.join(found)})"


def _id(value: Value, bind: Bound) -> str:
    named = of_change(value.code or "") if isinstance(value, Token) else None
    return f"r.type = {bind(named[0])} AND r.sequence = {bind(named[1], 'bigint')}" if named else NOTHING


def _recorded(value: Value, bind: Bound) -> str:
    return matching.updated(value, bind) if isinstance(value, Moment) else NOTHING


def _patient(value: Value, bind: Bound) -> str:
    if not isinstance(value, Target | Numbered):
        return NOTHING
    return f"(r.patient <> '' AND r.patient {matching.kept_under(value, bind)})"


def _target(value: Value, bind: Bound) -> str:
    """The version, or any of its resource; each is also about the patient in whose record it is."""
    match value:
        case Numbered():
            return _patient(value, bind)
        case Target(types, _):
            about = [_resource(value, bind)]
            if not types or "Patient" in types:
                about.append(_patient(value, bind))
            return f"({' OR '.join(about)})"
        case Elsewhere(url):
            named = target(url, ())
            if not named or not named.version.isascii() or not named.version.isdigit():
                return NOTHING
            version = min(int(named.version[:18]), _LARGEST)
            return f"({_resource(Target((named.type,), named.id), bind)} AND r.version = {bind(version, 'bigint')})"
        case _:
            return NOTHING


def _entity(value: Value, bind: Bound) -> str:
    """The version before."""
    return f"({_resource(value, bind)} AND r.version > 1)" if isinstance(value, Target) else NOTHING


def _resource(value: Target, bind: Bound) -> str:
    types = f" AND r.type = ANY({bind(list(value.types), 'text[]')})" if value.types else ""
    return f"(r.id = {bind(value.id)}{types})"


def _agent(value: Value, bind: Bound) -> str:
    if not isinstance(value, Identified):
        return NOTHING
    found = [agent for system, agent in _AGENTS.items() if value.system in (None, system)]
    if not found:  # PostgreSQL cannot tell the type of a value that its statement does not use
        return NOTHING
    compared = f"= {bind(value.value)}" if value.value is not None else "<> ''"
    return f"({' OR '.join(agent.format(compared) for agent in found)})"


def _agent_type(value: Value, _: Bound) -> str:
    if not isinstance(value, Token) or value.system not in (None, PARTICIPANT):
        return NOTHING
    found = [part.format("<> ''") for code, part in _PARTS.items() if value.code in (None, code)]
    return f"({' OR '.join(found) or NOTHING})"


_CONDITIONS: Final[Mapping[str, Callable[[Value, Bound], str]]] = {
    "_id": _id,
    "_lastUpdated": _recorded,
    "agent": _agent,
    "agent-type": _agent_type,
    "entity": _entity,
    "patient": _patient,
    "recorded": _recorded,
    "target": _target,
}
_THERE: Final = {
    "_id": "true",
    "_lastUpdated": "true",
    "agent": "true",
    "agent-type": "true",
    "entity": "r.version > 1",
    "patient": "r.patient <> ''",
    "recorded": "true",
    "target": "true",
}
_NARROW: Final = ("_id", "patient", "target")
