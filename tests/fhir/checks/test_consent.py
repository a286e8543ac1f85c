from datetime import UTC, datetime
from typing import Any

import pytest

from app.fhir.canonical import BASE
from tests.fhir.rules import STRICT, issues, where

HL7 = "http://terminology.hl7.org/CodeSystem"
CONSENT_SCOPE = f"{HL7}/consentscope"
PARTICIPATION = f"{HL7}/v3-ParticipationType"
ROLES = f"{HL7}/v3-RoleCode"
CONDITION = f"{BASE}/StructureDefinition/consent-condition"
NOT_THE_PATIENTS = f"{BASE}/StructureDefinition/not-the-patients-decision"
Members = dict[str, Any]


def _coded(code: str | None, system: str | None = f"{BASE}/CodeSystem/sharing-scope") -> Members:
    coding = {"system": system, "code": code}
    return {"coding": [{name: value for name, value in coding.items() if value is not None}]}


def _actor(code: str = "IRCP", system: str = PARTICIPATION) -> Members:
    return {"role": _coded(code, system), "reference": {"reference": "RelatedPerson/1"}}


def _consent(*left_out: str, **members: Any) -> Members:
    consent = {
        "resourceType": "Consent",
        "status": "active",
        "scope": _coded("patient-privacy", CONSENT_SCOPE),
        "category": [{"text": "sharing"}],
        "policyRule": {"coding": [{"system": f"{HL7}/v3-ActCode", "code": "OPTIN"}]},
        "patient": {"reference": "Patient/1"},
        "dateTime": "2026-11-01",
        "provision": {"type": "permit", "actor": [_actor()]},
        **members,
    }
    return {name: value for name, value in consent.items() if name not in left_out}


def _provision(**members: Any) -> Members:
    return _consent(provision={"type": "permit", "actor": [_actor()], **members})


def _deny(**members: Any) -> Members:
    return _consent(provision={"type": "deny", **members})


def _levels(count: int) -> Members:
    provision: Members = {"type": "deny"}
    for _ in range(count - 1):
        provision = {"type": "permit", "provision": [provision]}
    return _consent(provision=provision)


COMPUTABLE: list[Members] = [
    _consent(),
    _consent(scope=_coded("patient-privacy", CONSENT_SCOPE.replace("http:", "https:"))),
    _consent(dateTime="2026"),
    _consent(dateTime="2026-11-22T12:05:00Z"),
    _consent(dateTime="2026-11-22T14:05:00+02:00"),
    _deny(modifierExtension=[{"url": CONDITION, "valueCode": "verbal-only"}]),
    _provision(
        modifierExtension=[
            {"url": CONDITION, "valueCode": "verbal-only"},
            {"url": CONDITION, "valueCode": "no-letters"},
        ]
    ),
    _provision(actor=[_actor("PRCP"), _actor("CST"), _actor("GRANTEE", ROLES), _actor("DELEGATEE", ROLES)]),
    _provision(actor=[_actor("IRCP", PARTICIPATION.replace("http:", "https:"))]),
    _provision(
        actor=[
            {
                "role": {"coding": [{"system": "urn:x", "code": "y"}, *_coded("IRCP", PARTICIPATION)["coding"]]},
                "reference": {"display": "x"},
            }
        ]
    ),
    _provision(code=[_coded("anything", "http://loinc.org"), {"text": "words"}], securityLabel=[{"code": "R"}]),
    _levels(5),
    _deny(),
    _deny(code=[_coded("medication")], action=[_coded("access", f"{HL7}/consentaction")]),
    _deny(code=[{"coding": [{"system": "http://snomed.info/sct", "code": "1"}, *_coded("medication")["coding"]]}]),
    _deny(**{"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "CarePlan"}]}),
    _deny(
        securityLabel=[
            {"system": f"{HL7}/v3-Confidentiality", "code": "R"},
            {"system": f"{HL7}/v3-ActCode", "code": "PSY"},
            {"system": f"{BASE}/CodeSystem/sharing-label", "code": "given-in-confidence"},
        ]
    ),
    _deny(purpose=[{"system": "urn:local", "code": "whatever"}]),
    _provision(code=[_coded("x", "urn:y")], provision=[{"type": "deny", "code": [_coded("medication")]}]),
    _provision(code=[_coded("x", "urn:y")], provision=[{"type": "deny", "dataPeriod": {"start": "2020"}}]),
]

UNCOMPUTABLE: list[tuple[str, Members]] = [
    *(
        ("Consent.provision.actor[0].reference", _deny(actor=[{**_actor(), "reference": {"reference": f"{type_}/1"}}]))
        for type_ in ("Group", "Device", "Patient")
    ),
    ("Consent.provision.actor[0].reference.reference", _deny(actor=[{**_actor(), "reference": {"display": "her ex"}}])),
    (
        "Consent.provision.actor[0].reference",
        _provision(actor=[{**_actor(), "reference": {"reference": "Group/1"}}], provision=[{"type": "deny"}] * 2),
    ),
    ("Consent.dateTime", _consent("dateTime")),
    ("Consent.dateTime", {**_consent("dateTime"), "_dateTime": {"extension": [{"url": "a", "valueCode": "unknown"}]}}),
    ("Consent.dateTime", _consent(dateTime="2026-11-23")),
    ("Consent.dateTime", _consent(dateTime="2026-12")),
    ("Consent.dateTime", _consent(dateTime="2027")),
    ("Consent.dateTime", _consent(dateTime="9999-12-31")),
    ("Consent.dateTime", _consent(dateTime="2026-11-22T12:05:01Z")),
    ("Consent.provision", _consent("provision")),
    ("Consent.provision.type", _consent(provision={"actor": [_actor()]})),
    ("Consent.provision.provision[1].type", _provision(provision=[{"type": "deny"}, {"actor": [_actor()]}])),
    ("Consent.implicitRules", _consent(implicitRules="urn:other-rules")),
    ("Consent.modifierExtension[0]", _consent(modifierExtension=[{"url": "urn:unknown", "valueBoolean": True}])),
    ("Consent.modifierExtension[0]", _consent(modifierExtension=[{"url": CONDITION, "valueCode": "verbal-only"}])),
    (
        "Consent.provision.modifierExtension[0]",
        _provision(modifierExtension=[{"url": CONDITION, "valueCode": "other"}]),
    ),
    (
        "Consent.provision.modifierExtension[0]",
        _provision(modifierExtension=[{"url": CONDITION, "valueString": "no-letters"}]),
    ),
    (
        "Consent.provision.modifierExtension[0]",
        _provision(modifierExtension=[{"url": NOT_THE_PATIENTS, "valueBoolean": True}]),
    ),
    (
        "Consent.provision.actor[0].modifierExtension[0]",
        _provision(actor=[{**_actor(), "modifierExtension": [{"url": "urn:x", "valueCode": "not"}]}]),
    ),
    (
        "Consent.policy[0].modifierExtension[0]",
        _consent(policy=[{"uri": "urn:x", "modifierExtension": [{"url": "urn:x", "valueCode": "not"}]}]),
    ),
    ("Consent.provision.actor[0].role", _provision(actor=[_actor("AUT")])),
    ("Consent.provision.actor[0].role", _provision(actor=[_actor("GRANTEE")])),
    ("Consent.provision.actor[0].role", _provision(actor=[_actor("IRCP", "urn:another")])),
    ("Consent.provision.actor[0].role", _provision(actor=[{**_actor(), "role": {"text": "mother"}}])),
    ("Consent.provision.actor[0].role", _provision(actor=[{**_actor(), "role": {"coding": [{"code": "IRCP"}]}}])),
    ("Consent.provision.actor[1].role", _provision(actor=[_actor(), {"reference": {"reference": "RelatedPerson/2"}}])),
    ("Consent.provision.provision[0].provision[0].provision[0].provision[0].provision[0]", _levels(6)),
    ("Consent.provision.code[0]", _deny(code=[_coded("34133-9", "http://loinc.org")])),
    ("Consent.provision.code[0]", _deny(code=[_coded("everything")])),
    ("Consent.provision.code[1]", _deny(code=[_coded("medication"), {"text": "my secrets"}])),
    ("Consent.provision.code[0].coding[0].system", _deny(code=[_coded("medication", None)])),
    (
        "Consent.provision.class[0]",
        _deny(**{"class": [{"system": "urn:ietf:bcp:13", "code": "application/hl7-cda+xml"}]}),
    ),
    ("Consent.provision.class[0]", _deny(**{"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "X"}]})),
    ("Consent.provision.securityLabel[0]", _deny(securityLabel=[{"system": "urn:x", "code": "R"}])),
    (
        "Consent.provision.securityLabel[0]",
        _deny(securityLabel=[{"system": f"{HL7}/v3-Confidentiality", "code": "XX"}]),
    ),
    ("Consent.provision.securityLabel[0]", _deny(securityLabel=[{"system": f"{HL7}/v3-ActCode"}])),
    ("Consent.provision.action[0].coding[0].system", _deny(action=[_coded("access", None)])),
    ("Consent.provision.purpose[0].system", _deny(purpose=[{"code": "TREAT"}])),
    (
        "Consent.provision.actor[0].role.coding[1].system",
        _deny(actor=[{**_actor(), "role": {"coding": [*_coded("IRCP", PARTICIPATION)["coding"], {"code": "x"}]}}]),
    ),
    # A nested refusal takes what it does not restate from the permission around it.
    ("Consent.provision.code[0]", _provision(code=[_coded("x", "urn:y")], provision=[{"type": "deny"}])),
    ("Consent.provision.purpose[0].system", _provision(purpose=[{"code": "TREAT"}], provision=[{"type": "deny"}])),
    (
        "Consent.provision.provision[0].securityLabel[0]",
        _provision(provision=[{"type": "permit", "securityLabel": [{"code": "R"}], "provision": [{"type": "deny"}]}]),
    ),
]


@pytest.mark.parametrize("consent", COMPUTABLE)
def test_a_computable_consent_is_accepted(consent: Members) -> None:
    assert where(consent) == []


@pytest.mark.parametrize(("expression", "consent"), UNCOMPUTABLE)
def test_what_cannot_be_computed_is_refused_where_it_is(expression: str, consent: Members) -> None:
    assert expression in where(consent)
    assert {path.partition("[")[0] for path in where(consent)} == {expression.partition("[")[0]}


@pytest.mark.parametrize(
    "consent", [consent for expression, consent in UNCOMPUTABLE if not expression.endswith("[1].role")]
)
def test_without_the_setting_any_valid_consent_is_accepted(consent: Members) -> None:
    assert where(consent, STRICT._replace(computable_consents=False)) == []


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", "inactive", "entered-in-error"])
def test_a_consent_that_is_not_active_need_not_be_computable(status: str) -> None:
    assert where(_consent("provision", "dateTime", status=status)) == []


@pytest.mark.parametrize(
    "scope", [_coded("research", CONSENT_SCOPE), {"text": "privacy"}, _coded("patient-privacy", "urn:x")]
)
def test_a_consent_of_another_scope_need_not_be_computable(scope: Members) -> None:
    assert where(_consent("provision", "dateTime", scope=scope)) == []


@pytest.mark.parametrize(
    ("decided", "received", "accepted"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, 54, 59, tzinfo=UTC), False),
        ("2026-07-01", datetime(2026, 6, 30, 22, 55, tzinfo=UTC), True),
        ("2026-12-01", datetime(2026, 11, 30, 23, 54, 59, tzinfo=UTC), False),
        ("2026-12-01", datetime(2026, 11, 30, 23, 55, tzinfo=UTC), True),
        ("2026-07", datetime(2026, 6, 30, 22, 55, tzinfo=UTC), True),
        ("2027", datetime(2026, 12, 31, 23, 54, 59, tzinfo=UTC), False),
        ("0001-01-01", datetime(2026, 1, 1, tzinfo=UTC), True),
        ("0001-01-01T00:00:00+14:00", datetime(2026, 1, 1, tzinfo=UTC), True),
        ("9999-12-31T23:59:60-14:00", datetime(2026, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_date_begins_in_london_and_clocks_may_differ_by_five_minutes(
    decided: str, received: datetime, accepted: bool
) -> None:
    assert (where(_consent(dateTime=decided), STRICT._replace(now=received)) == []) is accepted


def test_all_that_is_missing_is_said_at_once_with_what_to_add() -> None:
    consent = _consent(
        "dateTime", provision={"actor": [_actor("AUT")], "provision": [{}, {"purpose": [{"code": "x"}]}]}
    )
    consent["provision"]["provision"] = [{"purpose": [{"code": "x"}]}]
    said = issues(consent)
    assert [issue.expression for issue in said] == [
        "Consent.dateTime",
        "Consent.provision.type",
        "Consent.provision.actor[0].role",
        "Consent.provision.provision[0].type",
    ]
    assert all("IRCP" in issue.diagnostics or "is required" in issue.diagnostics for issue in said)


def test_of_very_many_faults_the_first_are_reported() -> None:
    assert len(issues(_provision(actor=[_actor("AUT")] * 10_000))) < 200


def test_a_missing_role_is_refused_where_it_should_be() -> None:
    consent = _provision(actor=[{"reference": {"reference": "RelatedPerson/1"}}])
    assert where(consent) == ["Consent.provision.actor[0].role"]
    assert where(consent, STRICT._replace(computable_consents=False)) == ["Consent.provision.actor[0].role"]


def test_with_vrs_leniency_missing_roles_are_added_and_a_warning_says_so() -> None:
    consent = _provision(
        actor=[{"reference": {"reference": "RelatedPerson/1"}}, _actor("CST")],
        provision=[{"type": "deny", "actor": [{"reference": {"reference": "RelatedPerson/2"}}]}],
    )
    said = issues(consent, STRICT._replace(vrs_leniency=True))
    assert [(issue.severity, issue.expression) for issue in said] == [
        ("warning", "Consent.provision.actor[0].role"),
        ("warning", "Consent.provision.provision[0].actor[0].role"),
    ]
    assert "IRCP" in said[0].diagnostics


@pytest.mark.parametrize(
    "provision", [[], "x", {"actor": {}}, {"actor": [None, [], 1]}, {"provision": [1, {"actor": [{}]}]}]
)
def test_vrs_leniency_leaves_what_is_unsound_to_be_refused(provision: Any) -> None:
    assert where(_consent(provision=provision), STRICT._replace(vrs_leniency=True))
