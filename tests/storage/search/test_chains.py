"""What chains, `_has` and includes find in the database, and never through what the caller may not see."""

import pytest

from app.fhir.resources import BY_TYPE
from app.storage.includes import Bounds, Included, included
from app.storage.visibility import EVERYTHING, Visibility
from tests.storage.search.linked import NHS, RECORD, fill, resource, to


@pytest.fixture(scope="module")
async def filled(module_shelf):
    await fill(module_shelf)
    return module_shelf


CHAINS = [
    ("RelatedPerson", "patient.name", "smith", ["s1", "s2"]),
    ("RelatedPerson", "patient:Patient.name", "smyth", ["s1", "s2"]),  # p0 and p1 are one patient
    ("RelatedPerson", "patient.name", "nobody", []),
    ("RelatedPerson", "patient.identifier", f"{NHS}|9990000018", ["s1", "s2"]),
    ("RelatedPerson", "patient.gender:not", "female", ["s1", "s2", "s3"]),  # nothing says what p0 is
    ("RelatedPerson", "patient.general-practitioner:Practitioner.family", "doctor", ["s1", "s2"]),
    ("RelatedPerson", "patient.general-practitioner.name", "surgery", ["s1", "s2"]),
    ("RelatedPerson", "patient.general-practitioner._id", "gp,hidden", ["s1", "s2", "s3"]),
    ("RelatedPerson", "patient._has:CarePlan:subject:status", "draft", ["s1", "s2"]),
    ("Consent", "actor.name", "friend", ["c1", "c3"]),
    ("Consent", "actor:RelatedPerson.name:missing", "true", ["c2"]),
    ("Consent", "actor.patient.family", "smith", ["c1", "c2"]),
    ("Consent", "actor:RelatedPerson.name", "gone", []),
    ("Consent", "actor:RelatedPerson._id", "gone", []),
    ("CarePlan", "part-of.part-of.part-of.status", "draft", ["a"]),
    ("CarePlan", ".".join(["part-of"] * 20) + "._id", "a", ["a"]),
    ("CarePlan", "subject.identifier", "9990000018", ["a", "b"]),
    ("CarePlan", "subject:Group.actual", "true", ["g"]),
    ("RelatedPerson", "_has:Consent:actor:status", "active", ["s1", "s3"]),
    ("RelatedPerson", "_has:Consent:actor:status", "active,draft", ["s1", "s2", "s3"]),
    ("RelatedPerson", "_has:Consent:actor:status:not", "active", ["s2"]),
    ("RelatedPerson", "_has:Consent:actor:_id", "c4", []),
    ("Patient", "_has:RelatedPerson:patient:_has:Consent:actor:status", "draft", ["p1", "p0"]),
    ("Patient", "_has:CarePlan:subject:part-of", "CarePlan/a", ["p1", "p0"]),
    ("Organization", "_has:Consent:actor:patient", "9990000018", ["o"]),
    ("Organization", "_has:Patient:general-practitioner:family", "jones", ["hidden"]),
    ("Practitioner", "_has:Patient:general-practitioner:_has:Group:member:actual", "true", ["gp"]),
]


@pytest.mark.parametrize(("type_", "name", "value", "expected"), CHAINS)
async def test_a_chain_finds(filled, type_: str, name: str, value: str, expected: list[str]) -> None:
    assert await filled.ids(type_, (name, value)) == expected


async def test_a_chain_stands_beside_other_criteria(filled) -> None:
    smiths = ("patient.name", "smith")
    assert await filled.ids("Consent", smiths, ("status", "active")) == ["c1"]
    assert await filled.ids("Consent", smiths, ("patient", "p1"), ("status", "draft")) == ["c2"]
    assert await filled.ids("Consent", smiths, ("actor:RelatedPerson.name", "friend")) == ["c1"]
    assert await filled.ids("Consent", smiths, ("_sort", "-status")) == ["c2", "c1"]


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("Consent", "patient.family", "jones", []),
        ("RelatedPerson", "_has:Consent:actor:status", "active", []),
        ("Organization", "_has:Patient:general-practitioner:family", "jones", []),
        ("RelatedPerson", "patient.general-practitioner._id", "hidden", []),
    ],
)
async def test_nothing_is_found_through_what_the_caller_may_not_see(filled, type_, name, value, expected) -> None:
    """Those of organisation A may not see patient p2, her supporter or her Consent, which are of B."""
    page = await filled.page(type_, (name, value), visibility=Visibility(frozenset({"A"})))
    found = [match.id for match in page.matches]
    everything = await filled.ids(type_, (name, value))
    assert set(found) < set(everything)
    assert not set(found) & {"hidden", "s3", "c3"}


async def along(shelf, type_: str, *pairs: tuple[str, str], most: int = 100, visibility=EVERYTHING) -> Included:
    page = await shelf.page(type_, *pairs, visibility=visibility)
    asked = shelf.parse(type_, *pairs)
    return await included(shelf.connection, page.matches, asked.includes, visibility, Bounds(list(BY_TYPE), most))


def names(found: Included) -> list[str]:
    return [f"{match.type}/{match.id}" for match in found.resources]


INCLUDES = [
    ("Consent", [("_id", "c1"), ("_include", "Consent:actor")], ["Organization/o", "RelatedPerson/s1"]),
    ("Consent", [("_id", "c1"), ("_include", "Consent:actor:RelatedPerson")], ["RelatedPerson/s1"]),
    ("Consent", [("_id", "c1"), ("_include", "Consent:patient")], ["Patient/p1", "Patient/p0"]),
    ("Consent", [("_id", "c1,c2"), ("_include", "Consent:actor"), ("_include", "Consent:patient")],
     ["Organization/o", "Patient/p1", "Patient/p0", "RelatedPerson/s1", "RelatedPerson/s2"]),
    ("Consent", [("_id", "c4"), ("_include", "Consent:actor")], []),  # deleted
    ("Consent", [("_id", "c2"), ("_include", "*")], ["Patient/p1", "Patient/p0", "RelatedPerson/s2"]),
    ("Consent", [("_id", "nobody"), ("_include", "*")], []),
    ("Group", [("_include", "Group:member")], ["Patient/p1", "Patient/p0", "Patient/p3"]),
    ("CarePlan", [("_id", "a"), ("_include", "CarePlan:part-of")], ["CarePlan/b"]),
    ("CarePlan", [("_id", "a"), ("_include:iterate", "CarePlan:part-of")], ["CarePlan/b"]),  # and a is a match
    ("CarePlan", [("_id", "a,b"), ("_include:iterate", "CarePlan:part-of")], []),
    ("Consent", [("_id", "c1"), ("_include", "Consent:patient"), ("_include:iterate", "Patient:general-practitioner")],
     ["Patient/p1", "Patient/p0", "Organization/o", "Practitioner/gp"]),
    ("Consent", [("_id", "c1"), ("_include:iterate", "Patient:general-practitioner")], []),
    ("RelatedPerson", [("_id", "s1"), ("_revinclude", "Consent:actor")], ["Consent/c1"]),
    ("Patient", [("_id", "p2"), ("_revinclude", "*")], ["RelatedPerson/s3", "Consent/c3"]),
    ("Patient", [("_id", "p2"), ("_revinclude", "RelatedPerson:patient"), ("_revinclude:iterate", "Consent:actor"),
                 ("_include:iterate", "Patient:organization")], ["RelatedPerson/s3", "Consent/c3"]),
    ("Patient", [("_id", "p0"), ("_revinclude", "CarePlan:subject")], ["CarePlan/a", "CarePlan/b"]),
    ("Organization", [("_id", "o"), ("_revinclude", "Consent:actor:Organization")], ["Consent/c1"]),
    ("Organization", [("_id", "o"), ("_revinclude:iterate", "Consent:actor:RelatedPerson")], []),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "pairs", "expected"), INCLUDES, ids=str)
async def test_an_include_brings_along(filled, type_: str, pairs, expected: list[str]) -> None:
    found = await along(filled, type_, *pairs)
    assert sorted(names(found)) == sorted(expected)
    assert not found.truncated


async def test_everything_that_hangs_together_comes_once_and_ends(filled) -> None:
    found = await along(filled, "Patient", ("_id", "p1"), ("_include:iterate", "*"), ("_revinclude:iterate", "*"))
    assert len(names(found)) == len(set(names(found)))
    gone = {"RelatedPerson/gone", "Consent/c4"}
    others = {"Patient/p1", "Patient/p2", "RelatedPerson/s3", "Consent/c3", "Organization/hidden"}
    assert set(names(found)) == {f"{each['resourceType']}/{each['id']}" for _, _, each in RECORD} - gone - others


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_what_does_not_fit_is_said_to_be_left_out(filled, most: int) -> None:
    pairs = [("_id", "c1"), ("_include", "Consent:actor"), ("_include", "Consent:patient")]
    found = await along(filled, "Consent", *pairs, most=most)
    assert (len(found.resources), found.truncated) == (most, True)
    assert not (await along(filled, "Consent", *pairs, most=4)).truncated


@pytest.mark.parametrize(
    ("type_", "pairs"),
    [
        ("Consent", [("_id", "c1,c2"), ("_include", "*"), ("_include:iterate", "*")]),
        ("Patient", [("_revinclude:iterate", "*"), ("_include:iterate", "*")]),
        ("Organization", [("_revinclude:iterate", "*"), ("_include:iterate", "*")]),
    ],
)
async def test_an_include_shows_nothing_that_the_caller_may_not_see(filled, type_: str, pairs) -> None:
    found = await along(filled, type_, *pairs, visibility=Visibility(frozenset({"A"})))
    assert not set(names(found)) & {"Patient/p2", "RelatedPerson/s3", "Consent/c3"}
    assert found.resources
    assert not (await along(filled, type_, *pairs, visibility=Visibility(frozenset()))).resources


async def test_a_very_long_line_of_references_ends_with_a_signal(shelf) -> None:
    for number in range(120):
        await shelf.put(resource(f"CarePlan/{number}", partOf=[to(f"CarePlan/{number + 1}")]))
    found = await along(shelf, "CarePlan", ("_id", "0"), ("_include:iterate", "CarePlan:part-of"), most=1000)
    assert (len(found.resources), found.truncated) == (100, True)
    found = await along(shelf, "CarePlan", ("_id", "30"), ("_include:iterate", "CarePlan:part-of"), most=1000)
    assert (len(found.resources), found.truncated) == (89, False)


async def test_identifiers_are_found_by_their_type_and_urls_by_their_parts(shelf) -> None:
    number = {"coding": [{"system": "http://t", "code": "MR"}, {"system": "http://t", "code": "PI"}]}
    await shelf.put(
        resource(
            "Patient/a",
            identifier=[{"type": number, "system": "http://s", "value": "1"}],
            meta={"profile": ["http://a.example/b|2"], "source": "http://a.example"},
        )
    )
    await shelf.put(
        resource(
            "Patient/b",
            identifier=[{"type": {"text": "MR"}, "value": "1"}, {"value": "2"}],
            meta={"profile": ["http://a.example/b/c"], "source": "http://a.example/b"},
        )
    )
    await shelf.put(resource("Patient/c", meta={"profile": ["http://a.example/bc"], "source": "urn:x"}))  # fmt: skip
    for name, value, expected in [
        ("identifier:of-type", "http://t|MR|1", ["a"]),
        ("identifier:of-type", "http://t|PI|1,http://t|PI|2", ["a"]),
        ("identifier:of-type", "http://t|MR|2", []),
        ("identifier:of-type", "http://s|MR|1", []),
        ("identifier", "1", ["a", "b"]),
        ("_profile:below", "http://a.example/b", ["a", "b"]),
        ("_profile:below", "http://a.example/b/", ["b"]),
        ("_profile:below", "http://a.example", ["a", "b", "c"]),
        ("_profile:above", "http://a.example/b/c/d", ["a", "b"]),
        ("_source:above", "http://a.example/bc", ["a"]),
        ("_source:below", "http://a.example", ["a", "b"]),
    ]:
        assert await shelf.ids("Patient", (name, value)) == expected, (name, value)


async def test_in_finds_the_codes_of_a_value_set_and_not_in_all_others(shelf) -> None:
    system = "https://fhir.kith.example/CodeSystem/carer-role"
    for id_, codings in (
        ("ours", [{"system": system, "code": "main-carer"}]),
        ("wrong", [{"system": system, "code": "made-up"}]),
        ("other", [{"system": "http://other", "code": "main-carer"}]),
        ("both", [{"system": "http://other", "code": "x"}, {"system": system, "code": "main-carer"}]),
    ):
        await shelf.put(resource(f"RelatedPerson/{id_}", relationship=[{"coding": codings}]))
    await shelf.put(resource("RelatedPerson/none"))
    assert await shelf.ids("RelatedPerson", ("relationship:in", "ValueSet/carer-role")) == ["ours", "both"]
    assert await shelf.ids("RelatedPerson", ("relationship:not-in", "ValueSet/carer-role")) == [
        "wrong",
        "other",
        "none",
    ]
