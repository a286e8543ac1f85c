"""The numbers of a report, as sums over kinds of cases, in the order of their importance."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.fhir.vocabulary.measures import Words
from app.involvement.indicators.case import View
from app.involvement.indicators.tally import Kind


class Cell(NamedTuple):
    """One number: of a view ('' of both), a population or stratifier, and the value of the stratum."""

    view: str
    name: str
    value: str = ""


def cells(words: Words, kinds: Sequence[Kind]) -> dict[Cell, list[bool]]:
    """Which kinds of cases are in each number of a report, important numbers first."""
    found = {Cell("", "initial-population"): [True] * len(kinds)}
    views: tuple[View, ...] = ("strict", "adjusted")
    for view in views:
        found[Cell(view, "denominator")] = [kind.outcome(view) != "excluded" for kind in kinds]
        found[Cell(view, "numerator")] = [kind.outcome(view) == "met" for kind in kinds]
    for view in views:
        found[Cell(view, "denominator-exclusion")] = [kind.outcome(view) == "excluded" for kind in kinds]
    for view in views:
        found |= dict(_strata(words, view, kinds))
    return found


def _strata(words: Words, view: View, kinds: Sequence[Kind]) -> Iterator[tuple[Cell, list[bool]]]:
    for reason in (*words.strict, *words.adjusted):
        yield Cell(view, "exclusion", reason), [kind.reason(view) == reason for kind in kinds]
    counted = [kind.outcome(view) != "excluded" for kind in kinds]
    for name, _, values in words.strata:
        for value in values:
            found = [within and (name, value) in kind.strata for kind, within in zip(kinds, counted, strict=True)]
            yield Cell(view, name, value), found
    for flag in words.flags:
        found = [within and flag in kind.flags for kind, within in zip(kinds, counted, strict=True)]
        yield Cell(view, "flag", flag), found
