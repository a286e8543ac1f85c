"""A slow, literal evaluator of the sharing decision, written from its page alone, to compare the engine with."""

from tests.sharing.reference.answers import decide

__all__ = ["decide"]
