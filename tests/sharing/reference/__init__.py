"""A slow, literal evaluator of the sharing decision, written from its page alone, to compare the engine with.

Where the page leaves room it takes the reading that permits less. `reason` and `considered` are left out.
"""

from tests.sharing.reference.answers import decide

__all__ = ["decide"]
