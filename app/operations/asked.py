"""A check as a door received it: the caller's words, to be understood (the sharing decision, section 1)."""

from collections.abc import Mapping, Sequence
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
    def identified(self) -> list[tuple[str, Reference]]:
        """Everybody who is named by an identifier, each after the name of the parameter that names them."""
        named = [("patient", self.patient), *[("recipient", one) for one in self.recipients], ("team", self.team)]
        return [one for one in named if "identifier" in one[1]]
