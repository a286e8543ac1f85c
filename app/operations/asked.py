"""A check as a door received it: the caller's words, to be understood (the sharing decision, section 1)."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

Reference = Mapping[str, Any]

NOBODY: Final[Reference] = MappingProxyType({})


class Asked(NamedTuple):
    """The question as it was put; references are FHIR References, literal or by identifier; '' is not given.

    A tuple, since a request may hold hundreds, and a frozen dataclass takes several times as long to make.
    """

    patient: Reference
    recipients: Sequence[Reference] = ()
    resources: Sequence[Reference] = ()
    scopes: Sequence[str] = ()
    action: str = ""
    content: str = ""
    purpose: str = ""
    at: str = ""
    team: Reference = NOBODY

    @property
    def people(self) -> Iterator[tuple[str, Reference]]:
        """Everybody who is named, each after the name of the parameter that names them."""
        yield "patient", self.patient
        for recipient in self.recipients:
            yield "recipient", recipient
        yield "team", self.team
