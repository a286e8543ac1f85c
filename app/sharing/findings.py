"""What is found about a recipient and several scopes and named resources (the sharing decision, section 1).

Each named resource is judged under each of its scopes; all must be permitted.
"""

from collections.abc import Sequence
from typing import Final

from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.finding import Finding
from app.sharing.resources import Resource
from app.sharing.settle import PLACE, placed, settle
from app.sharing.statement import Statement
from app.sharing.vocabulary import NEXT_ACTION

_NONE: Final = (None,)


def scope_finding(now: Circumstances, recipient: str, scope: str) -> tuple[Case, Finding]:
    """What is found about a recipient and a scope: a permit only if it is one for each named resource of that scope.

    Of several denies the one that comes first among the layers is told, resting on all records that deny alike.
    """
    resources = _resources(now, scope) if now.question.resources else _NONE
    if len(resources) == 1:
        case = Case(now, recipient, scope, resources[0])
        return case, settle(case)
    cases = [Case(now, recipient, scope, resource) for resource in resources]
    found = [(case, placed(case)) for case in cases]
    denied = [pair for pair in found if pair[1].finding.decision == "deny"]
    if denied:
        case, first = min(denied, key=lambda pair: pair[1].order)
        return case, _denied_alike([one.finding for _, one in denied if one.order == first.order])
    return cases[0], _together([permit.finding for _, permit in found])


def recipient_findings(now: Circumstances, recipient: str, scopes: Sequence[str]) -> list[tuple[Case, Finding]]:
    """What is found about a recipient, one for each scope. Where resources are named, one deny is a deny of all."""
    found = [scope_finding(now, recipient, scope) for scope in scopes]
    if now.question.resources:
        denied = next((finding for _, finding in found if finding.decision == "deny"), None)
        if denied:
            return [(case, denied) for case, _ in found]
    return found


def _resources(now: Circumstances, scope: str) -> Sequence[Resource | None]:
    known = now.view.resources
    named = [known[reference] for reference in now.question.resources if reference in known]
    return [resource for resource in named if scope in resource.scopes] or [None]


def _denied_alike(denies: list[Finding]) -> Finding:
    """Several denies of one layer as one, which an override replaces only if it replaces each."""
    return denies[0]._replace(
        statements=_statements(denies),
        records=tuple(dict.fromkeys(record for deny in denies for record in deny.records)),
        next_action=min((deny.next_action for deny in denies), key=NEXT_ACTION.codes.index),
        overridable=all(deny.overridable for deny in denies),
    )


def _statements(findings: list[Finding]) -> tuple[Statement, ...]:
    """The Consents that several findings rest on, each once."""
    return tuple({one.version: one for finding in findings for one in finding.statements}.values())


def _together(permits: list[Finding]) -> Finding:
    """Several permits as one, on the basis that comes last among the layers."""
    actions = [finding.next_action for finding in permits if finding.next_action != "none"]
    last = max(permits, key=lambda finding: PLACE[finding.basis])
    return last._replace(
        statements=_statements(permits),
        obligations=frozenset().union(*(finding.obligations for finding in permits)),
        next_action=actions[0] if actions else "none",
    )
