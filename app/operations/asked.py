"""A check as a door received it: the caller's words, to be understood (the sharing decision, section 1)."""

from collections.abc import Mapping, Sequence
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
