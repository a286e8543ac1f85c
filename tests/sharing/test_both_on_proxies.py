"""Who decides for the patient: classes of cases that random ones brought to light, by hand; both evaluators agree."""

from typing import Any

from app.sharing.facts import Record
from tests.sharing.both import DECIDED, NOT_THE_PATIENTS, both, supporter_reference
from tests.sharing.making import consent, facts, flag, network, patient, provision, role, supporter
from tests.sharing.reference.vocabulary import CONFIDENTIALITY, LACKS_CAPACITY, PROXY_BASIS

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
    ):
        known = facts(supporter("a"), network("t", "a"), lacks, _best_interest("yes", root | until))
        assert both(known, "RelatedPerson/a").basis == basis


def test_a_best_interest_refusal_of_somebody_who_may_be_the_recipient_holds_what_an_attorney_permits() -> None:
    verified = {"role_verified": {"valueBoolean": True}, "role_period": {"valuePeriod": {"start": "2020-01-01"}}}
    attorney = supporter("a", "Dunnock", role("lpa-health-welfare", **verified))
    rule = {"coding": [{"system": PROXY_BASIS, "code": "health-and-welfare-lasting-power-of-attorney"}]}
    yes = consent(
        "yes",
        "2026-05-20T10:00:00Z",
        provision("permit", "a"),
        basis=rule,
        modifierExtension=NOT_THE_PATIENTS,
        performer=[supporter_reference("a")],
    )
    no = _best_interest("no", provision("deny", "b", scopes="medication"))
    lacks = flag("lacks", LACKS_CAPACITY, "2026-05-15")
    known = (attorney, supporter("b", "DUNNOCK"), lacks, yes)
    assert both(facts(*known), "RelatedPerson/a").basis == "attorney"
    assert both(facts(*known, no), "RelatedPerson/a").basis == "possibly-same-person"
