"""How a search that cannot be understood is refused: 400, naming the parameter. https://hl7.org/fhir/R4/search.html#errors

Values are not repeated in the text, since texts are logged and values may be NHS numbers.
"""

from typing import Final

from app.fhir.errors import BadRequest

SPINE: Final = "INVALID_SEARCH_DATA"
_LONGEST_NAME: Final = 100


class Unknown(BadRequest):
    """A parameter, type or path that this service does not have: what `Prefer: handling=lenient` ignores."""


def invalid(name: str, problem: str) -> BadRequest:
    """A parameter that is known and wrong: `problem` continues a sentence about it."""
    return BadRequest(f"Search parameter '{shown(name)}' {problem}", code="invalid", spine=SPINE)


def unknown(name: str, problem: str) -> Unknown:
    """A parameter that this service does not have."""
    return Unknown(f"Search parameter '{shown(name)}' {problem}", code="not-supported", spine=SPINE)


def unsupported(name: str, problem: str) -> BadRequest:
    """A modifier or value that this service does not have."""
    return BadRequest(f"Search parameter '{shown(name)}' {problem}", code="not-supported", spine=SPINE)


def shown(name: str) -> str:
    """A name as it was sent, cut when it is absurdly long, and with '?' for what cannot be shown."""
    printable = "".join(char if char.isprintable() else "?" for char in name[:_LONGEST_NAME])
    return printable if len(name) <= _LONGEST_NAME else f"{printable}..."
