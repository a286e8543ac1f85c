"""All records of one human, found without reading the others where none is linked: section 5."""

from app.sharing.times import moment
from app.sharing.view import View
from tests.sharing.generator import case

CASES = 300


def test_they_are_the_linked_ones_whoever_is_asked_about() -> None:
    linked = 0
    for seed in range(CASES):
        facts, _, now = case(seed)
        for supporter in facts.supporters:
            whole, alone = View(facts, moment(now)), View(facts, moment(now))
            joined = whole.identity(supporter.reference).joined & whole.people.keys()
            assert {one.reference for one in alone.human(supporter.reference)} == joined, (seed, supporter.reference)
            linked += len(joined) > 1
    assert 0 < linked < CASES
