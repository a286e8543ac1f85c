"""When the patient lacked capacity for sharing decisions (the sharing decision, section 4)."""

from dataclasses import dataclass
from typing import Final

from app.sharing.reading import Json, codes, extensions, is_modified, mapping
from app.sharing.systems import CONTACT_RESTRICTION, extension
from app.sharing.times import BEGINNING, DAY, FOREVER, Span, period, span, widest

LACKS_CAPACITY: Final = "lacks-capacity-information-sharing"
_CONFIRMED: Final = extension("capacity-confirmed")


@dataclass(frozen=True, slots=True)
class Incapacity:
    """One Flag. `perhaps` is when capacity may have been lacking; `surely`, from an active Flag, when it does.

    What permits asks `surely`, what withholds asks `perhaps`.
    """

    surely: Span | None
    perhaps: Span


def incapacity(flag: Json, days: int) -> Incapacity | None:
    """A Flag that says capacity is lacking; None when it is another Flag, or was entered in error."""
    if (CONTACT_RESTRICTION, LACKS_CAPACITY) not in codes(flag.get("code")) or flag.get("status") == "entered-in-error":
        return None
    stated, widely = period(flag.get("period")), widest(flag.get("period"))
    start = span(mapping(flag.get("period")).get("start"))
    latest = _latest(flag, start, days)
    perhaps = Span(widely.low, max(min(widely.high, latest), widely.low))
    readable = stated is not None and start is not None and not is_modified(flag)
    sure = readable and flag.get("status") == "active"
    return Incapacity(perhaps if sure else None, perhaps)


def _latest(flag: Json, start: Span | None, days: int) -> int:
    """When the latest start or confirmation runs out. Gaps between them count as in force."""
    written = (span(item.get("valueDateTime")) for item in extensions(flag, _CONFIRMED))
    known = [found.high for found in (start, *written) if found]
    return max(known) + days * DAY if known else FOREVER


def boundaries(one: Incapacity) -> tuple[int, ...]:
    """The times at which this Flag comes into force and goes out."""
    return tuple(limit for limit in one.perhaps if BEGINNING < limit < FOREVER)
