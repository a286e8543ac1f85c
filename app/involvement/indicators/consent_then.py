"""What the patient's consent was at a time, asked of the sharing decision itself, on the facts as they were decided."""

from bisect import bisect_right
from datetime import UTC, datetime
from typing import Any, Final

from app.involvement.as_decided import as_decided
from app.involvement.clock import Clock
from app.sharing.boundaries import Boundaries
from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.facts import Facts
from app.sharing.finding import Finding
from app.sharing.once import once
from app.sharing.question import Question
from app.sharing.reading import objects
from app.sharing.restrictions import Restriction
from app.sharing.settle import settle
from app.sharing.times import instant, moment
from app.sharing.view import View

NO_CONTACT_WISH: Final = "no-contact-patient-wish"
_NO_CONTACT: Final = frozenset({"no-contact-safeguarding", "no-contact-patient-wish", "no-contact-supporter-wish"})
# Stands for times beyond the years that there are.
_AT_LAST: Final = datetime.max.replace(tzinfo=UTC)
_REFUSALS: Final = frozenset({"patient-refusal"})


class ConsentThen:
    """The consent of one patient at any time (microseconds) up to now, and by what is known now, after it."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._recorded = facts
        self._clock = clock
        self._circumstances: dict[tuple[int, int, str], Circumstances] = {}
        self._views: dict[int, View] = {}
        self._limits: dict[int, tuple[int, ...]] = {}
        self._found: dict[tuple[str, str, int, str], Finding] = {}

    @once
    def _facts(self) -> Facts:
        return as_decided(self._recorded)

    @once
    def _changes(self) -> list[int]:
        """The times at which something was decided or learned, between which the record was the same."""
        facts = self._facts
        everything = (*facts.patients, *facts.supporters, *facts.consents, *facts.flags, *facts.teams)
        return sorted({moment(at) for at in {version.recorded for one in everything for version in one.versions}})

    def finding(self, supporter: str, scope: str, at: int, team: str = "") -> Finding:
        """What the sharing decision finds about telling a supporter something of a scope, at a time, by a team."""
        now = self._at(at, team)
        asked = (supporter, scope, now.at, team)
        if asked not in self._found:
            self._found[asked] = settle(Case(now, supporter, scope, None))
        return self._found[asked]

    def permits(self, supporter: str, scope: str, at: int, team: str = "") -> bool:
        """Whether it may be told. Every permit rests on a Consent that permits something."""
        return self._may_permit and self.finding(supporter, scope, at, team).decision == "permit"

    def records(self, supporter: str, scope: str, at: int, team: str = "") -> list[str]:
        """The versions of the records on which that rests, of those that the caller may see."""
        found = self.finding(supporter, scope, at, team)
        named = [*(one.version for one in found.statements), *found.records]
        return [one for one in named if self._may_be_named(one)]

    def _may_be_named(self, version: str) -> bool:
        """A restriction is heeded and never named: whoever may not read it would learn of it."""
        return not version.startswith("Flag/") and version.partition("/_history/")[0] not in self._recorded.unseen

    def is_stopped(self, supporter: str, at: int) -> bool:
        """Whether a restriction that nobody's wish lifts keeps the team from this supporter."""
        return any(one.is_absolute("make-contact", None) for one in self._restrictions(supporter, at))

    def is_refused(self, supporter: str, at: int) -> bool:
        """Whether the patient, having capacity, does not want this supporter contacted."""
        if self.lacks_capacity(at):
            return False
        wished = any(NO_CONTACT_WISH in one.codes for one in self._restrictions(supporter, at))
        return wished or (self._may_refuse and self.finding(supporter, "make-contact", at).basis in _REFUSALS)

    def is_not_to_be_contacted(self, supporter: str, at: int) -> bool:
        """Whether anybody, the supporter too, asked or decided that there be no contact."""
        return any(not one.codes.isdisjoint(_NO_CONTACT) for one in self._restrictions(supporter, at))

    def lacks_capacity(self, at: int) -> bool:
        """Whether the patient lacks capacity to decide who is told what."""
        return bool(self._recorded.flags) and self._at(at).lacks_capacity

    @once
    def _may_refuse(self) -> bool:
        """Whether any Consent denied anything, in any version: without one there is no refusal to look for."""
        return any(type_ != "permit" for type_ in self._types)

    @once
    def _may_permit(self) -> bool:
        """Whether any permitted anything: without one there is no permit to look for."""
        return "permit" in self._types

    @once
    def _types(self) -> list[Any]:
        """What the provisions of all Consents do, in all versions and at all levels."""
        contents = [version.content for record in self._recorded.consents for version in record.versions]
        return [type_ for content in contents if content is not None for type_ in _types(content.get("provision"))]

    def _restrictions(self, supporter: str, at: int) -> list[Restriction]:
        if not self._recorded.flags:
            return []
        now = self._at(at)
        return now.restrictions_on(now.view.identity(supporter).joined)

    def _at(self, at: int, team: str = "") -> Circumstances:
        """What holds at a time; between two times at which anything begins or ends it is the same."""
        since = bisect_right(self._changes, at)
        view = self._view(since, self._clock.at_most(at))
        asked = (since, bisect_right(self._limits[since], at), team)
        if asked not in self._circumstances:
            question = Question(at=instant(at) or _AT_LAST, team=team)
            self._circumstances[asked] = Circumstances(view, question, at)
        return self._circumstances[asked]

    def _view(self, since: int, as_of: int) -> View:
        """The records as they stood after so many changes."""
        if since not in self._views:
            self._views[since] = view = View(self._facts, as_of)
            # Not those that the view keeps: view and boundaries would hold each other, and nobody collects meanwhile.
            self._limits[since] = Boundaries(view).of_consents
        return self._views[since]


def _types(provision: Any) -> list[Any]:
    """The types of a provision and of those within, as they are written."""
    found = []
    waiting = objects(provision)
    for level in waiting:  # which grows meanwhile
        found.append(level.get("type"))
        waiting += objects(level.get("provision"))
    return found
