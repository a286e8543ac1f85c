"""Numbers that belong to nobody: NHS numbers of the 999 test range and telephone numbers kept for drama by Ofcom.

https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
"""

from functools import cache
from itertools import count, islice

from app.fhir import nhs_number

_FIRST = 999400000
_THOUSAND = 1000


def synthetic_nhs_number(index: int) -> str:
    """The number at that place among the valid ones from 999 400 0000 upwards; each index below 1000 has its own."""
    return _numbers()[index]


@cache
def _numbers() -> tuple[str, ...]:
    valid = (f"{nine}{digit}" for nine in count(_FIRST) if (digit := nhs_number.check_digit(str(nine))) is not None)
    return tuple(islice(valid, _THOUSAND))


def mobile(index: int) -> str:
    """A mobile number of 07700 900000 to 900999."""
    return f"07700 900{_thousandth(index)}"


def landline(index: int) -> str:
    """A Leeds number of 0113 496 0000 to 0999."""
    return f"0113 496 0{_thousandth(index)}"


def _thousandth(index: int) -> str:
    if not 0 <= index < _THOUSAND:
        raise ValueError(f"there are a thousand numbers, and none has the index {index}")
    return f"{index:03d}"
