"""If-Match: a write that was meant for another version does not happen. https://hl7.org/fhir/R4/http.html#concurrency"""

from dataclasses import dataclass

from app.fhir.errors import BadRequest, PreconditionFailed
from app.record.context import Context
from app.storage.resources import Stored


@dataclass(frozen=True, slots=True)
class Match:
    """The versions an If-Match header names; `anything` for `*`."""

    versions: frozenset[str] = frozenset()
    anything: bool = False


def check_match(context: Context, name: str, current: Stored | None, match: Match | None) -> None:
    """Raises PreconditionFailed unless the current version is one the caller means, or need not say."""
    if match is None:
        if context.policy.require_if_match and current is not None:
            raise BadRequest(
                "This service requires If-Match with the ETag of the version that you change.",
                code="required",
                spine="MISSING_VALUE",
            )
        return
    if current is None:
        raise PreconditionFailed(f"There is no {name}, so If-Match cannot hold.")
    if not match.anything and str(current.version) not in match.versions:
        raise PreconditionFailed(
            f'{name} is at version {current.version} (ETag W/"{current.version}"), not the one in If-Match. '
            "Read it again before you change it.",
            spine="RESOURCE_VERSION_MISMATCH",
        )
