"""A check as a door received it: the caller's words, to be understood (the sharing decision, section 1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Reference = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it was put; references are FHIR References, literal or by identifier; '' is not given."""

    patient: Reference
    recipients: Sequence[Reference] = ()
    resources: Sequence[Reference] = ()
    scopes: Sequence[str] = ()
    action: str = ""
    content: str = ""
    purpose: str = ""
    at: str = ""
    team: Reference = field(default_factory=dict)

    @property
    def people(self) -> Iterator[tuple[str, Reference]]:
        """Everybody who is named, each after the name of the parameter that names them."""
        yield "patient", self.patient
        for recipient in self.recipients:
            yield "recipient", recipient
        yield "team", self.team
