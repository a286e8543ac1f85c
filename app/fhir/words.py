"""Sets of codes, written as the words of a text so that a long list stays readable."""


def words(text: str) -> frozenset[str]:
    """The words of `text`, as a set."""
    return frozenset(text.split())
