r"""Separators of search values and their escapes \, \| \$ \\: https://hl7.org/fhir/R4/search.html#escaping"""

import re
from typing import Final

_ESCAPED: Final = re.compile(r"\\([,|$\\])")


def split(text: str, separator: str) -> list[str]:
    r"""The parts of a still escaped text between separators that no backslash stands before."""
    parts = [""]
    escaped = False
    for char in text:
        if char == separator and not escaped:
            parts.append("")
            continue
        parts[-1] += char
        escaped = char == "\\" and not escaped
    return parts


def unescape(text: str) -> str:
    r"""The text that was meant; a backslash before anything but , | $ \ stands for itself."""
    return _ESCAPED.sub(r"\1", text)
