"""Which rows a caller may see. Every reading function takes one, so that no query can forget to ask."""

from dataclasses import dataclass


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
