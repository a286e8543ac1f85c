"""Canonical URLs: found by URL and version, and gone on from to what has them.

https://hl7.org/fhir/R4/search.html#versions
"""

import pytest

from app.fhir.errors import BadRequest
from app.storage.visibility import Visibility
from tests.storage.search.linked import resource, to
from tests.storage.search.test_chains import along, names

FORM = "http://forms.example/carer"
ONE, TWO = f"{FORM}|1.0", f"{FORM}|2"
RECORD = [
    ("", "", resource("Questionnaire/v1", url=FORM, version="1.0", title="Carer check", status="retired")),
    ("", "", resource("Questionnaire/v2", url=FORM, version="2", title="Carer check again", status="active")),
    ("", "", resource("Questionnaire/other", url=f"{FORM}s", version="2", title="Another", status="active")),
    ("", "", resource("Questionnaire/bare", title="No address", status="draft")),
    ("A", "p1", resource("QuestionnaireResponse/r1", questionnaire=ONE, status="completed", subject=to("Patient/p1"))),
    ("A", "p1", resource("QuestionnaireResponse/r2", questionnaire=TWO, status="amended", subject=to("Patient/p1"))),
    ("B", "p2", resource("QuestionnaireResponse/any", questionnaire=FORM, status="stopped", subject=to("Patient/p2"))),
    ("A", "p1", resource("QuestionnaireResponse/gone", questionnaire=f"{FORM}|9", status="completed")),
    ("A", "p1", resource("CarePlan/both", subject=to("Patient/p1"), status="active", instantiatesCanonical=[ONE, TWO])),
    ("A", "p1", resource("CarePlan/protocol", subject=to("Patient/p1"), status="draft",
                         instantiatesCanonical=["http://plans.example/a|2"])),
    ("A", "p1", resource("MeasureReport/m", measure="http://m.example/x|1.2", status="complete")),
]  # fmt: skip


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for organisation, patient, content in RECORD:
        await module_shelf.put(content, patient=patient, organisation=organisation)
    return module_shelf


BELOW = "questionnaire:below"


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("QuestionnaireResponse", "questionnaire", FORM, "r1 r2 any gone"),
        ("QuestionnaireResponse", "questionnaire", ONE, "r1"),
        ("QuestionnaireResponse", "questionnaire", f"{FORM}|1", ""),
        ("QuestionnaireResponse", "questionnaire", f"{ONE},{TWO}", "r1 r2"),
        ("QuestionnaireResponse", BELOW, FORM, "r1 r2 any gone"),
        ("QuestionnaireResponse", BELOW, f"{FORM}|1", "r1"),
        ("QuestionnaireResponse", BELOW, f"{FORM}|1,{FORM}|2", "r1 r2"),
        ("QuestionnaireResponse", BELOW, f"{FORM}|1.", ""),
        ("QuestionnaireResponse", BELOW, "http://forms.example", ""),
        ("QuestionnaireResponse", "questionnaire:missing", "true", ""),
        ("MeasureReport", "measure:below", "http://m.example/x|1", "m"),
        ("MeasureReport", "measure:below", "http://m.example/x|12", ""),
        ("QuestionnaireResponse", "questionnaire.title", "carer check", "r1 r2 any"),
        ("QuestionnaireResponse", "questionnaire.title", "carer check again", "r2 any"),
        ("QuestionnaireResponse", "questionnaire:Questionnaire.status", "retired", "r1 any"),
        ("QuestionnaireResponse", "questionnaire.url", f"{FORM}s", ""),
        ("QuestionnaireResponse", "questionnaire.title", "no address", ""),
        ("CarePlan", "instantiates-canonical.status", "retired", "both"),
        ("CarePlan", "instantiates-canonical.title", "another", ""),
        ("Questionnaire", "_has:QuestionnaireResponse:questionnaire:status", "completed", "v1"),
        ("Questionnaire", "_has:QuestionnaireResponse:questionnaire:status", "stopped", "v1 v2"),
        ("Questionnaire", "_has:QuestionnaireResponse:questionnaire:patient", "p1", "v1 v2"),
        ("Questionnaire", "_has:CarePlan:instantiates-canonical:status", "active", "v1 v2"),
        ("QuestionnaireResponse", "questionnaire._has:QuestionnaireResponse:questionnaire:_id", "r2", "r2 any"),
    ],
)
async def test_a_canonical_is_found_by_url_and_version_and_leads_to_what_has_them(
    filled, type_, name, value, expected
) -> None:
    assert await filled.ids(type_, (name, value)) == expected.split()


@pytest.mark.parametrize(
    ("type_", "pairs", "expected"),
    [
        ("QuestionnaireResponse", [("_id", "r1"), ("_include", "QuestionnaireResponse:questionnaire")], "v1"),
        ("QuestionnaireResponse", [("_id", "any"), ("_include", "*")], "v1 v2"),
        ("QuestionnaireResponse", [("_id", "gone"), ("_include", "QuestionnaireResponse:questionnaire")], ""),
        ("CarePlan", [("_id", "both"), ("_include", "CarePlan:instantiates-canonical:Questionnaire")], "v1 v2"),
        ("CarePlan", [("_id", "both"), ("_include", "CarePlan:instantiates-canonical:Measure")], ""),
        ("CarePlan", [("_id", "both"), ("_include", "CarePlan:subject")], ""),
        ("Questionnaire", [("_id", "v1"), ("_revinclude", "QuestionnaireResponse:questionnaire")], "any r1"),
        ("Questionnaire", [("_id", "v2"), ("_revinclude", "*")], "any both r2"),
        ("Questionnaire", [("_id", "bare"), ("_revinclude", "*")], ""),
        ("QuestionnaireResponse", [("_id", "r1"), ("_include", "QuestionnaireResponse:questionnaire"),
                                   ("_revinclude:iterate", "CarePlan:instantiates-canonical")], "both v1"),
    ],
    ids=str,
)  # fmt: skip
async def test_an_include_brings_what_has_the_url_and_version(filled, type_, pairs, expected) -> None:
    found = await along(filled, type_, *pairs)
    assert sorted(name.partition("/")[2] for name in names(found)) == expected.split()


async def test_nothing_comes_along_or_is_found_by_what_the_caller_may_not_see(filled) -> None:
    seen = Visibility(frozenset({"A", ""}))
    pairs = [("_id", "v1"), ("_revinclude", "QuestionnaireResponse:questionnaire")]
    assert names(await along(filled, "Questionnaire", *pairs, visibility=seen)) == ["QuestionnaireResponse/r1"]
    asked = ("_has:QuestionnaireResponse:questionnaire:status", "stopped")
    assert (await filled.page("Questionnaire", asked, visibility=seen)).matches == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("measure.title", "x"),
        ("_include", "ServiceRequest:instantiates-canonical"),
        ("measure:above", "http://m.example/x"),
        ("measure:Measure", "x"),
        ("measure:identifier", "x"),
        ("measure:below", f"http://m.example/{'x' * 120}|1"),
    ],
)
async def test_what_a_canonical_does_not_do_is_refused(filled, name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        await filled.ids("MeasureReport", (name, value))
