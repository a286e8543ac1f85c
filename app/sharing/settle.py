"""The layers in order; the first that decides wins (the sharing decision, section 3).

A held deny stands whatever later layers say, except that a safety override may replace it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.finding import Finding, absolute
from app.sharing.layers.child import child
from app.sharing.layers.contact_restricted import safeguarding, wish
from app.sharing.layers.named_resources import named_resources
from app.sharing.layers.own_record import own_record
from app.sharing.layers.patient_consent import patient_consent
from app.sharing.layers.possibly_same_person import possibly_same_person
from app.sharing.layers.professional_consent import professional_consent
from app.sharing.layers.recipient_not_linked import (
    BASIS as NOT_LINKED,
)
from app.sharing.layers.recipient_not_linked import (
    patient_not_linked,
    professional_not_linked,
    supporter_not_linked,
    team_not_linked,
)
from app.sharing.layers.refer_deceased import refer_deceased
from app.sharing.layers.refer_young_person import refer_young_person
from app.sharing.layers.remaining import deny_that_remains
from app.sharing.layers.safety_override import safety_override
from app.sharing.layers.substitutes import substitutes
from app.sharing.layers.third_party_confidence import third_party_confidence
from app.sharing.layers.uninterpretable_consent import uninterpretable_consent
from app.sharing.resources import Resource
from app.sharing.vocabulary import DECISION_BASIS

Layer = Callable[[Case], Finding | None]


def _confidence(case: Case) -> Finding | None:
    return third_party_confidence(case.resource, case.identity.surely)


def _own_confidence(case: Case) -> Finding | None:
    return third_party_confidence(case.resource, frozenset({"Patient"}))


def _own_record(case: Case) -> Finding:
    return own_record(case.resource)


SUPPORTER: Final[Sequence[Layer]] = (
    supporter_not_linked,
    named_resources,
    safeguarding,
    _confidence,
    wish,
    possibly_same_person,
    refer_deceased,
    refer_young_person,
    child,
    uninterpretable_consent,
    patient_consent,
    substitutes,
    safety_override,
    deny_that_remains,
)
PATIENT: Final[Sequence[Layer]] = (patient_not_linked, named_resources, _own_confidence, _own_record)
_PROFESSIONALS: Final[Sequence[Layer]] = (
    named_resources,
    _confidence,
    uninterpretable_consent,
    patient_consent,
    professional_consent,
)
PROFESSIONAL: Final[Sequence[Layer]] = (professional_not_linked, *_PROFESSIONALS)
TEAM: Final[Sequence[Layer]] = (team_not_linked, *_PROFESSIONALS)

_BY_TYPE: Final = {
    "RelatedPerson": SUPPORTER,
    "Patient": PATIENT,
    "Practitioner": PROFESSIONAL,
    "PractitionerRole": PROFESSIONAL,
    "Organization": PROFESSIONAL,
    "CareTeam": TEAM,
}
# The place of each basis among the layers: of several denies the first is told.
_PLACE: Final = {concept.code: place for place, concept in enumerate(DECISION_BASIS.concepts)}


def is_linked(case: Case) -> bool:
    """Whether the recipient is somebody of this record."""
    layers = _BY_TYPE.get(case.recipient.partition("/")[0])
    return layers is not None and not _is_unknown(case) and layers[0](case) is None


def settle(case: Case) -> Finding:
    """What the layers find about one recipient, scope and resource."""
    return _placed(case).finding


def _is_unknown(case: Case) -> bool:
    """Whether whoever asks may not learn of this recipient: nobody, to them."""
    return case.recipient in case.now.view.facts.unknown


def scope_finding(now: Circumstances, recipient: str, scope: str) -> tuple[Case, Finding]:
    """What is found about a recipient and a scope: a permit only if it is one for each named resource of that scope.

    Of several denies the one that comes first among the layers is told.
    """
    cases = [Case(now, recipient, scope, resource) for resource in _resources(now, scope)]
    if len(cases) == 1:
        return cases[0], settle(cases[0])
    found = [(case, _placed(case)) for case in cases]
    denied = [pair for pair in found if pair[1].finding.decision == "deny"]
    if denied:
        case, first = min(denied, key=lambda pair: pair[1].order)
        return case, first.finding
    return cases[0], _together([permit.finding for _, permit in found])


def recipient_findings(now: Circumstances, recipient: str, scopes: Sequence[str]) -> list[tuple[Case, Finding]]:
    """What is found about a recipient, one for each scope. Where resources are named, one deny is a deny of all."""
    found = [scope_finding(now, recipient, scope) for scope in scopes]
    if now.question.resources:
        denied = next((finding for _, finding in found if finding.decision == "deny"), None)
        if denied:
            return [(case, denied) for case, _ in found]
    return found


class _Placed(NamedTuple):
    """A finding, and the place of its layer among those of the recipient."""

    place: int
    finding: Finding

    @property
    def order(self) -> tuple[int, int]:
        """Of several denies the least is told. The denies that remain at last have an order of their own."""
        return self.place, _PLACE[self.finding.basis]


def _placed(case: Case) -> _Placed:
    if _is_unknown(case):
        return _Placed(0, absolute(NOT_LINKED))
    type_ = case.recipient.partition("/")[0]
    layers = _BY_TYPE.get(type_, ())
    found = _first(layers, case)
    if type_ == "RelatedPerson":
        return found
    own = found._replace(finding=replace(found.finding, overridable=False))
    if type_ != "CareTeam" or own.finding.decision == "deny":
        return own
    return _participants(case, own.finding, after=len(layers))


def _first(layers: Sequence[Layer], case: Case) -> _Placed:
    for place, layer in enumerate(layers):
        found = layer(case)
        if found is not None:
            lifted = safety_override(case) if found.held and found.overridable and layers is SUPPORTER else None
            return _Placed(place, lifted or found)
    return _Placed(0, absolute(NOT_LINKED))


def _participants(case: Case, permit: Finding, after: int) -> _Placed:
    """What a team may be told, each supporter in it may be told: else the deny that comes first among the layers."""
    team = case.now.view.teams[case.recipient]
    people = sorted(member for member in team.members(case.at) if member.startswith("RelatedPerson/"))
    found = [_first(SUPPORTER, case.about(member)) for member in people]
    denies = [placed for placed in found if placed.finding.decision == "deny"]
    if denies:
        first = min(denies, key=lambda placed: placed.order)
        # No participant is named.
        records = tuple(record for record in first.finding.records if not record.startswith("RelatedPerson/"))
        return _Placed(after + first.place, replace(first.finding, records=records, overridable=False))
    obligations = permit.obligations.union(*(placed.finding.obligations for placed in found))
    return _Placed(after, replace(permit, obligations=obligations))


def _resources(now: Circumstances, scope: str) -> Sequence[Resource | None]:
    known = now.view.resources if now.question.resources else {}
    named = [known[reference] for reference in now.question.resources if reference in known]
    return [resource for resource in named if scope in resource.scopes] or [None]


def _together(permits: list[Finding]) -> Finding:
    """Several permits as one, on the basis that comes last among the layers."""
    statements = {one.version: one for finding in permits for one in finding.statements}
    actions = [finding.next_action for finding in permits if finding.next_action != "none"]
    return replace(
        max(permits, key=lambda finding: _PLACE[finding.basis]),
        statements=tuple(statements.values()),
        obligations=frozenset().union(*(finding.obligations for finding in permits)),
        next_action=actions[0] if actions else "none",
    )
