"""JSON as FHIR needs it: nothing lost, nothing guessed. https://hl7.org/fhir/R4/json.html

Numbers keep the digits they were written with, both ways; duplicate keys are refused instead of dropped.
"""

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from math import isinf
from typing import Any, NoReturn, Self

import orjson

from app.fhir.errors import BadRequest

MAX_DEPTH = 100
MAX_DIGITS = 100
_INT64 = range(-(2**63), 2**63)
# A constant: `dict | list` is made anew, and compared in a slower way, each time that it is asked for.
_WHOLES = (dict, list)


class Number(Decimal):
    """A decimal that remembers how it was written: 1.50 stays 1.50 and 1E3 stays 1E3."""

    __slots__ = ("_text",)
    _text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number._text = text
        return number

    def __str__(self) -> str:
        return self._text


class _DuplicateKeyError(Exception):
    """An object in the body holds a key twice."""


def loads(body: bytes) -> Any:
    """The value of `body`: numbers with a fraction or exponent are Decimals. BadRequest when it is not sound JSON."""
    text = _text(body)
    try:
        value = _decode(text, _STRICT)
    except _DuplicateKeyError:
        raise _duplicate(text) from None
    if text.count("{") + text.count("[") > MAX_DEPTH:
        _check_depth(value)
    if "\\u" in text:
        _check_surrogates(value)
    return value


def dumps(value: Any, pretty: bool = False) -> bytes:
    """`value` as UTF-8 JSON, indented by two when `pretty`."""
    return orjson.dumps(value, default=_decimal, option=orjson.OPT_INDENT_2 if pretty else None)


def _text(body: bytes) -> str:
    if not body.strip():
        raise _bad("The body is empty; a FHIR resource in JSON is expected.")
    if body.startswith(b"\xef\xbb\xbf"):
        raise _bad("The body starts with a byte order mark; send UTF-8 without one.")
    try:
        return body.decode()
    except UnicodeDecodeError as problem:
        raise _bad(f"The body is not UTF-8: byte {problem.start} cannot be read.") from None


def _decode(text: str, decoder: json.JSONDecoder) -> Any:
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise _bad(f"The body is not JSON: {problem.msg} at {where}.") from None
    except (ValueError, InvalidOperation):
        text_ = (
            f"A number is not one of JSON, longer than {MAX_DIGITS} characters, or beyond what most can read (1E308)."
        )
        raise _bad(text_) from None
    except RecursionError:
        raise _too_deep() from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateKeyError
    return members


def _float(text: str) -> Number:
    # Most readers of JSON, those of this service's own stored resources among them, have no number beyond a double.
    if len(text) > MAX_DIGITS or isinf(float(text)):
        raise ValueError(text[:MAX_DIGITS])
    return Number(text)


def _int(text: str) -> int | Number:
    # -0 and whole numbers beyond 64 bits have no faithful int in JSON writers.
    if len(text) > MAX_DIGITS:
        raise ValueError(text[:MAX_DIGITS])
    number = int(text)
    return number if number in _INT64 and text != "-0" else Number(text)


def _constant(text: str) -> NoReturn:
    raise ValueError(text)


def _decoder(hook: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=hook, parse_float=_float, parse_int=_int, parse_constant=_constant)


_STRICT = _decoder(_object)


def _decimal(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} has no place in a FHIR resource")


def _check_depth(value: Any) -> None:
    level, depth = [value] if isinstance(value, _WHOLES) else [], 0
    while level:
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, _WHOLES)
        ]
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()


def _check_surrogates(value: Any) -> None:
    try:
        dumps(value)
    except TypeError:
        raise _bad("A string holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.") from None


def _duplicate(text: str) -> BadRequest:
    """Reads the body again to say which key is there twice, and where."""
    twice: list[tuple[dict[str, Any], str]] = []

    def remember(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            twice.append((members, Counter(key for key, _ in pairs).most_common(1)[0][0]))
        return members

    value = _decode(text, _decoder(remember))
    owner, key = twice[0]
    if not key.isidentifier() or len(key) > MAX_DIGITS:
        return _bad("An object holds the same key twice.", _path(value, owner))
    path = _path(value, owner)
    return _bad(f'An object holds the key "{key}" twice.', f"{path}.{key}" if path else "")


def _path(value: Any, owner: dict[str, Any]) -> str:
    """The FHIRPath of `owner` in the resource `value`; "" when it cannot be said."""
    root = value.get("resourceType") if isinstance(value, dict) else None
    left: list[tuple[Any, str]] = [(value, root)] if isinstance(root, str) and root.isidentifier() else []
    while left:
        element, path = left.pop()
        if element is owner:
            return path
        if isinstance(element, dict):
            left.extend((child, f"{path}.{name}") for name, child in element.items() if name.isidentifier())
        elif isinstance(element, list):
            left.extend((child, f"{path}[{index}]") for index, child in enumerate(element))
    return ""


def _bad(diagnostics: str, expression: str = "") -> BadRequest:
    return BadRequest(diagnostics, code="structure", expression=expression)


def _too_deep() -> BadRequest:
    return _bad(f"The body is nested more than {MAX_DEPTH} levels deep.")
