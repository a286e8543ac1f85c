"""String parameters: names and addresses, compared without case, accents and punctuation.

https://hl7.org/fhir/R4/search.html#string
"""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.fhir.definition import SearchParameter
from app.fhir.search.length import LONGEST, short
from app.fhir.search.sound import sound

# The members of a HumanName and of an Address that a search for either looks at; use, type and period are not text.
_NAME: Final = ("text", "family", "given", "prefix", "suffix")
_ADDRESS: Final = ("line", "city", "district", "state", "postalCode", "country")
# The further words of a name have keys of their own, which no sort, :exact, :contains or :missing looks at. Of what is
# no name any more, such as a whole sentence, the words after the first ones have none.
PART: Final = "part"
_MOST_PARTS: Final = 8
# Apostrophe, grave and acute accent, modifier apostrophes, single quotation marks, prime, fullwidth apostrophe.
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07"))
# Letters with strokes and ligatures, which Unicode does not decompose.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


class _Plain(dict[int, str | int | None]):
    """A table for str.translate, filled as characters turn up: letters as they are, marks dropped, the rest a space."""

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Cf" or unicodedata.combining(char):  # soft hyphens, joiners: nobody sees them, nobody asks
            self[code] = None
        else:
            self[code] = " " if category[0] in "PZ" or category == "Cc" else code
        return self[code]


_PLAIN: Final = _Plain(_LETTERS)


def fold(text: str) -> str:
    """What is compared: no case, accents or apostrophes, other punctuation as a space, at most 200 characters.

    Of longer texts only the beginning is compared, so two that differ after the 200th character are not told apart
    by a plain search; `:exact` tells them apart.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    return " ".join(unicodedata.normalize("NFKD", plain).translate(_PLAIN).split())[:LONGEST].rstrip()


def keys(element: Any, parameter: SearchParameter) -> Iterator[tuple[str, str]]:
    """(folded, exact) of each text of a string, HumanName or Address; folded to its sound for a phonetic parameter."""
    for text in _texts(element):
        if parameter.form != "phonetic":
            yield fold(text), short(text)
            continue
        words = fold(text).split()
        for word in dict.fromkeys([*words, " ".join(words)]):
            yield sound(word), short(text)


def parts(folded: Collection[str]) -> Iterator[str]:
    """Of the texts of names what begins with the second word, the third and so on, unless it is one of the texts.

    https://hl7.org/fhir/R4/search.html#string: either Carreno or Quinones finds the family name Carreno Quinones.
    """
    for words in (text.split() for text in folded if " " in text):
        for place in range(1, min(len(words), _MOST_PARTS)):
            part = " ".join(words[place:])
            if part not in folded:
                yield part


Match = Literal["start", "exact", "contains", "sound"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is looked for: folded (or its sound) in `value`, as it was sent in `exact`."""

    match: Match
    value: str
    exact: str = ""


def parse(text: str, parameter: SearchParameter, modifier: str) -> Text:
    """One unescaped alternative; modifier is '', 'exact' or 'contains'. ValueError says what is wrong with it."""
    folded = fold(text)
    if modifier == "exact":
        return Text("exact", folded, short(text))
    if not folded:
        raise ValueError("has a value without letters or digits, which would match everything; use :exact for that.")
    if parameter.form == "phonetic":
        return Text("contains" if modifier else "sound", sound(folded))
    return Text("contains" if modifier else "start", folded)


def _texts(element: Any) -> Iterator[str]:
    if isinstance(element, str):
        yield element
    elif isinstance(element, dict):
        for name in (*_NAME, *_ADDRESS):
            values = element.get(name)
            yield from (value for value in (values if isinstance(values, list) else [values]) if isinstance(value, str))
