"""The acceptance stories, told to the reference."""

import pytest

from tests.sharing.making import (
    ask,
    concept,
    consent,
    consent_body,
    document,
    extension,
    facts,
    flag,
    patient,
    provision,
    record,
    role,
    supporter,
)
from tests.sharing.reference.vocabulary import LACKS_CAPACITY, LEGAL_BASIS, PROXY_BASIS

_LPA = concept(PROXY_BASIS, "health-and-welfare-lasting-power-of-attorney")
_OVERRIDE = concept(LEGAL_BASIS, "safety-override")


@pytest.mark.parametrize(
    ("who", "scope", "basis"),
    [
        ("tom", "medication", "not-covered"),
        ("tom", "appointments", "patient-consent"),
        ("rukhsana", "relapse-signature", "patient-consent"),
        ("rukhsana", "sensitive-history", "not-covered"),
    ],
)
def test_two_carers_two_scopes(who: str, scope: str, basis: str) -> None:
    known = facts(
        supporter("rukhsana"),
        supporter("tom"),
        consent("c1", "2026-02-01", provision("permit", "rukhsana", scopes="care-plan meetings relapse-signature")),
        consent("c2", "2026-02-01", provision("permit", "tom", scopes="appointments")),
    )
    assert ask(known, who, scope).basis == basis


def test_silence_is_not_refusal() -> None:
    answer = ask(facts(supporter("dad")), "dad", "care-plan")
    assert (answer.decision, answer.basis, answer.next_action) == ("deny", "no-consent-recorded", "ask-patient")
    assert answer.still_allowed == (
        "listen",
        "general-information",
        "what-they-already-know",
        "carers-assessment-right",
    )


def test_after_a_refusal_general_information_is_still_given() -> None:
    known = facts(supporter("pat"), consent("c", "2026-02-01", provision("deny", "pat")))
    assert ask(known, "pat", "condition-information").basis == "patient-refusal"
    general = ask(known, "pat", content="general")
    assert (general.decision, general.basis) == ("permit", "general-information")
    assert set(general.obligations) == {"no-patient-specific-content", "do-not-confirm-patient"}


def test_a_permit_that_ended_is_expired() -> None:
    root = provision("permit", "wife", period={"end": "2026-03-01"})
    known = facts(supporter("wife"), consent("c", "2026-02-01", root))
    assert ask(known, "wife", at="2026-03-01T23:59:59Z").basis == "patient-consent"
    expired = ask(known, "wife", at="2026-03-03T09:00:00Z")
    assert (expired.basis, expired.next_action) == ("consent-expired", "renew-consent")


def test_a_late_review_leaves_the_permit_standing() -> None:
    said = [extension("consent-next-review", valueDateTime="2026-05-22")]
    known = facts(supporter("wife"), consent("c", "2026-02-01", provision("permit", "wife"), extension=said))
    answer = ask(known, "wife")
    assert (answer.decision, answer.review_due, answer.next_action) == ("permit", "2026-05-22", "review-consent")


@pytest.mark.parametrize(
    ("at", "decision", "basis"),
    [
        ("2026-02-01T16:05:00Z", "deny", "consent-withdrawn"),
        ("2026-02-01T12:00:00Z", "permit", "patient-consent"),
        ("2026-02-01T15:59:59Z", "permit", "patient-consent"),
        ("2026-02-01T16:00:00Z", "deny", "consent-withdrawn"),
    ],
)
def test_withdrawn_in_the_afternoon(at: str, decision: str, basis: str) -> None:
    body = consent_body("c", "2026-02-01T10:00:00Z", provision("permit", "brother"))
    withdrawn = ("2026-02-01T16:00:00Z", body | {"status": "inactive"})
    known = facts(supporter("brother"), record(body, withdrawn, written="2026-02-01T10:00:00Z"))
    answer = ask(known, "brother", at=at)
    assert (answer.decision, answer.basis) == (decision, basis)


def test_a_verbal_yes_is_a_yes() -> None:
    said = [extension("consent-method", valueCode="verbal")]
    root = provision("permit", "husband", scopes="appointments")
    known = facts(supporter("husband"), consent("c", "2026-02-01", root, extension=said))
    assert ask(known, "husband", "appointments").decision == "permit"


@pytest.mark.parametrize("scope", ["whereabouts", "appointments", "medication"])
def test_a_safeguarding_stop_beats_an_old_permit(scope: str) -> None:
    known = facts(
        supporter("rob", "Dunnock", role("next-of-kin")),
        consent("c", "2026-02-01", provision("permit", "rob")),
        flag("f1", "no-whereabouts", "2026-03-01", "rob"),
        flag("f2", "no-contact-safeguarding", "2026-03-01", "rob"),
    )
    stop = ask(known, "rob", scope)
    assert (stop.basis, stop.next_action, stop.overridable) == ("contact-restricted", "refer-to-clinician", False)
    assert (stop.still_allowed, stop.obligations) == (("listen", "general-information"), ("do-not-confirm-patient",))
    heard = ask(known, "rob", scope, action="listen")
    assert heard.decision == "permit"
    assert "do-not-confirm-patient" in heard.obligations


def test_an_override_permits_what_it_names_and_no_more() -> None:
    said = [
        extension("override-reason", valueCode="risk-to-self"),
        extension("override-justification", valueString="He said goodbye to his children."),
        extension("override-capacity-view", valueCode="in-doubt"),
    ]
    period = {"start": "2026-06-01T10:00:00Z", "end": "2026-06-02T10:00:00Z"}
    clinicians = [{"reference": "Practitioner/a"}, {"reference": "Practitioner/b"}]
    root = provision("permit", "wife", scopes="risk-to-self safety-plan", period=period)
    refusal = consent("c", "2026-02-01", provision("deny", "wife"))
    body = consent_body("o", "2026-06-01T10:00:00Z", root, basis=_OVERRIDE, extension=said, performer=clinicians)
    before, after = facts(supporter("wife"), refusal), facts(supporter("wife"), refusal, record(body))
    denied = ask(before, "wife", "risk-to-self")
    assert (denied.basis, denied.next_action) == ("patient-refusal", "confirm-with-patient")
    for scope in ("risk-to-self", "safety-plan"):
        allowed = ask(after, "wife", scope)
        assert (allowed.basis, allowed.based_on) == ("safety-override", ("Consent/o/_history/1",))
        assert set(allowed.obligations) == {"minimum-necessary", "high-audit", "retrospective-review"}
    assert ask(after, "wife").basis == "patient-refusal"
    assert str(ask(after, "wife", "risk-to-self").valid_until) == "2026-06-02 10:00:01+00:00"
    alone = facts(supporter("wife"), refusal, record(body | {"performer": clinicians[:1]}))
    assert ask(alone, "wife", "risk-to-self").basis == "patient-refusal"


def test_an_attorney_decides_only_while_capacity_is_lacking() -> None:
    held = {"role_verified": {"valueBoolean": True}, "role_period": {"valuePeriod": {"start": "2020-01-01"}}}
    sue = supporter("sue", "", role("lpa-health-welfare", **held))
    son = supporter("son", "", role("lpa-property-finance", **held))
    decided = consent(
        "c", "2026-05-20", provision("permit", "sue"), basis=_LPA, performer=[{"reference": "RelatedPerson/sue"}]
    )
    lacking = flag("f", LACKS_CAPACITY, "2026-05-19T09:00:00Z")
    known = facts(sue, son, decided, lacking)
    allowed = ask(known, "sue")
    assert (allowed.basis, set(allowed.obligations)) == ("attorney", {"minimum-necessary", "re-seek-consent"})
    assert ask(known, "son").next_action == "refer-to-clinician"
    regained = ask(facts(sue, son, decided), "sue")
    assert (regained.basis, regained.next_action) == ("no-consent-recorded", "ask-patient")
    assert str(allowed.valid_until) == "2026-06-16 09:00:01+00:00"


def test_a_young_carer_is_spared_adult_detail() -> None:
    jade = supporter("jade", "", role("young-carer"), birthDate="2011-10-12")
    known = facts(jade, consent("c", "2026-02-01", provision("permit", "jade", scopes="appointments risk-to-self")))
    assert ask(known, "jade", "appointments").decision == "permit"
    detail = ask(known, "jade", "risk-to-self")
    assert (detail.basis, detail.next_action) == ("refer-young-person", "refer-to-clinician")


def test_a_host_knows_during_the_stay_and_the_household_nothing() -> None:
    stay = {"start": "2026-05-28", "end": "2026-06-07"}
    root = provision("permit", "mags", scopes="safety-plan medication risk-to-self substance-use", period=stay)
    known = facts(
        supporter("mags", "", role("shared-lives-carer")),
        supporter("husband", "", role("household-member")),
        consent("c", "2026-05-28", root),
    )
    assert ask(known, "mags", "substance-use").decision == "permit"
    assert ask(known, "mags", at="2026-06-07T22:59:59Z").decision == "permit"
    assert ask(known, "mags", at="2026-06-07T23:00:00Z").basis == "consent-expired"
    assert ask(known, "husband").decision == "deny"


def test_at_seventeen_she_decides_and_parental_responsibility_is_no_trump() -> None:
    parental = concept(PROXY_BASIS, "parental-responsibility")
    known = facts(
        patient("2009-02-01"),
        supporter("mum", "", role("parental-responsibility")),
        supporter("dad", "", role("parental-responsibility")),
        consent("c1", "2026-03-01", provision("permit", "mum")),
        consent("c2", "2026-03-01", provision("deny", "dad")),
        consent(
            "c3",
            "2026-04-01",
            provision("permit", "dad"),
            basis=parental,
            performer=[{"reference": "RelatedPerson/dad"}],
        ),
    )
    assert ask(known, "dad").basis == "patient-refusal"
    assert ask(known, "mum").decision == "permit"
    assert ask(known, "dad", action="listen").decision == "permit"


def test_what_a_neighbour_said_in_confidence_is_not_for_others() -> None:
    note = document(
        "Communication", "n", "risk-to-others", "given-in-confidence", sender={"reference": "RelatedPerson/bob"}
    )
    known = facts(supporter("bob"), supporter("mum"), note, consent("c", "2026-02-01", provision("permit", "mum")))
    for who in ("mum", "Patient/p"):
        told = ask(known, who, "", resources=("Communication/n",))
        assert (told.basis, told.next_action) == ("third-party-confidence", "refer-to-clinician")
    assert ask(known, "bob", "", resources=("Communication/n",)).basis == "no-consent-recorded"


def test_a_nearest_relative_has_statutory_items_and_no_more() -> None:
    known = facts(
        supporter("father", "", role("nearest-relative")),
        supporter("sister", "", role("nominated-person")),
        consent("c", "2026-02-01", provision("deny", "father")),
    )
    assert ask(known, "father", "care-plan").basis == "patient-refusal"
    item = ask(known, "father", "legal-status")
    assert (item.basis, item.next_action) == ("statutory-item", "refer-to-clinician")
    assert ask(known, "sister", "legal-status").basis == "no-consent-recorded"
