"""The indicators as Measures, in plain words. https://hl7.org/fhir/R4/measure.html"""

from typing import Any, Final

from app.fhir.canonical import BASE
from app.fhir.published.head import Resource, head
from app.fhir.vocabulary.concepts import CodeSystem
from app.fhir.vocabulary.indicators import INDICATOR_EXCLUSION, INDICATOR_GROUP
from app.fhir.vocabulary.measures import CORE, MEASURES, Words

POPULATION: Final = "http://terminology.hl7.org/CodeSystem/measure-population"
_SCORING: Final = "http://terminology.hl7.org/CodeSystem/measure-scoring"
_TYPE: Final = "http://terminology.hl7.org/CodeSystem/measure-type"
_BASIS: Final = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-populationBasis"
_INITIAL: Final = (
    "Episodes that a crisis or home treatment team accepted and that overlap the time asked about: EpisodeOfCare, or "
    "CarePlan of category crisis-home-treatment where no EpisodeOfCare covers its time."
)
_DISJOINT: Final = (
    "The denominator is what is left when the exclusions are taken away: initial population = denominator + "
    "exclusions. Records that cannot be read are listed and never counted."
)


def measures() -> list[Resource]:
    """One Measure for each indicator."""
    return [_measure(words) for words in MEASURES]


def _measure(words: Words) -> Resource:
    description = f"{words.denominator} {words.numerator}".strip()
    aligned = f"An indicator aligned to {words.source}. {CORE}" if words.is_of_core else f"From: {words.source}."
    return head("Measure", words.id, words.title, description) | {
        "extension": [{"url": _BASIS, "valueCode": words.unit}],
        "purpose": aligned,
        **({"copyright": CORE} if words.is_of_core else {}),
        "disclaimer": f"{words.limits} {_DISJOINT}",
        "scoring": _concept(_SCORING, "proportion" if words.numerator else "cohort"),
        "type": [_concept(_TYPE, "process")],
        "guidance": "An episode is judged whole, by all that is recorded of it, and consent as it was at the time. "
        "An exclusion applies to both groups unless it is said to be of the adjusted group alone.",
        "group": [_group(words, code) for code in INDICATOR_GROUP.codes],
    }


def _group(words: Words, code: str) -> dict[str, Any]:
    adjusted = code == "adjusted"
    numerator = (words.numerator_adjusted if adjusted else "") or words.numerator
    reasons = (*words.strict, *(words.adjusted if adjusted else ()))
    populations = [
        _population("initial-population", _INITIAL + _counted(words)),
        _population("denominator", words.denominator),
        _population("denominator-exclusion", _exclusions(reasons)),
        *([_population("numerator", numerator)] if numerator else []),
    ]
    strata = [
        _stratifier("exclusion", "Why something is not in the denominator (indicator-exclusion)."),
        *(_stratifier(name, f"{tells}: {', '.join(values)}.") for name, tells, values in words.strata),
    ]
    return {
        "code": own_concept(INDICATOR_GROUP, code),
        "description": INDICATOR_GROUP.by_code[code].definition + ".",
        "population": populations,
        "stratifier": strata,
    }


def _counted(words: Words) -> str:
    match words.unit:
        case "RelatedPerson":
            return " Counted are the carers of these episodes."
        case "Encounter":
            return " Counted is what the denominator names, in these episodes."
        case "EpisodeOfCare":
            return ""


def _exclusions(reasons: tuple[str, ...]) -> str:
    known = INDICATOR_EXCLUSION.by_code
    return " ".join(f"{known[reason].display} ({reason}): {known[reason].definition}." for reason in reasons) or "None."


def _population(code: str, description: str) -> dict[str, Any]:
    return {"code": _concept(POPULATION, code), "description": description, "criteria": _criteria(code, description)}


def _stratifier(code: str, description: str) -> dict[str, Any]:
    return {"code": {"text": code}, "description": description, "criteria": _criteria(code, description)}


def _criteria(name: str, description: str) -> dict[str, str]:
    """An expression for people: Kith's own code carries it out."""
    return {"description": description, "language": "text/plain", "expression": name}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def own_concept(system: CodeSystem, code: str) -> dict[str, Any]:
    """A code of the product's own, with what people call it."""
    coding = {"system": f"{BASE}/CodeSystem/{system.name}", "code": code, "display": system.by_code[code].display}
    return {"coding": [coding]}
