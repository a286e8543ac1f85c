"""Rules of the page about instants and birthdays that, as mutants showed, no other test told."""

from typing import Any

from app.sharing.times import span
from tests.sharing.engine.builders import (
    MUM,
    NOW,
    TOM,
    at,
    basis,
    facts,
    patient,
    person,
    role,
    yes,
)


def test_death_is_from_its_very_instant() -> None:
    for died, expected in (("2026-03-03T12:00:00Z", "refer-deceased"), ("2026-03-03T12:00:01Z", "patient-consent")):
        assert basis(facts(patient(deceasedDateTime=died), yes("y", [MUM]))) == expected


def test_from_the_sixteenth_birthday_on_consent_needs_no_confirmed_competence() -> None:
    known = facts(patient("2010-03-03"), yes("y", [MUM]))
    assert basis(known, when=at("2026-03-02T23:59:59"), now=at("2026-03-03")) == "refer-child"
    assert basis(known, when=at("2026-03-03")) == "patient-consent"


def test_what_covered_something_to_the_last_instant_covers_nothing_now() -> None:
    within = {"type": "permit", "period": {"end": "2026-03-03T11:59:59Z"}} | _to(MUM, "meetings")
    known = facts(yes("x", [TOM], nested=[within]))
    assert basis(known, when=at("2026-03-03T11:59:59.999999"), now=NOW) == "not-covered"
    assert basis(known) == "no-consent-recorded"


def _to(reference: str, scope: str) -> dict[str, Any]:
    stated = yes("y", [reference], [scope])["provision"]
    return {"actor": stated["actor"], "code": stated["code"]}


def test_a_parent_decides_to_the_last_instant_before_the_sixteenth_birthday() -> None:
    born = patient("2010-03-03")
    mother = person(MUM, role("parental-responsibility", role_in_force_from={"valueDateTime": "2020-01-01"}))
    decided = yes("y", [MUM], policy="parental-responsibility", performer=[{"reference": MUM}])
    known = facts(born, mother, decided)
    assert basis(known, when=at("2026-03-02T23:59:59.999999"), now=at("2026-03-03")) == "parental-responsibility"
    assert basis(known, when=at("2026-03-03")) != "parental-responsibility"


def test_a_role_that_says_a_period_nobody_can_read_is_not_held() -> None:
    for written in ({"valuePeriod": {"start": "?"}}, {"valuePeriod": None}, {}):
        father = person(MUM, role("nearest-relative", role_period=written))
        assert basis(facts(father), scope="legal-status") == "no-consent-recorded"


def test_a_day_in_summer_begins_an_hour_earlier_than_in_utc() -> None:
    days, instants = ("2026-01-15", "2026-07-15"), ("2026-01-15T00:00:00Z", "2026-07-14T23:00:00Z")
    begin = [found.low for written in (*days, *instants) if (found := span(written))]
    assert begin[:2] == begin[2:]


def test_a_birth_date_that_is_no_text_tells_no_age() -> None:
    known = facts(person(MUM, birthDate=["1990-01-01"]), yes("y", [MUM], ["risk-to-self"]))
    assert basis(known, scope="risk-to-self") == "refer-young-person"
