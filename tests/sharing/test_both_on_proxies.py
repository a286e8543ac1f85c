"""Who decides for the patient: classes of cases that random ones brought to light, by hand; both evaluators agree."""

from typing import Any

from app.sharing.facts import Record
from tests.sharing.both import DECIDED, NOT_THE_PATIENTS, NUMBER, UNKNOWN_MODIFIERS, both, supporter_reference
from tests.sharing.making import consent, facts, flag, network, patient, provision, role, supporter
from tests.sharing.reference.vocabulary import CONFIDENTIALITY, LACKS_CAPACITY, PROXY_BASIS, url

_PARENTS = {"coding": [{"system": PROXY_BASIS, "code": "parental-responsibility"}]}
_CHILD = patient("2014-05-05")
_MUM, _DAD = (supporter(who, "", role("parental-responsibility")) for who in ("mum", "dad"))


def _parental(id_: str, who: str, decided: str, root: dict[str, Any], **more: Any) -> Record:
    performer = [supporter_reference(who)]
    return consent(id_, decided, root, basis=_PARENTS, modifierExtension=NOT_THE_PATIENTS, performer=performer, **more)


def test_a_parents_refusal_that_cannot_be_read_blocks_the_other_parents_older_yes() -> None:
    yes = _parental("yes", "mum", DECIDED, provision("permit", "mum"))
    no = _parental("no", "dad", "2026-04-01T10:00:00Z", provision("deny", "mum", scopes="everything"))
    assert both(facts(_CHILD, _MUM, _DAD, yes), "RelatedPerson/mum").basis == "parental-responsibility"
    answer = both(facts(_CHILD, _MUM, _DAD, yes, no), "RelatedPerson/mum")
    assert (answer.basis, answer.next_action, answer.overridable) == ("refer-child", "refer-to-clinician", True)


def test_what_the_child_may_have_permitted_and_nobody_can_read_holds_a_parents_yes() -> None:
    yes = _parental("yes", "mum", DECIDED, provision("permit", "mum"))
    strange = consent("odd", "2026-04-01T10:00:00Z", provision("permit", modifierExtension=[{"url": "urn:odd"}]))
    assert both(facts(_CHILD, _MUM, yes, strange), "RelatedPerson/mum").basis == "uninterpretable-consent"


def test_who_decided_may_have_several_records_of_which_one_has_ended() -> None:
    ended = supporter("old", active=False, **NUMBER)
    yes = _parental("yes", "old", DECIDED, provision("permit", "mum"))
    mum = supporter("mum", "", role("parental-responsibility"), **NUMBER)
    assert both(facts(_CHILD, mum, ended, yes), "RelatedPerson/mum").basis == "parental-responsibility"
    stranger = supporter("mum", "", role("parental-responsibility"))
    assert both(facts(_CHILD, stranger, ended, yes), "RelatedPerson/mum").basis == "refer-child"


def test_a_refusal_without_competence_that_a_yes_beats_does_not_hide_a_conflict() -> None:
    by = {"url": "by", "valueReference": {"reference": "Practitioner/nurse"}}
    on = {"url": "date", "valueDateTime": "2026-01-01"}
    competent = {"extension": [{"url": url("competence-confirmed"), "extension": [by, on]}]}
    unsure = consent("unsure", "2026-02-01T10:00:00Z", provision("deny"))
    no = consent("no", "2026-02-01T10:00:00Z", provision("deny", scopes="medication"), **competent)
    yes = consent("yes", DECIDED, provision("permit", "mum"), **competent)
    assert both(facts(_CHILD, _MUM, unsure, no, yes), "RelatedPerson/mum").basis == "conflicting-consents"
    assert both(facts(_CHILD, _MUM, unsure, no), "RelatedPerson/mum").basis == "refer-child"


def test_a_parents_yes_does_not_beat_a_more_exact_no_of_the_other_parent() -> None:
    no = _parental("no", "dad", DECIDED, provision("deny", "mum", scopes="medication"))
    general = _parental("yes", "mum", "2026-04-01T10:00:00Z", provision("permit", "mum"))
    exact = _parental("yes", "mum", "2026-04-01T10:00:00Z", provision("permit", "mum", scopes="medication"))
    assert both(facts(_CHILD, _MUM, _DAD, no, general), "RelatedPerson/mum").basis == "refer-child"
    assert both(facts(_CHILD, _MUM, _DAD, no, exact), "RelatedPerson/mum").basis == "parental-responsibility"


def test_a_parents_yes_is_newer_than_what_the_child_rejected() -> None:
    rejected = consent("rejected", "2026-04-01T10:00:00Z", provision("permit", "mum"), status="rejected")
    for decided, basis in ((DECIDED, "refer-child"), ("2026-05-01T10:00:00Z", "parental-responsibility")):
        yes = _parental("yes", "mum", decided, provision("permit", "mum"))
        assert both(facts(_CHILD, _MUM, yes, rejected), "RelatedPerson/mum").basis == basis


def test_what_a_child_refused_without_competence_is_not_undone_by_its_own_exceptions() -> None:
    refused = provision("deny", "mum", provision=[{"type": "permit"}], period={"end": "2026-05-02"})
    lapsed = consent("lapsed", "2026-04-01T10:00:00Z", refused)
    for decided, basis in ((DECIDED, "refer-child"), ("2026-05-01T10:00:00Z", "parental-responsibility")):
        yes = _parental("yes", "mum", decided, provision("permit", "mum"))
        assert both(facts(_CHILD, _MUM, yes, lapsed), "RelatedPerson/mum").basis == basis


def test_who_was_no_parent_yet_did_not_decide() -> None:
    held = role("parental-responsibility", role_period={"valuePeriod": {"start": "2026-03-15"}})
    for decided, basis in ((DECIDED, "refer-child"), ("2026-03-15T10:00:00Z", "parental-responsibility")):
        yes = _parental("yes", "mum", decided, provision("permit", "mum"))
        assert both(facts(_CHILD, supporter("mum", "", held), yes), "RelatedPerson/mum").basis == basis


def _best_interest(id_: str, root: dict[str, Any], decided: str = "2026-05-20T10:00:00Z") -> Record:
    rule = {"coding": [{"system": PROXY_BASIS, "code": "best-interest"}]}
    performer = [{"reference": "Practitioner/nurse"}]
    return consent(id_, decided, root, basis=rule, modifierExtension=NOT_THE_PATIENTS, performer=performer)


def test_a_best_interest_decision_names_people_and_scopes_at_every_level() -> None:
    lacks = flag("lacks", LACKS_CAPACITY, "2026-05-15")
    until = {"period": {"end": "2026-06-10"}}
    label = [{"system": CONFIDENTIALITY, "code": "N"}]
    unscoped = provision("permit", "a", scopes="medication", provision=[{"type": "permit", "securityLabel": label}])
    for root, basis in (
        (provision("permit", "a", scopes="medication"), "best-interest"),
        (provision("permit", "CareTeam/t", scopes="medication"), "no-consent-recorded"),
        (provision("permit", "a"), "no-consent-recorded"),
        (unscoped, "no-consent-recorded"),
        (
            provision("permit", "a", scopes="everything", provision=[provision("permit", scopes="medication")]),
            "no-consent-recorded",
        ),
    ):
        known = facts(supporter("a"), network("t", "a"), lacks, _best_interest("yes", root | until))
        assert both(known, "RelatedPerson/a").basis == basis


def test_a_best_interest_decision_of_a_day_ends_within_the_days_after_that_day() -> None:
    lacks = flag("lacks", LACKS_CAPACITY, "2026-05-15")
    for end, basis in (("2026-06-17T23:00:00Z", "no-consent-recorded"), ("2026-06-17T22:59:59Z", "best-interest")):
        root = provision("permit", "a", scopes="medication", period={"end": end})
        known = facts(supporter("a"), lacks, _best_interest("yes", root, "2026-05-20"))
        assert both(known, "RelatedPerson/a").basis == basis


_LACKS = flag("lacks", LACKS_CAPACITY, "2026-05-15")
_VERIFIED = {"role_verified": {"valueBoolean": True}, "role_period": {"valuePeriod": {"start": "2020-01-01"}}}
_ATTORNEY = supporter("a", "Dunnock", role("lpa-health-welfare", **_VERIFIED))


def _attorneys(id_: str, decided: str, root: dict[str, Any], **more: Any) -> Record:
    rule = {"coding": [{"system": PROXY_BASIS, "code": "health-and-welfare-lasting-power-of-attorney"}]}
    performer = [supporter_reference("a")]
    return consent(id_, decided, root, basis=rule, modifierExtension=NOT_THE_PATIENTS, performer=performer, **more)


def test_a_best_interest_refusal_of_somebody_who_may_be_the_recipient_holds_what_an_attorney_permits() -> None:
    yes = _attorneys("yes", "2026-05-20T10:00:00Z", provision("permit", "a"))
    no = _best_interest("no", provision("deny", "b", scopes="medication"))
    known = (_ATTORNEY, supporter("b", "DUNNOCK"), _LACKS, yes)
    assert both(facts(*known), "RelatedPerson/a").basis == "attorney"
    assert both(facts(*known, no), "RelatedPerson/a").basis == "possibly-same-person"


def test_those_who_speak_for_the_patient_are_weighed_among_themselves_before_the_patients_refusal() -> None:
    """The attorney's newer yes beats the clinician's no; that the patient refused is then what is left to say."""
    no = _best_interest("no", provision("deny", "a", scopes="medication"), "2026-05-16T10:00:00Z")
    refusal = consent("refusal", DECIDED, provision("deny", "a"))
    yes = _attorneys("yes", "2026-05-20T10:00:00Z", provision("permit", "a", scopes="medication"))
    assert both(facts(_ATTORNEY, _LACKS, no, yes), "RelatedPerson/a").basis == "attorney"
    assert both(facts(_ATTORNEY, _LACKS, no, yes, refusal), "RelatedPerson/a").basis == "patient-refusal"
    assert both(facts(_ATTORNEY, _LACKS, no, refusal), "RelatedPerson/a").basis == "best-interest-refusal"
    considered = {"extension": [{"url": url("refusal-considered"), "valueBoolean": True}]}
    despite = _attorneys("yes", "2026-05-20T10:00:00Z", provision("permit", "a", scopes="medication"), **considered)
    assert both(facts(_ATTORNEY, _LACKS, no, despite, refusal), "RelatedPerson/a").basis == "attorney"


def test_a_flag_that_means_something_else_opens_nothing_and_still_spoils_what_was_permitted_under_it() -> None:
    attorneys = _attorneys("yes", "2026-05-20T10:00:00Z", provision("permit", "a"))
    own = consent("own", "2026-05-20T10:00:00Z", provision("permit", "a"))
    for odd in UNKNOWN_MODIFIERS:
        lacks = flag("lacks", LACKS_CAPACITY, "2026-05-15", **odd)
        assert both(facts(_ATTORNEY, lacks, attorneys), "RelatedPerson/a").basis == "no-consent-recorded"
        assert both(facts(_ATTORNEY, lacks, own), "RelatedPerson/a").basis == "given-without-capacity"
