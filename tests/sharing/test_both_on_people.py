"""Who is who: classes of cases that random ones brought to light, by hand; both evaluators agree."""

from typing import Any

from app.sharing.facts import Policy, Record
from tests.sharing.both import DECIDED, NUMBER, UNKNOWN_MODIFIERS, both, datum, different, supporter_reference
from tests.sharing.making import (
    actor,
    consent,
    document,
    facts,
    flag,
    moment,
    network,
    patient,
    provision,
    record,
    role,
    supporter,
)
from tests.sharing.reference.vocabulary import NHS_NUMBER, url


def test_a_team_is_told_of_confidence_before_the_wish_of_one_of_its_people() -> None:
    secret = document("Communication", "secret", "medication", "given-in-confidence", sender=supporter_reference("b"))
    known = facts(
        supporter("a"),
        supporter("b"),
        network("t", "b", "a"),
        secret,
        flag("wish", "listen-only", "2026-01-01", "b"),
        consent("yes", DECIDED, provision("permit", "CareTeam/t", data=[datum("Communication/secret")])),
    )
    answer = both(known, "CareTeam/t", resources=("Communication/secret",))
    assert (answer.basis, answer.overridable) == ("third-party-confidence", False)


def test_one_number_and_a_statement_that_they_differ_permit_nothing_across_them() -> None:
    known = facts(
        supporter("a", **NUMBER, **different("b")),
        supporter("b", **NUMBER),
        consent("yes", DECIDED, provision("permit", "b")),
    )
    assert both(known, "RelatedPerson/b").decision == "permit"
    assert both(known, "RelatedPerson/a").decision == "deny"


def test_one_number_and_a_statement_that_they_differ_are_young_and_refused_together() -> None:
    records = (supporter("a", **NUMBER, **different("b")), supporter("b", "", role("young-carer"), **NUMBER))
    yes = consent("yes", "2026-04-01T10:00:00Z", provision("permit", "a"))
    assert both(facts(*records, yes), "RelatedPerson/a", scopes="risk-to-self").basis == "refer-young-person"
    no = consent("no", "2026-05-01T10:00:00Z", provision("deny", "b"))
    assert both(facts(*records, yes, no), "RelatedPerson/a").basis == "patient-refusal"


def test_what_the_patient_would_not_agree_to_holds_for_all_linked_records_also_those_told_apart() -> None:
    known = facts(
        supporter("a", **NUMBER),
        supporter("b", **NUMBER, **different("a")),
        consent("yes", DECIDED, provision("permit", "a")),
        consent("rejected", "2026-04-01T10:00:00Z", provision("permit", "b"), status="rejected"),
    )
    assert both(known, "RelatedPerson/a").basis == "conflicting-consents"


def test_a_permit_is_not_carried_over_somebody_who_differs() -> None:
    middle = {"identifier": [*NUMBER["identifier"], {"system": NHS_NUMBER, "value": "9990000034"}]}
    known = facts(
        supporter("a", **NUMBER, **different("b")),
        supporter("b", **middle),
        supporter("c", identifier=middle["identifier"][1:]),
        consent("yes", DECIDED, provision("permit", "c")),
    )
    assert both(known, "RelatedPerson/a").decision == "deny"
    assert both(known, "RelatedPerson/b").decision == "permit"


def test_whether_a_listener_may_know_of_the_patient_does_not_depend_on_named_records() -> None:
    known = facts(supporter("a"), consent("yes", DECIDED, provision("permit", "a", scopes="service-contact")))
    for who in ("RelatedPerson/a", "Patient/p"):
        for more in ({"action": "listen"}, {"content": "general"}):
            answer = both(known, who, resources=("CarePlan/unknown",), **more)
            assert "do-not-confirm-patient" not in answer.obligations


def test_a_wish_about_somebody_no_longer_on_the_record_is_still_a_caution() -> None:
    wish = flag("wish", "no-contact-patient-wish", "2026-01-01", "a")
    known = facts(supporter("a", active=False), supporter("b", active=False), wish)
    assert "patient-asked-us-not-to-listen" in both(known, "RelatedPerson/a", action="listen").obligations
    assert "patient-asked-us-not-to-listen" not in both(known, "RelatedPerson/b", action="listen").obligations
    everybody = facts(supporter("b"), flag("wish", "no-contact-patient-wish", "2026-01-01"))
    for who in ((), ("RelatedPerson/b",), ("RelatedPerson/unknown",)):
        assert "patient-asked-us-not-to-listen" in both(everybody, *who, action="listen").obligations
    assert "patient-asked-us-not-to-listen" not in both(everybody, "Practitioner/nurse", action="listen").obligations


def test_several_who_are_not_on_the_record_get_one_answer_with_the_cautions_about_all() -> None:
    wish = flag("wish", "no-contact-patient-wish", "2026-01-01", "a")
    known = facts(supporter("a", active=False), supporter("b", active=False), wish)
    answer = both(known, "RelatedPerson/b", "RelatedPerson/a", action="listen")
    assert (answer.recipient, answer.scope) == ("", "")
    assert "patient-asked-us-not-to-listen" in answer.obligations


def test_a_team_recorded_later_is_nobody_yet() -> None:
    later = network("t", "a")
    late = Record(later.type, later.id, (_later(later),))
    known = facts(supporter("a"), late, consent("no", DECIDED, provision("deny", "CareTeam/t")))
    assert both(known, "RelatedPerson/a").basis == "uninterpretable-consent"


def _later(one: Record) -> Any:
    version = one.versions[0]
    return type(version)(version.number, moment("2026-07-01T00:00:00Z"), version.content)


def test_a_team_answers_with_the_obligations_of_its_people() -> None:
    strict = [{"url": url("consent-condition"), "valueCode": "verbal-only"}]
    known = facts(
        supporter("a"),
        network("t", "a"),
        consent("team", DECIDED, provision("permit", "CareTeam/t")),
        consent("person", DECIDED, provision("permit", "a", modifierExtension=strict)),
    )
    answer = both(known, "CareTeam/t")
    assert answer.decision == "permit"
    assert "verbal-only" in answer.obligations


def test_contact_details_are_shared_with_whoever_is_restricted_by_any_record_of_the_caller() -> None:
    phone = {"telecom": [{"system": "phone", "value": "07700 900001"}]}
    known = facts(
        supporter("a", **NUMBER),
        supporter("a2", **NUMBER, **phone),
        supporter("ex", **phone),
        flag("kept-away", "no-contact-safeguarding", "2026-01-01", "ex"),
        consent("yes", DECIDED, provision("permit", "a")),
    )
    assert "shared-contact-details" in both(known, "RelatedPerson/a").obligations


def test_a_team_with_somebody_under_a_restriction_is_told_as_little_as_that_person() -> None:
    known = facts(
        supporter("a"),
        network("t", "a"),
        consent("yes", DECIDED, provision("permit", "CareTeam/t")),
        flag("wish", "listen-only", "2026-01-01", "a"),
    )
    answer = both(known, "CareTeam/t")
    assert (answer.basis, answer.still_allowed) == ("contact-restricted", ("listen", "general-information"))
    assert answer.obligations == ("do-not-confirm-patient",)


def test_a_team_is_refused_for_the_first_of_its_people_by_name() -> None:
    known = facts(
        supporter("a"),
        supporter("b"),
        network("t", "b", "a"),
        consent("nobody", "2026-02-01T10:00:00Z", provision("deny")),
        consent("not-a", "2026-02-02T10:00:00Z", provision("deny", "a")),
        consent("team", DECIDED, provision("permit", "CareTeam/t")),
    )
    told = both(known, "CareTeam/t").based_on
    assert told == ("Consent/nobody/_history/1", "Consent/not-a/_history/1", "Consent/team/_history/1")


def test_what_cannot_be_read_and_is_for_a_circle_with_a_namesake_may_concern_the_recipient() -> None:
    known = (supporter("a", "Dunnock"), network("t", "b"), consent("undated", "", provision("permit", "CareTeam/t")))
    for family, basis in (("DUNNOCK", "uninterpretable-consent"), ("Wren", "no-consent-recorded")):
        assert both(facts(*known, supporter("b", family)), "RelatedPerson/a").basis == basis


def test_what_cannot_be_read_is_told_before_a_proposal_that_a_namesake_turned_down() -> None:
    known = (supporter("a", "Dunnock"), supporter("b", "DUNNOCK"), consent("yes", DECIDED, provision("permit", "a")))
    rejected = consent("rejected", "2026-04-01T10:00:00Z", provision("permit", "b"), status="rejected")
    assert both(facts(*known, rejected), "RelatedPerson/a").basis == "possibly-same-person"
    for odd in (None, provision("permit", modifierExtension=[{"url": "urn:odd"}])):
        found = both(facts(*known, rejected, consent("odd", DECIDED, odd)), "RelatedPerson/a")
        assert found.basis == "uninterpretable-consent"


def test_what_is_permitted_to_a_namesake_as_an_exception_is_no_refusal_of_the_recipient() -> None:
    known = (supporter("a", "Dunnock"), supporter("b", "DUNNOCK"), consent("yes", DECIDED, provision("permit", "a")))
    excepted = provision("deny", "b", provision=[{"type": "permit"}])
    assert both(facts(*known, consent("no", DECIDED, excepted)), "RelatedPerson/a").decision == "permit"
    refused = consent("no", DECIDED, provision("deny", "b"))
    assert both(facts(*known, refused), "RelatedPerson/a").basis == "possibly-same-person"


def test_a_refusal_of_a_record_counts_against_the_namesake_of_one_it_is_linked_to_and_was_told_apart_from() -> None:
    apart = different("b")["extension"]
    linked = {"url": url("same-person"), "valueReference": supporter_reference("b")}
    known = facts(
        supporter("a", "Dunnock"),
        supporter("b"),
        supporter("c", "Dunnock", extension=[*apart, linked]),
        consent("no", DECIDED, provision("deny", "b")),
        consent("namesake", "2026-05-01T10:00:00Z", provision("permit", "c")),
        consent("yes", "2026-05-01T10:00:00Z", provision("permit", "a")),
    )
    assert both(known, "RelatedPerson/a").basis == "possibly-same-person"
    assert both(known, "RelatedPerson/c").decision == "permit"


def test_refusals_about_several_namesakes_count_together() -> None:
    """Each yes is barred by what was turned down about another of them: as one human, this would be no permit."""
    named = [supporter(who, "Dunnock") for who in "abc"]
    plain, exact = provision("permit", "a"), provision("permit", "a", scopes="medication")
    yeses = (consent("plain", "2026-04-01T10:00:00Z", plain), consent("exact", DECIDED, exact))
    old = consent("old", "2026-03-15T10:00:00Z", provision("permit", "b"), status="rejected")
    newer = consent("newer", "2026-04-15T10:00:00Z", provision("permit", "c"), status="rejected")
    assert both(facts(*named, *yeses, old), "RelatedPerson/a").decision == "permit"
    assert both(facts(*named, *yeses, old, newer), "RelatedPerson/a").basis == "possibly-same-person"


def test_a_supporter_who_means_something_else_in_a_way_nobody_knows_is_not_told() -> None:
    yes = consent("yes", DECIDED, provision("permit", "a"))
    assert both(facts(supporter("a"), yes), "RelatedPerson/a").decision == "permit"
    for odd in UNKNOWN_MODIFIERS:
        assert both(facts(supporter("a", **odd), yes), "RelatedPerson/a").basis == "recipient-not-linked"


def test_a_circle_or_a_place_in_it_that_means_something_else_lets_nobody_in_and_keeps_its_refusals() -> None:
    yes = consent("yes", DECIDED, provision("permit", "CareTeam/t"))
    no = consent("no", DECIDED, provision("deny", "CareTeam/t"))
    member = {"member": supporter_reference("a")}
    assert both(facts(supporter("a"), network("t", "a"), yes), "RelatedPerson/a").decision == "permit"
    for odd in UNKNOWN_MODIFIERS:
        for team in (network("t", "a", **odd), network("t", participant=[member | odd])):
            assert both(facts(supporter("a"), team, yes), "RelatedPerson/a").decision == "deny"
            assert both(facts(supporter("a"), team, no), "RelatedPerson/a").basis == "patient-refusal"


def test_a_namesake_whose_yes_cannot_be_told_from_an_unreadable_refusal_is_not_refused_by_it() -> None:
    """What cannot be read is told as that: while it is in force it is no refusal that lapsed."""
    known = (
        supporter("a", "Dunnock"),
        supporter("b", "DUNNOCK"),
        consent("no", "2026-02-01T10:00:00Z", provision("deny")),
        consent("yes", DECIDED, provision("permit", "b")),
    )
    odd = provision("deny", "https://other.example/RelatedPerson/a")
    answer = both(facts(*known, consent("odd", "2026-03", odd)), "RelatedPerson/a")
    assert (answer.basis, answer.based_on) == ("uninterpretable-consent", ("Consent/odd/_history/1",))
    ended = odd | {"period": {"end": "2026-04-01"}}
    assert both(facts(*known, consent("odd", "2026-03", ended)), "RelatedPerson/a").basis == "possibly-same-person"


def test_a_patient_is_told_under_another_id_only_while_that_record_is_there() -> None:
    other = patient(id="other")
    assert both(facts(patient(), other), "Patient/other").basis == "own-record"
    deleted = record(other.versions[0].content, ("2026-05-01T00:00:00Z", None))
    to_come = Record("Patient", "other", (_later(other),))
    for known in (facts(patient(), deleted), facts(patient(), to_come), facts(patient())):
        assert both(known, "Patient/other").basis == "recipient-not-linked"
        assert "do-not-confirm-patient" in both(known, "Patient/other", action="listen").obligations


def test_a_deleted_record_of_the_patient_says_nothing_of_age_or_death() -> None:
    gone = patient("1979-11", id="other", deceasedBoolean=True)
    deleted = record(gone.versions[0].content, ("2026-05-01T00:00:00Z", None))
    assert both(facts(patient(""), gone, supporter("a")), "RelatedPerson/a").basis == "refer-deceased"
    for born, basis in (("", "refer-child"), ("1990-05-05", "no-consent-recorded")):
        known = facts(patient(born), deleted, supporter("a"), policy=Policy(unknown_patient_age="child"))
        assert both(known, "RelatedPerson/a").basis == basis


def test_the_people_of_a_team_are_asked_only_where_its_own_answer_about_all_named_records_permits() -> None:
    of_team = {"data": [datum("CarePlan/told")]}
    known = facts(
        supporter("a", "", role("young-carer")),
        network("t", "a"),
        document("CarePlan", "told", "risk-to-self"),
        document("CarePlan", "untold", "risk-to-self"),
        consent("yes", DECIDED, provision("permit", "CareTeam/t", **of_team)),
    )
    assert both(known, "CareTeam/t", scopes="", resources=("CarePlan/told",)).basis == "refer-young-person"
    for named in (("CarePlan/told", "CarePlan/untold"), ("CarePlan/untold", "CarePlan/told")):
        assert both(known, "CareTeam/t", scopes="", resources=named).basis == "not-decided-here"


def test_an_answer_ends_at_what_holds_for_half_a_second_before_the_years_end() -> None:
    short = {"start": "2026-12-31T23:59:59.5Z", "end": "2026-12"}
    known = facts(supporter("a", period=short), consent("yes", DECIDED, provision("permit", "a")))
    answer = both(known, "RelatedPerson/a")
    assert (answer.basis, answer.valid_until) == ("recipient-not-linked", moment(short["start"]))


def test_a_number_that_two_have_names_nobody_where_it_does_not_tell_people_apart() -> None:
    people = (supporter("a", **NUMBER), supporter("b", **NUMBER))
    by_number = {"type": "RelatedPerson", "identifier": NUMBER["identifier"][0]}
    for type_, bases in (
        ("permit", ("patient-consent", "no-consent-recorded")),
        ("deny", ("patient-refusal", "uninterpretable-consent")),
    ):
        root = provision(type_, actor=[actor("a") | {"reference": by_number}])
        for policy, basis in zip((Policy(), Policy(same_person_systems=frozenset())), bases, strict=True):
            known = facts(*people, consent("c", DECIDED, root), policy=policy)
            assert both(known, "RelatedPerson/a").basis == basis
