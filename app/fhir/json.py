"""JSON as FHIR needs it: nothing lost, nothing guessed. https://hl7.org/fhir/R4/json.html

Decimals keep their digits both ways, duplicate keys are refused instead of dropped, and depth is bounded.
"""

import json
from decimal import Decimal
from typing import Any

import orjson

from app.fhir.errors import BadRequest


def loads(body: bytes) -> Any:
    """The value that `body` holds, numbers with a fraction or exponent as Decimal; BadRequest when it is not JSON."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise BadRequest("The body is not JSON.", code="structure") from problem


def dumps(value: Any, pretty: bool = False) -> bytes:
    """`value` as UTF-8 JSON, indented by two when `pretty`."""
    return orjson.dumps(value, default=_decimal, option=orjson.OPT_INDENT_2 if pretty else None)


def _decimal(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} has no place in a FHIR resource")
