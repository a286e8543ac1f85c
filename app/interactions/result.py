"""What an interaction on one resource answers, before anybody speaks HTTP."""

from collections.abc import Callable
from typing import NamedTuple

from app.fhir.errors import Issue
from app.storage.resources import Stored

# Whether a reader has a version already, so that it need not be sent (304).
Has = Callable[[Stored], bool]


def nothing(_: Stored) -> bool:
    """Of a reader who said nothing about what he has."""
    return False


class Result(NamedTuple):
    """A version that was read or written.

    `created` tells 201 from 200; `unchanged` that the reader has this version; `kept` that a write stored nothing:
    this version stands; `warnings` are about what was accepted.
    """

    stored: Stored
    created: bool = False
    warnings: tuple[Issue, ...] = ()
    unchanged: bool = False
    kept: bool = False
