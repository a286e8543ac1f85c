"""The acceptance stories as records: who the people are, what they agreed to, who does what, and what happens."""

from collections.abc import Iterator

from app.demo.people import Resource
from app.demo.stories import agreeing, protecting, speaking_for, withholding

STORIES = (
    agreeing.two_carers,
    agreeing.not_asked,
    withholding.refused,
    agreeing.expired,
    withholding.withdrawn_the_same_day,
    agreeing.verbal,
    protecting.alleged_violence,
    withholding.suicidal_and_refusing,
    speaking_for.lacks_capacity,
    protecting.young_carer,
    protecting.shared_lives_host,
    withholding.seventeen_years_old,
    protecting.in_confidence,
    speaking_for.nearest_relative,
    speaking_for.nobody,
    protecting.visits_cut,
)


def stories() -> Iterator[Resource]:
    """The records of every story, in the order of the stories."""
    for story in STORIES:
        yield from story()
