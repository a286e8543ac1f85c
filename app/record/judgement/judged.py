"""A write to judge, and what was found."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.sharing.circumstances import Circumstances
from app.sharing.facts import Facts, Record
from app.sharing.question import Question
from app.sharing.times import moment
from app.sharing.view import View

Members = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """A version that was stored in this transaction, `old` being what it replaces; the facts hold both."""

    reference: str
    old: Members | None
    new: Members
    facts: Facts
    rules: Rules
    recorded: datetime

    @property
    def at(self) -> int:
        return moment(max(self.rules.now, self.recorded))

    @cached_property
    def view(self) -> View:
        """The record with this version."""
        return View(self.facts, self.at)

    @cached_property
    def before(self) -> View:
        """The record without it."""
        supporters = tuple(kept for record in self.facts.supporters for kept in self._without_last(record))
        return View(replace(self.facts, supporters=supporters), self.at)

    @cached_property
    def circumstances(self) -> Circumstances:
        return Circumstances(self.view, Question(at=self.rules.now), self.at)

    def known(self, supporter: str) -> str:
        """The record as which the writer may know a supporter: this one, or another that is surely of the same human.

        '' where there is none: of somebody who is known to others alone nothing may be told.
        """
        if supporter not in self.facts.unknown:
            return supporter
        return min(self.view.identity(supporter).surely - self.facts.unknown, default="")

    def _without_last(self, record: Record) -> list[Record]:
        if record.reference != self.reference:
            return [record]
        return [replace(record, versions=record.versions[:-1])] if record.versions[1:] else []


@dataclass(slots=True)
class Judgement:
    """`ends` says what protection is taken away, '' when none is; `overrides` whether it lets a deny be replaced;
    `restricts` whether it is, or was, a contact restriction.
    """

    ends: str = ""
    restricts: bool = False
    overrides: bool = False
    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
