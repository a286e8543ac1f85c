"""The layers in order; the first that decides wins (the sharing decision, section 3).

A held deny stands whatever later layers say, except that a safety override may replace it.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.sharing.case import Case
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
PLACE: Final = {concept.code: place for place, concept in enumerate(DECISION_BASIS.concepts)}


def is_linked(case: Case) -> bool:
    """Whether the recipient is somebody of this record."""
    layers = _BY_TYPE.get(case.recipient.partition("/")[0])
    return layers is not None and not _is_unknown(case) and layers[0](case) is None


def settle(case: Case) -> Finding:
    """What the layers find about one recipient, scope and resource."""
    return placed(case).finding


def _is_unknown(case: Case) -> bool:
    """Whether whoever asks may not learn of this recipient: nobody, to them."""
    return case.recipient in case.now.view.facts.unknown


class Placed(NamedTuple):
    """A finding, and the place of its layer among those of the recipient."""

    place: int
    finding: Finding

    @property
    def order(self) -> tuple[int, int]:
        """Of several denies the least is told. The denies that remain at last have an order of their own."""
        return self.place, PLACE[self.finding.basis]


def placed(case: Case) -> Placed:
    """What the layers find, and where."""
    if _is_unknown(case):
        return Placed(0, absolute(NOT_LINKED))
    type_ = case.recipient.partition("/")[0]
    layers = _BY_TYPE.get(type_, ())
    found = _first(layers, case)
    if type_ == "RelatedPerson":
        return found
    own = found._replace(finding=found.finding._replace(overridable=False))
    if type_ != "CareTeam" or own.finding.decision == "deny":
        return own
    return _participants(case, own.finding, after=len(layers))


def _first(layers: Sequence[Layer], case: Case) -> Placed:
    for place, layer in enumerate(layers):
        found = layer(case)
        if found is not None:
            lifted = safety_override(case) if found.held and found.overridable and layers is SUPPORTER else None
            return Placed(place, lifted or found)
    return Placed(0, absolute(NOT_LINKED))


def _participants(case: Case, permit: Finding, after: int) -> Placed:
    """What a team may be told, each supporter in it may be told: else the deny that comes first among the layers."""
    team = case.now.view.teams[case.recipient]
    people = sorted(member for member in team.members(case.at) if member.startswith("RelatedPerson/"))
    found = [_first(SUPPORTER, case.about(member)) for member in people]
    denies = [one for one in found if one.finding.decision == "deny"]
    if denies:
        first = min(denies, key=lambda one: one.order)
        # No participant is named.
        records = tuple(record for record in first.finding.records if not record.startswith("RelatedPerson/"))
        return Placed(after + first.place, first.finding._replace(records=records, overridable=False))
    obligations = permit.obligations.union(*(one.finding.obligations for one in found))
    return Placed(after, permit._replace(obligations=obligations))
