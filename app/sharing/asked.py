"""What is asked of each Consent: who would be told, what, for which purposes and by whom (section 6.2)."""

from typing import Final, NamedTuple

from app.sharing.purposes import Asked as Purposes
from app.sharing.resources import Resource

_NOBODY: Final[frozenset[str]] = frozenset()


class Reach(NamedTuple):
    """The references by which a permit reaches a recipient, and those by which a deny does.

    `permit_names` and `permit_groups` of a proposal that was turned down are `proposed`: it counts like a deny.
    `blanket`: permits that name nobody count, as they do between professionals. `maybe` are the references of all
    who may be the same human, and of the teams that list them: for what cannot be read.
    """

    permit_names: frozenset[str]
    permit_groups: frozenset[str]
    deny_names: frozenset[str]
    deny_groups: frozenset[str]
    blanket: bool = False
    maybe: frozenset[str] = _NOBODY
    proposed: tuple[frozenset[str], frozenset[str]] = (_NOBODY, _NOBODY)

    def of_proposals(self) -> "Reach":
        """By which references a proposal that was turned down would have reached the recipient."""
        names, groups = self.proposed
        return self._replace(permit_names=names, permit_groups=groups)


class Asked(NamedTuple):
    """`team` is who would tell, with all Organizations above it; empty when that is not known."""

    reach: Reach
    scope: str
    resource: Resource | None
    purposes: Purposes
    team: frozenset[str]
