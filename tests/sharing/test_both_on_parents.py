"""Parents of a child: classes of cases that random ones brought to light, by hand; both evaluators agree."""

from typing import Any

from app.sharing.facts import Record
from tests.sharing.both import DECIDED, NOT_THE_PATIENTS, both, supporter_reference
from tests.sharing.making import consent, facts, patient, provision, role, supporter
from tests.sharing.reference.vocabulary import PROXY_BASIS

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
