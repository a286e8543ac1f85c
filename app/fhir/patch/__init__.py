"""Changing a part of a resource: https://hl7.org/fhir/R4/http.html#patch

A patch is read once and may be applied again and again, to copies: whoever applies it starts from the resource.
"""

from collections.abc import Callable
from typing import Any, Final

# A patch takes a resource, which it may change, and gives the patched one. It raises Invalid when it does not fit.
Patch = Callable[[dict[str, Any]], Any]

MOST_OPERATIONS: Final = 10_000
