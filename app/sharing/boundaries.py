"""The times at which the records of a patient may begin to say something else (the sharing decision, section 2).

They do not depend on when it is asked, so that several questions about the same records share them.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.sharing import capacity, people, teams
from app.sharing.once import once
from app.sharing.resources import Resource
from app.sharing.times import BEGINNING, boundaries

if TYPE_CHECKING:
    from app.sharing.view import ConsentRecord, View

References = frozenset[str]


class Boundaries:
    """Of what is seen in a view, worked out when it is first asked for."""

    def __init__(self, view: "View") -> None:
        self._view = view
        self._on: dict[tuple[References, str, Resource | None], tuple[int, ...]] = {}
        self._about: dict[References, tuple[int, ...]] = {}
        self._unlike: dict[tuple[References, str, bool], tuple[int, ...]] = {}

    @once
    def of_all(self) -> tuple[int, ...]:
        """Those that may matter to any answer: of ages, deaths, Flags, supporters and teams."""
        view = self._view
        return boundaries(
            (
                view.competent_from,
                *(died for _, died in view.deaths),
                *(limit for flag in view.restrictions for limit in flag.period),
                *(limit for flag in view.incapacities for limit in capacity.boundaries(flag)),
                *(limit for person in view.people.values() for limit in people.boundaries(person)),
                *(limit for team in view.teams.values() for limit in teams.boundaries(team)),
            )
        )

    @once
    def last(self) -> int:
        """After this time nothing begins or ends any more."""
        return max(self.of_consents, default=BEGINNING)

    @once
    def of_consents(self) -> tuple[int, ...]:
        """Those and the ones of all Consents."""
        return self._and(self._view.consents)

    def of_consents_about(self, references: References) -> tuple[int, ...]:
        """Those and the ones of the Consents of which it is not certain that they concern others alone."""
        if references not in self._about:
            self._about[references] = self._and(self._view.consents_about(references))
        return self._about[references]

    def of_consents_on(self, references: References, scope: str, resource: Resource | None) -> tuple[int, ...]:
        """Likewise, of Consents that may also say something about this scope, or this resource of it."""
        asked = (references, scope, resource)
        if asked not in self._on:
            self._on[asked] = self._and(self._view.consents_on(*asked))
        return self._on[asked]

    def of_consents_unlike(self, references: References, scope: str, *, permits: bool) -> tuple[int, ...]:
        """Likewise, without those that do nothing but permit, or nothing but refuse."""
        asked = (references, scope, permits)
        if asked not in self._unlike:
            others = (
                one for one in self._view.consents_on(references, scope, None) if not one.is_plain(permits=permits)
            )
            self._unlike[asked] = self._and(others)
        return self._unlike[asked]

    def _and(self, records: Iterable["ConsentRecord"]) -> tuple[int, ...]:
        said = (moment for record in records for one in record.versions for moment in one.boundaries)
        return boundaries((*self.of_all, *said))
