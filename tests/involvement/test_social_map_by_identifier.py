"""The social map names supporters by an identifier of theirs as well as by address."""

import pytest

from tests.involvement.test_social_map import DAD, MUM, Json, drawn, extension, of

NUMBER = {"system": "https://trust.example.org/people", "value": "17"}
NUMBERED = MUM | {"identifier": [NUMBER]}


def item(**more: object) -> Json:
    return {"item": {"type": "RelatedPerson", "identifier": NUMBER, "display": "His mother"} | more}


def test_it_is_the_supporter_and_stands_there_once() -> None:
    found = of([drawn(item())], (NUMBERED, DAD))
    assert [(node.label, node.reference) for node in found.nodes] == [
        ("Rukhsana Begum", "RelatedPerson/mum"),
        ("Papa", "RelatedPerson/dad"),
    ]


def test_who_is_a_supporter_no_more_is_not_on_it_by_an_identifier_either() -> None:
    assert [node.label for node in of([drawn(item())], (NUMBERED | {"active": False},)).nodes] == []


@pytest.mark.parametrize("other", [{"type": "Practitioner"}, {"identifier": NUMBER | {"value": "18"}}])
def test_an_identifier_of_somebody_else_is_a_name_alone(other: Json) -> None:
    assert [(node.label, node.reference) for node in of([drawn(item(**other))], (NUMBERED,)).nodes] == [
        ("His mother", ""),
        ("Rukhsana Begum", "RelatedPerson/mum"),
    ]


def test_a_tie_between_two_others_is_found_by_it() -> None:
    ends = [
        ("one", "valueReference", {"identifier": NUMBER}),
        ("other", "valueReference", {"reference": "RelatedPerson/dad"}),
    ]
    found = of([drawn(item(), extension=[extension("tie-between", *ends)])], (NUMBERED, DAD))
    assert [(edge.from_, edge.to) for edge in found.edges] == [("n1", "n2")]
