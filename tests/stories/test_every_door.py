"""Every door gives the same answer to the same question."""

import pytest

from tests.stories.doors import FULL, PLAIN, Door, Question
from tests.stories.epr import Epr
from tests.stories.records import own, patient, permits, restriction, supporter

SAID = [own("consent-condition", valueCode="verbal-only")]


@pytest.mark.parametrize("door", [*FULL, *PLAIN], ids=lambda door: door.__name__)
async def test_each_door_tells_of_a_yes_with_its_condition_and_of_a_stop(epr: Epr, door: Door) -> None:
    await epr.records(patient(epr.patient, "Amina", "1991-06-14"))
    mum, rob = [await epr.records(supporter(epr.patient, name)) for name in ("Rukhsana", "Rob")]
    yes = permits(epr.patient, mum, "medication")
    yes["provision"]["modifierExtension"] = SAID
    consent = await epr.records(yes)
    await epr.records(restriction(epr.patient, "no-contact-safeguarding", rob))
    permit = await door(epr.client, Question(epr.number, mum, "medication"))
    stop = await door(epr.client, Question(epr.number, rob, "medication"))
    assert (permit["decision"], stop["decision"]) == ("permit", "deny")
    assert permit.get("obligations", ["verbal-only"]) == ["verbal-only"]
    assert permit.get("basedOn", [f"{consent}/_history/1"]) == [f"{consent}/_history/1"]
    assert stop.get("basis", "contact-restricted") == "contact-restricted"
