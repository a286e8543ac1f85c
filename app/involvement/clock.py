"""The present, for what is worked out now and may be used later: how long what was found by it stays true."""

from app.sharing.times import FOREVER


class Clock:
    """Tells whether a time has come, and remembers until when all that it told stays so.

    Times are microseconds since 1970. What was found by what the clock told at `now` is found by it at each later time
    before `until`.
    """

    def __init__(self, now: int) -> None:
        self._now = now
        self.until = FOREVER

    @property
    def now(self) -> int:
        """The present itself, which is gone in a moment."""
        self.until = self._now
        return self._now

    def has_come(self, at: int) -> bool:
        """Whether it is that time by now, or later."""
        if at <= self._now:
            return True
        self.until = min(self.until, at)
        return False

    def at_most(self, at: int) -> int:
        """That time, or the present while it has not come."""
        return at if at <= self._now else self.now
