"""Who is asking: what of a request goes into the audit trail and decides what may be seen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """The client, the organisation and user it acts for, and the ids of the request.

    `organisations` are those whose records it may see; None means all.
    """

    request_id: str
    correlation_id: str = ""
    client: str = ""
    organisation: str = ""
    user_role: str = ""
    organisations: frozenset[str] | None = None
