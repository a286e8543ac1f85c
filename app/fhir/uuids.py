"""Random UUIDs for requests and Bundles: https://www.rfc-editor.org/rfc/rfc9562#section-5.4

Their bits are drawn from the system for many at a time, since to ask for those of one takes longer than all else that
it takes to make one.
"""

from os import urandom
from typing import Final

_DIGITS: Final = 32  # of the 128 bits of one
_MANY: Final = 256
_drawn: list[str] = []


def new_uuid() -> str:
    """A UUID of version 4 in lower case, with dashes."""
    if not _drawn:
        digits = urandom(_MANY * _DIGITS // 2).hex()
        _drawn.extend(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))
    bits = _drawn.pop()
    variant = "89ab"[int(bits[16], 16) % 4]
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{variant}{bits[17:20]}-{bits[20:]}"
