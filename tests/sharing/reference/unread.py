"""The layer of Consents that cannot be read (section 3)."""

from tests.sharing.reference import bases, times
from tests.sharing.reference.deciding import held_deny, references
from tests.sharing.reference.provisions import Ask
from tests.sharing.reference.readable import concerns, is_readable
from tests.sharing.reference.verdict import Verdict
from tests.sharing.reference.world import Stood, World


def uninterpretable(world: World, ask: Ask) -> Verdict | None:
    """'an active, in-period patient-privacy Consent cannot be read, and it is not certain that it concerns only other
    recipients'.
    """
    unread = unread_consents(world, ask)
    return held_deny("uninterpretable-consent", references(unread)) if unread else None


def unread_consents(world: World, ask: Ask) -> list[Stood]:
    return [
        consent
        for consent in world.stood(world.facts.consents)
        if consent.content.get("status") == "active"
        and bases.is_privacy(consent)
        and times.may_contain((consent.content.get("provision") or {}).get("period"), world.at)
        and not is_readable(world, ask, consent)
        and concerns(world, ask, consent)
    ]
