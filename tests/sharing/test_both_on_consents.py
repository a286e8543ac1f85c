"""Consents and named records: classes of cases that random ones brought to light, by hand; both evaluators agree."""

from app.sharing.facts import Record
from tests.sharing.both import DECIDED, NOT_THE_PATIENTS, TRUST, UNKNOWN_MODIFIERS, both, datum, unreadable
from tests.sharing.making import (
    actor,
    consent,
    consent_body,
    document,
    facts,
    flag,
    network,
    patient,
    provision,
    record,
    supporter,
)
from tests.sharing.reference.vocabulary import LEGAL_BASIS, RESOURCE_TYPES, url


def test_of_several_named_records_one_given_in_confidence_is_told_before_a_death() -> None:
    plain = document("CarePlan", "plain", "medication")
    secret = document("Communication", "secret", "medication", "given-in-confidence")
    known = facts(patient(deceasedBoolean=True), supporter("a"), plain, secret)
    answer = both(known, "RelatedPerson/a", resources=("CarePlan/plain", "Communication/secret"))
    assert (answer.basis, answer.overridable) == ("third-party-confidence", False)


def test_a_place_that_must_not_be_known_is_told_before_a_wish_whatever_the_order_of_the_records() -> None:
    plain = document("CarePlan", "plain", "medication")
    place = document("CarePlan", "place", "medication", activity=[{"detail": {"location": {"display": "home"}}}])
    hidden = flag("hidden", "no-whereabouts", "2026-01-01", "a")
    known = facts(supporter("a"), plain, place, hidden, flag("wish", "listen-only", "2026-01-01", "a"))
    for named in (("CarePlan/plain", "CarePlan/place"), ("CarePlan/place", "CarePlan/plain")):
        answer = both(known, "RelatedPerson/a", resources=named)
        assert (answer.basis, answer.overridable) == ("contact-restricted", False)


def test_of_what_a_team_may_not_be_told_for_its_people_the_earliest_deny_is_told() -> None:
    kept, plain = "Communication/kept", "Communication/plain"
    known = facts(
        supporter("a"),
        network("t", "a", category="other"),
        flag("f", "no-whereabouts", "2026-01-01", "a"),
        document("Communication", "kept", "medication", location={"display": "a ward"}),
        document("Communication", "plain", "medication"),
        consent("team", DECIDED, provision("permit", "CareTeam/t")),
    )
    for named in ((kept, plain), (plain, kept)):
        assert both(known, "CareTeam/t", resources=named).basis == "contact-restricted"


def test_what_cannot_be_read_and_names_organisations_alone_holds_a_supporter() -> None:
    for type_ in ("permit", "deny"):
        known = facts(supporter("a"), unreadable(type_, TRUST), consent("yes", DECIDED, provision("permit", "a")))
        assert both(known, "RelatedPerson/a").basis == "uninterpretable-consent"


def test_what_cannot_be_read_and_names_staff_or_others_alone_does_not() -> None:
    for who in ("Practitioner/nurse", "b"):
        known = facts(supporter("a"), supporter("b"), unreadable("deny", who))
        assert both(known, "RelatedPerson/a").basis == "no-consent-recorded"


def test_an_organisation_that_is_permitted_in_what_can_be_read_holds_nobody() -> None:
    known = facts(supporter("a"), consent("yes", DECIDED, provision("permit", TRUST)))
    assert both(known, "RelatedPerson/a").basis == "no-consent-recorded"


def test_of_decisions_of_one_time_the_withdrawn_one_is_told() -> None:
    ended = provision("permit", "a", period={"start": "2026-03-01", "end": "2026-03-02"})
    withdrawn = consent("withdrawn", "2026-03-01T00:00:00Z", provision("permit", "a"), status="inactive")
    known = facts(supporter("a"), withdrawn, consent("ended", "2026-03-01", ended))
    assert both(known, "RelatedPerson/a").basis == "consent-withdrawn"


def test_named_records_are_judged_one_by_one_and_the_earliest_deny_is_told() -> None:
    plain, secret = document("CarePlan", "plain", "medication"), document("CarePlan", "secret", "medication", "V")
    ended = provision("permit", "a", period={"end": "2026-03-02"})
    both_kinds = consent("now", "2026-04-01T10:00:00Z", provision("permit", "a", data=[datum("CarePlan/secret")]))
    known = facts(supporter("a"), plain, secret, consent("ended", "2026-02-01T10:00:00Z", ended), both_kinds)
    for named in (("CarePlan/plain", "CarePlan/secret"), ("CarePlan/secret", "CarePlan/plain")):
        assert both(known, "RelatedPerson/a", resources=named).basis == "consent-expired"


def test_named_records_that_are_permitted_by_different_decisions_rest_on_both() -> None:
    plans = [document("CarePlan", name, "medication") for name in ("one", "two")]
    yeses = [
        consent(f"yes-{name}", DECIDED, provision("permit", "a", data=[datum(f"CarePlan/{name}")]))
        for name in ("one", "two")
    ]
    answer = both(facts(supporter("a"), *plans, *yeses), "RelatedPerson/a", resources=("CarePlan/one", "CarePlan/two"))
    assert answer.based_on == ("Consent/yes-one/_history/1", "Consent/yes-two/_history/1")


def test_named_records_that_are_refused_alike_rest_on_all_that_refuses_them_whatever_their_order() -> None:
    plans = [document("CarePlan", name, "medication") for name in ("one", "two")]
    nobody = consent("nobody", DECIDED, provision("deny"))
    one_plan = consent("one-plan", "2026-03", provision("deny", data=[datum("CarePlan/one")]))
    for named in (("CarePlan/one", "CarePlan/two"), ("CarePlan/two", "CarePlan/one")):
        answer = both(facts(supporter("a"), *plans, nobody, one_plan), "RelatedPerson/a", resources=named)
        told = ("Consent/nobody/_history/1", "Consent/one-plan/_history/1")
        assert (answer.basis, answer.based_on) == ("patient-refusal", told)


def _override(*who: str) -> Record:
    """One for the patient's own sake, decided by these clinicians."""
    period = {"start": "2026-06-01T11:00:00Z", "end": "2026-06-02T11:00:00Z"}
    said = [
        {"url": url("override-reason"), "valueCode": "risk-to-self"},
        {"url": url("override-justification"), "valueString": "Said on the telephone that he has taken tablets"},
        {"url": url("override-capacity-view"), "valueCode": "has-capacity"},
    ]
    return consent(
        "override",
        "2026-06-01T11:00:00Z",
        provision("permit", "a", scopes="medication", period=period),
        basis={"coding": [{"system": LEGAL_BASIS, "code": "safety-override"}]},
        extension=said,
        performer=[{"reference": f"Practitioner/{one}"} for one in who],
        modifierExtension=NOT_THE_PATIENTS,
    )


def test_a_refusal_that_cannot_be_read_and_has_no_date_counts_against_one_clinicians_override() -> None:
    for who, basis in ((("nurse",), "uninterpretable-consent"), (("nurse", "doctor"), "safety-override")):
        known = facts(supporter("a"), _override(*who), consent("odd", "", None))
        assert both(known, "RelatedPerson/a").basis == basis


def test_a_refusal_of_a_possible_double_counts_against_one_clinicians_override() -> None:
    people = (supporter("a", "Dunnock"), supporter("b", "DUNNOCK"), consent("no", DECIDED, provision("deny", "b")))
    for who, basis in ((("nurse",), "possibly-same-person"), (("nurse", "doctor"), "safety-override")):
        assert both(facts(*people, _override(*who)), "RelatedPerson/a").basis == basis


def test_what_was_withdrawn_and_is_a_riddle_to_a_supporter_was_no_permission() -> None:
    riddle = {"type": "permit", "provision": [provision("deny", TRUST)]}
    withdrawn = consent("withdrawn", DECIDED, provision("deny", "a", provision=[riddle]), status="inactive")
    assert both(facts(supporter("a"), withdrawn), "RelatedPerson/a").basis == "no-consent-recorded"


def test_what_never_permitted_has_not_expired() -> None:
    never = {"type": "permit", "period": {"start": "2026-05-01"}}
    refused = provision("deny", "a", period={"end": "2026-04-01"}, provision=[never])
    known = facts(supporter("a"), consent("no", DECIDED, refused))
    assert both(known, "RelatedPerson/a").basis == "no-consent-recorded"


def test_of_reviews_that_begin_together_the_one_that_ends_first_is_due() -> None:
    yeses = [
        consent(f"yes-{when}", DECIDED, provision("permit", "a"), extension=[_review(when)])
        for when in ("2026", "2026-01-01", "2026-01")
    ]
    answer = both(facts(supporter("a"), *yeses), "RelatedPerson/a")
    assert (answer.review_due, answer.next_action) == ("2026-01-01", "review-consent")


def _review(when: str) -> dict[str, str]:
    return {"url": url("consent-next-review"), "valueDateTime": when}


def test_a_permit_of_types_covers_no_named_record_of_another_type() -> None:
    types = [{"system": RESOURCE_TYPES, "code": "Appointment"}]
    yes = consent("yes", DECIDED, provision("permit", "a", **{"class": types}))
    for kind, decision in (("Appointment", "permit"), ("Communication", "deny")):
        known = facts(supporter("a"), yes, document(kind, "record", "appointments"))
        assert both(known, "RelatedPerson/a", scopes="", resources=(f"{kind}/record",)).decision == decision


def test_between_services_too_what_was_withdrawn_last_is_withdrawn() -> None:
    refused = provision("deny", period={"start": "2026-02-01", "end": "2026-02-02"})
    known = facts(
        network("t"),
        consent("yes", "2026-03-01", provision("permit")),
        consent("no", "2026-03-01", refused),
        consent("withdrawn", DECIDED, provision("permit"), status="inactive"),
    )
    assert both(known, "CareTeam/t").basis == "consent-withdrawn"


def test_an_override_that_denied_once_keeps_an_older_yes_from_counting() -> None:
    overriding = {"coding": [{"system": LEGAL_BASIS, "code": "safety-override"}]}
    root = provision("deny", "a", provision=[{"type": "permit"}], period={"end": "2026-04-20"})
    denied = consent("override", "2026-04-01T10:00:00Z", root, basis=overriding)
    for decided, basis in ((DECIDED, "consent-expired"), ("2026-05-01T10:00:00Z", "patient-consent")):
        yes = consent("yes", decided, provision("permit", "a"))
        assert both(facts(supporter("a"), yes, denied), "RelatedPerson/a").basis == basis


def test_a_refusal_recorded_before_its_time_keeps_an_older_yes_from_counting_when_it_is_withdrawn() -> None:
    """Until its time comes its permit has not begun, so that nothing is an exception to what it denies."""
    denied = consent_body("no", "2026-07-01T10:00:00Z", provision("deny", "a", provision=[{"type": "permit"}]))
    withdrawn = ("2026-05-01T10:00:00Z", denied | {"status": "inactive"})
    yes = consent("yes", DECIDED, provision("permit", "a"))
    assert both(facts(supporter("a"), yes, record(denied)), "RelatedPerson/a").basis == "patient-refusal"
    answer = both(facts(supporter("a"), yes, record(denied, withdrawn)), "RelatedPerson/a")
    assert (answer.basis, answer.next_action) == ("consent-expired", "ask-patient")


def test_a_consent_under_rules_that_nobody_knows_cannot_be_read() -> None:
    for odd in UNKNOWN_MODIFIERS:
        yes = consent("yes", DECIDED, provision("permit", "a"), **odd)
        assert both(facts(supporter("a"), yes), "RelatedPerson/a").basis == "uninterpretable-consent"


def test_an_override_that_may_have_denied_keeps_an_older_yes_from_counting_before_its_period_too() -> None:
    overriding = {"coding": [{"system": LEGAL_BASIS, "code": "safety-override"}]}
    yes = consent("yes", DECIDED, provision("permit", "a"))
    for type_, basis in (({}, "consent-expired"), ({"type": "permit"}, "patient-consent")):
        root = {"actor": [actor("a")], "period": {"start": "2026-07-01"}} | type_
        override = consent("override", "2026-04-01T10:00:00Z", root, basis=overriding)
        assert both(facts(supporter("a"), yes, override), "RelatedPerson/a").basis == basis


def test_of_a_yes_and_a_no_in_one_second_nobody_can_tell_which_was_last() -> None:
    no = consent("no", "2026-03-01T10:00:00.2Z", provision("deny", "a"))
    for decided, basis in (
        ("2026-03-01T10:00:00.7Z", "conflicting-consents"),
        ("2026-03-01T10:00:01Z", "patient-consent"),
    ):
        yes = consent("yes", decided, provision("permit", "a"))
        assert both(facts(supporter("a"), no, yes), "RelatedPerson/a").basis == basis
