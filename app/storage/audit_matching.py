"""Criteria of a search for AuditEvents as SQL conditions on a row `r` of the audit trail.

https://hl7.org/fhir/R4/auditevent.html#search
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.fhir.audit_event import ODS, ROLE
from app.fhir.audit_kinds import KINDS, Kind, kind
from app.fhir.search.criterion import Criterion, Value
from app.fhir.search.date import Moment
from app.fhir.search.reference import Identified, Numbered, Target
from app.fhir.search.refusal import unsupported
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.storage import matching
from app.storage.bound import Bound

NOTHING: Final = "false"
_OUTCOMES: Final = {"0": "r.status < 400", "4": "r.status BETWEEN 400 AND 499", "8": "r.status >= 500"}
_LARGEST_KEY: Final = 18  # digits that every bigint can hold
# A client as agent-name is compared: without case and punctuation.
_CLIENT: Final = "btrim(regexp_replace(lower(r.client), '[^[:alnum:]]+', ' ', 'g'))"
# Whether an answer of a check names a record as its recipient, or rests on it.
_IN_ANSWERS: Final = """
r.interaction = 'check' AND EXISTS (
    SELECT FROM json_array_elements(r.detail -> 'answers') answer,
         LATERAL (SELECT answer ->> 'recipient' UNION ALL SELECT json_array_elements_text(answer -> 'basedOn')) n(name)
    WHERE split_part(n.name, '/', 2) = {id} AND ({types} = '{{}}' OR split_part(n.name, '/', 1) = ANY({types}))
)
"""


def condition(criterion: Criterion, bind: Bound) -> str:
    """The SQL of one criterion. Raises BadRequest for what the trail cannot be asked."""
    name = criterion.parameter.name
    if criterion.missing is not None:
        raise unsupported(name, "does not take the modifier ':missing' here: what there is, every AuditEvent has.")
    found = [_CONDITIONS[name](value, bind) for value in criterion.values]
    return f"{'NOT ' if criterion.negated else ''}({' OR '.join(found)})"


def _id(value: Value, bind: Bound) -> str:
    code = (value.code if isinstance(value, Token) else None) or ""
    is_key = code.isascii() and code.isdigit() and len(code) <= _LARGEST_KEY
    return f"r.key = {bind(int(code), 'bigint')}" if is_key else NOTHING


def _date(value: Value, bind: Bound) -> str:
    return matching.updated(value, bind) if isinstance(value, Moment) else NOTHING


def _type(value: Value, bind: Bound) -> str:
    return _shown_as(lambda of: _is(value, of.type["system"], of.type["code"]), bind)


def _subtype(value: Value, bind: Bound) -> str:
    return _shown_as(lambda of: of.subtype is not None and _is(value, of.subtype["system"], of.subtype["code"]), bind)


def _action(value: Value, bind: Bound) -> str:
    return _shown_as(lambda of: _is(value, "http://hl7.org/fhir/audit-event-action", of.action), bind)


def _shown_as(wanted: Callable[[Kind], bool], bind: Bound) -> str:
    """The rows whose interaction is shown as something that is wanted, those unknown by name among them."""
    named = [interaction for interaction, of in KINDS.items() if wanted(of)]
    found = f"r.interaction = ANY({bind(named, 'text[]')})"
    if wanted(kind("")):
        found += f" OR r.interaction <> ALL({bind(list(KINDS), 'text[]')})"
    return f"({found})"


def _outcome(value: Value, _: Bound) -> str:
    system = "http://hl7.org/fhir/audit-event-outcome"
    return " OR ".join(sql for code, sql in _OUTCOMES.items() if _is(value, system, code)) or NOTHING


def _agent(value: Value, bind: Bound) -> str:
    if not isinstance(value, Identified):
        raise unsupported("agent", "takes organisations and user roles: agent:identifier=system|value.")
    columns = {ODS: "r.organisation", ROLE: "r.user_role"}
    found = [column for system, column in columns.items() if value.system in (None, system)]
    if not found:
        return NOTHING
    given = f"= {bind(value.value)}" if value.value is not None else "<> ''"
    return " OR ".join(f"{column} {given}" for column in found)


def _agent_name(value: Value, bind: Bound) -> str:
    if not isinstance(value, Text):
        return NOTHING
    if value.match == "exact":
        return f"r.client = {bind(value.exact)}"
    return f"strpos({_CLIENT}, {bind(value.value)}) {'> 0' if value.match == 'contains' else '= 1'}"


def _patient(value: Value, bind: Bound) -> str:
    """The patient under every key that the record was ever kept under: rows of the trail keep the key of their time."""
    if not isinstance(value, Target | Numbered):
        return NOTHING
    return of_patient(matching.patients(value, bind), bind(value.number if isinstance(value, Numbered) else value.id))


def of_patient(known: str, asked: str) -> str:
    """The SQL of the rows about the patients of an array of keys, or that name one of them, such as `asked`."""
    ids = f"SELECT p.id FROM resource p WHERE p.type = 'Patient' AND p.patient = ANY({known})"
    keys = f"{ids} UNION SELECT unnest({known})"
    names = f"{keys} UNION SELECT n.number FROM nhs_number n WHERE n.patient = ANY({known}) UNION SELECT {asked}::text"
    return (
        f"(r.patient <> '' AND r.patient = ANY(ARRAY({keys}))"
        f" OR (r.detail -> 'patients') IS NOT NULL AND (r.detail -> 'patients')::jsonb ?| ARRAY({names}))"
    )


def _entity(value: Value, bind: Bound) -> str:
    if isinstance(value, Numbered):
        return _patient(value, bind)
    if not isinstance(value, Target):
        return NOTHING
    id_, types = bind(value.id), bind(list(value.types), "text[]")
    found = [
        f"r.id = {id_} AND ({types} = '{{}}' OR r.type = ANY({types}))",
        _IN_ANSWERS.format(id=id_, types=types),
    ]
    if not value.types or "Patient" in value.types:
        found.append(_patient(value, bind))
    return " OR ".join(f"({each})" for each in found)


def _is(value: Value, system: str, code: str) -> bool:
    return isinstance(value, Token) and value.system in (None, system) and value.code in (None, code)


_CONDITIONS: Final[Mapping[str, Callable[[Value, Bound], Any]]] = {
    "_id": _id,
    "_lastUpdated": _date,
    "action": _action,
    "agent": _agent,
    "agent-name": _agent_name,
    "date": _date,
    "entity": _entity,
    "outcome": _outcome,
    "patient": _patient,
    "subtype": _subtype,
    "type": _type,
}
