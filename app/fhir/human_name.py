"""HumanNames as people write them. https://hl7.org/fhir/R4/datatypes.html#HumanName"""

from collections.abc import Mapping
from typing import Any


def written(name: Mapping[str, Any]) -> str:
    """The name as a text: as it was given, or given names and family; '' when it has none of these.

    A given name that is known by its extensions alone stands as null in the list, and is left out.
    """
    parts = [*name.get("given", ()), name.get("family")]
    return str(name.get("text") or " ".join(part for part in parts if part))
