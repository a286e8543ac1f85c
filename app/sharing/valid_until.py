"""Until when an answer stays what it is, if nothing is recorded (the sharing decision, section 2).

Every time at which something begins or ends in the records that matter to an answer is tried in turn, until the
decision or its basis differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.sharing import statement
from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.finding import Finding
from app.sharing.findings import recipient_findings
from app.sharing.question import Question
from app.sharing.times import FOREVER
from app.sharing.view import View


@dataclass(slots=True)
class Future:
    """The times after `at` at which the records may say something else, and what holds then."""

    view: View
    question: Question
    at: int
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
        at = self.at
        later = {moment for moment in self._known(case) if moment > at}
        for one in finding.statements:
            later.update(moment for moment in statement.boundaries(one) if at < moment < FOREVER)
        return frozenset(later)

    def _known(self, case: Case) -> frozenset[int]:
        """A team answers for all its people; a possible double and named resources bring in other questions."""
        boundaries, maybe = self.view.boundaries, case.reach.maybe
        if case.recipient.startswith("CareTeam/"):
            return boundaries.of_consents
        if case.identity.perhaps or self.question.resources:
            return boundaries.of_consents_about(maybe)
        return boundaries.of_consents_on(maybe, case.scope, case.resource)
