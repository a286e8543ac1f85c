"""The rules by which tasks arise: what supporters are owed, and what the team must look at again.

Domain, section 2 (rows 15, 20 to 22, 25, 38, 39) and section 4.1. The hours have no source: to be agreed locally.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the code of its tasks (task-code), the hours until they are due, and why (what, and where from)."""

    name: str
    code: str
    hours: int
    why: str


_MOST_DIGITS: Final = 5
_ENGLAND: Final = "Carers in England have a right to an assessment (Care Act 2014, section 10)."
_WALES: Final = (
    "Carers in Wales have a right to an assessment (Social Services and Well-being (Wales) Act 2014, section 24)."
)
_ELSEWHERE: Final = "Carers may have a right to an assessment: find out which law holds where they live."
ASSESSMENT_RIGHT: Final = {"GB-ENG": _ENGLAND, "GB-WLS": _WALES, "": f"{_ENGLAND} {_WALES}", "other": _ELSEWHERE}

RULES: Final = (
    Rule(
        "support-information", "support-information", 72,
        "Tell and hand over local support groups and services, whatever the patient agreed to (NICE B2).",
    ),
    Rule("carers-assessment", "carers-assessment", 168, "Tell of the right to a carer's assessment (NICE B3)."),
    Rule("own-needs-meeting", "own-needs-meeting", 168, "Offer a meeting about the supporter's own needs."),
    Rule("peer-support", "peer-support", 336, "Offer peer support of others who support somebody."),
    Rule(
        "young-carer-referral", "young-carer-referral", 72,
        "A young carer: refer for an assessment of needs (Children and Families Act 2014, section 96).",
    ),
    Rule("host-input", "host-input", 24, "Agree with the host how often professionals visit and ring."),
    Rule(
        "peer-link", "peer-link", 168,
        "The patient was asked, and has nobody: suggest a peer supporter, or a group of the voluntary sector.",
    ),
    Rule("debrief", "debrief", 72, "Something grave happened: offer a debrief to those whom it affected."),
    Rule("consent-review", "consent-review", 24, "Talk about sharing again: the review is due, or its time is over."),
    Rule(
        "invitation-review", "invitation-review", 24,
        "The invitation is no longer permitted: decide with the patient. Nothing was cancelled.",
    ),
    Rule("mend-details", "mend-details", 24, "A number or address did not work: find the right one."),
    Rule("interpreter", "interpreter", 24, "There was no common language: find an interpreter and try again."),
    Rule("answer-concern", "answer-concern", 24, "What a supporter worries about has had no answer."),
)  # fmt: skip
BY_NAME: Final = {rule.name: rule for rule in RULES}
# What is owed to a supporter in an open episode, by the role that the supporter has.
OF_ROLE: Final = {
    "support-information": frozenset({"main-carer", "carer", "key-supporter", "young-carer", "shared-lives-carer"}),
    "carers-assessment": frozenset({"main-carer", "carer"}),
    "own-needs-meeting": frozenset({"main-carer", "carer", "shared-lives-carer"}),
    "peer-support": frozenset({"main-carer", "carer", "shared-lives-carer"}),
    "host-input": frozenset({"shared-lives-carer"}),
}
# What an attempt to reach a supporter leaves to be done, by its outcome.
OF_OUTCOME: Final = {"wrong-number": "mend-details", "unobtainable": "mend-details", "needs-interpreter": "interpreter"}
YOUNG_CARERS: Final = frozenset({"young-carer"})
# Who is a carer, and under 18, is a young carer.
CARERS: Final = frozenset({"main-carer", "carer", "young-carer"})


def check(names: Sequence[str], hours_given: Sequence[str]) -> None:
    """Raises ValueError, which names the setting, unless these are rules, and these hours of rules (debrief=24)."""
    given = [each.partition("=") for each in hours_given]
    unknown = [name for name in (*names, *(name for name, _, _ in given)) if name not in BY_NAME]
    if unknown:
        raise ValueError(f"KITH_RULES, KITH_RULE_HOURS: there is no rule {unknown[0]}; {', '.join(BY_NAME)}")
    if not all(each.isascii() and each.isdigit() and len(each) <= _MOST_DIGITS for _, _, each in given):
        raise ValueError("KITH_RULE_HOURS: must be such as debrief=24, in whole hours")
    if len({name for name, _, _ in given}) < len(given):
        raise ValueError("KITH_RULE_HOURS: a rule has its hours once")


def hours(rule: str, given: Sequence[str]) -> int:
    """The hours until the tasks of a rule are due: those that are given for it (debrief=24), or its own."""
    return int(dict(each.split("=") for each in given).get(rule, BY_NAME[rule].hours))
