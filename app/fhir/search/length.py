"""How long a stored key may be: a row of a PostgreSQL btree index has to stay below a third of a page."""

from hashlib import sha256
from typing import Final

LONGEST: Final = 200
KEPT: Final = 120


def short(value: str) -> str:
    """The value itself up to 200 characters; longer ones become their first 120, '#' and the SHA-256 of the whole.

    Two long values are equal when their short forms are, so a search shortens what it looks for in the same way.
    """
    if len(value) <= LONGEST:
        return value
    # surrogatepass: text that UTF-8 cannot hold is refused elsewhere, and must not raise here.
    return f"{value[:KEPT]}#{sha256(value.encode(errors='surrogatepass')).hexdigest()}"
