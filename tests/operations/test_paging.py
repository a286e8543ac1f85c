"""A page of a list of which not everything is told: read on, in few steps, and nothing twice."""

import pytest

from app.operations.paging import read_on
from app.storage.worklists.asking import Asked
from app.storage.worklists.page import Entry, Row


def entry(number):
    return Entry(Row("Patient", f"p{number}", f"p{number}", b"{}"), (number, number))


class Listing:
    """A list of so many entries, of which each so many-th is told; `steps` are the lengths that were read."""

    def __init__(self, entries, each):
        self.entries, self.each, self.steps = [entry(number) for number in range(entries)], each, []

    async def read(self, asked):
        self.steps.append(asked.limit)
        return [one for one in self.entries if one.place > asked.after][: asked.limit + 1]

    async def told(self, found):
        return {number: one.row.id for number, one in enumerate(found) if one.place[0] % self.each == 0}

    async def page(self, limit, after):
        return await read_on(Asked(now=0, limit=limit, after=after), self.read, self.told)


@pytest.mark.parametrize("limit", [1, 3, 20, 150, 1000])
@pytest.mark.parametrize("each", [1, 2, 7, 250, 10_000])
async def test_all_pages_together_tell_everything_once_and_in_order(limit, each):
    of = Listing(600, each)
    told, after = [], (-1, -1)
    while after is not None:
        of.steps.clear()
        page, after = await of.page(limit, after)
        told += page
        assert len(page) <= limit
        assert sum(of.steps) <= limit * 10
        assert len(of.steps) <= 10
    assert told == [one.row.id for one in of.entries if one.place[0] % each == 0]


async def test_a_short_page_of_which_little_is_told_is_read_in_two_steps():
    of = Listing(600, 10_000)
    assert await of.page(5, (0, 0)) == ([], (50, 50))
    assert of.steps == [5, 45]
