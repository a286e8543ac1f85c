"""How long what was found by the clock stays true."""

from hypothesis import given
from hypothesis import strategies as st

from app.involvement.clock import Clock
from app.sharing.times import FOREVER

TIMES = st.lists(st.integers(-50, 50), max_size=6)


def test_what_has_come_has_come_for_good():
    clock = Clock(10)
    assert clock.has_come(10)
    assert clock.at_most(9) == 9
    assert clock.until == FOREVER


def test_what_is_to_come_is_so_until_then():
    clock = Clock(10)
    assert not clock.has_come(20)
    assert not clock.has_come(15)
    assert clock.until == 15


def test_the_present_itself_is_gone_in_a_moment():
    for ask in (lambda clock: clock.now, lambda clock: clock.at_most(11)):
        clock = Clock(10)
        assert ask(clock) == 10
        assert clock.until == 10


@given(st.integers(-50, 50), st.integers(0, 60), TIMES, TIMES)
def test_it_tells_the_same_at_any_time_until_then(now, later, asked, bounded):
    def told(clock):
        return [clock.has_come(at) for at in asked], [clock.at_most(at) for at in bounded]

    clock = Clock(now)
    found = told(clock)
    if now + later < clock.until:
        assert told(Clock(now + later)) == found
