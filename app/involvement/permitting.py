"""Whether anything on record could let a scope be told: a quick look, before the sharing decision is asked about each.

Every permit about a supporter rests on an active Consent of which some level permits, and covers no codes but those
that it names (the sharing decision, section 6.2). What is found here may be denied all the same; what is not, is.
"""

from typing import Any

from app.sharing.facts import Facts, Record
from app.sharing.reading import codes, objects


def may_permit(facts: Facts, scope: str) -> bool:
    """Whether some Consent, as it is now, may permit that a supporter is told of a scope."""
    return any(_may_permit(record, scope) for record in facts.consents)


def _may_permit(consent: Record, scope: str) -> bool:
    content = consent.versions[-1].content
    if content is None or content.get("status") != "active":
        return False
    levels = objects(content.get("provision"))
    for level in levels:  # which grows meanwhile
        if level.get("type") == "permit" and _covers(level.get("code"), scope):
            return True
        levels += objects(level.get("provision"))
    return False


def _covers(concepts: Any, scope: str) -> bool:
    """Whether the codes of a level name a scope, or leave it open."""
    return not concepts or any(code == scope for concept in objects(concepts) for _, code in codes(concept))
