"""Any word of somebody's name is found; order, :exact, :contains and :missing are about each name as a whole.

https://hl7.org/fhir/R4/search.html#string
"""

import pytest

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.fhir.search.matching import meets
from tests.storage.search.conftest import NOW

PEOPLE = {
    "carreno": {"name": [{"family": "Carreño Quinones", "given": ["Ana", "María José"]}]},
    "double": {"name": [{"family": "Smith-Jones", "given": ["Mary"], "text": "Dr Mary Smith-Jones"}]},
    "dutch": {"name": [{"family": "van der Berg"}]},
    "jones": {"name": [{"family": "Jones"}]},
    "nobody": {},
    "words": {"name": [{"text": "Old Mrs Apple, the neighbour"}]},
}


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for id_, elements in PEOPLE.items():
        await module_shelf.put({"resourceType": "Patient", "id": id_, **elements}, patient=id_)
    supported = {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/carreno"}}
    await module_shelf.put({**supported, "id": "mum", **PEOPLE["double"]}, patient="carreno")
    await module_shelf.put({"resourceType": "Organization", "id": "team", "name": "North Jones Team"})
    return module_shelf


FOUND = [
    ("family", "Carreno", "carreno"), ("family", "Quinones", "carreno"), ("family", "QUIÑO", "carreno"),
    ("family", "carreno quin", "carreno"), ("family", "jones", "double jones"), ("family", "smith jones", "double"),
    ("family", "berg", "dutch"), ("family", "der berg", "dutch"), ("family", "der", "dutch"),
    ("family", "ones", ""), ("family", "quinones,berg", "carreno dutch"), ("family", "smith berg", ""),
    ("given", "jose", "carreno"), ("given", "maria", "carreno"),
    ("name", "quinones", "carreno"), ("name", "jose", "carreno"), ("name", "apple the", "words"),
    ("name", "neigh", "words"), ("name", "mary smith", "double"),
    ("family:exact", "Quinones", ""), ("family:exact", "Carreño Quinones", "carreno"),
    ("family:contains", "quinones", "carreno"), ("family:contains", "o q", "carreno"),
    ("family:missing", "true", "nobody words"), ("name:missing", "true", "nobody"),
    ("family:missing", "false", "carreno double dutch jones"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), FOUND)
async def test_a_name_is_found_by_any_of_its_words_and_as_a_whole_by_exact(filled, name, value, expected) -> None:
    assert await filled.ids("Patient", (name, value)) == expected.split()
    (criterion,) = query.parse([(name, value)], BY_TYPE["Patient"], now=NOW).criteria
    in_memory = [id_ for id_, elements in PEOPLE.items() if meets(elements, criterion)]
    assert in_memory == expected.split()


async def test_an_organisation_is_found_as_its_name_begins(filled) -> None:
    assert await filled.ids("Organization", ("name", "north")) == ["team"]
    assert await filled.ids("Organization", ("name", "jones")) == []


async def test_order_is_by_whole_names_both_ways(filled) -> None:
    named = ["carreno", "jones", "double", "dutch"]
    assert await filled.ids("Patient", ("_sort", "family")) == [*named, "nobody", "words"]
    assert await filled.ids("Patient", ("_sort", "-family")) == [*reversed(named), "words", "nobody"]
    some = ("family", "jones,quinones,berg")
    assert await filled.ids("Patient", some, ("_sort", "family")) == named
    assert await filled.ids("Patient", some, ("_sort", "-family")) == [*reversed(named)]
    assert (await filled.page("Patient", some, ("_total", "accurate"))).total == 4


async def test_chains_and_has_go_by_any_word(filled) -> None:
    assert await filled.ids("RelatedPerson", ("patient.family", "quinones")) == ["mum"]
    assert await filled.ids("RelatedPerson", ("patient:Patient.family:exact", "Quinones")) == []
    assert await filled.ids("Patient", ("_has:RelatedPerson:patient:name", "jones")) == ["carreno"]


async def test_the_key_of_a_word_is_no_modifier(filled) -> None:
    with pytest.raises(BadRequest, match="does not take the modifier"):
        await filled.ids("Patient", ("family:part", "quinones"))
