"""What the patient's consent was at a time, asked of the sharing decision itself, on the facts as they were decided."""

from bisect import bisect_right
from functools import cached_property
from typing import Final

from app.involvement.as_decided import as_decided
from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.facts import Facts
from app.sharing.finding import Finding
from app.sharing.question import Question
from app.sharing.restrictions import Restriction
from app.sharing.settle import settle
from app.sharing.times import instant, moment
from app.sharing.view import View

NO_CONTACT_WISH: Final = "no-contact-patient-wish"
_NO_CONTACT: Final = frozenset({"no-contact-safeguarding", "no-contact-patient-wish", "no-contact-supporter-wish"})
_REFUSALS: Final = frozenset({"patient-refusal"})


class ConsentThen:
    """The consent of one patient at any time up to `now` (microseconds), and by what is known now, after it."""

    def __init__(self, facts: Facts, now: int) -> None:
        self._recorded = facts
        self._now = now
        self._circumstances: dict[tuple[int, str], Circumstances] = {}
        self._views: dict[int, View] = {}
        self._found: dict[tuple[str, str, int, str], Finding] = {}

    @cached_property
    def _facts(self) -> Facts:
        return as_decided(self._recorded)

    @cached_property
    def _changes(self) -> list[int]:
        """The times at which something was decided or learned, between which the record was the same."""
        facts = self._facts
        everything = (*facts.patients, *facts.supporters, *facts.consents, *facts.flags, *facts.teams)
        return sorted({moment(version.recorded) for record in everything for version in record.versions})

    def finding(self, supporter: str, scope: str, at: int, team: str = "") -> Finding:
        """What the sharing decision finds about telling a supporter something of a scope, at a time, by a team."""
        asked = (supporter, scope, at, team)
        if asked not in self._found:
            self._found[asked] = settle(Case(self._at(at, team), supporter, scope, None))
        return self._found[asked]

    def permits(self, supporter: str, scope: str, at: int, team: str = "") -> bool:
        """Whether it may be told."""
        return self.finding(supporter, scope, at, team).decision == "permit"

    def records(self, supporter: str, scope: str, at: int, team: str = "") -> list[str]:
        """The versions of the records on which that rests, of those that the caller may see."""
        found = self.finding(supporter, scope, at, team)
        named = [*(one.version for one in found.statements), *found.records]
        return [one for one in named if one.partition("/_history/")[0] not in self._recorded.unseen]

    def is_stopped(self, supporter: str, at: int) -> bool:
        """Whether a restriction that nobody's wish lifts keeps the team from this supporter."""
        return any(one.is_absolute("make-contact", None) for one in self._restrictions(supporter, at))

    def is_refused(self, supporter: str, at: int) -> bool:
        """Whether the patient, having capacity, does not want this supporter contacted."""
        if self._at(at).lacks_capacity:
            return False
        wished = any(NO_CONTACT_WISH in one.codes for one in self._restrictions(supporter, at))
        return wished or self.finding(supporter, "make-contact", at).basis in _REFUSALS

    def is_not_to_be_contacted(self, supporter: str, at: int) -> bool:
        """Whether anybody, the supporter too, asked or decided that there be no contact."""
        return any(not one.codes.isdisjoint(_NO_CONTACT) for one in self._restrictions(supporter, at))

    def lacks_capacity(self, at: int) -> bool:
        """Whether the patient lacks capacity to decide who is told what."""
        return self._at(at).lacks_capacity

    def _restrictions(self, supporter: str, at: int) -> list[Restriction]:
        now = self._at(at)
        return now.restrictions_on(now.identity(supporter).joined)

    def _at(self, at: int, team: str = "") -> Circumstances:
        if (at, team) not in self._circumstances:
            question = Question(at=instant(at) or instant(self._now), team=team)  # type: ignore[arg-type]  # now is a time
            self._circumstances[at, team] = Circumstances(self._view(min(at, self._now)), question, at)
        return self._circumstances[at, team]

    def _view(self, as_of: int) -> View:
        """The records as they stood: the same until the next change."""
        since = bisect_right(self._changes, as_of)
        if since not in self._views:
            self._views[since] = View(self._facts, as_of)
        return self._views[since]
