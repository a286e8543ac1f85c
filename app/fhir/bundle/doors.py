"""What an entry may ask for beside resources: histories, compartments, capabilities, operations that write nothing.

https://hl7.org/fhir/R4/http.html#transaction: "any of the interactions", and operations.
"""

import re
from typing import Final, NamedTuple

TYPE: Final = "[A-Za-z]{1,64}"
ID: Final = r"[A-Za-z0-9\-.]{1,64}"
READS: Final = ("GET", "HEAD")
_ASKED: Final = (*READS, "POST")


class Door(NamedTuple):
    """A door of the service: its path, with a type and an id in it, and the methods that entries may use.

    What stands `alone` is no part of a transaction: it begins one of its own, or has to be on record first.
    """

    path: re.Pattern[str]
    methods: tuple[str, ...] = READS
    alone: bool = False


_COMPARTMENT: Final = Door(re.compile(rf"({TYPE})/({ID})/(?:{TYPE}|\*)"))
_DOORS: Final = {
    "metadata": Door(re.compile("()()metadata")),
    "_history": Door(re.compile(rf"(?:({TYPE})/(?:({ID})/)?)?_history")),
    "$everything": Door(re.compile(rf"(Patient)/({ID})/\$everything")),
    "$validate": Door(re.compile(rf"({TYPE})/(?:({ID})/)?\$validate"), _ASKED, alone=True),
    "$check-sharing": Door(re.compile(r"(Consent)/()\$check-sharing"), _ASKED, alone=True),
}


def door(asks: str) -> Door:
    """The door that the last part of a path names: that of a compartment if it is nothing else."""
    return _DOORS.get(asks, _COMPARTMENT)
