"""Every way a request can fail, as one tree of exceptions that carry OperationOutcome issues.

    FhirError
    ├── BadRequest            400   not understood: JSON, headers, search parameters
    ├── Unauthorised          401   no token, or none that is valid; says WWW-Authenticate
    ├── Forbidden             403
    │   └── InsufficientScope 403   the token is valid and does not allow this; says WWW-Authenticate
    ├── NotFound              404
    ├── MethodNotAllowed      405
    ├── NotAcceptable         406
    ├── RequestTimeout        408   the body did not arrive in time
    ├── Conflict              409
    ├── Gone                  410   deleted, its history is kept
    ├── PreconditionFailed    412   If-Match, If-None-Match
    ├── PayloadTooLarge       413
    ├── UriTooLong            414
    ├── UnsupportedMediaType  415
    ├── Invalid               422   understood, and against FHIR's or this service's rules
    ├── TooManyRequests       429   says Retry-After
    ├── HeadersTooLarge       431
    ├── NotImplementedHere    501
    └── Unavailable           503   database or audit out of reach; says Retry-After

https://hl7.org/fhir/R4/http.html#Status-Codes, https://hl7.org/fhir/R4/operationoutcome.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["fatal", "error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One OperationOutcome.issue.

    `code` is a http://hl7.org/fhir/issue-type code, `expression` the FHIRPath of the element (empty when the
    issue is about the request and not an element), `spine` a UKCore-SpineErrorOrWarningCode where one fits.
    """

    code: str
    diagnostics: str
    expression: str = ""
    severity: Severity = "error"
    spine: str = ""


class FhirError(Exception):
    """A request that ends in an OperationOutcome: HTTP status, issues, extra response headers."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "exception"
    spine: ClassVar[str] = ""

    def __init__(
        self,
        diagnostics: str = "",
        *,
        expression: str = "",
        code: str = "",
        spine: str = "",
        issues: tuple[Issue, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.issues = issues or (Issue(code or self.code, diagnostics, expression, spine=spine or self.spine),)
        self.headers = dict(headers or {})
        super().__init__("; ".join(issue.diagnostics for issue in self.issues))


class BadRequest(FhirError):
    status, code, spine = 400, "invalid", "INVALID_VALUE"


class Unauthorised(FhirError):
    """RFC 6750, section 3: `error` is '' when no token was sent at all."""

    status, code, spine = 401, "login", "ACCESS_DENIED"

    def __init__(self, diagnostics: str, *, error: str = "", code: str = "") -> None:
        challenge = f'Bearer realm="kith", error="{error}", error_description="{diagnostics}"'
        shown = challenge if error else 'Bearer realm="kith"'
        super().__init__(diagnostics, code=code, headers={"WWW-Authenticate": shown})


class Forbidden(FhirError):
    status, code, spine = 403, "forbidden", "ACCESS_DENIED"


class InsufficientScope(Forbidden):
    """RFC 6750, section 3.1: `scope` is what the request would have needed."""

    def __init__(self, diagnostics: str, scope: str) -> None:
        challenge = f'Bearer realm="kith", error="insufficient_scope", scope="{scope}"'
        super().__init__(diagnostics, headers={"WWW-Authenticate": challenge})


class NotFound(FhirError):
    status, code, spine = 404, "not-found", "RESOURCE_NOT_FOUND"


class MethodNotAllowed(FhirError):
    status, code, spine = 405, "not-supported", "UNSUPPORTED_SERVICE"


class NotAcceptable(FhirError):
    status, code, spine = 406, "not-supported", ""


class RequestTimeout(FhirError):
    status, code, spine = 408, "timeout", ""


class Conflict(FhirError):
    status, code, spine = 409, "conflict", "FORBIDDEN_UPDATE"


class Gone(FhirError):
    status, code, spine = 410, "deleted", "INVALIDATED_RESOURCE"


class PreconditionFailed(FhirError):
    status, code, spine = 412, "conflict", "PRECONDITION_FAILED"


class PayloadTooLarge(FhirError):
    status, code, spine = 413, "too-long", ""


class UriTooLong(FhirError):
    status, code, spine = 414, "too-long", ""


class UnsupportedMediaType(FhirError):
    status, code, spine = 415, "not-supported", "UNSUPPORTED_VALUE"


class Invalid(FhirError):
    status, code, spine = 422, "invariant", "VALIDATION_ERROR"


class TooManyRequests(FhirError):
    status, code, spine = 429, "throttled", ""

    def __init__(self, diagnostics: str, *, retry_after: int = 1) -> None:
        super().__init__(diagnostics, headers={"Retry-After": str(retry_after)})


class HeadersTooLarge(FhirError):
    status, code, spine = 431, "too-long", ""


class NotImplementedHere(FhirError):
    status, code, spine = 501, "not-supported", "UNSUPPORTED_SERVICE"


class Unavailable(FhirError):
    status, code, spine = 503, "transient", "UNABLE_TO_CALL_SERVICE"

    def __init__(self, diagnostics: str, *, retry_after: int = 2) -> None:
        super().__init__(diagnostics, headers={"Retry-After": str(retry_after)})
