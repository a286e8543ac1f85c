"""Until when an answer stays what it is, if nothing is recorded (the sharing decision, section 2).

Every time at which anything in the records begins or ends is tried in turn, until the decision or its basis differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.sharing import capacity, people, statement, teams
from app.sharing.circumstances import Circumstances
from app.sharing.question import Question
from app.sharing.settle import recipient_findings
from app.sharing.times import FOREVER
from app.sharing.view import View


@dataclass(slots=True)
class Future:
    """The times after `at` at which the records may say something else, and what holds then."""

    view: View
    question: Question
    at: int
    _shared: tuple[int, ...] | None = None
    _then: dict[int, Circumstances] = field(default_factory=dict)

    def changes(
        self, now: Circumstances, recipient: str, scopes: Sequence[str], bases: Sequence[str]
    ) -> list[int | None]:
        """For each scope when its decision or basis (now `bases`) changes first; None when nothing known does that."""
        found: list[int | None] = [None] * len(scopes)
        waiting = list(range(len(scopes)))
        for moment in self._moments(now, recipient):
            # Where resources are named, all scopes are answered together.
            asked = range(len(scopes)) if self.question.resources else waiting
            findings = recipient_findings(self._circumstances(moment), recipient, [scopes[place] for place in asked])
            later = {place: finding.basis for place, (_, finding) in zip(asked, findings, strict=True)}
            changed = [place for place in waiting if later[place] != bases[place]]
            for place in changed:
                found[place] = moment
            waiting = [place for place in waiting if found[place] is None]
            if not waiting:
                break
        return found

    def _circumstances(self, moment: int) -> Circumstances:
        if moment not in self._then:
            self._then[moment] = Circumstances(self.view, self.question, moment)
        return self._then[moment]

    def _moments(self, now: Circumstances, recipient: str) -> list[int]:
        """The times that may matter for this recipient: of Consents, those that may be about it."""
        everybody = recipient.startswith("CareTeam/")
        maybe = now.reach(recipient).maybe
        own = {
            moment
            for record in (self.view.consents if everybody else self.view.consents_about(maybe))
            for one in (record.current, *record.denials)
            if one is not None
            for moment in statement.boundaries(one)
        }
        return sorted(moment for moment in own.union(self._of_all()) if self.at < moment < FOREVER)

    def _of_all(self) -> tuple[int, ...]:
        if self._shared is None:
            view = self.view
            self._shared = (
                view.competent_from,
                *(died for _, died in view.deaths),
                *(limit for flag in view.restrictions for limit in flag.period),
                *(limit for flag in view.incapacities for limit in capacity.boundaries(flag)),
                *(limit for person in view.people.values() for limit in people.boundaries(person)),
                *(limit for team in view.teams.values() for limit in teams.boundaries(team)),
            )
        return self._shared
