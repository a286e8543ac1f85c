"""NHS numbers: ten digits, the last a modulus 11 check digit.

https://www.datadictionary.nhs.uk/attributes/nhs_number.html
"""

import re
from operator import mul

SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"

_TEN_DIGITS = re.compile(r"[0-9]{10}")
_WEIGHTS = range(10, 1, -1)
# What the sum asks for when no digit will do.
_NONE = 10


def normal(value: str) -> str:
    """The number without the spaces people write in it ("999 000 0018" is "9990000018")."""
    return value.replace(" ", "")


def has_ten_digits(value: str) -> bool:
    """Whether this has the form of an NHS number, whatever its check digit."""
    return _TEN_DIGITS.fullmatch(value) is not None


def check_digit(nine: str) -> int | None:
    """The digit that makes an NHS number of nine digits; None for those of which there is none."""
    digit = -sum(map(mul, _WEIGHTS, map(int, nine))) % 11
    return None if digit == _NONE else digit


def is_valid(value: str) -> bool:
    """Whether this is ten digits of which the last is the right check digit."""
    return has_ten_digits(value) and check_digit(value[:9]) == int(value[9])
