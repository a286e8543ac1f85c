"""Answers as the caller may see them: what rests on records of others says so, and not which (section 2)."""

from collections.abc import Sequence

from app.sharing.answer import Answer
from app.sharing.facts import Facts
from app.storage.deletion import UNSEEN


def shown(answers: tuple[Answer, ...], facts: Facts) -> tuple[Answer, ...]:
    """The answers without references to records that the caller may not see, and without what those alone say."""
    return tuple(_shown(answer, facts) for answer in answers) if facts.unseen else answers


def is_unseen(version: str, facts: Facts) -> bool:
    """Whether a versioned reference is to a record that the caller may not see."""
    return bool(facts.unseen) and version.partition("/_history/")[0] in facts.unseen


def seen_only(versions: Sequence[str], facts: Facts) -> list[str]:
    """Those versions that the caller may see."""
    return [version for version in versions if not is_unseen(version, facts)]


def _shown(answer: Answer, facts: Facts) -> Answer:
    named = seen_only(answer.based_on, facts)
    hidden = len(named) < len(answer.based_on)
    return answer._replace(
        based_on=(*named, UNSEEN) if hidden else answer.based_on,
        considered=tuple(each for each in answer.considered if not is_unseen(each.record, facts)),
        review_due="" if hidden else answer.review_due,
    )
