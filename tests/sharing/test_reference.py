"""The rows of the page's tables, by hand, so that the reference can be trusted."""

from typing import Any

import pytest

from app.sharing.facts import Facts, Policy, Record
from tests.sharing.making import (
    ask,
    concept,
    consent,
    consent_body,
    document,
    extension,
    facts,
    flag,
    label,
    network,
    patient,
    provision,
    purpose,
    record,
    role,
    supporter,
)
from tests.sharing.reference.vocabulary import ACT_CODE, LACKS_CAPACITY, LEGAL_BASIS, PROXY_BASIS

_OLD, _NEW = "2026-02-01T10:00:00Z", "2026-03-01T10:00:00Z"
_MUM = supporter("mum")
_EX = supporter("ex")


def _yes(*who: str, at: str = _NEW, id_: str = "yes", **more: Any) -> Record:
    return consent(id_, at, provision("permit", *who, **more))


def _no(*who: str, at: str = _NEW, id_: str = "no", **more: Any) -> Record:
    return consent(id_, at, provision("deny", *who, **more))


@pytest.mark.parametrize(
    ("known", "who", "scope", "basis"),
    [
        (facts(_MUM, _yes("mum", at=_OLD), _no("mum")), "mum", "medication", "patient-refusal"),
        (facts(_MUM, _no("mum", at=_OLD), _yes("mum")), "mum", "medication", "patient-consent"),
        (
            facts(_EX, network("t", "ex"), _no("ex", at=_OLD), _yes("CareTeam/t")),
            "ex",
            "medication",
            "conflicting-consents",
        ),
        (facts(_MUM, _yes("mum", at=_OLD), _no()), "mum", "medication", "patient-refusal"),
        (facts(_MUM, _yes("mum", at=_OLD, scopes="substance-use"), _no()), "mum", "substance-use", "patient-refusal"),
        (
            facts(_MUM, _no("mum", at=_OLD, scopes="medication"), _yes("mum")),
            "mum",
            "medication",
            "conflicting-consents",
        ),
        (facts(_MUM, _yes("mum"), _no("mum")), "mum", "medication", "conflicting-consents"),
        (facts(_MUM, _yes("mum", at="2026-03"), _no("mum", at=_NEW)), "mum", "medication", "conflicting-consents"),
        (facts(_EX, _yes(purpose=purpose("TREAT"))), "ex", "medication", "no-consent-recorded"),
    ],
)
def test_each_case_of_several_consents(known: Facts, who: str, scope: str, basis: str) -> None:
    assert ask(known, who, scope).basis == basis


def test_listening_is_permitted_also_for_somebody_not_on_the_record() -> None:
    answer = ask(facts(), "nobody", action="listen")
    assert (answer.recipient, answer.scope, answer.basis) == ("", "", "listening")
    assert set(answer.obligations) == {
        "disclose-nothing-new",
        "record-what-was-said",
        "do-not-promise-secrecy",
        "do-not-confirm-patient",
    }


def test_who_may_know_of_the_care_may_have_it_confirmed() -> None:
    known = facts(_MUM, _yes("mum", scopes="service-contact"))
    assert "do-not-confirm-patient" not in ask(known, "mum", action="listen").obligations


def test_a_wish_not_to_listen_is_a_caution() -> None:
    known = facts(_EX, flag("f", "no-contact-patient-wish", _OLD, "ex"))
    assert "patient-asked-us-not-to-listen" in ask(known, "ex", action="listen").obligations


@pytest.mark.parametrize(
    "person",
    [
        supporter("a", active=False),
        supporter("a", period={"end": "2026-05-31"}),
        record({"resourceType": "RelatedPerson", "id": "a"}, ("2026-02-01T00:00:00Z", None)),
        supporter("b"),
    ],
)
def test_nobody_who_is_not_linked_is_told(person: Record) -> None:
    answer = ask(facts(person), "a")
    assert (answer.basis, answer.next_action, answer.overridable) == ("recipient-not-linked", "none", False)


@pytest.mark.parametrize(
    ("named", "basis"),
    [
        (document("CarePlan", "r", "medication"), "patient-consent"),
        (document("CarePlan", "x", "medication"), "resource-not-found"),
        (document("Basic", "r", ""), "resource-not-found"),
        (document("CarePlan", "r", "medication", "R"), "not-covered"),
        (document("CarePlan", "r", "medication", "PSY"), "patient-consent"),
        (document("CarePlan", "r", "medication", "SDV"), "not-covered"),
    ],
)
def test_a_named_resource_has_to_be_there_and_ordinary(named: Record, basis: str) -> None:
    known = facts(_MUM, _yes("mum"), named)
    assert ask(known, "mum", "", resources=("CarePlan/r",)).basis == basis


def test_a_resource_of_another_patient_is_not_found_and_one_without_scope_unknown() -> None:
    named = document("Basic", "r", "")
    assert ask(facts(_MUM, named, owners={"Basic/r": "q"}), "mum", "", resources=("Basic/r",)).basis == (
        "resource-not-found"
    )
    assert ask(facts(_MUM, named), "mum", "medication", resources=("Basic/r",)).basis == "scope-unknown"


def test_one_deny_among_the_scopes_of_named_resources_is_the_answer_to_all() -> None:
    known = facts(_MUM, document("CarePlan", "r", "risk-to-self"), _yes("mum", scopes="medication"))
    assert ask(known, "mum", "medication").decision == "permit"
    assert ask(known, "mum", "medication", resources=("CarePlan/r",)).basis == "not-covered"


@pytest.mark.parametrize(
    ("code", "scope", "basis", "overridable"),
    [
        ("no-contact-safeguarding", "medication", "contact-restricted", False),
        ("no-whereabouts", "meetings", "contact-restricted", False),
        ("no-whereabouts", "medication", "patient-consent", False),
        ("no-contact-patient-wish", "medication", "contact-restricted", True),
        ("no-contact-supporter-wish", "medication", "contact-restricted", True),
        ("listen-only", "medication", "contact-restricted", True),
        ("never-heard-of", "medication", "contact-restricted", False),
    ],
)
def test_each_restriction_covers_what_the_page_says(code: str, scope: str, basis: str, overridable: bool) -> None:
    known = facts(_EX, _yes("ex"), flag("f", code, _OLD, "ex"))
    answer = ask(known, "ex", scope)
    assert (answer.basis, answer.overridable) == (basis, overridable)
    assert ("no-whereabouts" in answer.obligations) == (basis == "patient-consent")


def test_a_restriction_that_names_nobody_restricts_everyone() -> None:
    assert ask(facts(_MUM, _yes("mum"), flag("f", "listen-only", _OLD)), "mum").basis == "contact-restricted"


def test_own_record_is_permitted_unless_labelled() -> None:
    known = facts(document("CarePlan", "r", "medication", "R"))
    assert ask(known, "Patient/p").basis == "own-record"
    assert ask(known, "Patient/p", "", resources=("CarePlan/r",)).basis == "refer-own-record"
    assert ask(known, "Patient/q").basis == "recipient-not-linked"


def test_one_who_may_be_a_refused_person_is_not_told() -> None:
    no = _no("ex")
    yes = _yes("double", id_="other")
    alike = facts(supporter("ex", "O\u2019Neill"), supporter("double", "ONEILL"), no, yes)
    assert ask(alike, "double").basis == "possibly-same-person"
    apart = supporter(
        "double", "ONEILL", extension=[extension("different-person", valueReference={"reference": "RelatedPerson/ex"})]
    )
    assert ask(facts(supporter("ex", "O'Neill"), apart, no, yes), "double").basis == "patient-consent"
    older = supporter("double", "ONEILL", birthDate="1980")
    assert ask(facts(supporter("ex", "ONeill", birthDate="1981-01-01"), older, no, yes), "double").decision == "permit"


def test_a_shared_phone_is_no_shared_person() -> None:
    phone = [{"system": "phone", "value": "07700 900001"}]
    known = facts(
        supporter("ex", telecom=phone),
        supporter("mum", telecom=phone),
        _yes("mum"),
        flag("f", "no-contact-safeguarding", _OLD, "ex"),
    )
    answer = ask(known, "mum")
    assert (answer.decision, answer.obligations) == ("permit", ("shared-contact-details",))


@pytest.mark.parametrize(
    ("died", "basis"),
    [
        ({"deceasedBoolean": True}, "refer-deceased"),
        ({"deceasedBoolean": False}, "patient-consent"),
        ({"deceasedDateTime": "2026-06"}, "refer-deceased"),
        ({"deceasedDateTime": "2026-07"}, "patient-consent"),
    ],
)
def test_of_the_dead_a_clinician_decides(died: dict[str, Any], basis: str) -> None:
    assert ask(facts(patient(**died), _MUM, _yes("mum")), "mum").basis == basis


def _competent(record_: Record) -> Record:
    parts = [
        {"url": "by", "valueReference": {"reference": "Practitioner/dr"}},
        {"url": "date", "valueDateTime": "2026-01-01"},
    ]
    content = record_.versions[0].content
    return record(dict(content or {}) | {"extension": [extension("competence-confirmed", extension=parts)]})


def _parental(at: str = _NEW) -> Record:
    return consent(
        "parent",
        at,
        provision("permit", "mum"),
        basis=concept(PROXY_BASIS, "parental-responsibility"),
        performer=[{"reference": "RelatedPerson/mum"}],
    )


@pytest.mark.parametrize(
    ("consents", "basis"),
    [
        ([], "refer-child"),
        ([_yes("mum")], "refer-child"),
        ([_competent(_yes("mum"))], "patient-consent"),
        ([_parental()], "parental-responsibility"),
        ([_no("mum", at=_OLD), _parental()], "refer-child"),
        ([_competent(_no("mum", at=_OLD)), _parental()], "patient-refusal"),
        ([_no("mum", at=_OLD), _competent(_yes("mum")), _parental()], "patient-consent"),
    ],
)
def test_of_a_child_first_the_childs_own_word_counts(consents: list[Record], basis: str) -> None:
    mum = supporter("mum", "", role("parental-responsibility"))
    assert ask(facts(patient("2012-01-01"), mum, *consents), "mum").basis == basis


def test_the_sixteenth_birthday_ends_parental_responsibility() -> None:
    mum = supporter("mum", "", role("parental-responsibility"))
    known = facts(patient("2010-06-15"), mum, _parental())
    before = ask(known, "mum", at="2026-06-14T22:59:59Z")
    assert (before.basis, str(before.valid_until)) == ("parental-responsibility", "2026-06-14 23:00:00+00:00")
    assert ask(known, "mum", at="2026-06-14T23:00:00Z").basis == "no-consent-recorded"


def test_an_unknown_age_is_confirmed_or_taken_for_a_childs() -> None:
    known = facts(patient(""), _MUM, _yes("mum"))
    assert "confirm-age" in ask(known, "mum").obligations
    child = facts(patient(""), _MUM, _yes("mum"), policy=Policy(unknown_patient_age="child"))
    assert ask(child, "mum").basis == "refer-child"


_DEEP: dict[str, Any] = {"type": "permit"}
for _ in range(5):
    _DEEP = {"type": "permit", "provision": [_DEEP]}


@pytest.mark.parametrize(
    "body",
    [
        consent_body("c", "", provision("permit", "mum")),
        consent_body("c", _OLD, None),
        consent_body("c", _OLD, {"actor": []}),
        consent_body("c", _OLD, provision("permit"), modifierExtension=[{"url": "https://other.example/x"}]),
        consent_body("c", _OLD, {"type": "permit", "actor": [{"role": {"text": "mum"}, "reference": {}}]}),
        consent_body("c", _OLD, _DEEP),
        consent_body("c", _OLD, provision("deny", scopes="everything")),
        consent_body("c", _OLD, provision("deny", code=[{"coding": [{"code": "medication"}]}])),
        consent_body("c", _OLD, provision("deny", "nobody")),
        consent_body("c", _OLD, provision("deny", "Group/g")),
        consent_body("c", _OLD, provision("deny", "Organization/o")),
        consent_body("c", _OLD, provision("deny", securityLabel=[{"system": "https://other.example", "code": "x"}])),
        consent_body(
            "c",
            _OLD,
            provision("permit", modifierExtension=[extension("consent-condition", valueCode="on-sundays")]),
        ),
    ],
)
def test_a_consent_that_cannot_be_read_is_listed_and_nobody_told(body: dict[str, Any]) -> None:
    answer = ask(facts(_MUM, _yes("mum"), record(body)), "mum")
    assert (answer.basis, answer.based_on) == ("uninterpretable-consent", ("Consent/c/_history/1",))


def test_an_unreadable_consent_about_somebody_else_is_no_obstacle() -> None:
    strange = consent("c", _OLD, provision("deny", "ex", scopes="everything"))
    assert ask(facts(_MUM, _EX, _yes("mum"), strange), "mum").decision == "permit"


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
    known = facts(_MUM, consent("c", _OLD, provision("permit", "mum"), basis=rule))
    assert ask(known, "mum").basis == ("patient-consent" if counts else "no-consent-recorded")


def test_a_nested_permit_on_an_unnamed_basis_shields_nothing() -> None:
    root = provision("deny", "mum", provision=[provision("permit", scopes="medication")])
    known = facts(_MUM, consent("c", _OLD, root, basis=concept(ACT_CODE, "UNK")))
    assert ask(known, "mum").basis == "patient-refusal"
    assert ask(facts(_MUM, consent("c", _OLD, root)), "mum").basis == "patient-consent"


def test_a_permit_given_without_capacity_counts_for_nothing() -> None:
    lacked = flag(
        "f", LACKS_CAPACITY, "2026-01-30", status="inactive", period={"start": "2026-01-30", "end": "2026-02-10"}
    )
    answer = ask(facts(_MUM, lacked, _yes("mum", at=_OLD)), "mum")
    assert (answer.basis, answer.next_action) == ("given-without-capacity", "refer-to-clinician")
    assert ask(facts(_MUM, lacked, _yes("mum")), "mum").decision == "permit"


def _best_interest(type_: str, *, end: str = "2026-06-20", considered: bool = False) -> Record:
    said = [extension("refusal-considered", valueBoolean=True)] if considered else []
    return consent(
        "b",
        "2026-05-30T10:00:00Z",
        provision(type_, "mum", scopes="medication", period={"start": "2026-05-30", "end": end}),
        basis=concept(PROXY_BASIS, "best-interest"),
        performer=[{"reference": "Practitioner/dr"}],
        extension=said,
    )


_LACKING = flag("f", LACKS_CAPACITY, "2026-05-20")


@pytest.mark.parametrize(
    ("records", "basis"),
    [
        ([_best_interest("permit")], "no-consent-recorded"),
        ([_LACKING, _best_interest("permit")], "best-interest"),
        ([_LACKING, _best_interest("permit", end="2026-07-01")], "no-consent-recorded"),
        ([_LACKING, _best_interest("deny")], "best-interest-refusal"),
        ([_LACKING, _no("mum"), _best_interest("permit")], "patient-refusal"),
        ([_LACKING, _no("mum"), _best_interest("permit", considered=True)], "best-interest"),
        ([_LACKING, _yes("mum"), _best_interest("deny")], "patient-consent"),
    ],
)
def test_others_decide_only_while_capacity_is_lacking(records: list[Record], basis: str) -> None:
    assert ask(facts(_MUM, *records), "mum").basis == basis


def test_capacity_flags_lapse_after_28_days_unless_confirmed() -> None:
    started = flag("f", LACKS_CAPACITY, "2026-05-01T10:00:00Z")
    confirmed = flag(
        "f",
        LACKS_CAPACITY,
        "2026-05-01T10:00:00Z",
        extension=[extension("capacity-confirmed", valueDateTime="2026-05-20T10:00:00Z")],
    )
    assert ask(facts(_MUM, started), "mum").next_action == "ask-patient"
    assert ask(facts(_MUM, confirmed), "mum").next_action == "refer-to-clinician"


@pytest.mark.parametrize(
    ("records", "basis", "action"),
    [
        ([_no("mum")], "patient-refusal", "none"),
        (
            [record(consent_body("c", _OLD, provision("permit", "mum"), status="inactive"))],
            "consent-withdrawn",
            "ask-patient",
        ),
        ([_yes("mum", period={"end": "2026-05-01"})], "consent-expired", "renew-consent"),
        (
            [_no("mum", period={"end": "2026-05-02"}), _yes("mum", at=_OLD, period={"end": "2026-05-01"})],
            "consent-expired",
            "ask-patient",
        ),
        ([_yes("mum", scopes="meetings")], "not-covered", "ask-patient"),
        ([_yes("mum", period={"start": "2026-07-01"})], "not-covered", "ask-patient"),
        ([_yes("mum", scopes="meetings", period={"end": "2026-05-01"})], "no-consent-recorded", "ask-patient"),
        ([consent("c", _OLD, provision("permit", "mum"), status="draft")], "asked-undecided", "ask-patient"),
        ([consent("c", _OLD, provision("permit", "ex"), status="draft")], "no-consent-recorded", "ask-patient"),
    ],
)
def test_the_deny_that_remains_says_what_to_do_next(records: list[Record], basis: str, action: str) -> None:
    answer = ask(facts(_MUM, _EX, *records), "mum")
    assert (answer.basis, answer.next_action, answer.overridable) == (basis, action, True)


def test_a_refusal_that_ended_does_not_revive_an_older_yes() -> None:
    ended = _no("mum", period={"end": "2026-05-01"})
    expired = ask(facts(_MUM, _yes("mum", at=_OLD), ended), "mum")
    assert (expired.basis, expired.next_action) == ("consent-expired", "ask-patient")
    anew = _yes("mum", at="2026-05-02T10:00:00Z", id_="anew")
    assert ask(facts(_MUM, _yes("mum", at=_OLD), ended, anew), "mum").based_on == ("Consent/anew/_history/1",)


def test_a_refusal_taken_back_does_not_revive_an_older_yes_either() -> None:
    body = consent_body("no", _NEW, provision("deny", "mum"))
    inactive = record(body, ("2026-04-01T00:00:00Z", body | {"status": "inactive"}))
    narrower = record(body, ("2026-04-01T00:00:00Z", body | {"provision": provision("deny", "mum", scopes="meetings")}))
    mistaken = record(body, ("2026-04-01T00:00:00Z", body | {"status": "entered-in-error"}))
    for taken_back, basis in (
        (inactive, "consent-expired"),
        (narrower, "consent-expired"),
        (mistaken, "consent-expired"),
    ):
        assert ask(facts(_MUM, _yes("mum", at=_OLD), taken_back), "mum").basis == basis


def test_a_newer_rejection_makes_a_conflict() -> None:
    rejected = consent("r", _NEW, provision("permit", "mum"), status="rejected")
    assert ask(facts(_MUM, _yes("mum", at=_OLD), rejected), "mum").basis == "conflicting-consents"
    assert ask(facts(_MUM, _yes("mum", at="2026-04-01"), rejected), "mum").basis == "patient-consent"


def test_a_refusal_of_a_circle_outlives_the_team() -> None:
    closed = network("t", "mum", status="inactive", period={"end": "2026-02-01"})
    assert ask(facts(_MUM, closed, _no("CareTeam/t")), "mum").basis == "patient-refusal"
    assert ask(facts(_MUM, closed, _yes("CareTeam/t")), "mum").basis == "no-consent-recorded"
    other = network("t", "mum", category="other")
    assert ask(facts(_MUM, other, _yes("CareTeam/t")), "mum").basis == "no-consent-recorded"


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
    known = facts(_MUM, _yes("mum", purpose=purpose(code)))
    assert (ask(known, "mum", purpose=asked).decision == "permit") == permitted


def test_a_refusal_for_a_narrower_purpose_bites() -> None:
    known = facts(_MUM, _yes("mum", at=_OLD), _no("mum", purpose=purpose("BTG")))
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
        _MUM,
        document("CarePlan", "r", "medication", *resource),
        _yes("mum", securityLabel=[label(code) for code in labels]),
    )
    assert (ask(known, "mum", "", resources=("CarePlan/r",)).decision == "permit") == permitted


def test_a_refusal_of_some_records_asks_to_check_each() -> None:
    known = facts(_MUM, _yes("mum", at=_OLD), _no("mum", securityLabel=[label("R")]))
    assert ask(known, "mum").obligations == ("check-each-record",)
    named = facts(*known.supporters, *known.consents, document("CarePlan", "r", "medication", "V"))
    assert ask(named, "mum", "", resources=("CarePlan/r",)).basis == "patient-refusal"


def test_conditions_become_obligations() -> None:
    said = [extension("consent-condition", valueCode="no-letters")]
    known = facts(_MUM, _yes("mum", modifierExtension=said, provision=[provision("permit", scopes="medication")]))
    assert ask(known, "mum").obligations == ("no-letters",)


def test_professionals_are_decided_by_blanket_consent_or_not_here() -> None:
    doctor = record({"resourceType": "Practitioner", "id": "dr"})
    assert ask(facts(doctor), "Practitioner/dr").basis == "not-decided-here"
    assert ask(facts(doctor, _yes()), "Practitioner/dr").basis == "patient-consent"
    assert ask(facts(doctor, _no()), "Practitioner/dr").basis == "patient-refusal"
    assert ask(facts(), "Practitioner/dr").basis == "recipient-not-linked"


def test_a_team_is_told_only_what_each_supporter_in_it_may_know() -> None:
    team = network("t", "mum", "ex")
    told = facts(_MUM, _EX, team, _yes("CareTeam/t"))
    assert ask(told, "CareTeam/t").decision == "permit"
    refused = ask(facts(_MUM, _EX, team, _yes("CareTeam/t"), _no("ex")), "CareTeam/t")
    assert (refused.recipient, refused.basis) == ("CareTeam/t", "conflicting-consents")


def test_valid_until_knows_that_clocks_go_forward() -> None:
    known = facts(_MUM, _yes("mum", period={"end": "2026-03-29"}))
    answer = ask(known, "mum", at="2026-03-29T00:59:59Z")
    assert str(answer.valid_until) == "2026-03-29 23:00:00+00:00"
    assert ask(known, "mum", at="2026-03-29T22:59:59Z").decision == "permit"
    assert ask(known, "mum", at="2026-03-29T23:00:00Z").decision == "deny"
