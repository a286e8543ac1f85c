"""The figures of one patient, as they are kept: all that is counted of every episode, whatever is asked later.

What a report lists (the records that something rests on) is not among them, nor any words: those are digests.
"""

from typing import Any

import orjson

from app.involvement.indicators.case import Case
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.episodes import Untimed
from app.involvement.indicators.evaluate import Said, Told
from app.sharing.times import Span


def written(told: Told) -> bytes:
    """What is counted of a patient, as JSON."""
    return orjson.dumps(
        [
            [
                [
                    one.time.low,
                    one.time.high,
                    sorted(one.teams),
                    {id_: _cases(cases) for id_, cases in one.cases.items()},
                ]
                for one in told.episodes
            ],
            [sorted(one.teams) for one in told.untimed],
            {id_: [one.why for one in found] for id_, found in told.unreadable.items()},
        ]
    )


def read(figures: bytes) -> Told:
    """The same again, without the names of records."""
    episodes, untimed, unreadable = orjson.loads(figures)
    return Told(
        [
            Said(
                Span(low, high),
                frozenset(teams),
                {id_: [_case(each) for each in found] for id_, found in cases.items()},
            )
            for low, high, teams, cases in episodes
        ],
        [Untimed("", frozenset(teams)) for teams in untimed],
        {id_: [Unreadable("", why) for why in whys] for id_, whys in unreadable.items()},
    )


def _cases(cases: list[Case]) -> list[list[Any]]:
    return [[*case.counted, sorted(case.texts), case.time and tuple(case.time)] for case in cases]


def _case(written: list[Any]) -> Case:
    excluded, excluded_adjusted, met, met_adjusted, strata, flags, texts, time = written
    return Case(
        "",
        "",
        excluded,
        excluded_adjusted,
        met,
        met_adjusted,
        tuple([(name, value) for name, value in strata]),
        tuple(flags),
        texts=frozenset(texts),
        time=Span(*time) if time else None,
    )
