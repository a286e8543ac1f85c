"""The first three contacts of the episodes of the tables: which are made, with whom, and who is left, by hand."""

from typing import Final, NamedTuple

import httpx
import pytest

from tests.involvement.hand_worked.caseload import Table
from tests.involvement.hand_worked.tables import episodes, hoult, ks_13b
from tests.involvement.hand_worked.words import Json


class Told(NamedTuple):
    """What is to be answered: supporters by what they are to the patient, in any order."""

    done: int
    attempts: int
    people: int
    left: frozenset[str]
    not_to_try: frozenset[str] = frozenset()
    unreadable: tuple[str, ...] = ()


NOBODY: Final[frozenset[str]] = frozenset()
EVERYBODY: Final = frozenset({"mother", "father", "neighbour"})
CALLS = {
    "three people, a neighbour among them": Told(3, 3, 3, NOBODY),
    "three times the same person": Told(3, 3, 1, frozenset({"father", "neighbour"})),
    "five calls to two": Told(3, 5, 2, frozenset({"neighbour"})),
    "nobody called": Told(0, 0, 0, EVERYBODY),
    "a second later": Told(1, 1, 1, frozenset({"father", "neighbour"})),
    "at the referral, before the start": Told(1, 1, 1, frozenset({"father", "neighbour"})),
    "a minute before the referral": Told(0, 0, 0, EVERYBODY),
    "one tried, two not tried": Told(1, 1, 1, frozenset({"father", "neighbour"})),
    "two records of one human": Told(2, 2, 1, NOBODY),
    "no time of one of two calls": Told(1, 1, 1, frozenset({"father", "neighbour"}), unreadable=("no-time",)),
    "asked: there is nobody": Told(0, 0, 0, NOBODY),
}
BARRED = {
    "one of two kept away": Told(0, 0, 0, frozenset({"father"}), frozenset({"mother"})),
    "kept away for safety": Told(0, 0, 0, NOBODY, frozenset({"mother"})),
    "refused everything": Told(0, 0, 0, frozenset({"mother"})),
    "no outcome of the call": Told(0, 0, 0, frozenset({"mother"}), unreadable=("no-outcome",)),
    "a minute after the end": Told(0, 0, 0, frozenset({"mother"})),
    "at the end": Told(1, 1, 1, NOBODY),
}


def patient_of(table: Table, told: str) -> str:
    return table.caseload.id_of(next(case for case in table.cases if case.told == told))


@pytest.mark.parametrize(
    ("table", "told", "expected"),
    [
        *((hoult.TABLE, told, expected) for told, expected in CALLS.items()),
        *((ks_13b.TABLE, told, expected) for told, expected in BARRED.items()),
    ],
)
async def test_who_was_tried_and_who_is_left(
    table: Table, told: str, expected: Told, caseloads: httpx.AsyncClient
) -> None:
    patient = patient_of(table, told)
    answer = await caseloads.get(f"/EpisodeOfCare/{patient}-episode/$first-contacts")
    assert answer.status_code == 200, answer.text
    said: list[Json] = answer.json()["parameter"]
    numbers = {each["name"]: each["valueInteger"] for each in said if "valueInteger" in each}
    assert numbers == {"done": expected.done, "attempts": expected.attempts, "people": expected.people}
    assert people(said, "leftToTry", patient) == expected.left
    assert people(said, "notToTry", patient) == expected.not_to_try
    assert len(people(said, "tried", patient)) == expected.people
    parts = [part for each in said if each["name"] == "unreadable" for part in each["part"] if part["name"] == "why"]
    whys = [value for part in parts for name, value in part.items() if name != "name"]
    assert tuple(whys) == expected.unreadable


def people(said: list[Json], name: str, patient: str) -> set[str]:
    """The supporters that the parameters of a name tell of."""
    parts = (part for each in said if each["name"] == name for part in each["part"] if part["name"] == "supporter")
    return {part["valueReference"]["reference"].removeprefix(f"RelatedPerson/{patient}-") for part in parts}


async def test_an_episode_without_a_start_is_told_to_have_none(caseloads: httpx.AsyncClient) -> None:
    answer = await caseloads.get(f"/EpisodeOfCare/{patient_of(episodes.TABLE, 'no start')}-episode/$first-contacts")
    assert answer.status_code == 422
    assert "period" in answer.text
