"""The sharing decision alone, in this process: one recipient and one scope, on records that have been read."""

import time
from datetime import timedelta
from statistics import median

from app.sharing.decide import decide_on, seen
from app.sharing.facts import Facts, Record, Version
from app.sharing.question import Question
from bench import people
from bench.capture import RECORDED

COUNTS = (5, 200)
# Microseconds.
TARGETS = {5: 50, 200: 1_000}
_SECONDS = 1.0


def measure() -> dict[int, float]:
    """The median of many decisions, in microseconds of processor time, by the number of Consents."""
    return {count: _median(count) for count in COUNTS}


def _median(consents: int) -> float:
    question = _question()
    view = seen(facts_with(consents), question, question.at)
    assert [answer.decision for answer in decide_on(view, question)] == ["permit"]
    took, until = [], time.perf_counter() + _SECONDS
    while time.perf_counter() < until:
        started = time.process_time()
        decide_on(view, question)
        took.append(time.process_time() - started)
    return median(took) * 1e6


def facts_with(consents: int) -> Facts:
    """A patient with five supporters and so many active Consents, each for one of them."""
    patient, *others = people.ids(0)
    supporters = others[: people.SUPPORTERS]
    first, *rest = people.household(0, next(people.nhs_numbers(0, 1)))
    each = [people.consent_to(f"consent-{n}", patient, supporters[n % people.SUPPORTERS]) for n in range(consents)]
    return Facts(
        patient_key=patient,
        patients=(_record(first),),
        supporters=tuple(_record(one) for one in rest if one["resourceType"] == "RelatedPerson"),
        consents=tuple(map(_record, each)),
    )


def _record(resource: people.Resource) -> Record:
    return Record(resource["resourceType"], resource["id"], (Version(1, RECORDED, resource),))


def _question() -> Question:
    return Question(
        at=RECORDED + timedelta(days=1), recipients=(f"RelatedPerson/{people.ids(0)[1]}",), scopes=("care-plan",)
    )
