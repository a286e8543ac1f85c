"""The shares that a service holds to be enough, and where it has them from: Kith knows none, and sets none.

Domain, section 3: thresholds are configuration with provenance, unset until the developers of a scale permit its use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# The indicators that are a rate, which settings know by name alone.
RATES: Final = frozenset(
    ("KS-13a", "KS-13b", "KS-13c", "KS-13d", "NICE-ASK", "NICE-AB", "QS189-4", "C12b", "C14", "DEBRIEF")
)
_HOW: Final = "KITH_THRESHOLDS: must be such as KS-13b=0.9 KS-13a=0.8; where these are from, and with whose permission"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By the id of a Measure the share (0 to 1) that is enough, and where all of them are from."""

    shares: Mapping[str, float] = field(default_factory=dict)
    source: str = ""


def thresholds(text: str) -> Thresholds:
    """The thresholds of a setting: "measure=share" separated by spaces, a semicolon, and where they are from.

    Raises ValueError, which says what is wrong: nobody's threshold is none.
    """
    if not text.strip():
        return Thresholds()
    pairs, _, source = text.partition(";")
    shares = {}
    for pair in pairs.split():
        name, _, share = pair.partition("=")
        if name not in RATES:
            raise ValueError(f"{_HOW}: {name[:40]} is no indicator with a rate")
        if name in shares:
            raise ValueError(f"{_HOW}: {name} has two")
        shares[name] = _share(share)
    if not shares or not source.strip():
        raise ValueError(_HOW)
    return Thresholds(shares, source.strip())


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        raise ValueError(_HOW) from None
    if not 0 < share <= 1:
        raise ValueError(f"{_HOW}; a share is above 0, and 1 at most")
    return share
