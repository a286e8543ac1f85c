"""NHS numbers: ten digits, the last a modulus 11 check digit.

https://www.datadictionary.nhs.uk/attributes/nhs_number.html
"""

import re

SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"

_TEN_DIGITS = re.compile(r"[0-9]{10}")
_WEIGHTS = range(10, 1, -1)


def normal(value: str) -> str:
    """The number without the spaces people write in it ("999 000 0018" is "9990000018")."""
    return value.replace(" ", "")


def has_ten_digits(value: str) -> bool:
    """Whether this has the form of an NHS number, whatever its check digit."""
    return _TEN_DIGITS.fullmatch(value) is not None


def is_valid(value: str) -> bool:
    """Whether this is ten digits of which the last is the right check digit."""
    if not has_ten_digits(value):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value, strict=False))
    return (11 - total % 11) % 11 == int(value[9])
