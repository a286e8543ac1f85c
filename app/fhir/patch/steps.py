"""The steps of a path, as they are read from a FHIRPath and followed in a resource. http://hl7.org/fhirpath/N1/"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """The elements of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """The element at this place."""

    number: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function of FHIRPath; its argument is a criterion, a text or the name of a type."""

    name: str
    argument: "Expression | str | None" = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as JSON has it; dates are texts."""

    value: object


@dataclass(frozen=True, slots=True)
class Compared:
    """Two expressions with =, !=, and, or between them."""

    left: "Expression"
    sign: str
    right: "Expression"


Step = Member | Index | Function
Path = tuple[Step, ...]
Expression = Path | Literal | Compared
