"""Scripts of other web origins, where a setting lets them in: https://fetch.spec.whatwg.org/#http-cors-protocol"""

from typing import Any, Final

ASKED: Final = (
    "Accept",
    "Authorization",
    "Content-Type",
    "If-Match",
    "If-Modified-Since",
    "If-None-Exist",
    "If-None-Match",
    "NHSD-End-User-Organisation-ODS",
    "NHSD-Session-URID",
    "Prefer",
    "X-Correlation-ID",
    "X-Provenance",
    "X-Request-ID",
)
TOLD: Final = (
    "Accept-Patch",
    "Allow",
    "Content-Location",
    "ETag",
    "Last-Modified",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "Warning",
    "X-Correlation-ID",
    "X-Request-ID",
)


def cors(origins: list[str]) -> dict[str, Any]:
    """The options of CORSMiddleware. Scripts send tokens themselves: cookies and the like are never asked for."""
    return {
        "allow_origins": origins,
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": list(ASKED),
        "expose_headers": list(TOLD),
        "max_age": 600,
    }
