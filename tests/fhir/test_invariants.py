from typing import Any

import pytest

from app.fhir.invariants import DOMAIN, INVARIANTS, OF_ELEMENT
from tests.fhir.broken_pathway import PATHWAY
from tests.fhir.rules import LOOSE, issues

UCUM = "http://unitsofmeasure.org"
SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope"
Resource = dict[str, Any]


def _patient(**members: Any) -> Resource:
    return {"resourceType": "Patient", **members}


def _plan(**members: Any) -> Resource:
    subject = {"reference": "Patient/1"}
    return {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": subject, **members}


def _detail(**members: Any) -> Resource:
    return _plan(activity=[{"detail": {"status": "scheduled", **members}}])


def _repeat(**members: Any) -> Resource:
    return _detail(scheduledTiming={"repeat": members})


def _consent(**members: Any) -> Resource:
    base = {"scope": {"text": "x"}, "category": [{"text": "x"}], "policyRule": {"text": "x"}}
    return {"resourceType": "Consent", "status": "draft", **base, **members}


def _scope(code: str, system: str = SCOPES) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _team(**participant: Any) -> Resource:
    return {"resourceType": "CareTeam", "participant": [participant]}


def _organization(**members: Any) -> Resource:
    return {"resourceType": "Organization", **members}


def _extension(**value: Any) -> Resource:
    return _patient(extension=[{"url": "urn:x", **value}])


def _inside(*, used: bool = True, **members: Any) -> Resource:
    """A patient with a contained organization."""
    contained = {"resourceType": "Organization", "id": "o", "name": "x", **members}
    return _patient(contained=[contained], **({"managingOrganization": {"reference": "#o"}} if used else {}))


def _appointment(**members: Any) -> Resource:
    times = {"start": "2026-03-01T10:00:00Z", "end": "2026-03-01T11:00:00Z"}
    participant = [{"actor": {"display": "x"}, "status": "accepted"}]
    return {"resourceType": "Appointment", "status": "booked", "participant": participant, **times, **members}


def _group(**members: Any) -> Resource:
    return {"resourceType": "Group", "type": "person", "actual": True, **members}


def _task(**members: Any) -> Resource:
    return {"resourceType": "Task", "status": "draft", "intent": "order", **members}


def _answers(**item: Any) -> Resource:
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": "a", **item}]}


def _period(start: str, end: str) -> Resource:
    return _plan(period={"start": start, "end": end})


VALUE = "Patient.extension[0].value"
REPEAT = "CarePlan.activity[0].detail.scheduled.repeat"
QUANTITY = "CarePlan.activity[0].detail.quantity"

BROKEN: list[tuple[str, str, Resource]] = [
    ("app-1", "Appointment.participant[0]", _appointment(participant=[{"status": "accepted"}])),
    ("app-2", "Appointment", _appointment(status="proposed", end=None)),
    ("app-3", "Appointment", _appointment(start=None, end=None)),
    ("app-4", "Appointment", _appointment(cancelationReason={"text": "x"})),
    ("grp-1", "Group", _group(actual=False, member=[{"entity": {"display": "x"}}])),
    ("inv-1", "Task", _task(authoredOn="2026-03-02", lastModified="2026-03-01")),
    ("qrs-1", "QuestionnaireResponse.item[0]", _answers(answer=[{"valueString": "x"}], item=[{"linkId": "b"}])),
    *PATHWAY,
    ("ele-1", "Patient.name[0]", _patient(name=[{}])),
    ("ele-1", "Patient.birthDate", _patient(_birthDate={"id": "a"})),
    ("ext-1", "Patient.extension[0]", _extension()),
    ("ext-1", "Patient.extension[0]", _extension(valueCode="x", extension=[{"url": "a", "valueCode": "x"}])),
    ("age-1", VALUE, _extension(valueAge={"value": 1})),
    ("age-1", VALUE, _extension(valueAge={"value": 0, "code": "a", "system": UCUM})),
    ("age-1", VALUE, _extension(valueAge={"value": 1, "code": "a", "system": "urn:x"})),
    ("att-1", "Patient.photo[0]", _patient(photo=[{"data": "aGk="}])),
    ("cnt-3", VALUE, _extension(valueCount={"value": 1.5, "code": "1", "system": UCUM})),
    ("cnt-3", VALUE, _extension(valueCount={"value": 1, "code": "x", "system": UCUM})),
    (
        "cpl-3",
        "CarePlan.activity[0]",
        _plan(activity=[{"reference": {"display": "x"}, "detail": {"status": "scheduled"}}]),
    ),
    ("cpt-2", "Patient.telecom[0]", _patient(telecom=[{"value": "1"}])),
    ("ctm-1", "CareTeam.participant[0]", _team(member={"reference": "RelatedPerson/1"}, onBehalfOf={"display": "x"})),
    ("ctm-1", "CareTeam.participant[0]", _team(member={"reference": "Patient/y"}, onBehalfOf={"display": "x"})),
    ("dis-1", VALUE, _extension(valueDistance={"value": 1})),
    ("dom-2", "Patient", _inside(contained=[{"resourceType": "Patient", "id": "p"}])),
    ("dom-3", "Patient", _inside(used=False)),
    ("dom-4", "Patient", _inside(meta={"versionId": "1"})),
    ("dom-4", "Patient", _inside(meta={"lastUpdated": "2020-01-01T00:00:00Z"})),
    ("dom-5", "Patient", _inside(meta={"security": [{"code": "R"}]})),
    (
        "drq-1",
        f"{VALUE}.codeFilter[0]",
        _extension(valueDataRequirement={"type": "Patient", "codeFilter": [{"code": [{"code": "x"}]}]}),
    ),
    (
        "drq-2",
        f"{VALUE}.dateFilter[0]",
        _extension(valueDataRequirement={"type": "Patient", "dateFilter": [{"path": "a", "searchParam": "b"}]}),
    ),
    ("drt-1", VALUE, _extension(valueDuration={"code": "h", "system": UCUM})),
    ("drt-1", VALUE, _extension(valueDuration={"value": 1, "code": "h", "system": "urn:x"})),
    ("exp-1", VALUE, _extension(valueExpression={"language": "text/x"})),
    ("org-1", "Organization", _organization(active=True)),
    ("org-2", "Organization.address[0]", _organization(name="x", address=[{"use": "home"}])),
    ("org-3", "Organization.telecom[0]", _organization(name="x", telecom=[{"use": "home"}])),
    ("pat-1", "Patient.contact[0]", _patient(contact=[{"gender": "male"}])),
    ("per-1", "CarePlan.period", _period("2024-02-01", "2024-01-31")),
    ("per-1", "CarePlan.period", _period("2024-02-01", "2024-01")),
    ("per-1", "CarePlan.period", _period("2024", "2023")),
    ("per-1", "CarePlan.period", _period("2024-01-01T10:00:00Z", "2024-01-01T10:59:59+01:00")),
    ("per-1", "CarePlan.period", _period("2024-01-02T14:00:00Z", "2024-01-01")),
    ("ppc-1", "Consent", {**_consent(), "policyRule": None} | {}),
    *(
        (f"ppc-{n}", "Consent", _consent(scope=_scope(code, system)))
        for n, code in enumerate(("patient-privacy", "research", "adr", "treatment"), start=2)
        for system in (SCOPES, SCOPES.replace("http:", "https:"))
    ),
    ("qty-3", QUANTITY, _detail(quantity={"value": 1, "code": "mg"})),
    ("rat-1", VALUE, _extension(valueRatio={"numerator": {"value": 1}})),
    ("rat-1", VALUE, _extension(valueRatio={"denominator": {"value": 1}})),
    ("ref-1", "Patient.managingOrganization", _patient(managingOrganization={"reference": "#missing"})),
    ("ref-2", "Patient.managingOrganization", _patient(managingOrganization={"type": "Organization"})),
    ("rng-2", VALUE, _extension(valueRange={"low": {"value": 2}, "high": {"value": 1}})),
    ("sqty-1", QUANTITY, _detail(quantity={"value": 1, "comparator": "<"})),
    ("sqty-1", f"{VALUE}.low", _extension(valueRange={"low": {"value": 1, "comparator": "<"}})),
    ("tim-1", REPEAT, _repeat(duration=1)),
    ("tim-2", REPEAT, _repeat(period=1)),
    ("tim-4", REPEAT, _repeat(duration=-1, durationUnit="h")),
    ("tim-5", REPEAT, _repeat(period=-1, periodUnit="d")),
    ("tim-6", REPEAT, _repeat(periodMax=1)),
    ("tim-7", REPEAT, _repeat(durationMax=1)),
    ("tim-8", REPEAT, _repeat(countMax=1)),
    ("tim-9", REPEAT, _repeat(offset=1)),
    ("tim-9", REPEAT, _repeat(offset=1, when=["HS", "CM"])),
    ("tim-10", REPEAT, _repeat(timeOfDay=["10:00:00"], when=["HS"])),
    (
        "trd-1",
        VALUE,
        _extension(valueTriggerDefinition={"type": "data-added", "data": [{"type": "x"}], "timingDate": "2020"}),
    ),
    (
        "trd-2",
        VALUE,
        _extension(
            valueTriggerDefinition={
                "type": "named-event",
                "name": "x",
                "condition": {"language": "x", "expression": "x"},
            }
        ),
    ),
    ("trd-3", VALUE, _extension(valueTriggerDefinition={"type": "named-event"})),
    ("trd-3", VALUE, _extension(valueTriggerDefinition={"type": "periodic"})),
    ("trd-3", VALUE, _extension(valueTriggerDefinition={"type": "data-added"})),
    ("txt-1", "Patient.text.div", _patient(text={"status": "generated", "div": "<div>x</div>"})),
    (
        "txt-2",
        "Patient.text.div",
        _patient(text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"> </div>'}),
    ),
]

HOLDING: list[Resource] = [
    _appointment(status="waitlist", start=None, end=None),
    _appointment(status="noshow", cancelationReason={"text": "x"}),
    _group(member=[{"entity": {"display": "x"}}]),
    _group(actual=False),
    _task(authoredOn="2026-03-01T10:00:00Z", lastModified="2026-03-01"),
    _answers(answer=[{"valueString": "x", "item": [{"linkId": "b"}]}]),
    _answers(item=[{"linkId": "b"}]),
    _extension(valueAge={"value": 1, "code": "a", "system": UCUM}),
    _extension(valueAge={"extension": [{"url": "a", "valueCode": "x"}]}),
    _patient(photo=[{"data": "aGk=", "contentType": "image/png"}, {"url": "http://example.org"}]),
    _extension(valueCount={"value": 2, "code": "1", "system": UCUM}),
    _plan(
        activity=[{"reference": {"display": "x"}}, {"detail": {"status": "scheduled"}}, {"progress": [{"text": "x"}]}]
    ),
    _patient(telecom=[{"system": "phone", "value": "1"}, {"system": "email"}]),
    _team(member={"reference": "Practitioner/1"}, onBehalfOf={"display": "x"}),
    _team(member={"display": "who knows"}, onBehalfOf={"display": "x"}),
    _team(member={"reference": "RelatedPerson/1"}),
    _extension(valueDistance={"value": 1, "code": "m", "system": UCUM}),
    _inside(),
    _inside(used=False, partOf={"reference": "#"}),
    _patient(
        contained=[{"resourceType": "Organization", "id": "o", "name": "x"}],
        extension=[{"url": "urn:x", "valueCanonical": "#o"}],
    ),
    _extension(
        valueDataRequirement={"type": "Patient", "codeFilter": [{"path": "a"}], "dateFilter": [{"searchParam": "b"}]}
    ),
    _extension(valueDuration={"value": 1}),
    _extension(valueExpression={"language": "text/x", "expression": "x"}),
    _organization(identifier=[{"value": "x"}], address=[{"use": "work"}], telecom=[{"system": "phone"}]),
    _patient(contact=[{"organization": {"display": "x"}}]),
    _period("2024-01-01", "2024-01-01"),
    _period("2024-06-01", "2024"),
    _period("2024-01-31", "2024-01"),
    _period("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
    _period("2024-01-02T13:59:59Z", "2024-01-01"),
    _period("2024-01-02", "2024-01-01T13:00:00-12:00"),
    _plan(period={"start": "2024-01-01"}),
    _plan(period={"end": "2024-01-01"}),
    _plan(period={"start": "2024-01-01", "_end": {"extension": [{"url": "a", "valueCode": "x"}]}}),
    _consent(),
    _consent(scope=_scope("patient-privacy"), patient={"reference": "Patient/1"}),
    _consent(scope=_scope("patient-privacy", "urn:another")),
    _consent(scope=_scope("another")),
    _detail(quantity={"value": 1, "code": "mg", "system": UCUM}),
    _detail(quantity={"value": 1, "unit": "mg"}),
    _extension(valueQuantity={"value": 1, "comparator": "<"}),
    _extension(valueRatio={"numerator": {"value": 1}, "denominator": {"value": 2}}),
    _extension(valueRatio={"extension": [{"url": "a", "valueCode": "x"}]}),
    _extension(valueRange={"low": {"value": 1}, "high": {"value": 1}}),
    _extension(valueRange={"low": {"value": 2, "unit": "a"}, "high": {"value": 1, "unit": "b"}}),
    _extension(valueRange={"high": {"value": 1}}),
    _repeat(duration=1, durationMax=2, durationUnit="h", period=0, periodMax=1, periodUnit="d", count=1, countMax=2),
    _repeat(offset=1, when=["HS"]),
    _repeat(timeOfDay=["10:00:00"]),
    _extension(valueTriggerDefinition={"type": "periodic", "timingDate": "2020"}),
    _extension(valueTriggerDefinition={"type": "data-added", "data": [{"type": "x"}]}),
]


def _broken(resource: Resource) -> list[tuple[str, str]]:
    said = issues({name: value for name, value in resource.items() if value is not None}, LOOSE)
    return [(issue.diagnostics.split(":")[0], issue.expression) for issue in said if issue.severity == "error"]


@pytest.mark.parametrize(("key", "expression", "resource"), BROKEN)
def test_a_broken_invariant_is_named_at_the_element_that_owns_it(key: str, expression: str, resource: Resource) -> None:
    assert _broken(resource) == [(key, expression)]


@pytest.mark.parametrize("resource", HOLDING)
def test_a_resource_whose_invariants_hold_is_accepted(resource: Resource) -> None:
    assert _broken(resource) == []


def test_every_invariant_is_tested_here() -> None:
    table = {rule.key for rules in (DOMAIN, *INVARIANTS.values()) for rule in rules}
    table |= {rule.key for rule in OF_ELEMENT.values()}
    assert table - {key for key, _, _ in BROKEN} == {
        "nhs-number",
        "literal",
        "contained-ids",
        "qualitativeRisk",
        "probability",
        "relativeRisk",
    }


def test_an_invariant_says_in_words_what_is_wrong() -> None:
    (issue,) = issues(_period("2024", "2023"), LOOSE)
    assert (issue.code, issue.diagnostics) == ("invariant", "per-1: the period ends before it starts")


def test_an_invariant_is_not_asked_about_members_that_are_unsound() -> None:
    assert _broken(_plan(period={"start": 7, "end": "2020"})) == [
        ("CarePlan.period.start must be a JSON string.", "CarePlan.period.start")
    ]


def test_invariants_are_reported_together_with_faults_of_structure() -> None:
    said = _broken({**_consent(foo=1, status="x"), "policyRule": None})
    assert [expression for _, expression in said] == ["Consent.status", "Consent.foo", "Consent"]


def test_two_contained_resources_have_not_one_id() -> None:
    twice = [{"resourceType": "Organization", "id": "o", "name": name} for name in ("x", "y")]
    [found] = issues(_patient(contained=twice, managingOrganization={"reference": "#o"}), LOOSE)
    assert (found.code, found.expression) == ("value", "Patient.contained")
