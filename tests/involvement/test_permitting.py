"""What a quick look finds no permit for, the sharing decision never permits."""

import pytest

from app.involvement.permitting import may_permit
from app.sharing.decide import decide_on, seen
from app.sharing.question import Question
from tests.involvement.charting import chart, coded, consent, person
from tests.sharing import generator

CASES = range(0, 20_000, 50)
SCOPES = ("care-plan", "meetings", "substance-use")


def test_whatever_is_permitted_was_found_in_random_records():
    permitted = overlooked = skipped = 0
    for seed in CASES:
        facts, _, now = generator.case(seed)
        question = Question(at=now, scopes=SCOPES)
        for answer in decide_on(seen(facts, question, now), question, until=False):
            found = may_permit(facts, answer.scope)
            permitted += answer.decision == "permit"
            overlooked += answer.decision == "permit" and not found
            skipped += not found
    assert overlooked == 0
    assert min(permitted, skipped) > 50


NESTED = {"type": "permit", "code": [coded("sharing-scope", "care-plan")]}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (consent("care-plan"), True),
        (consent(), True),
        (consent("meetings"), False),
        (consent("care-plan", type="deny"), False),
        (consent("care-plan", status="inactive"), False),
        (consent("meetings", type="deny", provision={"provision": [NESTED]}), True),
    ],
    ids=["named", "everything", "something else", "a refusal", "withdrawn", "an exception to a refusal"],
)
def test_a_permit_is_looked_for_at_every_level_of_what_is_active(written, found):
    assert may_permit(chart(person(), written).facts, "care-plan") is found
