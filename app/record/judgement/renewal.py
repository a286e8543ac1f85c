"""A Consent that was in force is so again only by a new decision, whatever became of it between (section 6.1)."""

from typing import Any

from app.fhir.checks.consent_history import NOT_DECIDED, same_time, too_old
from app.fhir.checks.speaking import speaks
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.record.judgement.judged import Judged, Members


def is_renewed(old: Members | None, new: Members, rules: Rules) -> bool:
    """Whether it becomes active, so that its earlier versions must be asked whether it was before."""
    return old is not None and old.get("status") != "active" and speaks(new, rules)


def not_renewed(judged: Judged) -> list[Issue]:
    """What is wrong with becoming active once more: the time of a decision that was in force, or that ended."""
    if not is_renewed(judged.old, judged.new, judged.rules):
        return []
    earlier = (content for content in _earlier(judged) if content.get("status") not in NOT_DECIDED)
    decided = judged.new.get("dateTime")
    return [too_old()] if any(same_time(content.get("dateTime"), decided) for content in earlier) else []


def _earlier(judged: Judged) -> list[Any]:
    """The versions before this one."""
    records = (record for record in judged.facts.consents if record.reference == judged.reference)
    return [version.content for record in records for version in record.versions[:-1] if version.content is not None]
