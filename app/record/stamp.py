"""id and meta of a stored version: https://hl7.org/fhir/R4/resource.html#Meta"""

from datetime import datetime
from typing import Any
from uuid import uuid4


def new_id() -> str:
    """A logical id for a new resource."""
    return str(uuid4())


def instant(moment: datetime) -> str:
    """An aware UTC time as a FHIR instant, to the millisecond."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def stamp(resource: dict[str, Any], id_: str, version: int, updated: datetime) -> dict[str, Any]:
    """The resource as it is stored: its own content with id, meta.versionId and meta.lastUpdated set."""
    meta = {**resource.get("meta", {}), "versionId": str(version), "lastUpdated": instant(updated)}
    rest = {name: value for name, value in resource.items() if name not in ("resourceType", "id", "meta")}
    return {"resourceType": resource["resourceType"], "id": id_, "meta": meta, **rest}
