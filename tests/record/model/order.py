"""Whether what several callers were answered at once has an explanation, as if one had come after the other.

Writes happen in some order, each at one moment between its request and its answer: one that was answered before another
was sent comes before it. A read sees all that was answered before it was sent, of each write everything or nothing, and
what it sees of one resource are all its versions up to one. https://doi.org/10.1145/78969.78972
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.record.model.answered import Answered
from tests.record.model.asked import Asked
from tests.record.model.rules import State, after, seen


@dataclass(frozen=True)
class Call:
    """Writes that happen at one moment, or reads that see one; with the times of request and answer.

    `follows` is the number of a write that came before although neither was answered first: the entry of a batch
    before this one, or the writes of the transaction that reads this. -1: none.
    """

    asked: tuple[Asked, ...]
    answered: tuple[Answered, ...]
    sent: int
    returned: int
    follows: int = -1


# Who made each version since the round began: id, version, number of the call.
Authors = tuple[tuple[str, int, int], ...]


def explained(states: Iterable[State], writes: Sequence[Call], reads: Sequence[Call]) -> set[State]:
    """The states in which the world can be after these calls, when it was in one of `states`; empty: there is no
    explanation.
    """
    return {
        end
        for begin in states
        for end, authors in _ends(begin, writes)
        if all(any(seen(cut, read.asked, read.answered) for cut in _cuts(end, authors, writes, read)) for read in reads)
    }


def _ends(begin: State, writes: Sequence[Call]) -> set[tuple[State, Authors]]:
    """The ends of all orders in which each write is answered as it was."""
    frontier: dict[frozenset[int], set[tuple[State, Authors]]] = {frozenset(): {(begin, ())}}
    for _ in writes:
        onward: dict[frozenset[int], set[tuple[State, Authors]]] = {}
        for done, reached in frontier.items():
            for number in _next(writes, done):
                call = writes[number]
                for state, authors in reached:
                    made = after(state, call.asked, call.answered)
                    if made is not None:
                        new = (made, (*authors, *_new(state, made, number)))
                        onward.setdefault(done | {number}, set()).add(new)
        frontier = onward
    return frontier.get(frozenset(range(len(writes))), set())


def _next(writes: Sequence[Call], done: frozenset[int]) -> list[int]:
    """The writes that may be the next one to have happened."""
    left = [number for number in range(len(writes)) if number not in done]
    first = min((writes[number].returned for number in left), default=0)
    return [
        number
        for number in left
        if writes[number].sent <= first and (writes[number].follows < 0 or writes[number].follows in done)
    ]


def _new(before: State, now: State, number: int) -> Iterator[tuple[str, int, int]]:
    had = dict(before)
    for id_, versions in now:
        for version in range(len(had.get(id_, ())) + 1, len(versions) + 1):
            yield id_, version, number


def _cuts(end: State, authors: Authors, writes: Sequence[Call], read: Call) -> Iterator[State]:
    """What a read may have seen: the end without some of the writes that were not answered when it was sent."""
    open_ = [
        number
        for number in sorted({number for _, _, number in authors})
        if writes[number].returned > read.sent and not _came_before(writes, number, read.follows)
    ]
    for size in range(len(open_) + 1):
        for unseen in combinations(open_, size):
            if _holds(authors, writes, read, frozenset(unseen)):
                yield _without(end, authors, frozenset(unseen))


def _came_before(writes: Sequence[Call], number: int, follows: int) -> bool:
    return follows >= 0 and (number == follows or writes[number].returned < writes[follows].sent)


def _holds(authors: Authors, writes: Sequence[Call], read: Call, unseen: frozenset[int]) -> bool:
    """Whether nothing is seen that was sent later, or came after something unseen."""
    by = {(id_, version): number for id_, version, number in authors}
    visible = set(by.values()) - unseen
    return (
        all(writes[number].sent < read.returned for number in visible)
        and not any(writes[one].returned < writes[number].sent for one in unseen for number in visible)
        and not any(by.get((id_, version - 1)) in unseen for (id_, version), number in by.items() if number in visible)
    )


def _without(end: State, authors: Authors, unseen: frozenset[int]) -> State:
    gone = {(id_, version) for id_, version, number in authors if number in unseen}
    kept = (
        (id_, tuple(each for version, each in enumerate(versions, 1) if (id_, version) not in gone))
        for id_, versions in end
    )
    return tuple((id_, versions) for id_, versions in kept if versions)
