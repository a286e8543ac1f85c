"""Whoever has a part in a plan, however it names them: a child is one, and of strangers nobody can tell."""

from dataclasses import replace

import pytest

from app.record.judgement import plans
from app.record.judgement.judged import Judged, Judgement
from tests.involvement.records import NOW, Json, coded, facts, own, person
from tests.record.test_plans import RULES, judged, part, plan, said

JADE = {"system": "urn:x", "value": "jade"}
CHILD = {"resourceType": "RelatedPerson", "id": "c", "patient": {"reference": "Patient/p"}, "birthDate": "2015-01-01"}
AGELESS = {key: value for key, value in CHILD.items() if key != "birthDate"}
YOUNG = {"relationship": [coded("carer-role", "young-carer")]}


def by_another_name(code: str, performer: Json, *contained: Json) -> Judgement:
    """The judgement of a plan in which a performer, named so, has a part; Jade, a child, is known by an identifier."""
    body = plan(part(code, performer=[performer]), part("affection"), contained=list(contained))
    assert plans.needs_judgement(body)
    return judged(
        body, person(birthDate="1970-01-01"), person("RelatedPerson/jade", birthDate="2015-01-01", identifier=[JADE])
    )


@pytest.mark.parametrize(
    ("performer", "contained"),
    [
        ({"identifier": JADE}, []),
        ({"identifier": JADE, "type": "RelatedPerson"}, []),
        ({"reference": "#c"}, [CHILD]),
        ({"reference": "#c"}, [AGELESS | YOUNG]),
        ({"reference": "#c"}, [AGELESS | {"identifier": [JADE]}]),
    ],
    ids=["identifier", "identifier with type", "contained", "contained young carer", "contained with identifier"],
)
def test_a_child_is_one_however_the_plan_names_them(performer: Json, contained: list[Json]) -> None:
    medication = by_another_name("medication-support", performer, *contained)
    assert said(medication.issues) == ["CarePlan.activity[0].detail.performer[0]"]
    [other] = by_another_name("time-together", performer, *contained).warnings
    assert "is under 18" in other.diagnostics


@pytest.mark.parametrize(
    ("performer", "contained"),
    [
        ({"identifier": {"system": "urn:x", "value": "nobody"}, "type": "RelatedPerson"}, []),
        ({"reference": "#c"}, [AGELESS]),
        ({"reference": "https://elsewhere.example/RelatedPerson/1"}, []),
    ],
    ids=["identifier of nobody", "contained", "elsewhere"],
)
@pytest.mark.parametrize("code", ["medication-support", "time-together"])
def test_of_somebody_who_is_not_known_here_it_is_said_that_nobody_can_tell(
    code: str, performer: Json, contained: list[Json]
) -> None:
    found = by_another_name(code, performer, *contained)
    assert found.issues == []
    [warning] = found.warnings
    assert "nobody can tell whether they are under 18" in warning.diagnostics


def test_an_identifier_that_says_no_type_and_is_nobodys_matters_for_medication_alone() -> None:
    stranger = {"identifier": {"system": "urn:x", "value": "nobody"}}
    assert by_another_name("time-together", stranger).warnings == []
    assert len(by_another_name("medication-support", stranger).warnings) == 1
    grown = CHILD | {"birthDate": "1970-01-01"}
    assert by_another_name("medication-support", {"reference": "#c"}, grown).warnings == []


def test_somebody_of_whom_the_writer_may_not_know_is_not_known_here_unless_they_are_a_child() -> None:
    away = own("unavailable", valuePeriod={"start": "2026-03-20"})
    told = []
    for born in ("1970-01-01", "2015-01-01"):
        secret = person("RelatedPerson/jade", birthDate=born, identifier=[JADE], extension=[away])
        body = plan(part("time-together", performer=[{"identifier": JADE, "type": "RelatedPerson"}]))
        hidden = replace(facts(secret), unknown=frozenset({"RelatedPerson/jade"}))
        found = plans.judge(Judged("CarePlan/x", None, body, hidden, RULES, NOW))
        told.append([warning.diagnostics for warning in found.warnings])
    [[adult], [child]] = told
    assert "not known here" in adult
    assert "under 18" in child
