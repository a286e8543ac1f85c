"""What the engine remembers of dates and purposes is forgotten before a run, so that a mutant works it out itself."""

import pytest

from app.sharing import ages, purposes, times


@pytest.fixture(scope="session", autouse=True)
def nothing_is_remembered() -> None:
    for remembering in (times._span, ages._birthday, purposes.asked):
        remembering.cache_clear()
