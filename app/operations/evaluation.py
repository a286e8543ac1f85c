"""What $evaluate-measure is asked: https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast, get_args

from app.fhir import nhs_number
from app.fhir.errors import BadRequest, Invalid, NotFound
from app.fhir.references import Target, target
from app.fhir.vocabulary.measures import BY_ID
from app.involvement.indicators.report import ReportType
from app.operations.understanding import TEAMS
from app.sharing.times import Span, span

KNOWN: Final = ("periodStart", "periodEnd", "measure", "reportType", "subject", "team")
_NOT_HERE: Final = {
    "practitioner": "is not offered: ask for a subject or a team.",
    "lastReceivedOn": "is not offered: a report is made from all that is recorded.",
}
_SYNONYMS: Final = {
    "summary": "population",
    "individual": "subject",
    "patient": "subject",
    "patient-list": "subject-list",
}
# periodEnd is included. Longer than that is a slip of the pen, or a question for a data warehouse.
LONGEST_YEARS: Final = 10
_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is asked: `measures` by id, `within` the time, `start` and `end` as they were written."""

    measures: tuple[str, ...]
    within: Span
    start: str
    end: str
    type: ReportType
    subject: Target | None
    team: Target | None
    several: bool = field(default=False)


def from_pairs(pairs: Sequence[tuple[str, str]], id_: str, bases: tuple[str, ...]) -> Evaluation:
    """The question of a URL; `id_` is the Measure in the path, '' for none. Raises BadRequest, NotFound, Invalid."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in KNOWN:
            raise _refused(
                name, _NOT_HERE.get(name, f"is not known to $evaluate-measure; known are {', '.join(KNOWN)}.")
            )
        if name in given and name != "measure":
            raise _refused(name, "may be given once.")
        if not value:
            raise _refused(name, "is empty.")
        given.setdefault(name, []).append(value)
    one = {name: values[0] for name, values in given.items()}
    return Evaluation(
        measures=_measures(given.get("measure", []), id_),
        within=_within(one),
        start=one["periodStart"],
        end=one["periodEnd"],
        type=_type(one),
        subject=_subject(one, bases),
        team=_team(one, bases),
        several=not id_ and len(given.get("measure", [])) != 1,
    )


def pairs_of(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same of a structurally valid Parameters resource. Raises BadRequest."""
    found = []
    for index, parameter in enumerate(parameters.get("parameter", ())):
        values = [value for member, value in parameter.items() if member.startswith("value")]
        value = values[0] if values else None
        text = value.get("reference", "") if isinstance(value, dict) else value
        if isinstance(text, int) and not isinstance(text, bool):
            text = str(text)
        if not isinstance(text, str):
            raise BadRequest(
                f"Parameter {_shown(parameter['name'])} takes a date, code, text or reference.",
                expression=f"Parameters.parameter[{index}]",
            )
        found.append((parameter["name"], text))
    return found


def _measures(named: Sequence[str], id_: str) -> tuple[str, ...]:
    if id_:
        if named:
            raise _refused("measure", "is for the operation of the type; here the Measure is in the path.")
        return (_measure(id_),)
    return tuple(dict.fromkeys(_measure(one) for one in named)) or tuple(BY_ID)


def _measure(name: str) -> str:
    """The id in an id, "Measure/id", or canonical address with or without version."""
    id_ = name.partition("|")[0].rpartition("/")[2]
    if id_ not in BY_ID:
        raise NotFound(f"There is no Measure {_shown(id_)}; there are {', '.join(BY_ID)}.")
    return id_


def _within(one: Mapping[str, str]) -> Span:
    spans = {}
    for name in ("periodStart", "periodEnd"):
        if name not in one:
            raise _refused(name, "is missing: a report is about a time with a start and an end.", code="required")
        found = span(one[name].replace(" ", "+"))
        if found is None:
            raise _refused(name, "is a date such as 2026-03-01, or a time with a zone.")
        spans[name] = found
    low, high = spans["periodStart"].low, spans["periodEnd"].high
    if low >= high or spans["periodEnd"].low < low:
        raise Invalid("periodEnd is before periodStart.", expression="periodEnd", code="value")
    if high - low > LONGEST_YEARS * 366 * 86_400_000_000:
        raise Invalid(f"A report is about {LONGEST_YEARS} years at most.", expression="periodEnd", code="too-costly")
    return Span(low, high)


def _type(one: Mapping[str, str]) -> ReportType:
    asked = one.get("reportType", "subject" if "subject" in one else "population")
    found = _SYNONYMS.get(asked, asked)
    if found not in get_args(ReportType):
        raise _refused("reportType", f"is one of {', '.join(get_args(ReportType))}.", code="code-invalid")
    if found == "subject" and "subject" not in one:
        raise _refused("subject", "is missing: a report of type subject is about one patient.", code="required")
    if found == "population" and "subject" in one:
        raise _refused("reportType", "population is not about one subject: subject or subject-list is.")
    return cast(ReportType, found)


def _subject(one: Mapping[str, str], bases: tuple[str, ...]) -> Target | None:
    if "subject" not in one:
        return None
    if nhs_number.has_ten_digits(one["subject"]):
        return Target("Patient", one["subject"])
    found = target(one["subject"], bases)
    if found is None or found.type != "Patient":
        raise _refused("subject", "is Patient/<id>, or the ten digits of an NHS number.")
    return found


def _team(one: Mapping[str, str], bases: tuple[str, ...]) -> Target | None:
    if "team" not in one:
        return None
    found = target(one["team"], bases)
    if found is None or found.type not in TEAMS:
        raise _refused("team", "is an Organization or a CareTeam: Organization/<id>.")
    return found


def _refused(name: str, problem: str, *, code: str = "invalid") -> BadRequest:
    return BadRequest(f"Parameter {_shown(name)} {problem}", expression=_shown(name), code=code)


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name[:_MOST])
