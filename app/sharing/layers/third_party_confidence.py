"""third-party-confidence: what somebody else told the team in confidence (the sharing decision, section 3)."""

from app.sharing.finding import Finding, absolute
from app.sharing.resources import Resource

BASIS = "third-party-confidence"


def third_party_confidence(resource: Resource | None, recipients: frozenset[str]) -> Finding | None:
    """A record given in confidence goes to nobody but its giver; `recipients` are the recipient's own references."""
    if resource is None or not resource.in_confidence or not resource.givers.isdisjoint(recipients):
        return None
    return absolute(BASIS, resource.version, next_action="refer-to-clinician")
