"""When a record is looked at again: at the next time at which something begins, ends or somebody is of age."""

import pytest

from app.fhir.canonical import BASE
from app.involvement.owed import Entry, owed
from app.involvement.to_come import next_change
from app.sharing.times import span

NOW = span("2026-07-01").low
EPISODE = Entry("EpisodeOfCare", "e", "RX1", {"status": "active", "period": {"start": "2026-06-01"}})


def host(period=None, held=None, **more):
    role = {"coding": [{"system": f"{BASE}/CodeSystem/carer-role", "code": "shared-lives-carer"}]}
    if held:
        role["extension"] = [{"url": f"{BASE}/StructureDefinition/role-period", "valuePeriod": held}]
    within = {"period": period} if period else {}
    return Entry("RelatedPerson", "host", "RX1", {"relationship": [role], **within, **more})


@pytest.mark.parametrize(
    ("person", "at"),
    [
        (host(), None),
        (host({"start": "2026-06-01"}), None),
        (host({"start": "2026-07-03"}), "2026-07-03"),
        (host({"start": "2026-07-03"}, {"start": "2026-07-02", "end": "2026-07-09"}), "2026-07-02"),
        (host(held={"end": "2026-07-05"}), "2026-07-06"),
        (host(birthDate="2008-07-02"), "2026-07-02"),
        (host({"start": "3 July"}), None),
    ],
)
def test_it_is_the_first_time_to_come(person, at):
    assert next_change([EPISODE, person], None, NOW) == (span(at).low if at else None)


@pytest.mark.parametrize(
    ("period", "is_owed"),
    [
        (None, True),
        ({"start": "2026-06-01", "end": "2026-07-01"}, True),
        ({"end": "2026-06-30"}, False),
        ({"start": "2026-07-02"}, False),
        ({"start": "3 July"}, True),
    ],
)
def test_who_is_no_supporter_yet_or_no_more_is_owed_nothing_for_caring(period, is_owed):
    found = {one.rule for one in owed([EPISODE, host(period)], NOW, 24)}
    assert ("host-input" in found) is is_owed
    assert bool(found) is is_owed
