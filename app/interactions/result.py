"""What an interaction on one resource answers, before anybody speaks HTTP."""

from dataclasses import dataclass

from app.fhir.errors import Issue
from app.storage.resources import Stored


@dataclass(frozen=True, slots=True)
class Result:
    """A version that was read or written. `created` tells 201 from 200; `warnings` are about what was accepted."""

    stored: Stored
    created: bool = False
    warnings: tuple[Issue, ...] = ()
