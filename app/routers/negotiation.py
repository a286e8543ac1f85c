"""What a request wants back, and in which form: Accept, _format, _pretty, Content-Type, Prefer.

https://hl7.org/fhir/R4/http.html#mime-type, https://hl7.org/fhir/R4/http.html#ops
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from starlette.requests import Request

from app.fhir.errors import BadRequest, NotAcceptable, UnsupportedMediaType

FHIR_JSON = "application/fhir+json"
PLAIN_JSON = "application/json"
TEXT_JSON = "text/json"
FORM = "application/x-www-form-urlencoded"
VERSIONS = ("4.0", "4.0.1")
# "Requests and responses SHALL explicitly set the character encoding": https://hl7.org/fhir/R4/http.html#mime-type
UTF_8 = "; charset=utf-8"
FHIR_ANSWER = FHIR_JSON + UTF_8

_FORMATS = {
    "json": FHIR_JSON,
    FHIR_JSON: FHIR_JSON,
    "application/fhir json": FHIR_JSON,  # a + that arrived unescaped
    PLAIN_JSON: PLAIN_JSON,
    TEXT_JSON: PLAIN_JSON,
}
# Who asks for a generic type is answered with it: https://hl7.org/fhir/R4/http.html#mime-type, implementation note.
_OFFERED = (FHIR_JSON, PLAIN_JSON, TEXT_JSON)
_RANGES = {"*/*": FHIR_JSON, "application/*": FHIR_JSON, "text/*": TEXT_JSON} | {each: each for each in _OFFERED}

Return = Literal["minimal", "representation", "OperationOutcome"]


@dataclass(frozen=True, slots=True)
class Wish:
    """How to answer: Content-Type, whether indented, what a write returns, whether searches ignore the unknown."""

    media_type: str = FHIR_ANSWER
    pretty: bool = False
    returning: Return = "representation"
    lenient: bool = False


def wish(request: Request, parameters: Iterable[tuple[str, str]] | None = None) -> Wish:
    """The caller's wish; `parameters` are those of the request once they have been read, the last of a name counts.

    Raises NotAcceptable (406) when only other formats would do.
    """
    headers = request.headers
    if parameters is None:
        parameters = request.query_params.multi_items() if request.scope["query_string"] else ()
    query = dict(parameters)
    prefer, accept = ", ".join(headers.getlist("prefer")), ", ".join(headers.getlist("accept"))
    return _wish(prefer, accept, query.get("_format", ""), query.get("_pretty", "false"))


@lru_cache
def _wish(prefer: str, accept: str, format_: str, pretty: str) -> Wish:
    """The wish that these headers and parameters say; a client says the same each time."""
    returning, lenient = _prefer(prefer)
    media_type = _format(format_) if format_ else _accept(accept or "*/*")
    return Wish(media_type + UTF_8, _boolean(pretty, "_pretty"), returning, lenient)


def check_content_type(request: Request, *allowed: str) -> str:
    """The media type of the body. Raises UnsupportedMediaType (415) unless it is an allowed one, in UTF-8, plain and
    for FHIR R4.
    """
    content_type = request.headers.get("content-type", "")
    media_type, parameters = _media_type(content_type)
    if media_type not in allowed:
        text = f"Send the body as {' or '.join(allowed)}" + (f", not {media_type[:100]}." if media_type else ".")
        header = "Accept-Patch" if request.method == "PATCH" else "Accept"  # RFC 5789, 2.2
        raise UnsupportedMediaType(text, headers={header: ", ".join(allowed)})
    encoding(request)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("Send the body in UTF-8, the one character set of FHIR.")
    if parameters.get("fhirversion", "4.0") not in VERSIONS:
        raise UnsupportedMediaType("This is FHIR R4 (fhirVersion=4.0).")
    return media_type


def encoding(request: Request) -> Literal["identity", "gzip"]:
    """How the body is compressed. Raises UnsupportedMediaType (415) for anything but gzip."""
    match request.headers.get("content-encoding", "identity").strip().lower():
        case "identity":
            return "identity"
        case "gzip" | "x-gzip":
            return "gzip"
    text = "Send the body as it is, or in gzip."
    raise UnsupportedMediaType(text, headers={"Accept-Encoding": "gzip"})  # RFC 7694


def _format(value: str) -> str:
    name, parameters = _media_type(value)
    if name not in _FORMATS or parameters.get("fhirversion", "4.0") not in VERSIONS:
        raise NotAcceptable(f"_format {value[:100]} is not to be had; json is.")
    return _FORMATS[name]


def _accept(header: str) -> str:
    if header in _RANGES:
        return _RANGES[header]
    accepted: dict[str, float] = {}
    for part in header.split(","):
        name, parameters = _media_type(part)
        if name in _RANGES and parameters.get("fhirversion", "4.0") in VERSIONS:
            accepted[name] = max(accepted.get(name, 0.0), _quality(parameters.get("q", "1")))
    best = max(_OFFERED, key=lambda media_type: _preference(media_type, accepted))
    if not _preference(best, accepted)[0]:
        raise NotAcceptable(f"Only {FHIR_JSON} and {PLAIN_JSON} (FHIR 4.0) are to be had.")
    return best


def _preference(media_type: str, accepted: dict[str, float]) -> tuple[float, int]:
    """How much a type is wanted: the quality of the range that names it most exactly, and how exactly that does."""
    for exactness, name in ((2, media_type), (1, f"{media_type.partition('/')[0]}/*"), (0, "*/*")):
        if name in accepted:
            return accepted[name], exactness
    return 0.0, 0


def _quality(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _media_type(value: str) -> tuple[str, dict[str, str]]:
    name, *rest = value.split(";")
    pairs = (part.partition("=") for part in rest)
    return name.strip().lower(), {key.strip().lower(): text.strip().strip('"') for key, _, text in pairs}


def _boolean(value: str, name: str) -> bool:
    if value not in ("true", "false"):
        raise BadRequest(f"{name} is true or false.", spine="INVALID_VALUE")
    return value == "true"


def _prefer(header: str) -> tuple[Return, bool]:
    returning: Return = "representation"
    lenient = False
    for part in header.replace(";", ",").split(","):
        name, _, value = (text.strip().strip('"') for text in part.partition("="))
        if name.lower() == "return" and value in ("minimal", "representation", "OperationOutcome"):
            returning = value  # type: ignore[assignment]  # narrowed by the line above
        if name.lower() == "handling":
            lenient = value == "lenient"
    return returning, lenient
