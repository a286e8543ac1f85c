"""How much the answer to a Bundle may show: a small question can ask for very much, and all of it is in memory."""

from typing import Final

from app.fhir.bundle.response import Answer
from app.fhir.errors import PayloadTooLarge

# Bytes; the entry that goes beyond is still shown.
MOST_SHOWN: Final = 50_000_000


class Room:
    """What is left of it."""

    def __init__(self) -> None:
        self._left = MOST_SHOWN

    @property
    def is_used(self) -> bool:
        return self._left <= 0

    def take(self, answer: Answer) -> None:
        """Makes room for an answer."""
        self._left -= len(answer.content or b"")


def too_much() -> PayloadTooLarge:
    """The refusal of what there is no room for."""
    return PayloadTooLarge(
        f"The answers to the entries before are more than {MOST_SHOWN} bytes: ask in several Bundles, or with a"
        " smaller _count.",
        code="too-costly",
    )
