"""$evaluate-measure: the indicators of a team. https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html"""

from typing import Any, Final

from app import __version__
from app.fhir.errors import BadRequest, Invalid, NotFound
from app.fhir.operations import EVALUATE_MEASURE
from app.fhir.vocabulary.measures import BY_ID
from app.involvement.indicators.report import Heading, measure_report
from app.involvement.indicators.tally import Tally
from app.openapi import parameters, samples
from app.openapi.answers import MEDIA_TYPES, responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref

Json = dict[str, Any]
TAG: Final = {
    "name": "Indicators",
    "description": "How supporters are involved, as figures of a team over a time. What each counts is a Measure.",
}
_DAY: Final = {"type": "string"}
_MEASURE: Final = parameters.path("id", "An indicator.") | {"schema": {"type": "string", "enum": list(BY_ID)}}
_ASKED: Final = (
    parameters.query("periodStart", "The first day, or a time with a zone.", _DAY) | {"required": True},
    parameters.query("periodEnd", "The last day, which is part of it, or a time with a zone.", _DAY)
    | {"required": True},
    parameters.query(
        "reportType",
        "population (summary): numbers, small ones hidden. subject-list: lists of what was met, not met and left out, "
        "with the records each rests on. subject: those of one patient.",
        {"type": "string", "enum": ["subject", "subject-list", "population", "summary"]},
    ),
    parameters.query("subject", "One patient: Patient/[id].", _DAY),
    parameters.query("team", "The team: Organization/[id] or CareTeam/[id]; absent: all that you may see.", _DAY),
)
_SEVERAL: Final = parameters.query(
    "measure", "An indicator, several times for several; absent: all of them.", {"type": "array", "items": _DAY}
)
_YEAR: Final = {"periodStart": "1999-01-01", "periodEnd": "1999-12-31"}


def paths() -> dict[str, Any]:
    """The paths of the operation, of one measure and of many."""
    one, path = f"{ROOT}/Measure/{{id}}/$evaluate-measure", {"id": "KS-13b"}
    found = _report("KS-13b")
    told = [Scenario("nobody", "A year without episodes", 200, path, dict(_YEAR), answer=found), *_refusals(path)]
    year = [{"name": name, "valueDate": value} for name, value in _YEAR.items()]
    posted = Scenario("nobody", "A year without episodes", 200, path, body=_parameters(year), answer=found)
    both = {"measure": ["KS-13a", "KS-13b"]}
    entries = [{"resource": _report(id_)} for id_ in both["measure"]]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    many = Scenario("two", "Two indicators at once", 200, query={**_YEAR, **both}, answer=bundle)
    asked = _parameters([*year, *({"name": "measure", "valueString": id_} for id_ in both["measure"])])
    posted_many = Scenario("two", "Two indicators at once", 200, body=asked, answer=bundle)
    return {
        f"{ROOT}/Measure/$evaluate-measure": {
            "get": _operation("evaluateMeasures", [*_ASKED, _SEVERAL], [many]),
            "post": _operation("evaluateMeasuresByPost", [], [posted_many]),
        },
        one: {
            "get": _operation("evaluateMeasure", [_MEASURE, *_ASKED], told),
            "post": _operation("evaluateMeasureByPost", [_MEASURE], [posted]),
        },
    }


def _refusals(path: dict[str, str]) -> list[Scenario]:
    return [
        refused(
            "reversed",
            "A period that ends before it begins",
            Invalid("periodEnd is before periodStart.", expression="periodEnd", code="value"),
            path=path,
            query={"periodStart": "2026-03-31", "periodEnd": "2026-03-01"},
        ),
        refused(
            "no-team",
            "A team that there is not",
            NotFound("There is no Organization/nobody.", expression="team"),
            path=path,
            query={**_YEAR, "team": "Organization/nobody"},
        ),
        refused(
            "open",
            "A period without an end",
            BadRequest(
                "Parameter periodEnd is missing: a report is about a time with a start and an end.",
                expression="periodEnd",
                code="required",
            ),
            path=path,
            query={"periodStart": "2026-03-01"},
        ),
    ]


def _parameters(given: list[Json]) -> Json:
    return {"resourceType": "Parameters", "parameter": given}


def _report(id_: str) -> Json:
    heading = Heading("population", _YEAR["periodStart"], _YEAR["periodEnd"], samples.STORED, __version__)
    return measure_report(id_, Tally(), heading)


def _operation(name: str, asked: list[Json], told: list[Scenario]) -> Json:
    answer = with_body("A MeasureReport; of several indicators a Bundle of them.", ref("Resource"))
    operation: Json = {
        "operationId": name,
        "summary": EVALUATE_MEASURE.documentation,
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, told) for each in (*asked, *parameters.common())],
        "responses": responses({200: answer}, (404, 422, *((408, 413, 415) if told[0].body else ())), told),
    }
    if told[0].body:
        examples = {one.name: {"summary": one.summary, "value": one.body} for one in told}
        first, second = MEDIA_TYPES
        content = {first: {"schema": ref("Parameters"), "examples": examples}, second: {"schema": ref("Parameters")}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation
