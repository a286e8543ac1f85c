"""Counting: cases of many patients as a few numbers, so that a year of a team needs little memory."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.involvement.indicators.case import Case, Counted, Strata, View
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.evaluate import Found

# The same words in the plans of so many patients are a template, and no individual part.
TEMPLATE: Final = 3


class Kind(NamedTuple):
    """All that is counted of a case: its outcome and reason in both views, strata and flags."""

    strict: str
    strict_reason: str
    adjusted: str
    adjusted_reason: str
    strata: Strata
    flags: tuple[str, ...]

    def outcome(self, view: View) -> str:
        return self.strict if view == "strict" else self.adjusted

    def reason(self, view: View) -> str:
        return self.strict_reason if view == "strict" else self.adjusted_reason


@dataclass(slots=True)
class Tally:
    """The counts of one indicator. Cases themselves are kept only when they are to be `listed`.

    `texts` are those that ought to be individual, as digests, by how many patients have them; `with_texts` the cases.
    """

    listed: bool = False
    counted: Counter[Counted] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)
    unread: list[Unreadable] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)
    with_texts: Counter[frozenset[str]] = field(default_factory=Counter)

    def add(self, found: Found) -> None:
        """Counts what was found of one patient."""
        for case in found.cases:
            self.counted[case.counted] += 1
        texts = [case.texts for case in found.cases if case.texts]
        if texts:
            self.texts.update(frozenset().union(*texts))
            self.with_texts.update(texts)
        for one in found.unreadable:
            self.unreadable[one.why] += 1
        if self.listed:
            self.cases += found.cases
            self.unread += found.unreadable

    def join(self, other: "Tally") -> None:
        """Adds what was counted of other patients."""
        self.counted.update(other.counted)
        self.unreadable.update(other.unreadable)
        self.cases += other.cases
        self.unread += other.unread
        self.texts.update(other.texts)
        self.with_texts.update(other.with_texts)

    @property
    def kinds(self) -> Counter[Kind]:
        """How many cases there are of each kind."""
        found: Counter[Kind] = Counter()
        for counted, number in self.counted.items():
            found[_kind(counted)] += number
        return found

    def repeats(self, case: Case) -> bool:
        """Whether some words of a case are those of several patients."""
        return any(self.texts[text] >= TEMPLATE for text in case.texts)

    @property
    def repeated(self) -> int:
        """How many cases have words that are those of several patients."""
        return sum(
            count for texts, count in self.with_texts.items() if any(self.texts[text] >= TEMPLATE for text in texts)
        )


def _kind(counted: Counted) -> Kind:
    case = Case("", "", *counted)
    return Kind(
        case.outcome("strict"),
        case.reason("strict"),
        case.outcome("adjusted"),
        case.reason("adjusted"),
        case.strata,
        case.flags,
    )
