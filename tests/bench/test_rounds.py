"""Rounds: what they make of a service that fails, and of a machine that stands still for a moment."""

from pathlib import Path
from typing import cast

import pytest

from bench import rounds
from bench.requests import AGAINST
from bench.servers import Served
from bench.tool import Sample

NOTHING = Sample(requests=0, seconds=1.0, p50_ms=0.0, p99_ms=0.0, failed=0, service_cpu=0.1, tool_cpu=0.0)
TEN = Sample(requests=10, seconds=1.0, p50_ms=9.0, p99_ms=20.0, failed=0, service_cpu=0.1, tool_cpu=0.0)
ONE_FAILED = Sample(requests=10, seconds=1.0, p50_ms=9.0, p99_ms=20.0, failed=1, service_cpu=0.1, tool_cpu=0.0)
# How long each round was, in seconds.
LENGTHS: list[int] = []


class _Named:
    name = "kith"


def _measured(samples: list[Sample]) -> list[rounds.Cell]:
    turns = iter(samples)
    LENGTHS.clear()

    def run(_served: Served, _file: Path, _connections: int, seconds: int, _turn: int) -> Sample:
        LENGTHS.append(seconds)
        return next(turns)

    served = cast(Served, _Named())
    return rounds.measure(
        served,
        served,
        {"read": Path("read")},
        {"read": Path("read")},
        ["read"],
        1,
        1,
        lambda: None,
        connections=[8],
        run=run,
    )


def test_a_round_in_which_nothing_was_answered_is_taken_again_for_twice_as_long() -> None:
    (cell,) = _measured([NOTHING, NOTHING, TEN, TEN, NOTHING, TEN, TEN])
    assert (cell.kith, cell.bare) == ([TEN], [TEN])
    assert LENGTHS == [1, 2, 4, 1, 1, 2, 1]


def test_a_service_that_never_answers_ends_the_run_with_its_name() -> None:
    with pytest.raises(SystemExit, match="kith answered no request of read over 8 connections within 8 s"):
        _measured([NOTHING] * 4)


def test_a_failed_request_ends_the_run() -> None:
    with pytest.raises(SystemExit, match="kith: 1 of 10 requests of read failed"):
        _measured([ONE_FAILED])


@pytest.mark.parametrize(
    ("against", "of_the_other"), [(AGAINST, "RelatedPerson"), ({}, "check")], ids=["bare", "without tokens"]
)
def test_a_check_is_measured_by_a_create_of_a_service_without_checks_and_by_itself_of_another_kith(
    against: dict[str, str], of_the_other: str
) -> None:
    sent = []

    def run(_served: Served, file: Path, _connections: int, _seconds: int, _turn: int) -> Sample:
        sent.append(file.name)
        return TEN

    ours, theirs = {"check": Path("check")}, {name: Path(name) for name in ("check", "RelatedPerson")}
    served = cast(Served, _Named())
    rounds.measure(served, served, ours, theirs, ["check"], 1, 1, lambda: None, [8], against, run)
    assert set(sent) == {"check", of_the_other}
