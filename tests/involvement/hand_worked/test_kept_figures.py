"""What is kept of the hand-worked cases is what would be worked out anew, at any time until it no longer is."""

from dataclasses import replace
from random import Random

import httpx
import pytest

from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.local import Local
from app.operations.counting import Counts, Wanted, count
from app.sharing.facts import Policy
from app.sharing.times import ALWAYS, DAY, HOUR, Span, span
from app.storage.indicators import of_patients, patients
from app.storage.kept_figures import Figures
from app.storage.patient_rows import PatientRows
from app.storage.pool import Database
from app.storage.visibility import EVERYTHING
from tests.involvement.hand_worked.all_tables import TABLES

MEASURES = tuple(INDICATORS)
TYPES = frozenset[str]().union(*(one.types for one in INDICATORS.values()))
LOCAL = Local(suicidality=frozenset({("https://trust.example.org/risk", "thoughts")}))
TEAMS = [(), *((table.caseload.team,) for table in TABLES)]
YEARS = span("2025"), span("2026")
# How often each patient's figures are worked out, and how often what is kept of them is then compared.
TIMES = 3
LATER = 3


@pytest.fixture(scope="module")
async def everybody(caseloads_url: str, caseloads: httpx.AsyncClient) -> list[PatientRows]:
    """The rows of all patients of the tables."""
    database = Database(caseloads_url, size=1)
    await database.open()
    try:
        async with database.connection(EVERYTHING) as connection:
            keys = await patients(connection, [], YEARS[0].low, YEARS[1].high)
            return await of_patients(connection, keys, TYPES)
    finally:
        await database.close()


def wanted(
    now: int, within: Span = ALWAYS, teams: tuple[str, ...] = (), measures: tuple[str, ...] = MEASURES
) -> Wanted:
    return Wanted(measures, teams, within, now, False, (), Policy(), LOCAL)


def counted(rows: PatientRows, asked: Wanted) -> Counts:
    return count([rows], asked).counts


def worked_out(rows: PatientRows, now: int) -> list[Figures]:
    """What is to be kept of a patient: one, or none where it is so at that moment alone."""
    return count([replace(rows, digest=b"of the rows")], wanted(now)).figures


def a_question(chance: Random, now: int) -> Wanted:
    low = chance.randint(YEARS[0].low, YEARS[1].high)
    within = chance.choice([ALWAYS, Span(low, low + chance.choice([HOUR, DAY, 30 * DAY, 365 * DAY]))])
    measures = chance.choice([MEASURES, (chance.choice(MEASURES),)])
    return wanted(now, within, chance.choice([(), chance.choice(TEAMS)]), measures)


def test_what_is_kept_is_what_would_be_worked_out_anew_until_the_time_that_is_kept_with_it(everybody):
    chance = Random(20261122)
    kept, compared = 0, 0
    for rows in everybody:
        for _ in range(TIMES):
            made = chance.randint(YEARS[0].low, YEARS[1].high)
            for figures in worked_out(rows, made):
                kept += 1
                of_them = PatientRows(rows.key, figures=figures.figures)
                last = min(figures.until - 1, YEARS[1].high + 365 * DAY)
                for now in (made, last, *(chance.randint(made, last) for _ in range(LATER))):
                    asked = a_question(chance, now)
                    assert counted(of_them, asked) == counted(rows, asked), (rows.key, made, asked)
                    compared += 1
    assert kept > len(everybody)
    assert compared > kept
