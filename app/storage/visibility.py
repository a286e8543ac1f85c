"""Which rows a caller may see. Every reading function takes one, so that no query can forget to ask."""

from dataclasses import dataclass

from app.storage.bound import Bound


@dataclass(frozen=True, slots=True)
class Visibility:
    """The organisations (ODS codes) whose records may be seen; None means all of them.

    In SQL: `($n::text[] IS NULL OR r.organisation = ANY($n))`, with `parameter` bound as $n.
    """

    organisations: frozenset[str] | None = None

    @property
    def parameter(self) -> list[str] | None:
        return None if self.organisations is None else sorted(self.organisations)


EVERYTHING = Visibility()


def visible(visibility: Visibility, bind: Bound) -> str:
    """The SQL that is true of a row `r` of resource that is there and that the caller may see."""
    seen = bind(visibility.parameter, "text[]")
    return f"NOT r.deleted AND ({seen} IS NULL OR r.organisation = ANY({seen}))"
