"""The document as bytes, and the file in the repository that holds it."""

from functools import cache
from pathlib import Path

import orjson

FILE = Path(__file__).parents[2] / "openapi" / "openapi.json"


@cache
def document() -> bytes:
    """The document as the service sends it; what it is made from is imported when it is first asked for."""
    from app import RELEASED, __version__
    from app.fhir.resources import DEFINITIONS
    from app.openapi.document import build

    return orjson.dumps(build(DEFINITIONS, __version__, RELEASED))


def content() -> bytes:
    """The document as the file holds it: indented, so that changes can be read."""
    return orjson.dumps(orjson.loads(document()), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
