"""Chains, `_has` and includes are understood as R4 says, or refused with a 400 that says what is wrong."""

from datetime import UTC, datetime

import pytest

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.fhir.search import query
from app.fhir.search.chain import MOST_HOPS
from app.fhir.search.criterion import Chain, Criterion, Has
from app.fhir.search.include import MOST_INCLUDES, Include

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def parse(type_: str, *pairs: tuple[str, str], lenient: bool = False) -> query.Query:
    return query.parse(list(pairs), BY_TYPE[type_], now=NOW, lenient=lenient)


def shown(condition) -> str:
    """A condition as one line: what it goes through, and the parameter at its end."""
    match condition:
        case Chain(links):
            return " or ".join(f"{link.keys}>{link.definition.type}.({shown(link.condition)})" for link in links)
        case Has(link):
            return f"{link.definition.type} by {link.keys} with ({shown(link.condition)})"
        case Criterion(parameter, values, negated, missing):
            return f"{parameter.name}{'!' * negated} {missing if missing is not None else len(values)}"


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("RelatedPerson", "patient.name", "x", "RelatedPerson.patient>Patient.(name 1)"),
        ("RelatedPerson", "patient:Patient.gender:not", "male,other", "RelatedPerson.patient>Patient.(gender! 2)"),
        ("Consent", "patient.name:missing", "true", "Consent.patient>Patient.(name True)"),
        (
            "CarePlan",
            "subject:Patient.general-practitioner:Organization.name",
            "x",
            "CarePlan.subject>Patient.(Patient.general-practitioner>Organization.(name 1))",
        ),
        ("CarePlan", "subject.actual", "true", "CarePlan.subject>Group.(actual 1)"),
        (
            "CarePlan",
            "subject.identifier",
            "x",
            "CarePlan.subject>Patient.(identifier 1) or CarePlan.subject>Group.(identifier 1)",
        ),
        ("RelatedPerson", "_has:Consent:actor:status", "active", "Consent by Consent.actor with (status 1)"),
        (
            "Patient",
            "_has:RelatedPerson:patient:_has:Consent:actor:status",
            "active",
            "RelatedPerson by RelatedPerson.patient with (Consent by Consent.actor with (status 1))",
        ),
        (
            "Consent",
            "patient._has:CarePlan:subject:performer:RelatedPerson.name:exact",
            "x",
            "Consent.patient>Patient.(CarePlan by CarePlan.subject with (CarePlan.performer>RelatedPerson.(name 1)))",
        ),
    ],
)
def test_a_chain_leads_from_type_to_type(type_: str, name: str, value: str, expected: str) -> None:
    (condition,) = parse(type_, (name, value)).criteria
    assert shown(condition) == expected


@pytest.mark.parametrize(
    ("type_", "name", "says"),
    [
        ("Consent", "patient.nam", "asks for 'nam'. Known for Patient: _id"),
        ("Consent", "patiant.name", "asks for 'patiant'. Known for Consent: _id"),
        ("Consent", "status.name", "goes on from Consent.status, which refers to nothing here."),
        ("MeasureReport", "measure.name", "goes on from MeasureReport.measure"),
        ("CarePlan", "condition.code", "goes on from CarePlan.condition, which refers to nothing here."),
        ("Consent", "patient:Group.name", "says 'Group': Consent.patient leads to Patient."),
        ("Consent", "patient:missing.name", "says 'missing'"),
        ("Consent", "patient.name:above", "does not take the modifier ':above'"),
        ("Consent", "patient.", "asks for ''"),
        ("Consent", ".name", "asks for ''"),
        ("Consent", "_has:", "is written _has:[type]:[reference]:[parameter]"),
        ("Patient", "_has:Consent:patient", "is written _has:[type]"),
        ("Patient", "_has:Consent:patient:", "is written _has:[type]"),
        ("Patient", "_has:Consnt:patient:status", "names 'Consnt', which is no type of this service: Patient,"),
        ("Patient", "_has:Consent:patiant:status", "asks for 'patiant'. Known for Consent: _id"),
        ("Patient", "_has:Consent:status:status", "names Consent.status, which does not refer to a Patient."),
        ("Patient", "_has:Task:owner:statuss", "asks for 'statuss'. Known for Task"),
        ("Patient", "_has:Practitioner:patient:x", "asks for 'patient'"),
        ("CarePlan", ".".join(["part-of"] * (MOST_HOPS + 1)) + ".status", "more than 20 references"),
        ("Task", "subject.subject.subject.status", "may lead through more than 100 types: name them"),
        ("Task", ".".join(["subject"] * 20) + ".nothing", "may lead through more than 100 types"),
    ],
)
def test_what_is_wrong_with_a_chain_is_said(type_: str, name: str, says: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse(type_, (name, "x"))
    (issue,) = refused.value.issues
    assert says in issue.diagnostics
    assert issue.spine == "INVALID_SEARCH_DATA"


def test_a_chain_may_have_twenty_references() -> None:
    assert len(parse("CarePlan", (".".join(["part-of"] * MOST_HOPS) + ".status", "active")).criteria) == 1


def test_a_chain_that_is_not_there_is_ignored_when_lenient_and_a_wrong_value_is_not() -> None:
    asked = parse("Consent", ("patient.nam", "x"), ("_has:X:y:z", "x"), ("_include", "X:y"), lenient=True)
    assert [issue.severity for issue in asked.ignored] == ["warning"] * 3
    assert asked.understood == []
    for name, value in (("patient.birthdate", "x"), ("patient.name:above", "x"), ("_include", "x")):
        with pytest.raises(BadRequest):
            parse("Consent", (name, value), lenient=True)


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("Consent", "_include", "Consent:actor", Include(("Consent.actor",))),
        ("Consent", "_include", "Consent:actor:RelatedPerson", Include(("Consent.actor",), "RelatedPerson")),
        ("Consent", "_include:iterate", "CarePlan:part-of", Include(("CarePlan.part-of",), iterate=True)),
        ("Consent", "_include:recurse", "CarePlan:part-of", Include(("CarePlan.part-of",), iterate=True)),
        ("RelatedPerson", "_revinclude", "Consent:actor", Include(("Consent.actor",), reverse=True)),
        ("RelatedPerson", "_include", "*", Include(("RelatedPerson.patient",))),
        ("RelatedPerson", "_include", "RelatedPerson:*", Include(("RelatedPerson.patient",))),
        (
            "Patient",
            "_revinclude",
            "PractitionerRole:*:Organization",
            None,
        ),
    ],
)
def test_an_include_names_references(type_: str, name: str, value: str, expected: Include | None) -> None:
    if expected is None:
        with pytest.raises(BadRequest, match=":iterate"):
            parse(type_, (name, value))
        return
    assert parse(type_, (name, value)).includes == [expected]


def test_a_star_is_every_reference() -> None:
    (everything,) = parse("Patient", ("_revinclude", "*")).includes
    assert {"Consent.patient", "Task.focus", "Group.member"} <= set(everything.keys)
    assert "CarePlan.instantiates-canonical" in everything.keys
    assert "ServiceRequest.instantiates-canonical" not in everything.keys
    (followed,) = parse("Patient", ("_include:iterate", "*")).includes
    assert set(followed.keys) == set(everything.keys)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("_include", "", "is written [type]:[reference]"),
        ("_include", "Consent", "is written [type]:[reference]"),
        ("_include", "Consent:", "is written [type]:[reference]"),
        ("_include", "Consent:actor:RelatedPerson:x", "is written [type]:[reference]"),
        ("_include", "Consnt:actor", "names 'Consnt', which is no type of this service: Patient,"),
        ("_include", "Consent:actr", "names 'actr'. The references of Consent are: actor, any-actor"),
        ("_include", "Consent:status", "names 'status'. The references of Consent are"),
        ("_include", "Consent:patient:RelatedPerson", "says 'RelatedPerson': Consent.patient is to Patient."),
        ("_include", "CarePlan:performer", "which is not searched for: write _include:iterate to follow it on."),
        ("_revinclude", "Consent:actor", "is about references to other types than Consent: write _revinclude:iterate."),
        ("_include:iterat", "Consent:actor", "takes no modifier ':iterat', only :iterate."),
        ("_include:", "Consent:actor", "takes no modifier ':', only :iterate."),
    ],
)
def test_what_is_wrong_with_an_include_is_said(name: str, value: str, says: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse("Consent", (name, value))
    (issue,) = refused.value.issues
    assert says in issue.diagnostics


def test_there_is_a_limit_to_includes() -> None:
    with pytest.raises(BadRequest, match="at most 50 includes"):
        parse("Consent", *[("_include", "Consent:actor")] * (MOST_INCLUDES + 1))


def test_includes_do_not_change_what_a_cursor_belongs_to() -> None:
    plain = parse("Consent", ("status", "active"))
    including = parse("Consent", ("status", "active"), ("_include:iterate", "Consent:actor"))
    assert plain.fingerprint == including.fingerprint


def test_the_audit_trail_has_no_chains_and_no_includes() -> None:
    for name in ("patient.name", "_has:Consent:patient:status", "_include", "_revinclude:iterate"):
        with pytest.raises(BadRequest, match=r"is a chain|is not supported"):
            query.parse([(name, "AuditEvent:patient")], AUDIT_EVENT, now=NOW)
