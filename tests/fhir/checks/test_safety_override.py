"""What an override must show: each thing that is left out is named."""

import pytest

from tests.fhir.checks.decisions import MARK, MUM, NURSE, Members, actor, override, own, provision
from tests.fhir.rules import STRICT, issues, where

START = "2026-11-01T10:30:00Z"
END = "2026-11-04T10:30:00Z"
PERIOD = {"start": START, "end": END}
REASON = own("override-reason", valueCode="safeguarding")
WHY = own("override-justification", valueString="x")
VIEW = own("override-capacity-view", valueCode="has-capacity")


def at(**members: object) -> Members:
    body = provision(period=PERIOD) | members
    return override(provision={name: value for name, value in body.items() if value})


ACCEPTED = [
    override(),
    override(performer=[NURSE, {"reference": "PractitionerRole/1"}]),
    at(actor=[actor(), actor(NURSE), actor({"reference": "Organization/1"}, "CST")]),
    at(period={"start": "2026-11-01T09:00:00Z", "end": "2026-11-04T09:00:00Z"}),
    at(period={"start": "2026-11-01T11:00:00Z", "end": "2026-11-04T11:00:00Z"}),
    override(status="draft", performer=[MUM]),
]
REFUSED = [
    ("Consent.extension", override(extension=[WHY, VIEW])),
    ("Consent.extension", override(extension=[own("override-reason", valueCode="because"), WHY, VIEW])),
    ("Consent.extension", override(extension=[REASON, VIEW])),
    ("Consent.extension[1].value", override(extension=[REASON, own("override-justification", valueString=" "), VIEW])),
    ("Consent.extension", override(extension=[REASON, WHY])),
    ("Consent.extension", override(extension=[REASON, WHY, own("override-capacity-view", valueCode="maybe")])),
    ("Consent.performer", override("performer")),
    ("Consent.performer[1]", override(performer=[NURSE, MUM])),
    ("Consent.provision.type", at(type="deny")),
    ("Consent.provision.provision[0]", at(provision=[{"type": "permit"}])),
    ("Consent.provision.actor", at(actor=None)),
    ("Consent.provision.actor", at(actor=[actor(role="CST")])),
    ("Consent.provision.actor[0].reference", at(actor=[actor({"reference": "CareTeam/1"})])),
    ("Consent.provision.actor[1].reference", at(actor=[actor(), actor({"reference": "CareTeam/1"}, "CST")])),
    ("Consent.provision.actor[0].reference.reference", at(actor=[actor({"type": "RelatedPerson", "display": "x"})])),
    ("Consent.provision.actor[1].reference.reference", at(actor=[actor(), actor({"identifier": {"value": "x"}})])),
    ("Consent.provision.code", at(code=None)),
    ("Consent.provision.code", at(code=[{"text": "everything"}])),
    ("Consent.provision.period.start", at(period={"end": END})),
    ("Consent.provision.period.start", at(period={"start": "2026-11-01", "end": END})),
    ("Consent.provision.period.start", at(period={"start": "2026-11-01T11:00:01Z", "end": END})),
    ("Consent.provision.period.start", at(period={"start": "2026-11-01T08:59:59Z", "end": "2026-11-02"})),
    ("Consent.provision.period.end", at(period={"start": START})),
    ("Consent.provision.period.end", at(period={"start": START, "end": "2026-11-04T10:30:01Z"})),
    ("Consent.provision.period.end", at(period={"start": START, "end": "2026-11-04"})),
    ("Consent.dateTime", override(dateTime="2026-11-01")),
    ("Consent.modifierExtension", override("modifierExtension")),
]


@pytest.mark.parametrize("resource", ACCEPTED)
def test_a_complete_override_is_accepted(resource: Members) -> None:
    assert where(resource) == []


@pytest.mark.parametrize(("expression", "resource"), REFUSED)
def test_what_an_override_lacks_is_named(expression: str, resource: Members) -> None:
    assert where(resource) == [expression]


def test_everything_that_is_missing_is_named_at_once() -> None:
    bare = override("performer", "extension", "modifierExtension", provision={"type": "permit"})
    assert len(issues(bare)) == 9


def test_the_hours_of_an_override_are_a_setting() -> None:
    resource = at(period={"start": START, "end": "2026-11-01T12:00:00Z"})
    assert where(resource, STRICT._replace(override_hours=1)) == ["Consent.provision.period.end"]


def test_vrs_leniency_spares_no_override_its_evidence() -> None:
    resource = override("performer", modifierExtension=[MARK])
    assert where(resource, STRICT._replace(vrs_leniency=True)) == ["Consent.performer"]
