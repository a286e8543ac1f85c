"""A MeasureReport of what was counted. https://hl7.org/fhir/R4/measurereport.html"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.fhir.canonical import BASE, extension
from app.fhir.published.measures import POPULATION, own_concept
from app.fhir.vocabulary.indicators import INDICATOR_EXCLUSION, INDICATOR_FLAG, INDICATOR_GROUP
from app.fhir.vocabulary.measures import BY_ID, Words
from app.involvement.indicators.case import Outcome, View
from app.involvement.indicators.cells import Cell, cells
from app.involvement.indicators.listing import LISTED, called, evaluated, list_id, listed
from app.involvement.indicators.small_numbers import hidden
from app.involvement.indicators.tally import Tally
from app.involvement.thresholds import Thresholds

Json = dict[str, Any]
ReportType = Literal["subject", "subject-list", "population"]

VIEWS: Final[tuple[View, ...]] = ("strict", "adjusted")
_TYPES: Final = {"subject": "individual", "subject-list": "subject-list", "population": "summary"}
_MASKED: Final = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report is about: FHIR dates as asked, `made` an instant; `subject` and `reporter` references or ''."""

    type: ReportType
    start: str
    end: str
    made: str
    version: str
    subject: str = ""
    reporter: str = ""
    least: int = 5
    thresholds: Thresholds = field(default_factory=Thresholds)


def measure_report(id_: str, tally: Tally, heading: Heading) -> Json:
    """The report of one indicator. In a summary numbers under `least` are hidden, and those that would tell them."""
    words = BY_ID[id_]
    kinds = tally.kinds
    counts, numbers = list(kinds.values()), cells(words, list(kinds))
    small = hidden(counts, numbers, heading.least) if heading.type == "population" else frozenset()
    size = {name: sum(count for count, within in zip(counts, numbers[name], strict=True) if within) for name in numbers}
    told = {name: None if name in small else count for name, count in size.items()}
    lists = listed(words, tally) if heading.type in LISTED else []
    found = evaluated(tally) if heading.type in LISTED else []
    return {
        "resourceType": "MeasureReport",
        **({"contained": lists} if lists else {}),
        "status": "complete",
        "type": _TYPES[heading.type],
        "measure": f"{BASE}/Measure/{id_}|{heading.version}",
        **({"subject": {"reference": heading.subject}} if heading.subject else {}),
        "date": heading.made,
        **({"reporter": {"reference": heading.reporter}} if heading.reporter else {}),
        "period": {"start": heading.start, "end": heading.end},
        "group": [_group(words, view, told, tally, heading, {one["id"] for one in lists}) for view in VIEWS],
        **({"evaluatedResource": [{"reference": one} for one in found]} if found else {}),
    }


def _group(
    words: Words, view: View, told: dict[Cell, int | None], tally: Tally, heading: Heading, lists: set[str]
) -> Json:
    populations = [
        _count("initial-population", told[Cell("", "initial-population")]),
        _count("denominator", told[Cell(view, "denominator")]),
        _count("denominator-exclusion", told[Cell(view, "denominator-exclusion")]),
    ]
    body: Json = {"code": own_concept(INDICATOR_GROUP, view), "population": populations}
    if words.numerator:
        populations.append(_count("numerator", told[Cell(view, "numerator")]))
        numbers = told[Cell(view, "numerator")], told[Cell(view, "denominator")]
        body |= _score(*numbers) | _threshold(words.id, *numbers, heading.thresholds)
    strata = [*_strata(words, view, told), *_apart(words, view, tally, heading, lists)]
    return body | {"stratifier": strata}


def _score(numerator: int | None, denominator: int | None) -> Json:
    if numerator is None or not denominator:
        return {}
    return {"measureScore": {"value": round(numerator / denominator, 4)}}


def _threshold(id_: str, numerator: int | None, denominator: int | None, thresholds: Thresholds) -> Json:
    """What the service holds to be enough, where from, and whether it is reached, as far as the score is told."""
    if id_ not in thresholds.shares:
        return {}
    enough = thresholds.shares[id_]
    parts: list[Json] = [
        {"url": "share", "valueDecimal": enough},
        {"url": "source", "valueString": thresholds.source},
    ]
    if numerator is not None and denominator:
        parts.append({"url": "reached", "valueBoolean": numerator / denominator >= enough})
    return {"extension": [{"url": extension("threshold"), "extension": parts}]}


def _strata(words: Words, view: View, told: dict[Cell, int | None]) -> Iterator[Json]:
    reasons = (*words.strict, *(words.adjusted if view == "adjusted" else ()))
    if reasons:
        counted = [
            (own_concept(INDICATOR_EXCLUSION, reason), told[Cell(view, "exclusion", reason)]) for reason in reasons
        ]
        yield _stratifier("exclusion", [(value, _count("denominator-exclusion", count)) for value, count in counted])
    for name, _, values in words.strata:
        strata = [({"text": value}, _count("denominator", told[Cell(view, name, value)])) for value in values]
        yield _stratifier(name, strata)
    if words.flags:
        flags = [flag for flag in words.flags if flag != "repeated-text"]
        yield _stratifier(
            "flag",
            [
                (own_concept(INDICATOR_FLAG, flag), _count("denominator", told[Cell(view, "flag", flag)]))
                for flag in flags
            ],
        )


def _apart(words: Words, view: View, tally: Tally, heading: Heading, lists: set[str]) -> Iterator[Json]:
    """What is not counted among cases: records that could not be read, repeated words; and the lists of cases."""
    whole = heading.type != "population"

    def seen(count: int) -> int | None:
        return None if 0 < count < heading.least and not whole else count

    unread = sum(tally.unreadable.values())
    strata = [({"text": "unreadable"}, _number(seen(unread), _results(f"{view}-unreadable", lists)))]
    if "repeated-text" in words.flags:
        strata.append((own_concept(INDICATOR_FLAG, "repeated-text"), _number(seen(tally.repeated), {})))
    yield _stratifier("to-look-at", strata)
    if whole:
        outcomes: tuple[Outcome, ...] = ("met", "not-met", "excluded") if words.numerator else ("not-met", "excluded")
        counted = {one: sum(n for kind, n in tally.kinds.items() if kind.outcome(view) == one) for one in outcomes}
        yield _stratifier(
            "outcome",
            [
                ({"text": called(words, one)}, _number(counted[one], _results(list_id(words, view, one), lists)))
                for one in outcomes
            ],
        )


def _results(name: str, lists: set[str]) -> Json:
    return {"subjectResults": {"reference": f"#{name}"}} if name in lists else {}


def _stratifier(code: str, strata: list[tuple[Json, Json]]) -> Json:
    return {
        "code": [{"text": code}],
        "stratum": [{"value": value, "population": [population]} for value, population in strata],
    }


def _count(code: str, count: int | None) -> Json:
    return {"code": {"coding": [{"system": POPULATION, "code": code}]}, **_number(count, {})}


def _number(count: int | None, more: Json) -> Json:
    return {**({"_count": _MASKED} if count is None else {"count": count}), **more}
