"""The rows of the page's tables about Consents, by hand: which count, which wins, what each is about."""

from typing import Any

import pytest

from app.sharing.facts import Facts, Record
from tests.sharing.making import (
    EX,
    MUM,
    NEW,
    OLD,
    ask,
    concept,
    consent,
    consent_body,
    document,
    extension,
    facts,
    label,
    network,
    no,
    provision,
    purpose,
    record,
    yes,
)
from tests.sharing.reference.vocabulary import ACT_CODE, LEGAL_BASIS, PROXY_BASIS


@pytest.mark.parametrize(
    ("known", "who", "scope", "basis"),
    [
        (facts(MUM, yes("mum", at=OLD), no("mum")), "mum", "medication", "patient-refusal"),
        (facts(MUM, no("mum", at=OLD), yes("mum")), "mum", "medication", "patient-consent"),
        (
            facts(EX, network("t", "ex"), no("ex", at=OLD), yes("CareTeam/t")),
            "ex",
            "medication",
            "conflicting-consents",
        ),
        (facts(MUM, yes("mum", at=OLD), no()), "mum", "medication", "patient-refusal"),
        (facts(MUM, yes("mum", at=OLD, scopes="substance-use"), no()), "mum", "substance-use", "patient-refusal"),
        (
            facts(MUM, no("mum", at=OLD, scopes="medication"), yes("mum")),
            "mum",
            "medication",
            "conflicting-consents",
        ),
        (facts(MUM, yes("mum"), no("mum")), "mum", "medication", "conflicting-consents"),
        (facts(MUM, yes("mum", at="2026-03"), no("mum", at=NEW)), "mum", "medication", "conflicting-consents"),
        (facts(EX, yes(purpose=purpose("TREAT"))), "ex", "medication", "no-consent-recorded"),
    ],
)
def test_each_case_of_several_consents(known: Facts, who: str, scope: str, basis: str) -> None:
    assert ask(known, who, scope).basis == basis


def _deep(levels: int) -> dict[str, Any]:
    return {"type": "permit"} | ({"provision": [_deep(levels - 1)]} if levels > 1 else {})


@pytest.mark.parametrize(
    "body",
    [
        consent_body("c", "", provision("permit", "mum")),
        consent_body("c", OLD, None),
        consent_body("c", OLD, {"actor": []}),
        consent_body("c", OLD, provision("permit"), modifierExtension=[{"url": "https://other.example/x"}]),
        consent_body("c", OLD, {"type": "permit", "actor": [{"role": {"text": "mum"}, "reference": {}}]}),
        consent_body("c", OLD, _deep(6)),
        consent_body("c", OLD, provision("deny", scopes="everything")),
        consent_body("c", OLD, provision("deny", code=[{"coding": [{"code": "medication"}]}])),
        consent_body("c", OLD, provision("deny", "nobody")),
        consent_body("c", OLD, provision("deny", "Group/g")),
        consent_body("c", OLD, provision("deny", "Organization/o")),
        consent_body("c", OLD, provision("deny", securityLabel=[{"system": "https://other.example", "code": "x"}])),
        consent_body(
            "c",
            OLD,
            provision("permit", modifierExtension=[extension("consent-condition", valueCode="on-sundays")]),
        ),
    ],
)
def test_a_consent_that_cannot_be_read_is_listed_and_nobody_told(body: dict[str, Any]) -> None:
    answer = ask(facts(MUM, yes("mum"), record(body)), "mum")
    assert (answer.basis, answer.based_on) == ("uninterpretable-consent", ("Consent/c/_history/1",))


def test_an_unreadable_consent_about_somebody_else_is_no_obstacle() -> None:
    strange = consent("c", OLD, provision("deny", "ex", scopes="everything"))
    assert ask(facts(MUM, EX, yes("mum"), strange), "mum").decision == "permit"


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        (None, True),
        (concept(PROXY_BASIS, "consent"), True),
        (concept(ACT_CODE, "OPTIN"), True),
        (concept(ACT_CODE, "IMPLIED"), False),
        (concept(ACT_CODE, "EMRGONLY"), False),
        (concept(LEGAL_BASIS, "advance-statement"), False),
    ],
)
def test_only_the_patients_own_basis_permits_by_itself(rule: Any, counts: bool) -> None:
    known = facts(MUM, consent("c", OLD, provision("permit", "mum"), basis=rule))
    assert ask(known, "mum").basis == ("patient-consent" if counts else "no-consent-recorded")


def test_a_nested_permit_on_an_unnamed_basis_shields_nothing() -> None:
    root = provision("deny", "mum", provision=[provision("permit", scopes="medication")])
    known = facts(MUM, consent("c", OLD, root, basis=concept(ACT_CODE, "UNK")))
    assert ask(known, "mum").basis == "patient-refusal"
    assert ask(facts(MUM, consent("c", OLD, root)), "mum").basis == "patient-consent"


@pytest.mark.parametrize(
    ("records", "basis", "action"),
    [
        ([no("mum")], "patient-refusal", "none"),
        (
            [record(consent_body("c", OLD, provision("permit", "mum"), status="inactive"))],
            "consent-withdrawn",
            "ask-patient",
        ),
        ([yes("mum", period={"end": "2026-05-01"})], "consent-expired", "renew-consent"),
        (
            [no("mum", period={"end": "2026-05-02"}), yes("mum", at=OLD, period={"end": "2026-05-01"})],
            "consent-expired",
            "ask-patient",
        ),
        ([yes("mum", scopes="meetings")], "not-covered", "ask-patient"),
        ([yes("mum", period={"start": "2026-07-01"})], "not-covered", "ask-patient"),
        ([yes("mum", scopes="meetings", period={"end": "2026-05-01"})], "no-consent-recorded", "ask-patient"),
        ([consent("c", OLD, provision("permit", "mum"), status="draft")], "asked-undecided", "ask-patient"),
        ([consent("c", OLD, provision("permit", "ex"), status="draft")], "no-consent-recorded", "ask-patient"),
    ],
)
def test_the_deny_that_remains_says_what_to_do_next(records: list[Record], basis: str, action: str) -> None:
    answer = ask(facts(MUM, EX, *records), "mum")
    assert (answer.basis, answer.next_action, answer.overridable) == (basis, action, True)


def test_a_refusal_that_ended_does_not_revive_an_older_yes() -> None:
    ended = no("mum", period={"end": "2026-05-01"})
    expired = ask(facts(MUM, yes("mum", at=OLD), ended), "mum")
    assert (expired.basis, expired.next_action) == ("consent-expired", "ask-patient")
    anew = yes("mum", at="2026-05-02T10:00:00Z", id_="anew")
    assert ask(facts(MUM, yes("mum", at=OLD), ended, anew), "mum").based_on == ("Consent/anew/_history/1",)


def test_a_refusal_taken_back_does_not_revive_an_older_yes_either() -> None:
    body = consent_body("no", NEW, provision("deny", "mum"))
    inactive = record(body, ("2026-04-01T00:00:00Z", body | {"status": "inactive"}))
    narrower = record(body, ("2026-04-01T00:00:00Z", body | {"provision": provision("deny", "mum", scopes="meetings")}))
    mistaken = record(body, ("2026-04-01T00:00:00Z", body | {"status": "entered-in-error"}))
    for taken_back, basis in (
        (inactive, "consent-expired"),
        (narrower, "consent-expired"),
        (mistaken, "consent-expired"),
    ):
        assert ask(facts(MUM, yes("mum", at=OLD), taken_back), "mum").basis == basis


def test_a_newer_rejection_makes_a_conflict() -> None:
    rejected = consent("r", NEW, provision("permit", "mum"), status="rejected")
    assert ask(facts(MUM, yes("mum", at=OLD), rejected), "mum").basis == "conflicting-consents"
    assert ask(facts(MUM, yes("mum", at="2026-04-01"), rejected), "mum").basis == "patient-consent"


def test_a_refusal_of_a_circle_outlives_the_team() -> None:
    closed = network("t", "mum", status="inactive", period={"end": "2026-02-01"})
    assert ask(facts(MUM, closed, no("CareTeam/t")), "mum").basis == "patient-refusal"
    assert ask(facts(MUM, closed, yes("CareTeam/t")), "mum").basis == "no-consent-recorded"
    other = network("t", "mum", category="other")
    assert ask(facts(MUM, other, yes("CareTeam/t")), "mum").basis == "no-consent-recorded"


@pytest.mark.parametrize(
    ("code", "asked", "permitted"),
    [
        ("ETREAT", "", False),
        ("ETREAT", "BTG", True),
        ("TREAT", "BTG", True),
        ("BTG", "TREAT", False),
        ("PurposeOfUse", "", True),
        ("SUPNWK", "", True),
        ("HRESCH", "", False),
    ],
)
def test_a_purpose_covers_itself_and_what_is_below_it(code: str, asked: str, permitted: bool) -> None:
    known = facts(MUM, yes("mum", purpose=purpose(code)))
    assert (ask(known, "mum", purpose=asked).decision == "permit") == permitted


def test_a_refusal_for_a_narrower_purpose_bites() -> None:
    known = facts(MUM, yes("mum", at=OLD), no("mum", purpose=purpose("BTG")))
    assert ask(known, "mum", purpose="TREAT").basis == "patient-refusal"
    assert ask(known, "mum", purpose="HRESCH").basis == "patient-consent"


@pytest.mark.parametrize(
    ("labels", "resource", "permitted"),
    [
        (["N"], ["N"], True),
        (["N"], ["R"], False),
        (["R"], ["N"], True),
        (["V"], ["R"], True),
        (["N"], ["SDV"], False),
        (["N", "SDV"], ["SDV"], True),
        (["SDV"], [], False),
    ],
)
def test_a_label_in_a_permit_covers_that_or_lower(labels: list[str], resource: list[str], permitted: bool) -> None:
    known = facts(
        MUM,
        document("CarePlan", "r", "medication", *resource),
        yes("mum", securityLabel=[label(code) for code in labels]),
    )
    assert (ask(known, "mum", "", resources=("CarePlan/r",)).decision == "permit") == permitted


def test_a_refusal_of_some_records_asks_to_check_each() -> None:
    known = facts(MUM, yes("mum", at=OLD), no("mum", securityLabel=[label("R")]))
    assert ask(known, "mum").obligations == ("check-each-record",)
    named = facts(*known.supporters, *known.consents, document("CarePlan", "r", "medication", "V"))
    assert ask(named, "mum", "", resources=("CarePlan/r",)).basis == "patient-refusal"


def test_conditions_become_obligations() -> None:
    said = [extension("consent-condition", valueCode="no-letters")]
    known = facts(MUM, yes("mum", modifierExtension=said, provision=[provision("permit", scopes="medication")]))
    assert ask(known, "mum").obligations == ("no-letters",)
