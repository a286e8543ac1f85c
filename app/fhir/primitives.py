"""The primitive types of FHIR: what a JSON value must look like to be one. https://hl7.org/fhir/R4/datatypes.html

Each check takes a JSON value and returns what is wrong with it in plain words, or "" when nothing is.
"""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

MAX_STRING = 1_048_576

_SPACE = r"[ \t\r\n\f\v]"
_INK = r"[^ \t\r\n\f\v]"
_CODE = re.compile(f"{_INK}+(?:{_SPACE}{_INK}+)*")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_URI = re.compile(f"{_INK}+")
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?")
_ZONE = re.compile(r"Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_ZONED_TIME = re.compile(f"{_TIME.pattern}(?:{_ZONE.pattern})")
# Control characters (tab, line feed and carriage return are allowed) and halves of surrogate pairs.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MAX_INTEGER = 2_147_483_647


def _characters(value: Any) -> str:
    if not isinstance(value, str):
        return "must be a JSON string"
    if not value:
        return "is an empty string; leave the element out instead"
    return "holds control characters or half a surrogate pair" if _FORBIDDEN.search(value) else ""


def _text(value: Any) -> str:
    return _characters(value) or ("" if len(value) <= MAX_STRING else f"is longer than {MAX_STRING} characters")


def _string(value: Any) -> str:
    return _text(value) or ("" if not value.isspace() else "is nothing but white space")


def _pattern(pattern: re.Pattern[str], form: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        return _text(value) or ("" if pattern.fullmatch(value) else f"must be {form}")

    return check


def _is_day(text: str) -> bool:
    """Whether this is a year, month or day of the calendar."""
    parts = _DATE.fullmatch(text)
    if not parts or parts[1] == "0000":
        return False
    try:
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return False
    return True


def _date(value: Any) -> str:
    problem = _text(value)
    if problem or _is_day(value):
        return problem
    return "must be a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD"


def _date_time(value: Any) -> str:
    problem = _text(value)
    if problem or _is_day(value) or _is_instant(value):
        return problem
    return "must be a date, or a date and time with seconds and a time zone: YYYY-MM-DDThh:mm:ss+zz:zz"


def _instant(value: Any) -> str:
    problem = _text(value)
    if problem or _is_instant(value):
        return problem
    return "must be a date and time with seconds and a time zone: YYYY-MM-DDThh:mm:ss+zz:zz"


def _is_instant(text: str) -> bool:
    day, mark, time = text[:10], text[10:11], text[11:]
    return mark == "T" and len(day) == 10 and _is_day(day) and _ZONED_TIME.fullmatch(time) is not None  # noqa: PLR2004 - the length of YYYY-MM-DD


def _base64(value: Any) -> str:
    problem = _characters(value)
    if problem:
        return problem
    try:
        data = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return "" if data else "must be base64"


def _boolean(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false, without quotes"


def _integer(lowest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= _MAX_INTEGER:
            return f"must be a whole number from {lowest} to {_MAX_INTEGER}, without quotes"
        return ""

    return check


def _decimal(value: Any) -> str:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return ""
    return "must be a number, without quotes"


CHECKS: dict[str, Callable[[Any], str]] = {
    "base64Binary": _base64,
    "boolean": _boolean,
    "canonical": _pattern(_URI, "a canonical URL, without spaces"),
    "code": _pattern(_CODE, "a code: no spaces at either end, single ones within"),
    "date": _date,
    "dateTime": _date_time,
    "decimal": _decimal,
    "id": _pattern(_ID, "an id: 1 to 64 letters, digits, '-' and '.'"),
    "instant": _instant,
    "integer": _integer(-_MAX_INTEGER - 1),
    "markdown": _string,
    "oid": _pattern(_OID, "an OID: urn:oid:1.2.3"),
    "positiveInt": _integer(1),
    "string": _string,
    "time": _pattern(_TIME, "a time of day with seconds and no time zone: hh:mm:ss"),
    "unsignedInt": _integer(0),
    "uri": _pattern(_URI, "a URI, without spaces"),
    "url": _pattern(_URI, "a URL, without spaces"),
    "uuid": _pattern(_UUID, "a UUID in lower case: urn:uuid:..."),
    # The narrative is checked as XHTML with its invariants.
    "xhtml": _characters,
}
