"""The narrative: XHTML of formatting elements alone, with something to read in it (txt-1, txt-2).

https://hl7.org/fhir/R4/narrative.html
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.fhir.words import words

_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
_ELEMENTS: Final = words(
    "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 "
    "h4 h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul "
    "var"
)
_ATTRIBUTES: Final = words(
    "abbr accesskey align alt axis border cellpadding cellspacing char charoff charset cite class colspan coords dir "
    "frame headers height href hreflang id ismap lang longdesc name nohref nowrap rel rev rowspan rules scope shape "
    "span src start style summary tabindex title type usemap valign value width "
    "{http://www.w3.org/XML/1998/namespace}lang {http://www.w3.org/XML/1998/namespace}space"
)
_LINKS: Final = frozenset({"href", "src", "cite", "longdesc"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "ftp", "urn", "cid"})
# What a browser would run or fetch from within a style.
_ACTIVE_STYLE: Final = re.compile(
    r"expression\s*\(|javascript:|url\s*\(|@import|behavior\s*:|-moz-binding", re.IGNORECASE
)
_INVISIBLE: Final = re.compile(r"[\x00-\x20]+")


def faults(div: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the text of a Narrative.div: the invariant broken, and how; at most one of each kind."""
    try:
        root = fromstring(div, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        yield "txt-1", "the narrative is not well-formed XHTML (HTML entities such as &nbsp; are not XML)"
        return
    if root.tag != f"{_XHTML}div" or div.startswith("<?"):
        yield "txt-1", 'the narrative must be a div of the XHTML namespace: <div xmlns="http://www.w3.org/1999/xhtml">'
        return
    elements = list(root.iter())
    wrong = sorted({fault for element in elements for fault in _wrong(element)})
    if wrong:
        yield "txt-1", f"a narrative holds formatting alone, and no {', '.join(wrong[:5])}"
    if not any(element.tag == f"{_XHTML}img" for element in elements) and not "".join(root.itertext()).strip():
        yield "txt-2", "the narrative has nothing to read in it"


def _wrong(element: Element) -> Iterator[str]:
    name = element.tag.removeprefix(_XHTML)
    if name not in _ELEMENTS:
        yield f"<{_printable(name)}>"
    for attribute, value in element.attrib.items():
        if attribute not in _ATTRIBUTES:
            yield f"attribute {_printable(attribute)}"
        elif attribute in _LINKS and not _is_safe_link(name, value):
            yield f"such {attribute}"
        elif attribute == "style" and _ACTIVE_STYLE.search(value):
            yield "active style"


def _is_safe_link(element: str, link: str) -> bool:
    link = _INVISIBLE.sub("", link)
    scheme = _SCHEME.match(link)
    if scheme and scheme[1].lower() == "data":
        return element == "img" and link[5:].lower().startswith("image/")
    return not scheme or scheme[1].lower() in _SCHEMES


def _printable(name: str) -> str:
    return name[:40] if name.isascii() and name.isprintable() else "strange name"
