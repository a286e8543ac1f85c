"""A valid resource on its way into the record."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.fhir import json, labels
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Issue
from app.storage.resources import Stored


@dataclass(frozen=True)
class Draft:
    """`existing` is the locked row that it replaces, if any; `warnings` are filled in while it is stored.

    `vouched` says that it is the service that names what it is about: what the same request writes.
    `place` is the entry of a Bundle that it came in ("Bundle.entry[3]"), '' when it came alone.
    """

    definition: ResourceDefinition
    resource: dict[str, Any]
    id: str
    method: str
    interaction: str
    status: int
    existing: Stored | None = None
    place: str = ""
    vouched: bool = False
    warnings: list[Issue] = field(default_factory=list)

    @property
    def version(self) -> int:
        return self.existing.version + 1 if self.existing else 1

    @cached_property
    def level(self) -> int:
        """The least level of a client that may read it (app/fhir/levels.py)."""
        return labels.level(self.resource, self.definition)

    @property
    def replaced(self) -> dict[str, Any] | None:
        """What stands now, None when there is nothing, or nothing any more."""
        return json.loads(self.existing.content) if self.existing and self.existing.content is not None else None
