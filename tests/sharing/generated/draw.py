"""What a case is drawn from: a seeded random source, few instants so that ties are frequent, and a theme."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
T = TypeVar("T")
Json = dict[str, Any]

# What a case is mostly about; everything else still happens now and then.
THEMES = (
    "plain",
    "several",
    "nested",
    "lapsed",
    "restricted",
    "alike",
    "capacity",
    "capacity",
    "capacity",
    "capacity",
    "override",
    "override",
    "child",
    "child",
    "young",
    "professional",
    "records",
    "records",
    "unreadable",
    "undecided",
    "statutory",
    "team",
)
_SECOND = timedelta(seconds=1)
_BESIDE = (timedelta(0),) * 6 + (_SECOND, -_SECOND)
# London midnights, the ends of months, both changes of the clocks.
_INSTANTS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2025-12-31T23:59:59+00:00",
        "2026-01-01T00:00:00+00:00",
        "2026-02-28T10:00:00+00:00",
        "2026-03-01T00:00:00+00:00",
        "2026-03-28T12:00:00+00:00",
        "2026-03-29T00:59:59+00:00",
        "2026-03-29T01:00:00+00:00",
        "2026-03-29T23:00:00+00:00",
        "2026-03-31T23:00:00+00:00",
        "2026-04-26T01:00:00+00:00",
        "2026-09-30T23:00:00+00:00",
        "2026-10-24T23:00:00+00:00",
        "2026-10-25T00:59:59+00:00",
        "2026-10-25T01:00:00+00:00",
        "2026-10-25T23:59:59+00:00",
        "2026-11-22T01:00:00+00:00",
    )
)


# What changes the meaning of a record in a way that nobody knows.
MODIFIED: Json = {"modifierExtension": [{"url": "https://other.example/means-not", "valueBoolean": True}]}


class Draw:
    """A seeded source of choices for one case."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.theme = self.one(THEMES)
        first = self.random.randrange(len(_INSTANTS) - 5)
        near = sorted(self.random.sample(range(first, min(first + 8, len(_INSTANTS))), 4))
        self.instants = [_INSTANTS[index] for index in near]
        self.ids = "abcd"[: self.one((1, 2, 2, 3, 3, 4))]
        self.now = self.one(self.instants[2:]) + self.one((0, 0, 0, 1, 3600)) * _SECOND
        self.at = self._at()
        # In part of the cases little stands in the way of what somebody else decided for the patient.
        self.straight = self.theme in ("capacity", "child", "override") and self.chance(60)
        # In most cases Consents say little, so that more of them are about the question.
        self.terse = self.straight or self.chance(65)

    def chance(self, per_cent: float, theme: str = "", in_theme: float = 0) -> bool:
        """True so often; more often where the case is about this theme."""
        return self.random.random() * 100 < (in_theme if theme and theme == self.theme else per_cent)

    def one(self, choices: Sequence[T]) -> T:
        return choices[int(self.random.random() * len(choices))]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        return self.random.sample(choices, self.random.randint(1, min(most, len(choices))))

    def instant(self, *, latest: datetime | None = None) -> datetime:
        """One of the few instants of the case, now and then a second beside it."""
        choices = self.instants if latest is None else [one for one in self.instants if one <= latest]
        return self.one(choices or self.instants[:1]) + self.one(_BESIDE)

    def text(self, instant: datetime | None = None) -> str:
        """A FHIR dateTime at or around an instant, in one of its forms."""
        when = instant or self.instant()
        form = self.random.random()
        if form < 0.03:
            return _seconds(when) + self.one((".0", ".5", ".999999", ".123456789")) + "Z"
        if form < 0.64:
            return f"{_seconds(when)}Z"
        local = when.astimezone(LONDON)
        if form < 0.76:
            return local.isoformat()
        return local.strftime("%Y-%m-%d" if form < 0.92 else "%Y-%m" if form < 0.98 else "%Y")

    def exact(self, instant: datetime) -> str:
        return f"{_seconds(instant.astimezone(UTC))}Z"

    def period(self, *, start: float = 60, end: float = 40) -> Json:
        """A valid Period around the instants of the case, one end or both open now and then."""
        first = self.instants[0] if self.chance(60) else self.instant()
        return self.between(first, self.instant(), start=start, end=end)

    def between(self, one: datetime, other: datetime, *, start: float = 100, end: float = 100) -> Json:
        """A Period from the earlier to the later, never written so that it ends before it starts."""
        first, last = min(one, other), max(one, other)
        ended = {"end": self.text(last)} if self.chance(end) else {}
        return ({"start": self.text(first)} if self.chance(start) or not ended else {}) | ended

    def _at(self) -> datetime:
        when = self.random.random()
        if when < 0.5:
            return self.now
        return self.one(self.instants) + self.one((0, 0, 1, -1)) * _SECOND


def _seconds(when: datetime) -> str:
    return when.isoformat()[: len("2026-01-01T00:00:00")]
