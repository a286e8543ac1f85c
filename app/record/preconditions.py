"""If-Match: a write that was meant for another version does not happen. https://hl7.org/fhir/R4/http.html#concurrency"""

import re
from dataclasses import dataclass
from datetime import datetime

from app.fhir.errors import BadRequest, PreconditionFailed
from app.record.context import Context
from app.storage.resources import Stored


@dataclass(frozen=True, slots=True)
class Match:
    """The versions an If-Match header names; `anything` for `*`."""

    versions: frozenset[str] = frozenset()
    anything: bool = False


ETAG = re.compile(r'(?:W/)?"([^"]*)"')
# fhirpy refreshes a resource by its bare versionId. Where nothing is written, that can be taken as what it means.
ETAG_OR_VERSION = re.compile(rf"{ETAG.pattern}|([0-9]{{1,10}})")


def match(text: str, name: str, pattern: re.Pattern[str] = ETAG) -> Match:
    """The versions that a header or element `name` means. Raises BadRequest when it holds no ETag."""
    if text.strip() == "*":
        return Match(anything=True)
    found = [pattern.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        raise BadRequest(f'{name} holds an ETag such as W/"3".', spine="INVALID_VALUE")
    return Match(frozenset(each[each.lastindex or 0] for each in found if each))


def is_current(stored: Stored, known: Match | None, since: datetime | None) -> bool:
    """Whether the caller has this version already: one that is `known`, or else one as old as `since`."""
    if known is not None:
        return known.anything or str(stored.version) in known.versions
    return since is not None and stored.updated.replace(microsecond=0) <= since


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
