"""A world of few Organizations that many change at once, and what each was answered."""

import asyncio
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from tests.record.model import answered
from tests.record.model.answered import Answered
from tests.record.model.asked import Asked, Content, Together, alone, bundle
from tests.record.model.order import Call, explained
from tests.record.model.rules import State

MARKS = ("red", "green", "blue")


@dataclass
class World:
    """The Organizations of one `name`; `states` are those that it can be in, by all that was answered so far."""

    clients: Sequence[httpx.AsyncClient]
    chance: random.Random
    name: str = field(default_factory=lambda: str(uuid4()))
    states: set[State] = field(default_factory=lambda: {()})
    clock: "itertools.count[int]" = field(default_factory=itertools.count)

    async def round(self) -> None:
        """Some callers ask at once, each one thing after another, and then it is looked at what there is."""
        calls = _Calls()
        await asyncio.gather(*(self._lane(calls) for _ in range(self.chance.randint(2, 4))))
        await self._ask(Asked("GET"), 0, calls)
        self._explain(calls)

    async def end(self) -> None:
        """Every version of everything is still to be read."""
        calls = _Calls()
        for id_ in self._ids():
            await self._ask(Asked("GET", id_, history=True), 0, calls)
        self._explain(calls)

    def _explain(self, calls: "_Calls") -> None:
        before, self.states = self.states, explained(self.states, calls.writes, calls.reads)
        assert self.states, calls.told(before).replace(self.name, "~")

    async def _lane(self, calls: "_Calls") -> None:
        client = self.chance.randrange(len(self.clients))
        todo = [self._any() for _ in range(self.chance.randint(1, 2))]
        for _ in range(self.chance.randrange(12)):
            await asyncio.sleep(0)
        for asked in todo:
            await self._ask(asked, client, calls)

    async def _ask(self, asked: Asked | Together, client: int, calls: "_Calls") -> None:
        sent = next(self.clock)
        if isinstance(asked, Asked):
            response = await self.clients[client].request(**alone(asked, self.name))
            calls.add([asked], [answered.one(response, asked)], sent, next(self.clock))
            return
        urns = [f"urn:uuid:{uuid4()}" for _ in asked.asked]
        response = await self.clients[client].post("", json=bundle(asked, self.name, urns))
        told, returned = answered.several(response, asked), next(self.clock)
        if asked.kind == "transaction":
            calls.add(asked.asked, told, sent, returned)
        else:
            calls.add_batch(asked.asked, told, sent, returned)

    def _ids(self) -> list[str]:
        """Ids that are chosen by callers, and those that the service chose."""
        known = {id_ for state in self.states for id_, _ in state}
        return sorted(known | {f"{self.name}-{letter}"[-40:] for letter in "abc"})

    def _any(self) -> Asked | Together:
        if self.chance.random() < 0.6:
            return self._one(alone_=True)
        size = self.chance.randint(1, 4)
        kind = "transaction" if self.chance.random() < 0.8 else "batch"
        asked = [self._one(numbers=size if kind == "transaction" else 0) for _ in range(size)]
        if kind == "transaction" and any(each.method != "GET" for each in asked):
            # Beside writes they are searches, which are never refused: of what moment, the model could not say.
            asked = [Asked("GET", criteria=self._identifier()) if each.method == "GET" else each for each in asked]
        return Together(kind, tuple(sorted(asked, key=lambda each: each.method == "GET")))

    def _one(self, *, alone_: bool = False, numbers: int = 0) -> Asked:
        pick = self.chance.choice
        method = pick(("GET", "POST", "PUT", "PUT", "PATCH", "DELETE"))
        by_id = self.chance.random() < 0.6
        id_ = pick(self._ids()) if by_id and method != "POST" else ""
        criteria = "" if by_id else self._identifier()
        if method == "GET":
            history = alone_ and bool(id_) and pick((False, True))
            version = pick((0, 0, 1, 2)) if id_ and not history else 0
            return Asked(method, id_, criteria, version=version, history=history)
        # What a reference leads to is judged when it is stored, which is later than what criteria find.
        part = "" if criteria else self._part(numbers)
        content = Content(pick(MARKS), self._identifier(), part) if method in ("POST", "PUT") else None
        return Asked(
            method,
            id_,
            criteria,
            content,
            tested=pick((None, *MARKS)) if method == "PATCH" else None,
            mark=pick(MARKS) if method == "PATCH" else "",
            if_match=pick((None, None, self._version(id_))) if method != "POST" else None,
            only_new=method == "PUT" and bool(id_) and pick((False, False, False, True)),
        )

    def _identifier(self) -> str:
        return f"{self.name}-{self.chance.randrange(3)}"

    def _part(self, numbers: int) -> str | int:
        """What an Organization is part of: mostly nothing."""
        if self.chance.random() < 0.6:
            return ""
        return (
            self.chance.randrange(numbers)
            if numbers and self.chance.random() < 0.3
            else self.chance.choice(self._ids())
        )

    def _version(self, id_: str) -> int:
        """The version that stood when the round began, or another one."""
        versions = next((len(versions) for known, versions in min(self.states) if known == id_), 1)
        return self.chance.choice((versions, versions, versions + 1, 1))


@dataclass
class _Calls:
    """What happened in a round."""

    writes: list[Call] = field(default_factory=list)
    reads: list[Call] = field(default_factory=list)

    def add(self, asked: Sequence[Asked], told: Sequence[Answered], sent: int, returned: int, after: int = -1) -> int:
        """One request; the number of its write, or of the one it comes after when it only reads."""
        pairs = list(zip(asked, told, strict=True))
        writes, reads = _split(pairs, "GET")
        if not writes:
            self.reads.append(Call(*_columns(reads), sent, returned, after))
            return after
        self.writes.append(Call(*_columns(writes), sent, returned, after))
        number = len(self.writes) - 1
        # Each sees what the transaction wrote, and what others had committed when it came to that.
        if told[0].status in (200, 201, 204):
            self.reads += [Call((one,), (answer,), sent, returned, number) for one, answer in reads]
        return number

    def add_batch(self, asked: Sequence[Asked], told: Sequence[Answered], sent: int, returned: int) -> None:
        before = -1
        for one, answer in zip(asked, told, strict=True):
            before = self.add([one], [answer], sent, returned, before)

    def told(self, states: set[State]) -> str:
        lines = ["no order explains what was answered; the world was in one of"]
        lines += [f"  {state}" for state in states]
        for call in self.writes + self.reads:
            lines.append(f"{call.sent}..{call.returned}")
            lines += [f"  {asked}\n    -> {told}" for asked, told in zip(call.asked, call.answered, strict=True)]
        return "\n".join(lines)


Pairs = list[tuple[Asked, Answered]]


def _split(pairs: Pairs, method: str) -> tuple[Pairs, Pairs]:
    return [pair for pair in pairs if pair[0].method != method], [pair for pair in pairs if pair[0].method == method]


def _columns(pairs: Pairs) -> tuple[tuple[Asked, ...], tuple[Answered, ...]]:
    return tuple(asked for asked, _ in pairs), tuple(told for _, told in pairs)
