"""Composite parameters of two tokens: code$value. https://hl7.org/fhir/R4/search.html#combining

Each pair is kept as one code, in every spelling in which its parts may be asked for.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from app.fhir.definition import SearchParameter
from app.fhir.path import walk
from app.fhir.search import token
from app.fhir.search.escape import split
from app.fhir.search.length import short
from app.fhir.search.token import Token

_PARTS: Final = 2


def keys(element: Any, parameter: SearchParameter) -> Iterator[tuple[str, str]]:
    """('', pair) of each pair of codes of an element that has both parts."""
    if isinstance(element, Mapping):
        parts = [spellings(element, paths, parameter) for paths in parameter.parts]
        yield from (("", short("$".join(pair))) for pair in product(*parts))


def parse(text: str, parameter: SearchParameter) -> tuple[Token, ...]:
    """One still escaped alternative, each part of it code, system|code or |code. ValueError says what is wrong."""
    parts = split(text, "$")
    if len(parts) != _PARTS or not all(parts):
        raise ValueError(r"is code$value, each a code or system|code; write \$ where it is part of either.")
    return tuple(Token("", short("$".join(pair))) for pair in product(*(spelt(part, parameter) for part in parts)))


def spelt(text: str, parameter: SearchParameter) -> list[str]:
    """A code that is asked for, still escaped, in each way in which it is kept. ValueError says what is wrong."""
    tokens = token.parse(text, parameter)
    if any(one.code is None for one in tokens):
        raise ValueError("has a system without a code.")
    return [_text(one.system, one.code or "") for one in tokens]


def spellings(element: Mapping[str, Any], paths: tuple[str, ...], parameter: SearchParameter) -> list[str]:
    """The codes of a part, each with its system and without."""
    found = [key for path in paths for one in walk(dict(element), path) for key in token.keys(one, parameter)]
    return [_text(named, code) for system, code in found if code for named in (system, None)]


def _text(system: str | None, code: str) -> str:
    return code if system is None else f"{system}|{code}"
