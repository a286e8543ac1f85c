"""Until when an answer stays what it is, if nothing is recorded (the sharing decision, section 2).

Every time at which something begins or ends in the records that matter to an answer is tried in turn, until the
decision or its basis differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.sharing import capacity, people, statement, teams
from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.finding import Finding
from app.sharing.findings import recipient_findings
from app.sharing.question import Question
from app.sharing.times import FOREVER
from app.sharing.view import ConsentRecord, View


@dataclass(slots=True)
class Future:
    """The times after `at` at which the records may say something else, and what holds then."""

    view: View
    question: Question
    at: int
    _shared: frozenset[int] | None = None
    _then: dict[int, Circumstances] = field(default_factory=dict)

    def changes(self, found: Sequence[tuple[Case, Finding]]) -> list[int | None]:
        """For each scope of one recipient when what was `found` now changes first; None when nothing known does that.

        Of the finding only decision and basis count.
        """
        moments = [self._moments(case, finding) for case, finding in found]
        if self.question.resources:  # all scopes are answered together
            moments = [frozenset().union(*moments)] * len(moments)
        changed: list[int | None] = [None] * len(found)
        for moment in sorted(frozenset().union(*moments)):
            waiting = [place for place, until in enumerate(changed) if until is None and moment in moments[place]]
            if not waiting:
                continue
            asked = list(range(len(found))) if self.question.resources else waiting
            later = dict(zip(asked, self._later(moment, [found[place][0] for place in asked]), strict=True))
            for place in waiting:
                if later[place] != found[place][1].basis:
                    changed[place] = moment
        return changed

    def _later(self, moment: int, cases: Sequence[Case]) -> list[str]:
        """The bases of these cases of one recipient at that time."""
        if moment not in self._then:
            self._then[moment] = Circumstances(self.view, self.question, moment)
        findings = recipient_findings(self._then[moment], cases[0].recipient, [case.scope for case in cases])
        return [finding.basis for _, finding in findings]

    def _moments(self, case: Case, finding: Finding) -> frozenset[int]:
        """The times that may matter to this case: of Consents, those that may speak of it, and those that decided."""
        deciding = (moment for one in finding.statements for moment in statement.boundaries(one))
        speaking = (
            moment for record in self._consents(case) for one in record.versions for moment in statement.boundaries(one)
        )
        mine = frozenset(moment for moment in (*deciding, *speaking) if self.at < moment < FOREVER)
        return mine | self._of_all()

    def _consents(self, case: Case) -> Sequence[ConsentRecord]:
        """A team answers for all its people; a possible double and named resources bring in other questions."""
        if case.recipient.startswith("CareTeam/"):
            return self.view.consents
        maybe = case.reach.maybe
        if case.identity.perhaps or self.question.resources:
            return self.view.consents_about(maybe)
        return self.view.consents_on(maybe, case.scope, case.resource)

    def _of_all(self) -> frozenset[int]:
        if self._shared is None:
            self._shared = frozenset(limit for limit in _of_whoever(self.view) if self.at < limit < FOREVER)
        return self._shared


def limits(view: View) -> frozenset[int]:
    """All times at which an answer from these records may change: between two of them each stays what it is."""
    consents = (limit for one in view.consents for each in one.versions for limit in statement.boundaries(each))
    return frozenset((*_of_whoever(view), *consents))


def _of_whoever(view: View) -> tuple[int, ...]:
    """The times that matter to whoever is asked about."""
    return (
        view.competent_from,
        *(died for _, died in view.deaths),
        *(limit for flag in view.restrictions for limit in flag.period),
        *(limit for flag in view.incapacities for limit in capacity.boundaries(flag)),
        *(limit for person in view.people.values() for limit in people.boundaries(person)),
        *(limit for team in view.teams.values() for limit in teams.boundaries(team)),
    )
