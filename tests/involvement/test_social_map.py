"""The social map: what the List and the supporters of a record say, as a graph, in words and as a picture."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.fhir.canonical import BASE
from app.fhir.vocabulary.people import CONTACT_RESTRICTION
from app.involvement.kept_away import kept_away
from app.involvement.social_map import SocialMap, social_map
from app.involvement.social_map_drawn import picture
from app.involvement.social_map_told import graph, in_words
from app.sharing.facts import Policy
from app.sharing.times import span

Json = dict[str, Any]

BASES = ("http://kith.test/FHIR/R4",)
META = {"versionId": "1", "lastUpdated": "2026-11-01T10:00:00.000Z"}
EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
MUM = {"id": "mum", "name": [{"given": ["Rukhsana"], "family": "Begum"}]}
DAD = {"id": "dad", "name": [{"text": "Papa"}], "relationship": []}
SVG = "{http://www.w3.org/2000/svg}"


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{BASE}/CodeSystem/{system}", "code": code}]}


def extension(name: str, *parts: tuple[str, str, Any], **value: Any) -> Json:
    inner = [{"url": url, member: each} for url, member, each in parts]
    return {"url": f"{BASE}/StructureDefinition/{name}", **({"extension": inner} if inner else value)}


def entry(reference: str = "", *parts: tuple[str, str], kind: str = "", display: str = "") -> Json:
    item = ({"reference": reference} if reference else {}) | ({"display": display} if display else {})
    texts = {"group": "valueString"}
    tie = extension("tie", *((name, texts.get(name, "valueCode"), value) for name, value in parts))
    body: Json = {"item": item} | ({"extension": [tie]} if parts else {})
    return body | ({"flag": concept("map-entry", kind)} if kind else {})


def drawn(*entries: Json, id: str = "map", **more: Any) -> Json:  # noqa: A002  # FHIR's own word
    body: Json = {"id": id, "meta": META, "status": "current", "code": concept("list-code", "social-systems-map")}
    return body | {"date": "2026-10-30"} | ({"entry": list(entries)} if entries else {}) | more


def of(lists: list[Json], supporters: tuple[Json, ...] = (MUM, DAD), flags: tuple[Json, ...] = ()) -> SocialMap:
    now = span("2026-11-01T10:00:00Z")
    assert now is not None
    away = kept_away("amina", supporters, flags, BASES, Policy(), now.low)
    return social_map("Patient/amina", lists, supporters, away, BASES)


def restriction(*people: str | Json, status: str = "active", **more: Any) -> Json:
    named = [{"reference": one} if isinstance(one, str) else {"identifier": one} for one in people]
    return {
        "id": "away",
        "status": status,
        "code": concept("contact-restriction", "no-whereabouts"),
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/flag-detail", "valueReference": one} for one in named
        ],
    } | more


TIED = entry(
    "RelatedPerson/mum",
    ("closeness", "inner"),
    ("effect-on-patient", "helps"),
    ("effect-of-patient", "mixed"),
    ("strength", "strong"),
    ("group", "family"),
)


def test_a_supporter_whose_given_name_is_not_told_is_on_the_map():
    unknown = {"given": [None], "_given": [{"extension": [{"url": "http://example.org", "valueCode": "unknown"}]}]}
    told = of([], ({"id": "a", "name": [unknown, {"given": [None, "Bo"]}]}, {"id": "b", "name": [unknown]}))
    assert [node.label for node in told.nodes] == ["Bo", "Somebody without a name"]


def test_each_direction_of_a_tie_is_an_edge() -> None:
    told = graph(of([drawn(TIED)]))
    [mum, dad] = told["nodes"]
    assert (mum["label"], mum["closeness"], mum["group"]) == ("Rukhsana Begum", "inner", "family")
    assert {"from": mum["id"], "to": "patient", "effect": "helps", "strength": "strong"} in told["edges"]
    assert {"from": "patient", "to": mum["id"], "effect": "mixed", "strength": "strong"} in told["edges"]
    assert len(told["edges"]) == 2
    assert "closeness" not in dad


def test_supporters_who_are_not_on_the_map_are_there_without_a_place() -> None:
    assert [node.reference for node in of([drawn(TIED)]).nodes] == ["RelatedPerson/mum", "RelatedPerson/dad"]
    assert "Papa: not placed on the map." in in_words(of([drawn(TIED)]))


@pytest.mark.parametrize(
    ("lists", "asked"),
    [
        ([], "not-asked"),
        ([drawn(emptyReason={"coding": [{"system": EMPTY, "code": "nilknown"}]})], "nobody"),
        ([drawn(emptyReason={"coding": [{"system": EMPTY, "code": "notasked"}]})], "not-asked"),
        ([drawn(emptyReason={"coding": [{"system": EMPTY, "code": "withheld"}]})], "withheld"),
        ([drawn(emptyReason={"coding": [{"system": EMPTY, "code": "closed"}]})], "unknown"),
        ([drawn(emptyReason={"text": "nobody"})], "unknown"),
        ([drawn()], "unknown"),
        ([drawn(TIED, status="entered-in-error")], "not-asked"),
        ([drawn(TIED) | {"code": {"text": "Shopping"}}], "not-asked"),
        ([drawn(TIED)], "asked"),
    ],
)
def test_nobody_is_another_answer_than_not_asked(lists: list[Json], asked: str) -> None:
    told = of(lists)
    assert told.asked == asked
    words = {
        "nobody": "there is nobody",
        "withheld": "does not want to say",
        "not-asked": "Nobody has asked",
        "unknown": "does not say why",
        "asked": "drawn 2026-10-30",
    }
    assert words[asked] in in_words(told)


def test_the_newest_map_counts() -> None:
    older = drawn(TIED, id="older", date="2025-01-01")
    assert of([older, drawn(entry("RelatedPerson/dad", ("closeness", "outer")))]).nodes[0].reference == (
        "RelatedPerson/dad"
    )


def test_places_and_activities_have_a_name_and_no_reference() -> None:
    places = drawn(
        entry(display="The allotment", kind="place"), entry("", ("effect-on-patient", "helps"), kind="activity")
    )
    allotment, nameless, *_ = of([places]).nodes
    assert (allotment.kind, allotment.label, allotment.reference) == ("place", "The allotment", "")
    assert (nameless.kind, nameless.label) == ("activity", "Somebody without a name")


def test_who_may_not_be_seen_or_is_no_supporter_any_more_is_not_on_it() -> None:
    gone = DAD | {"active": False}
    told = of([drawn(TIED, entry("RelatedPerson/dad"), entry("RelatedPerson/hidden"))], (MUM, gone))
    assert [node.reference for node in told.nodes] == ["RelatedPerson/mum"]


def test_a_tie_between_two_others_is_an_edge_when_both_are_there() -> None:
    between = extension(
        "tie-between",
        ("one", "valueReference", {"reference": "RelatedPerson/mum"}),
        ("other", "valueReference", {"reference": "RelatedPerson/dad"}),
        ("effect", "valueCode", "hinders"),
    )
    edges = of([drawn(TIED, extension=[between])]).edges
    assert [(edge.from_, edge.to, edge.effect) for edge in edges][-1] == ("n1", "n2", "hinders")
    assert len(of([drawn(TIED, extension=[between])], (MUM,)).edges) == 2


def test_restrictions_are_those_that_are_in_force_and_name_the_person() -> None:
    flags = (restriction("RelatedPerson/dad"), restriction("RelatedPerson/mum", status="inactive", id="over"))
    mum, dad = of([drawn(TIED)], flags=flags).nodes
    assert (mum.restrictions, dad.restrictions) == ((), ("no-whereabouts",))


@pytest.mark.parametrize(
    ("time", "restrictions"),
    [
        ({"start": "2026-10-01"}, ("no-whereabouts",)),
        ({"start": "2026-10-01", "end": "2026-10-31"}, ()),
        ({"start": "2026-12-01"}, ()),
        ({"start": "2026-12-01", "end": "2026-10-01"}, ("no-whereabouts",)),
        ({"start": "2026-10-01", "end": "2026-11-01"}, ("no-whereabouts",)),
    ],
)
def test_a_restriction_is_in_force_for_its_period(time: Json, restrictions: tuple[str, ...]) -> None:
    flag = restriction("RelatedPerson/dad", period=time)
    assert [node.restrictions for node in of([drawn(TIED)], flags=(flag,)).nodes] == [(), restrictions]


def test_a_restriction_may_name_somebody_by_an_identifier_and_is_of_all_records_of_one_human() -> None:
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 000 0018"}
    father = DAD | {"identifier": [number | {"value": "9990000018"}]}
    people = (MUM, father, father | {"id": "papa"}, DAD | {"id": "step"})
    told = of([drawn(TIED)], people, (restriction(number),))
    kept = {node.reference: node.restrictions for node in told.nodes if node.restrictions}
    assert kept == {"RelatedPerson/dad": ("no-whereabouts",), "RelatedPerson/papa": ("no-whereabouts",)}


def test_a_restriction_of_somebody_who_is_not_seen_is_nobody_elses_and_one_of_nobody_is_everybodys() -> None:
    hidden = restriction("RelatedPerson/hidden")
    assert {node.restrictions for node in of([drawn(TIED)], flags=(hidden,)).nodes} == {()}
    unread = restriction({"system": "http://elsewhere.example", "value": "7"})
    assert {node.restrictions for node in of([drawn(TIED)], flags=(unread,)).nodes} == {("no-whereabouts",)}


def test_the_group_of_the_crisis_is_told() -> None:
    told = of([drawn(TIED, extension=[extension("crisis-group", valueString="family")])])
    assert graph(told)["crisisGroup"] == "family"
    assert "most closely identified with: family" in in_words(told)


def test_the_picture_is_titled_described_and_has_every_name() -> None:
    root = ET.fromstring(picture(of([drawn(TIED)])))
    assert root.get("role") == "img"
    titled = root.get("aria-labelledby", "").split()
    found = {each.get("id"): each.text for each in root.iter() if each.get("id")}
    assert [bool(found[each]) for each in titled] == [True, True]
    assert found["description"] == in_words(of([drawn(TIED)]))
    shown = {each.text for each in root.iter(f"{SVG}text")}
    assert {"Patient", "Rukhsana Begum", "Papa", "helps", "hinders", "Inner circle"} <= shown
    dashes = {line.get("stroke"): line.get("stroke-dasharray") for line in root.iter(f"{SVG}line")}
    assert len(set(dashes.values())) == len(dashes)


def test_hostile_names_are_text_in_the_picture_and_nothing_else() -> None:
    name = "<script>alert(1)</script>\u0000\u202e&\"'"
    drawn_ = picture(of([drawn(entry(display=name, kind="place"))], ()))
    assert b"<script" not in drawn_
    root = ET.fromstring(drawn_)
    assert {each.tag for each in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "rect", "circle", "line", "path", "polygon", "g", "text")
    }


@pytest.mark.parametrize("count", [0, 1, 50, 300])
def test_names_have_room_however_many_there_are(count: int) -> None:
    people = tuple({"id": f"p{number}", "name": [{"text": f"Person {number}"}]} for number in range(count))
    entries = [entry(f"RelatedPerson/{person['id']}", ("closeness", "middle")) for person in people]
    root = ET.fromstring(picture(of([drawn(*entries)], people)))
    at = [
        (float(each.get("x", 0)), float(each.get("y", 0)))
        for each in root.iter(f"{SVG}text")
        if (each.text or "").startswith("Person") and "aria-hidden" not in each.attrib
    ]
    assert len(at) == count
    assert all(
        (x - other_x) ** 2 + (y - other_y) ** 2 > 60**2
        for number, (x, y) in enumerate(at)
        for other_x, other_y in at[:number]
    )


def _texts_of(*labels: str) -> tuple[ET.Element, list[ET.Element]]:
    """The picture of people by these names, all about as close, and the words that stand with their marks."""
    people = tuple({"id": f"p{number}", "name": [{"text": label}]} for number, label in enumerate(labels))
    entries = [entry(f"RelatedPerson/{person['id']}", ("closeness", "middle")) for person in people]
    root = ET.fromstring(picture(of([drawn(*entries)], people)))
    return root, [each for group in root.iter(f"{SVG}g") for each in group.iter(f"{SVG}text")]


def test_words_stand_on_the_far_side_of_a_mark_so_that_its_own_lines_do_not_cross_them() -> None:
    root, _ = _texts_of(*(f"Person {number}" for number in range(12)))
    for group in root.iter(f"{SVG}g"):
        [mark] = (float(each.get("cy", 0)) for each in group.iter(f"{SVG}circle"))
        assert all((float(each.get("y", 0)) < mark) is (mark < 0) for each in group.iter(f"{SVG}text"))


def test_no_line_of_words_covers_the_tails_of_the_line_above_it() -> None:
    _, texts = _texts_of("Siân Ŵyn Llŷr-Gruffydd of Ysbyty Ystwyth")
    behind = ["aria-hidden" in each.attrib for each in texts]
    assert behind == sorted(behind, reverse=True)
    assert [each.get("fill") for each in texts if "aria-hidden" in each.attrib] == ["#ffffff"] * behind.count(True)


def test_the_words_of_every_mark_are_within_the_picture() -> None:
    root, texts = _texts_of(*(f"Wolfeschlegelsteinhausenbergerdorff the {number}th of many" for number in range(20)))
    left, top, width, height = (float(each) for each in root.get("viewBox", "").split())
    for each in texts:
        assert top + 15 < float(each.get("y", 0)) < top + height
        assert left + 60 < float(each.get("x", 0)) < left + width - 60


def test_words_are_within_the_picture_however_many_restrictions_there_are() -> None:
    told = of([drawn(TIED)])
    every = CONTACT_RESTRICTION.codes
    root = ET.fromstring(picture(replace(told, nodes=tuple(replace(n, restrictions=every) for n in told.nodes))))
    _, top, _, height = (float(each) for each in root.get("viewBox", "").split())
    below = [float(each.get("y", 0)) for each in root.iter(f"{SVG}text")]
    assert top + 15 < min(below) <= max(below) < top + height


def test_somebody_who_is_a_supporter_no_more_is_not_on_it_by_another_name() -> None:
    assert of([drawn(entry("RelatedPerson/mum", display="Mum"))], (MUM | {"active": False},)).nodes == ()


def test_what_somebody_wrote_begins_no_line_among_the_words() -> None:
    told = of([drawn(entry(display="Tom\nRob Marsh: inner.", kind="place"))])
    assert "Tom Rob Marsh: inner.: not placed" in in_words(told)
