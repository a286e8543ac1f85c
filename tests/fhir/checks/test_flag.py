"""What a contact restriction must say, and a Flag that says capacity is lacking."""

import pytest

from app.fhir.canonical import BASE, FLAG_DETAIL
from tests.fhir.checks.decisions import MUM, NURSE, PATIENT, Members, concept, own
from tests.fhir.rules import LOOSE, issues, where

SYSTEM = f"{BASE}/CodeSystem/contact-restriction"
SAFETY = concept("http://terminology.hl7.org/CodeSystem/flag-category", "safety")
LACKING = "lacks-capacity-information-sharing"


def detail(reference: Members = MUM) -> Members:
    return {"url": FLAG_DETAIL, "valueReference": reference}


def restriction(*left_out: str, code: str = "no-contact-safeguarding", **members: object) -> Members:
    body = {
        "resourceType": "Flag",
        "extension": [detail()],
        "status": "active",
        "category": [SAFETY],
        "code": concept(SYSTEM, code),
        "subject": PATIENT,
        "period": {"start": "2026-11-01T10:00:00Z"},
        **members,
    }
    return {name: value for name, value in body.items() if name not in left_out}


def lacking(*left_out: str, **members: object) -> Members:
    return restriction("extension", "category", *left_out, **{"code": LACKING, "author": NURSE, **members})


@pytest.mark.parametrize(
    "code",
    [
        "no-contact-safeguarding",
        "no-whereabouts",
        "no-contact-patient-wish",
        "no-contact-supporter-wish",
        "listen-only",
    ],
)
def test_a_complete_restriction_is_accepted(code: str) -> None:
    assert where(restriction(code=code)) == []
    assert where(restriction(code=code, period={"start": "2026"})) == []


@pytest.mark.parametrize(
    ("expression", "flag"),
    [
        ("Flag.code.coding[0].code", restriction(code="no-contact")),
        ("Flag.code.coding[0].code", restriction(code=f"{LACKING}x")),
        ("Flag.code.coding[0].system", restriction() | {"code": {"coding": [{"code": "listen-only"}]}}),
        ("Flag.period.start", restriction("period")),
        ("Flag.period.start", restriction(period={"end": "2027"})),
        ("Flag.category", restriction("category")),
        ("Flag.category", restriction(category=[concept("urn:x", "safety")])),
        ("Flag.extension", restriction("extension")),
        ("Flag.extension", restriction(extension=[detail({"reference": "Observation/1"})])),
        ("Flag.extension", restriction(extension=[detail({"display": "the neighbour"})])),
    ],
)
@pytest.mark.parametrize("computable", [True, False])
def test_what_a_restriction_lacks_is_named(expression: str, flag: Members, computable: bool) -> None:
    assert where(flag, LOOSE) == [expression]
    assert where(flag) == [expression]


@pytest.mark.parametrize("status", ["inactive", "entered-in-error"])
def test_a_restriction_that_ended_may_lack_anything(status: str) -> None:
    assert where(restriction("extension", "category", "period", status=status)) == []


def test_a_flag_about_something_else_may_say_what_it_likes() -> None:
    assert where(restriction("extension", "category", "period") | {"code": {"text": "Big dog"}}) == []
    assert where(restriction("extension", "category", "period") | {"code": concept("urn:x", "no-contact")}) == []


def test_lacking_capacity_is_said_with_author_and_start() -> None:
    assert where(lacking()) == []
    assert where(lacking(extension=[own("capacity-confirmed", valueDateTime="2026-11-10")] * 2)) == []
    assert where(lacking("author")) == ["Flag.author"]
    assert where(lacking("period")) == ["Flag.period.start"]


def test_the_end_of_lacking_capacity_is_said() -> None:
    assert where(lacking(status="inactive")) == ["Flag.period.end"]
    assert where(lacking(status="inactive", period={"start": "2026-11-01", "end": "2026-11-10"})) == []
    assert where(lacking("author", "period", status="entered-in-error")) == []


def test_a_code_without_its_system_protects_nobody_by_chance() -> None:
    (issue,) = issues(lacking() | {"code": {"coding": [{"code": LACKING}]}})
    assert issue.expression == "Flag.code.coding[0].system"
    assert SYSTEM in issue.diagnostics
