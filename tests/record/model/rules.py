"""The model: what becomes of interactions that nobody else is in the way of, by FHIR and docs/.

A state is every version of every Organization, oldest first, by id; None is a deletion.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.record.model.answered import Answered
from tests.record.model.asked import Asked, Content

Versions = tuple[Content | None, ...]
State = tuple[tuple[str, Versions], ...]


def after(state: State, asked: Sequence[Asked], answered: Sequence[Answered]) -> State | None:
    """The state when these have been carried out, all or nothing; None when they are not answered so in this state."""
    carried = _Carried(dict(state), asked, answered)
    expected = carried.out()
    if answered[0].status == 0:
        return state  # given up
    if carried.refusals:
        return state if all(each.status in carried.refusals for each in answered) else None
    return tuple(sorted(carried.now.items())) if expected == list(answered) else None


class _Carried:
    """One transaction on its way; `refusals` are the statuses that any of its entries may be refused with."""

    def __init__(self, state: dict[str, Versions], asked: Sequence[Asked], answered: Sequence[Answered]) -> None:
        self.before = state
        self.now = dict(state)
        self.refusals: set[int] = set()
        self._asked = asked
        self._told = answered
        self._ids: dict[int, str] = {}
        self._matched: set[int] = set()

    def out(self) -> list[Answered]:
        self._refuse_unknown()
        self._settle()
        answers: dict[int, Answered] = {}
        for methods in (("DELETE",), ("POST", "PUT", "PATCH")):
            for number, asked in self._of(*methods):
                if number in self._ids:
                    answers[number] = self._written(number, asked)
        self._judge()
        return [answers.get(number, Answered(-1)) for number in range(len(self._asked))]

    def _refuse_unknown(self) -> None:
        """What is referred to by fullUrl is an entry that has one."""
        for asked in self._asked:
            part = asked.content.part if asked.content else ""
            if isinstance(part, int) and not (part < len(self._asked) and self._asked[part].content):
                self.refusals.add(422)

    def _of(self, *methods: str) -> Iterator[tuple[int, Asked]]:
        return ((number, asked) for number, asked in enumerate(self._asked) if asked.method in methods)

    def _current(self, id_: str) -> Content | None:
        return self.now.get(id_, (None,))[-1]

    def _having(self, identifier: str) -> list[str]:
        """The ids of what is there and has an identifier."""
        return [id_ for id_ in self.now if (there := self._current(id_)) and there.identifier == identifier]

    def _settle(self) -> None:
        """Which resource each entry is about."""
        writes = list(self._of("POST", "PUT", "PATCH", "DELETE"))
        alike = Counter(asked.criteria for _, asked in writes if asked.criteria and asked.method in ("POST", "PUT"))
        if any(count > 1 for count in alike.values()):
            self.refusals.add(400)
        for number, asked in writes:
            id_ = self._found(number, asked) if asked.criteria else asked.id
            if id_ is not None:
                self._ids[number] = id_ or self._new(number, asked)
        gone = {self._ids[number] for number, _ in self._of("DELETE") if number in self._ids}
        meant = Counter(
            self._ids[number]
            for number, asked in writes
            if number in self._ids
            and self._ids[number]
            and not (asked.method == "POST" and number in self._matched and self._ids[number] not in gone)
        )
        if any(count > 1 for count in meant.values()):
            self.refusals.add(400)

    def _found(self, number: int, asked: Asked) -> str | None:
        """The id that criteria find, "" for none, None when the entry is refused for what they find."""
        found = self._having(asked.criteria)
        if len(found) > 1:
            self.refusals.add(412)
            # What refers to the one match is looked at later: it may be by then what makes it one of several.
            if asked.method == "DELETE" and any(map(self._is_used, found)):
                self.refusals.add(409)
            return None
        if not found and asked.method == "PATCH":
            self.refusals.add(404)
            return None
        if found:
            self._matched.add(number)
        return "".join(found)

    def _new(self, number: int, asked: Asked) -> str:
        """The id of something new, which the service chose: no other resource has or had it."""
        if asked.method == "DELETE":
            return ""
        told = self._told[number].id
        if told in self.before:
            self.refusals.add(-1)
        return told or f"never {number}"

    def _written(self, number: int, asked: Asked) -> Answered:
        id_ = self._ids[number]
        current = self._current(id_)
        if asked.method == "POST" and number in self._matched:
            return Answered(200, id_, len(self.before[id_]), self.before[id_][-1])
        if asked.method == "PATCH" and current is None:
            self.refusals.add(410 if id_ in self.now else 404)
            return Answered(-1)
        if asked.if_match is not None and (current is None or asked.if_match != len(self.now[id_])):
            self.refusals.add(412)
        if asked.only_new and current is not None:
            self.refusals.add(412)
        if asked.method == "DELETE":
            if current is not None:
                self.now[id_] += (None,)
            return Answered(204)
        made = self._made(asked, current)
        if asked.method == "PATCH" and made == current:
            return Answered(200, id_, len(self.now[id_]), current)
        self.now[id_] = (*self.now.get(id_, ()), made)
        return Answered(200 if current else 201, id_, len(self.now[id_]), made)

    def _made(self, asked: Asked, current: Content | None) -> Content:
        """The content of the next version."""
        if asked.method != "PATCH" or current is None:
            assert asked.content is not None
            return replace(asked.content, part=self._part(asked.content.part))
        if asked.tested not in (None, current.mark):
            self.refusals.add(422)
        return replace(current, mark=asked.mark)

    def _part(self, part: str | int) -> str:
        """The id that stands for the number of an entry."""
        return part if isinstance(part, str) else self._ids.get(part, "nobody")

    def _judge(self) -> None:
        """What refers to what is judged when all is stored."""
        for number, asked in self._of("POST", "PUT", "PATCH"):
            there = self._current(self._ids.get(number, ""))
            if there and there.part and self._current(str(there.part)) is None:
                self.refusals.add(422)
            created = number not in self._matched and asked.method != "PATCH"
            if created and asked.criteria and len(self._having(asked.criteria)) > 1:
                self.refusals.add(412)
        for number, _ in self._of("DELETE"):
            gone = self._ids.get(number, "")
            if gone and self._is_used(gone):
                self.refusals.add(409)

    def _is_used(self, gone: str) -> bool:
        """Whether anything else refers to this id."""
        users = (self._current(id_) for id_ in self.now if id_ != gone)
        return any(each and each.part == gone for each in users)


def seen(state: State, asked: Sequence[Asked], answered: Sequence[Answered]) -> bool:
    """Whether reads that see this state are answered so; all of them with the refusal of one if one is refused."""
    expected = [_read(dict(state), each) for each in asked]
    refusals = {each.status for each in expected if each.status >= 400}
    return all(each.status in refusals for each in answered) if refusals else expected == list(answered)


def _read(state: dict[str, Versions], asked: Asked) -> Answered:
    if not asked.id:
        there = [(id_, len(versions), versions[-1]) for id_, versions in state.items()]
        return Answered(
            200,
            found=frozenset(
                (id_, version, each) for id_, version, each in there if each and asked.criteria in ("", each.identifier)
            ),
        )
    versions = state.get(asked.id, ())
    version = asked.version or len(versions)
    if not versions or version > len(versions):
        return Answered(404)
    if asked.history:
        return Answered(200, versions=versions)
    read = versions[version - 1]
    return Answered(200, asked.id, version, read) if read else Answered(410)
