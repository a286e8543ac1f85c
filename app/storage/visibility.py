"""What of the record a caller may see: set on the connection it borrows, and enforced by PostgreSQL there.

Every policy of row-level security asks these settings (the migration 0003); a connection without them sees nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.fhir.levels import CONFIDENTIAL
from app.storage.bound import Bound

ALL: Final = "*"


@dataclass(frozen=True)
class Visibility:
    """The organisations (ODS codes) whose records may be seen, None for all; `own` is the one that is acted for.

    `level` is the highest that may be read (app/fhir/levels.py); `patient` the only one whose record there is, '' for
    no such limit. In SQL beside the policies: `($n::text[] IS NULL OR r.organisation = ANY($n))`, with `parameter`
    bound as $n.
    """

    organisations: frozenset[str] | None = None
    own: str = ""
    level: int = CONFIDENTIAL
    patient: str = ""

    @cached_property
    def parameter(self) -> list[str] | None:
        return None if self.organisations is None else sorted(self.organisations)

    @cached_property
    def settings(self) -> tuple[str, str, str]:
        """The values of kith.organisations (the caller's own first), kith.level and kith.patient."""
        if self.organisations is None:
            return ALL, str(self.level), self.patient
        others = sorted(self.organisations - {self.own})
        return ",".join([self.own, *others]), str(self.level), self.patient

    def owns(self, organisation: str) -> bool:
        """Whether the caller acts for the organisation of a record, and so may change it."""
        return self.organisations is None or organisation == self.own


EVERYTHING: Final = Visibility()

# What a reading statement answers with in the place of `r.content`: of a masked version those see the whole who may.
CONTENT: Final = """
CASE WHEN r.whole IS NULL OR (r.masked_until > now() AND kith_level() < r.whole_from) THEN r.content ELSE r.whole END
""".strip()


def visible(visibility: Visibility, bind: Bound) -> str:
    """The SQL that is true of a row `r` of resource that is there and that the caller may see."""
    seen = bind(visibility.parameter, "text[]")
    return f"NOT r.deleted AND ({seen} IS NULL OR r.organisation = ANY({seen}))"
