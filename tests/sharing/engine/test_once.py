"""What is worked out when it is first asked for is worked out once, for each object by itself."""

import pytest

from app.sharing.once import once


class Asked:
    """Counts how often it was asked."""

    times = 0

    @once
    def answer(self) -> int:
        """What is told."""
        self.times += 1
        return self.times


def test_it_is_worked_out_once():
    asked = Asked()
    assert (asked.answer, asked.answer, asked.times) == (1, 1, 1)


def test_each_object_has_its_own():
    one, other = Asked(), Asked()
    assert one.answer == other.answer == 1
    assert other.times == 1


def test_what_failed_is_asked_again():
    class Failing:
        fails = True

        @once
        def answer(self) -> str:
            if self.fails:
                raise LookupError
            return "told"

    failing = Failing()
    with pytest.raises(LookupError):
        _ = failing.answer
    failing.fails = False
    assert failing.answer == "told"


def test_it_tells_what_it_is():
    assert Asked.answer.__doc__ == "What is told."
