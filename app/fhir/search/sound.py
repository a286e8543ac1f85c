"""What a name sounds like, for the parameter `phonetic`: https://en.wikipedia.org/wiki/Metaphone"""

import jellyfish


def sound(folded: str) -> str:
    """The Metaphone code of each word; a word that has none, such as one in another script, stays as it is."""
    return " ".join(jellyfish.metaphone(word) or word for word in folded.split())
