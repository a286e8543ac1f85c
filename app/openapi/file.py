"""The document as bytes, and the file in the repository that holds it."""

from functools import cache
from pathlib import Path

import orjson

from app import RELEASED, __version__
from app.fhir.resources import DEFINITIONS
from app.openapi.document import build

FILE = Path(__file__).parents[2] / "openapi" / "openapi.json"


@cache
def document() -> bytes:
    """The document as the service sends it."""
    return orjson.dumps(build(DEFINITIONS, __version__, RELEASED))


def content() -> bytes:
    """The document as the file holds it: indented, so that changes can be read."""
    return orjson.dumps(orjson.loads(document()), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
