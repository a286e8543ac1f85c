"""Who is asking: what decides what may be seen and done, and goes into the audit trail."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.security.scopes import EVERYTHING, NOTHING, Scopes

Facing = Literal["staff", "patient", "carer"]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a token stands for: a registered client, and the scopes that it was granted.

    `organisation` (ODS code) is the one it acts for, `organisations` those whose records it may see (None: all, only
    while callers are not told apart). A client that faces a patient or carer names the patient (`facing_patient`, the
    id of a Patient), and no other record is its business.
    """

    client: str = ""
    client_name: str = ""
    organisation: str = ""
    organisations: frozenset[str] | None = None
    scopes: Scopes = EVERYTHING
    facing: Facing = "staff"
    facing_patient: str = ""


# Whoever calls while authentication is off.
ANYBODY = Granted()
# Whoever sent no token, where none is needed.
NOBODY = Granted(organisations=frozenset(), scopes=NOTHING)


class Caller(NamedTuple):
    """The client of one request, as Granted has it, with the user it acts for and the ids of the request."""

    request_id: str
    correlation_id: str = ""
    client: str = ""
    client_name: str = ""
    organisation: str = ""
    user_role: str = ""
    organisations: frozenset[str] | None = None
    scopes: Scopes = NOTHING
    facing: Facing = "staff"
    facing_patient: str = ""

    @property
    def seal(self) -> bytes:
        """What tells this caller, and what it may see, from others: no cursor of one is good for another."""
        if self.organisations is None:
            return b""
        seen = ",".join(sorted(self.organisations))
        parts = (self.client, self.organisation, seen, str(self.scopes), self.facing, self.facing_patient)
        return "\n".join(parts).encode()

    @property
    def is_known(self) -> bool:
        """Whether a token said who calls; False while authentication is off."""
        return self.organisations is not None
