"""What an invariant is: a rule of one type of element, and how it is reported when it does not hold.

https://hl7.org/fhir/R4/conformance-rules.html#constraints
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.fhir import issues
from app.fhir.definition import Rules
from app.fhir.errors import Issue

Members = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What an invariant may look at beside its element: the rules, and the types of contained resources by id."""

    rules: Rules
    contained: dict[str, str]


Condition = Callable[[Members, Context], bool]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One rule of an element; `reads` are the members it looks into, which must be sound before it is asked."""

    key: str
    says: str
    holds: Condition
    reads: tuple[str, ...] = ()

    def issue(self, path: str) -> Issue:
        """What to report when it does not hold for the element at `path`."""
        return issues.broken(path, self.key, self.says)


class ValueRule(Invariant):
    """A rule about one member of an element, the last that it reads, reported there; no invariant of FHIR's."""

    __slots__ = ()

    def issue(self, path: str) -> Issue:
        """The value is at fault, not the element."""
        return issues.value(f"{path}.{self.reads[-1]}", self.says)
