"""A page of a list of which not everything is told: how far it is read, and where the next begins."""

import pytest

from app.operations.paging import read_on
from app.storage.worklists.asking import BEGINNING, Asked
from app.storage.worklists.page import Entry, Row

LIMIT = 3


async def read(told, length, after=BEGINNING):
    """The keys that are told on a page of a list of this length, its last place, and how many entries were read."""
    read_in_all = []

    async def entries(asked):
        first = max(asked.after[1], 0) + 1
        keys = range(first, min(first + asked.limit, length) + 1)
        return [Entry(Row("Patient", str(key), "p", b""), (0, key)) for key in keys]

    async def told_of(found):
        read_in_all.extend(found)
        return {number: entry.place[1] for number, entry in enumerate(found) if entry.place[1] in told}

    asked = Asked(
        now=0, after=after, limit=LIMIT, team=None, contact_hours=1, concern_hours=1, meeting_days=1, roles=()
    )
    found, last = await read_on(asked, entries, told_of)
    return found, last, len(read_in_all)


@pytest.mark.parametrize(
    ("told", "length", "expected"),
    [
        (set(), 0, ([], None, 0)),
        ({1, 2, 3}, 3, ([1, 2, 3], None, 3)),
        ({1, 2, 3, 4}, 4, ([1, 2, 3], (0, 3), 3)),
        ({1, 5, 6}, 6, ([1, 5, 6], None, 6)),
        ({1, 4, 5}, 6, ([1, 4, 5], (0, 5), 6)),
        ({31}, 31, ([], (0, 30), 30)),
    ],
)
async def test_it_is_read_until_it_is_full_or_ten_pages_were_read(told, length, expected):
    assert await read(told, length) == expected


async def test_all_pages_together_tell_each_once_whatever_is_left_out():
    told, found, after = {2, 3, 7, 40, 41, 42, 43, 80}, [], BEGINNING
    while after:
        some, after, _ = await read(told, 80, after)
        found += some
    assert found == sorted(told)
