"""What compartments and searches among several types find in the database."""

import pytest

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.search.place import of_compartment, of_everything
from app.storage.cursor import Cursor
from app.storage.visibility import Visibility
from tests.storage.search.linked import RECORD, fill


@pytest.fixture(scope="module")
async def filled(module_shelf):
    await fill(module_shelf)
    return module_shelf


COMPARTMENTS = [
    ("Patient/p1/CarePlan", [], ["CarePlan/a", "CarePlan/b"]),
    ("Patient/p0/CarePlan", [], ["CarePlan/a", "CarePlan/b"]),  # p0 and p1 are one patient
    ("Patient/9990000018/CarePlan", [("status", "draft")], ["CarePlan/b"]),
    ("Patient/p1/Patient", [], ["Patient/p0", "Patient/p1"]),
    ("Patient/p2/*", [], ["Consent/c3", "Patient/p2", "RelatedPerson/s3"]),
    ("Patient/p2/*", [("_type", "Consent,Patient"), ("_sort", "-_id")], ["Patient/p2", "Consent/c3"]),
    ("Patient/p1/Group", [], ["Group/g"]),
    ("Patient/unknown/*", [], []),
    ("RelatedPerson/s1/RelatedPerson", [], ["RelatedPerson/s1"]),
    ("Practitioner/gp/Patient", [], ["Patient/p1"]),
    ("Practitioner/gp/*", [], ["Patient/p1", "Practitioner/gp"]),
    ("Encounter/e/Communication", [], ["Communication/said"]),
    ("Encounter/e/*", [], ["Communication/said", "Encounter/e"]),
    ("Encounter/e0/*", [], []),  # a part of it is not in it
]


@pytest.mark.parametrize(("path", "pairs", "expected"), COMPARTMENTS, ids=str)
async def test_a_compartment_holds(filled, path: str, pairs, expected: list[str]) -> None:
    place = of_compartment(*path.split("/"), pairs, BY_TYPE)
    page = await filled.page_in(place, *pairs)
    found = [f"{match.type}/{match.id}" for match in page.matches]
    assert (found if pairs else sorted(found)) == expected
    counted = await filled.page_in(place, *pairs, ("_summary", "count"))
    assert counted.total == page.total == len(expected)


async def test_several_types_are_one_list(filled) -> None:
    pairs = [("_type", "Consent,CarePlan"), ("status", "active")]
    place = of_everything(pairs, BY_TYPE)
    page = await filled.page_in(place, *pairs)
    assert [match.id for match in page.matches] == ["c1", "c3", "a", "g"]
    backwards = await filled.page_in(place, *pairs, ("_sort", "-_id"), ("_count", "3"))
    assert [match.id for match in backwards.matches] == ["g", "c3", "c1"]
    values, key = backwards.last
    following = await filled.page_in(
        place, *pairs, ("_sort", "-_id"), ("_count", "3"), cursor=Cursor("", 0, values, key, backwards.total)
    )
    assert [match.id for match in following.matches] == ["a"]
    everything = await filled.page_in(of_everything([], BY_TYPE), ("_count", "100"))
    assert len(everything.matches) == everything.total == len(RECORD) + 1
    seen = await filled.page_in(of_everything([], BY_TYPE), ("_count", "100"), visibility=Visibility(frozenset({"B"})))
    assert sorted(match.id for match in seen.matches) == ["c3", "p2", "s3"]


async def test_what_several_types_do_not_share_is_refused(filled) -> None:
    for pairs in ([("status", "active")], [("_sort", "status")], [("_type", "Consent,Task"), ("_sort", "performer")]):
        with pytest.raises(BadRequest):
            await filled.page_in(of_everything(pairs, BY_TYPE), *pairs)
    pairs = [("_type", "CarePlan,Task"), ("_sort", "performer")]
    with pytest.raises(BadRequest, match="compares different things"):
        await filled.page_in(of_everything(pairs, BY_TYPE), *pairs)
