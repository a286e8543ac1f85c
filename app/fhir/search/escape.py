r"""Separators of search values and their escapes \, \| \$ \\: https://hl7.org/fhir/R4/search.html#escaping"""

import re
from typing import Final

_ESCAPED: Final = re.compile(r"\\([,|$\\])")


def split(text: str, separator: str) -> list[str]:
    r"""The parts of a still escaped text between separators that no backslash stands before."""
    if "\\" not in text:
        return text.split(separator)
    parts = []
    start, escaped = 0, False
    for place, char in enumerate(text):
        if char == separator and not escaped:
            parts.append(text[start:place])
            start = place + 1
        escaped = char == "\\" and not escaped
    return [*parts, text[start:]]


def unescape(text: str) -> str:
    r"""The text that was meant; a backslash before anything but , | $ \ stands for itself."""
    return _ESCAPED.sub(r"\1", text)
