"""The product's own extensions, misplaced or with another value than they are defined with."""

import pytest

from app.fhir.extensions import EXTENSIONS
from tests.fhir.checks.decisions import MUM, NURSE, PATIENT, Members, consent, own, provision
from tests.fhir.rules import LOOSE, issues, where

TOM = {"reference": "RelatedPerson/2"}


def person(*extensions: Members, **relationship: object) -> Members:
    body: Members = {"resourceType": "RelatedPerson", "patient": PATIENT}
    if extensions:
        body["extension"] = list(extensions)
    return body | ({"relationship": [{"text": "x", **relationship}]} if relationship else {})


def said(*extensions: Members) -> Members:
    return consent("OPTIN", extension=list(extensions))


@pytest.mark.parametrize(
    "resource",
    [
        said(own("consent-recorder", valueReference=NURSE), own("consent-next-review", valueDateTime="2027")),
        said(
            own(
                "competence-confirmed",
                extension=[{"url": "by", "valueReference": NURSE}, {"url": "date", "valueDateTime": "2026-11-01"}],
            )
        ),
        person(
            own("same-person", valueReference=MUM), own("same-person", valueReference={"reference": "RelatedPerson/2"})
        ),
        person(extension=[own("role-verified", valueBoolean=False), own("role-period", valuePeriod={"start": "2026"})]),
        person({"url": "https://trust.example.org/anything", "valueInteger": 1}),
        consent("OPTIN", status="draft", extension=[own("consent-methode", valueInteger=1)]),
    ],
)
def test_what_is_as_defined_is_accepted(resource: Members) -> None:
    assert where(resource) == []


@pytest.mark.parametrize(
    ("expression", "resource"),
    [
        ("Consent.extension[0]", said(own("consent-methode", valueCode="verbal"))),
        ("Consent.extension[0]", said(own("role-verified", valueBoolean=True))),
        ("Consent.extension[0]", said(own("consent-next-review", valueString="soon"))),
        ("Consent.extension[0]", said(own("not-the-patients-decision", valueBoolean=True))),
        ("Consent.extension[0]", said(own("consent-recorder", valueReference=MUM))),
        ("Consent.extension[0]", said(own("competence-confirmed", valueBoolean=True))),
        (
            "Consent.extension[0]",
            said(own("competence-confirmed", extension=[{"url": "by", "valueReference": NURSE}])),
        ),
        (
            "Consent.provision.extension[0]",
            consent("OPTIN", provision=provision(extension=[own("end-reason", valueString="x")])),
        ),
        ("RelatedPerson.extension[0]", person(own("same-person", valueReference=NURSE))),
        ("RelatedPerson.extension[0]", person(own("role-verified", valueBoolean=True))),
        ("RelatedPerson.relationship[0].extension[0]", person(extension=[own("role-verified", valueCode="yes")])),
    ],
)
def test_what_would_not_be_read_as_it_was_meant_is_refused(expression: str, resource: Members) -> None:
    assert where(resource) == [expression]


def test_what_may_be_there_once_is_there_once() -> None:
    twice = [own("consent-method", valueCode="verbal"), own("consent-method", valueCode="written")]
    assert where(said(*twice)) == ["Consent.extension[0]", "Consent.extension[1]"]


def test_consents_that_need_not_be_computable_may_hold_anything() -> None:
    assert where(said(own("consent-next-review", valueString="soon")), LOOSE) == []


def test_the_message_says_what_it_should_be() -> None:
    (issue,) = issues(said(own("not-the-patients-decision", valueBoolean=True)))
    assert issue.diagnostics == "not-the-patients-decision is a modifierExtension of Consent."


def test_each_extension_is_described() -> None:
    assert len({each.url for each in EXTENSIONS}) == len(EXTENSIONS) == 35
    assert all(each.description.endswith(".") for each in EXTENSIONS)


def activity(*extensions: Members) -> Members:
    detail = {"status": "in-progress", "description": "Walks the dog.", "extension": list(extensions)}
    body = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": PATIENT}
    return body | {"activity": [{"detail": detail}]}


def agreement(**parts: Members) -> Members:
    return own("agreement", extension=[{"url": name, **value} for name, value in parts.items()])


AGREED: Members = {"valueBoolean": True}


def test_agreements_stand_at_the_activity_any_number_of_them() -> None:
    yes = agreement(by={"valueReference": TOM}, agreed=AGREED)
    dated = agreement(by={"valueReference": PATIENT}, agreed=AGREED, on={"valueDateTime": "2026-11-01"})
    assert where(activity(yes, dated)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        agreement(by={"valueReference": TOM}),
        agreement(by={"valueReference": NURSE}, agreed=AGREED),
        agreement(by={"valueReference": TOM}, agreed=AGREED, on={"valueString": "yesterday"}),
        own("phase", valueCode="planning"),
    ],
)
def test_an_agreement_that_would_not_be_read_is_refused(wrong: Members) -> None:
    assert where(activity(wrong)) == ["CarePlan.activity[0].detail.extension[0]"]


def test_a_code_that_is_none_of_its_list_is_refused() -> None:
    plan = activity(own("carer-limits", valueString="Not at night.")) | {
        "extension": [own("phase", valueCode="Planning")]
    }
    (issue,) = issues(plan)
    assert issue.diagnostics == "phase must be one of assessment, planning, intervention, ending."


def test_what_an_extension_of_several_parts_lacks_is_told_by_their_names() -> None:
    [found] = issues(said(own("competence-confirmed", valueBoolean=True)))
    assert '"by" with a valueReference' in found.diagnostics
    assert '"date" with a valueDateTime' in found.diagnostics
