"""Until when an answer stays what it is, if nothing is recorded (the sharing decision, section 2).

Every time at which something begins or ends in the records that matter to an answer is tried in turn, until the
decision or its basis differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.finding import Finding
from app.sharing.findings import recipient_findings, scope_finding
from app.sharing.question import Question
from app.sharing.statement import Statement
from app.sharing.times import after
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
        if self.question.resources:  # all scopes are answered together
            return self._together(found)
        return [self._change(case, finding) for case, finding in found]

    def _change(self, case: Case, finding: Finding) -> int | None:
        """When this finding changes. Of many Consents of one kind the one that lasts longest is followed to its end."""
        basis = finding.basis
        while True:
            lasting = _lasting(case, finding)
            for moment in sorted(self._moments(case, finding, lasting)):
                later, found = scope_finding(self._at(moment), case.recipient, case.scope)
                if found.basis != basis:
                    return moment
                if lasting is not None and lasting not in found.statements:
                    case, finding = later, found
                    break
            else:
                return None

    def _together(self, found: Sequence[tuple[Case, Finding]]) -> list[int | None]:
        moments = [self._moments(case, finding, None) for case, finding in found]
        scopes = [case.scope for case, _ in found]
        changed: list[int | None] = [None] * len(found)
        for moment in sorted(set().union(*moments)):
            later = recipient_findings(self._at(moment), found[0][0].recipient, scopes)
            for place, (_, finding) in enumerate(later):
                if changed[place] is None and finding.basis != found[place][1].basis:
                    changed[place] = moment
            if None not in changed:
                break
        return changed

    def _at(self, moment: int) -> Circumstances:
        if moment not in self._then:
            self._then[moment] = Circumstances(self.view, self.question, moment)
        return self._then[moment]

    def _moments(self, case: Case, finding: Finding, lasting: Statement | None) -> set[int]:
        """The times that may matter to this case: of Consents, those that may speak of it, and those that decided."""
        later = set(after(self._known(case, finding, lasting), case.at))
        for one in finding.statements if lasting is None else (lasting,):
            later.update(after(one.boundaries, case.at))
        return later

    def _known(self, case: Case, finding: Finding, lasting: Statement | None) -> tuple[int, ...]:
        """A team answers for all its people; a possible double and named resources bring in other questions."""
        boundaries, maybe = self.view.boundaries, case.reach.maybe
        if lasting is not None:
            return boundaries.of_consents_unlike(maybe, case.scope, permits=finding.decision == "permit")
        if case.recipient.startswith("CareTeam/"):
            return boundaries.of_consents
        if case.identity.perhaps or self.question.resources:
            return boundaries.of_consents_about(maybe)
        return boundaries.of_consents_on(maybe, case.scope, case.resource)


def _lasting(case: Case, finding: Finding) -> Statement | None:
    """Of the patient's yeses, or noes, that decided the one that lasts longest, if others like it make no difference.

    While one yes counts the answer rests on it, whatever other yeses begin or end; while one no stands and nothing
    permits, likewise. Not so for a child, whose refusals are weighed one by one, for teams and for possible doubles.
    """
    if case.identity.perhaps or case.now.is_child or case.recipient.startswith("CareTeam/"):
        return None
    stands = finding.basis == "patient-consent" or (finding.basis == "patient-refusal" and not case.heard.any_yes)
    return max(finding.statements, key=lambda one: one.window.high) if stands else None
