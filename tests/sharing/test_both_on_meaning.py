"""What a record means where little tells it: who is meant, what counts, since when; both evaluators agree."""

from tests.sharing.both import DECIDED, NUMBER, both, datum
from tests.sharing.making import concept, consent, consent_body, facts, flag, provision, record, supporter
from tests.sharing.reference.vocabulary import FLAG_DETAIL

MUM = "RelatedPerson/a"
YES = consent("yes", DECIDED, provision("permit", "a"))


def test_a_scope_that_does_not_say_whose_code_it_is_makes_a_refusal_a_riddle_and_a_permit_nothing() -> None:
    nobodys = {"coding": [{"code": "patient-privacy"}]}
    no = consent("no", DECIDED, provision("deny", "a"), scope=nobodys)
    assert both(facts(supporter("a"), YES, no), MUM).basis == "uninterpretable-consent"
    yes = consent("yes", DECIDED, provision("permit", "a"), scope=nobodys)
    assert both(facts(supporter("a"), yes), MUM).basis == "no-consent-recorded"
    others = {"coding": [{"system": "urn:other", "code": "patient-privacy"}]}
    elsewhere = consent("no", DECIDED, provision("deny", "a"), scope=others)
    assert both(facts(supporter("a"), YES, elsewhere), MUM).decision == "permit"


def test_what_was_turned_down_and_lost_its_date_counts_from_when_the_date_was_lost() -> None:
    dated = consent_body("rejected", "2026-02-01T10:00:00Z", provision("permit", "a"), status="rejected")
    undated = {name: value for name, value in dated.items() if name != "dateTime"}
    lost = record(dated, ("2026-04-01T10:00:00Z", undated))
    for decided, basis in ((DECIDED, "conflicting-consents"), ("2026-05-01T10:00:00Z", "patient-consent")):
        yes = consent("yes", decided, provision("permit", "a"))
        assert both(facts(supporter("a"), yes, lost), MUM).basis == basis


def test_a_restriction_may_name_a_supporter_by_an_identifier() -> None:
    named = {"url": FLAG_DETAIL, "valueReference": {"identifier": NUMBER["identifier"][0]}}
    stopped = flag("f", "listen-only", "2026-01-01", extension=[named])
    others = consent("others", DECIDED, provision("permit", "b"))
    known = facts(supporter("a", **NUMBER), supporter("b"), stopped, YES, others)
    assert both(known, MUM).basis == "contact-restricted"
    assert both(known, "RelatedPerson/b").decision == "permit"


def test_a_refusal_of_a_practitioner_is_one_of_each_role_and_a_refusal_of_a_role_one_of_its_practitioner() -> None:
    who = record({"resourceType": "Practitioner", "id": "dr"})
    role = record({"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/dr"}})
    everybody = consent("yes", "2026-01-10T10:00:00Z", provision("permit"))
    for refused in ("Practitioner/dr", "PractitionerRole/r"):
        no = consent("no", DECIDED, provision("deny", refused))
        for asked in ("Practitioner/dr", "PractitionerRole/r"):
            assert both(facts(who, role, everybody, no), asked).basis == "patient-refusal"


def test_records_that_were_refused_for_a_time_are_checked_no_longer() -> None:
    scopes = [concept("https://fhir.kith.example/CodeSystem/sharing-scope", "medication")]
    for end, expected in (("2027", {"check-each-record"}), ("2026-05-31", set[str]())):
        hidden = provision("deny", code=scopes, data=[datum("Communication/x")], period={"end": end})
        yes = consent("yes", DECIDED, provision("permit", "a", provision=[hidden]))
        assert set(both(facts(supporter("a"), yes), MUM).obligations) == expected


def test_a_conflict_rests_also_on_what_was_turned_down_since_the_yes() -> None:
    known = facts(
        supporter("a"),
        consent("no", "2026-01-10T10:00:00Z", provision("deny", "a", scopes="medication")),
        YES,
        consent("rejected", "2026-04-01T10:00:00Z", provision("permit", "a"), status="rejected"),
    )
    answer = both(known, MUM)
    assert answer.basis == "conflicting-consents"
    assert {one.partition("/_")[0] for one in answer.based_on} == {"Consent/no", "Consent/yes", "Consent/rejected"}
