"""By when the team is to do what a Task asks for: a search key of Kith's own, which orders worklists of open Tasks."""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir.own_codes import own_codes
from app.fhir.search.date import LATEST, span
from app.fhir.vocabulary.episodes import TASK_CODE
from app.involvement.worklists import OPEN_TASKS, OVERRIDES, OWED

# By the worklist that a Task is on while it is open, the codes of its tasks. No search asks for these keys.
DUE: Final = {"owed-to-carers": OWED, "override-review": OVERRIDES}


def keys(type_: str, resource: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """(parameter, low, high) for each worklist of Tasks that a resource is on; last comes what is due at no time."""
    if type_ != "Task" or resource.get("status") not in OPEN_TASKS:
        return []
    low, high = span(resource.get("restriction", {}).get("period", {}).get("end", "")) or (LATEST, LATEST)
    codes = own_codes(resource.get("code"), TASK_CODE)
    return [(name, low, high) for name, wanted in DUE.items() if any(code in wanted for code in codes)]
