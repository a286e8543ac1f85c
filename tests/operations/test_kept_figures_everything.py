"""What is kept of anybody, however odd their record, is what would be worked out anew: of the demo's people, changed.

Some of what is said of them is left out, doubled, of another time, or what is said of others.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Any, Final

import orjson
import pytest

from app.demo.resources import team
from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.local import Local
from app.operations.counting import Counts, Wanted, count
from app.sharing.facts import Policy
from app.sharing.times import ALWAYS, DAY, HOUR, Span, moment
from app.storage.kept_figures import Figures
from app.storage.own_records import OF_THE_PATIENT
from app.storage.patient_rows import PatientRows

# The records and the versions of a patient, as PatientRows has them.
Rows = tuple[list[list[Any]], list[list[Any]]]

MEASURES: Final = tuple(INDICATORS)
TYPES: Final = frozenset[str]().union(*(one.types for one in INDICATORS.values()))
TODAY: Final = date(2026, 6, 1)
TIME: Final = Span(moment(datetime(2026, 2, 1, tzinfo=UTC)), moment(datetime(2026, 9, 1, tzinfo=UTC)))
TEAMS: Final = ((), ("Organization/northbeck-crisis-team",), ("Organization/northbeck-home-treatment", "CareTeam/x"))
# How often the demo is changed, and how often what is kept of somebody is compared.
CHANGED, LATER = 2, 3


@cache
def everybody() -> dict[str, Rows]:
    """What is recorded of the demo's people who have an episode, each version stored at some time."""
    chance, chains = Random(1), dict[tuple[str, str], list[Any]]()
    for resource in team(TODAY):
        chains.setdefault((resource["resourceType"], resource["id"]), []).append(resource)
    found: dict[str, Rows] = {id_: ([], []) for type_, id_ in chains if type_ == "Patient"}
    for (type_, id_), chain in chains.items():
        text = orjson.dumps(chain).decode()
        stored = sorted(chance.randrange(*TIME) for _ in chain)
        rows = [[type_, id_, n, at, body] for n, (at, body) in enumerate(zip(stored, chain, strict=True), 1)]
        for records, versions in (found[key] for key in found if key == id_ or f'"Patient/{key}"' in text):
            if type_ in OF_THE_PATIENT:
                versions.extend([*row, "RX1", True, True] for row in rows)
            elif type_ in TYPES:
                records.append(rows[-1])
    return {key: rows for key, rows in found.items() if any(row[0] == "EpisodeOfCare" for row in rows[0])}


def changed(rows: Rows, chance: Random) -> Rows:
    """A record like this one, in which some things are otherwise."""
    records, versions = deepcopy(rows)
    for row in (*records, *versions):
        if chance.random() < 0.2:
            row[3] = chance.randrange(*TIME)
        while chance.random() < 0.3:
            change(row[4], chance)
    for some in (records, versions):
        if chance.random() < 0.2:
            some.pop(chance.randrange(len(some)))
    return records, in_order(versions)


def in_order(versions: list[list[Any]]) -> list[list[Any]]:
    """Versions are stored one after the other."""
    by_number = sorted(versions, key=lambda row: row[:3])
    times = sorted(versions, key=lambda row: (*row[:2], row[3]))
    return [[*row[:3], at[3], *row[4:]] for row, at in zip(by_number, times, strict=True)]


@cache
def said() -> dict[str, list[Any]]:
    """All that is said of anybody, by the name of the element."""
    found: dict[str, list[Any]] = {}
    for rows in everybody().values():
        for row in (*rows[0], *rows[1]):
            for box, name in _places(row[4]):
                if isinstance(name, str):
                    found.setdefault(name, []).append(box[name])
    return found


def change(content: Any, chance: Random) -> None:
    """Takes something out of a resource, or puts what another says in its place; oftenest it is of another time."""
    places = list(_places(content))
    times = [one for one in places if isinstance(one[0][one[1]], str) and one[0][one[1]][:3] == "202"]
    box, name = chance.choice(times if times and chance.random() < 0.6 else places)
    kind = chance.random()
    if isinstance(box[name], str) and box[name][:3] == "202" and kind < 0.8:
        at = datetime.fromtimestamp(chance.randrange(*TIME) / 10**6, UTC)
        box[name] = chance.choice([at.isoformat(), at.isoformat(timespec="seconds"), f"{at:%Y-%m-%d}", f"{at:%Y-%m}"])
    elif kind < 0.4:
        del box[name]
    elif isinstance(box[name], list) and kind < 0.7:
        box[name] += deepcopy(box[name])
    elif isinstance(name, str):
        same_kind = [one for one in said()[name] if type(one) is type(box[name])]
        box[name] = deepcopy(chance.choice(same_kind or [box[name]]))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """All that is within, each by what it is in and its name there; an id and a type are what they are."""
    for name in list(value) if isinstance(value, dict) else range(len(value)):
        if name not in ("resourceType", "id"):
            yield value, name
            if isinstance(value[name], dict | list):
                yield from _places(value[name])


def of(key: str, rows: Rows, digest: bytes = b"") -> PatientRows:
    return PatientRows(key, orjson.dumps(rows[0]), orjson.dumps(rows[1]), digest)


def wanted(now: int, within: Span = ALWAYS, teams: tuple[str, ...] = (), measures: Any = MEASURES) -> Wanted:
    local = Local(suicidality=frozenset({("http://snomed.info/sct", "1")}), holidays=frozenset({TODAY}))
    return Wanted(measures, teams, within, now, False, ("http://kith.test/FHIR/R4",), Policy(), local)


def some_question(chance: Random, now: int) -> Wanted:
    low = chance.randrange(*TIME)
    within = chance.choice([ALWAYS, Span(low, low + chance.choice([1, HOUR, DAY, 30 * DAY]))])
    return wanted(now, within, chance.choice(TEAMS), chance.choice([MEASURES, (chance.choice(MEASURES),)]))


def moments(chance: Random, key: str, rows: Rows, made: int) -> Iterator[tuple[Figures, int]]:
    """What is kept of what is worked out now, with later times at which it is used, the first and the last too."""
    for figures in count([of(key, rows, b"of the rows")], wanted(made)).figures:
        last = min(figures.until - 1, TIME.high + 400 * DAY)
        for now in (made, last, *(chance.randint(made, last) for _ in range(LATER))):
            yield figures, now


def counted(rows: PatientRows, asked: Wanted) -> Counts:
    return count([rows], asked).counts


@pytest.mark.parametrize("turn", range(CHANGED + 1))
def test_what_is_kept_of_the_people_of_the_demo_is_what_would_be_worked_out_anew(turn):
    chance, compared = Random(turn), 0
    for key, as_they_are in everybody().items():
        rows = changed(as_they_are, chance) if turn else as_they_are
        for figures, now in moments(chance, key, rows, chance.randrange(*TIME)):
            asked = some_question(chance, now)
            kept = counted(PatientRows(key, figures=figures.figures), asked)
            assert kept == counted(of(key, rows), asked), (turn, key, figures.until, asked)
            compared += 1
    assert compared > len(everybody())


def test_at_the_moment_that_is_named_as_the_end_figures_become_others():
    """Of whoever is compared, often enough: until then nothing does."""
    chance, became = Random(3), 0
    for key, rows in everybody().items():
        made = chance.randrange(*TIME)
        for figures in count([of(key, rows, b"of the rows")], wanted(made)).figures:
            if figures.until < TIME.high:
                before, after = (counted(of(key, rows), wanted(at)) for at in (figures.until - 1, figures.until))
                became += before != after
    assert became
