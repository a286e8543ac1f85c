"""Uri parameters: URIs and canonical URLs, matched whole, or by the parts of their path.

https://hl7.org/fhir/R4/search.html#uri
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.fhir.search.length import KEPT, short

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://[^/]+)((?:/.*)?)", re.DOTALL)


def keys(element: Any) -> Iterator[str]:
    """The URI of an element; a canonical with |version also without it."""
    if isinstance(element, str):
        yield short(element)
        if "|" in element:
            yield short(element.rpartition("|")[0])


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI that is looked for."""

    value: str


@dataclass(frozen=True, slots=True)
class Below:
    """Every URI that is this one, or goes on from it with a further part of the path."""

    value: str


def parse(text: str, modifier: str = "") -> tuple[Uri | Below, ...]:
    """The URIs of one unescaped alternative; modifier is '', 'above' or 'below'. ValueError says what is wrong."""
    if not modifier:
        return (Uri(short(text)),)
    url = _URL.fullmatch(text)
    if not url:
        raise ValueError(f"takes a URL such as http://example.org/fhir with :{modifier}: others have no parts.")
    if len(text) > KEPT:
        raise ValueError(f"has a value of more than {KEPT} characters, which :{modifier} does not take.")
    if modifier == "below":
        return (Below(text),)
    return tuple(Uri(prefix) for prefix in _prefixes(url[1], url[2]))


def canonical(value: str) -> tuple[str, str]:
    """A canonical URL as it was sent, and the version behind its |; '' without one, or where there are alternatives."""
    url, _, version = value.rpartition("|")
    alone = url and version and not any(char in value for char in ",\\") and "|" not in url
    return (url, version) if alone else (value, "")


def _prefixes(server: str, path: str) -> Iterator[str]:
    """A URL and all that it goes on from: http://a/b/c, http://a/b/, http://a/b, http://a/, http://a."""
    yield server
    for place, char in enumerate(path):
        if char == "/":
            yield server + path[: place + 1]
            if place:
                yield server + path[:place]
    if path and not path.endswith("/"):
        yield server + path
