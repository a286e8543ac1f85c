"""KS-13b by hand: an attempt is one by its outcome, whatever became of it."""

from datetime import UTC, datetime

import pytest

from app.fhir.vocabulary.contacts import ATTEMPTS, CONTACT_OUTCOME
from tests.involvement.charting import case, cases, chart, consent, contact, episode, flag, nobody, person, unreadable


@pytest.mark.parametrize("outcome", CONTACT_OUTCOME.codes)
def test_an_attempt_is_counted_by_its_outcome_alone(outcome):
    for status in ("not-done", "completed", "in-progress", "stopped"):
        found = case("KS-13b", episode(), person(), contact(outcome) | {"status": status})
        assert (found.outcome("strict") == "met") is (outcome in ATTEMPTS)


@pytest.mark.parametrize(
    ("sent", "met"),
    [
        ("2026-03-02T09:59:59Z", False),
        ("2026-03-02T10:00:00Z", True),
        ("2026-03-20T10:00:00Z", True),
        ("2026-03-20T10:00:01Z", False),
    ],
)
def test_an_attempt_is_within_the_episode(sent, met):
    assert case("KS-13b", episode(), person(), contact(sent=sent)).met is met


def test_an_attempt_to_somebody_who_is_no_key_person_is_none():
    found = case("KS-13b", episode(), person(), person("n", "next-of-kin"), contact(to="n"))
    assert found.outcome("strict") == "not-met"


def test_no_consent_is_needed_for_the_denominator():
    assert case("KS-13b", episode(), person()).outcome("adjusted") == "not-met"


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("2026-03-02T10:00:00Z", "2026-03-04", ""),
        ("2026-03-02T10:00:00Z", "2026-03-03", "closed-early"),
        ("2026-03-02", "2026-03-03", ""),
        # On 29 March clocks go forward: these two days have 47 hours.
        ("2026-03-28", "2026-03-29", "closed-early"),
        ("2026-03-28", "2026-03", ""),
    ],
)
def test_an_end_without_a_time_of_day_is_the_end_of_that_day(start, end, reason):
    assert case("KS-13b", episode(start=start, end=end), person()).excluded == reason


def test_an_episode_that_ends_today_is_not_over_before_midnight_in_london():
    said = episode(start="2026-03-03T10:00:00Z", end="2026-03-04")
    before, after = datetime(2026, 3, 4, 23, 59, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)
    assert cases("KS-13b", chart(said, now=before))[0].excluded == "not-yet-due"
    assert cases("KS-13b", chart(said, now=after))[0].excluded == "closed-early"


@pytest.mark.parametrize(("end", "reason"), [("2026-03-04T09:00:00Z", "closed-early"), ("2026-03-04T10:00:00Z", "")])
def test_an_episode_under_48_hours_is_left_out_of_both(end, reason):
    assert case("KS-13b", episode(end=end), person()).excluded == reason


def test_asked_and_nobody_is_left_out_of_the_adjusted_view_alone():
    found = case("KS-13b", episode(), nobody())
    assert (found.outcome("strict"), found.reason("adjusted")) == ("not-met", "nobody-exists")


def test_somebody_there_is_not_nobody():
    assert case("KS-13b", episode(), nobody(), person()).reason("adjusted") == ""


@pytest.mark.parametrize("code", ["no-contact-safeguarding", "no-whereabouts"])
def test_a_stop_is_left_out_of_the_adjusted_view(code):
    found = case("KS-13b", episode(), person(), flag(code))
    assert (found.outcome("strict"), found.reason("adjusted")) == ("not-met", "contact-stopped")


def test_a_refusal_of_contact_by_consent_or_wish_is_left_out_of_the_adjusted_view():
    refused = consent("make-contact", type="deny")
    assert case("KS-13b", episode(), person(), refused).reason("adjusted") == "contact-refused"
    wished = flag("no-contact-patient-wish")
    assert case("KS-13b", episode(), person(), wished).reason("adjusted") == "contact-refused"


def test_a_refusal_without_capacity_is_not_left_out():
    lacking = flag("lacks-capacity-information-sharing", to="") | {"id": "g"}
    found = case("KS-13b", episode(), person(), lacking, consent("make-contact", type="deny"))
    assert found.reason("adjusted") == ""


def test_a_refusal_of_something_else_is_no_refusal_of_contact():
    assert case("KS-13b", episode(), person(), consent("medication", type="deny")).reason("adjusted") == ""


def test_a_refusal_after_an_attempt_was_due_excuses_nothing():
    late = consent("make-contact", type="deny", decided="2026-03-06T10:00:00Z")
    assert case("KS-13b", episode(), person(), late).reason("adjusted") == ""


def test_no_number_and_no_address_is_left_out_of_the_adjusted_view():
    assert case("KS-13b", episode(), person(telecom=[])).reason("adjusted") == "no-contact-details"


def test_whom_somebody_tried_to_reach_is_not_left_out_for_want_of_a_number():
    found = case("KS-13b", episode(), person(telecom=[]), contact("in-person"))
    assert (found.outcome("strict"), found.outcome("adjusted")) == ("met", "met")


def test_one_who_can_be_contacted_is_enough_to_be_counted():
    found = case("KS-13b", episode(), person(), person("t"), flag("no-contact-safeguarding", to="t"))
    assert found.reason("adjusted") == ""


def test_what_cannot_be_read_is_listed_and_not_counted():
    broken = [
        contact(id_="c1") | {"statusReason": {"text": "rang"}},
        {key: value for key, value in contact(id_="c2").items() if key != "sent"},
        contact(id_="c3", sent="2027-01-01T10:00:00Z"),
        contact(id_="c4", to="somebody-elses"),
    ]
    of = chart(episode(), person(), *broken)
    assert case("KS-13b", episode(), person(), *broken).met is False
    assert {(one.record.split("/")[1], one.why) for one in unreadable("KS-13b", of)} == {
        ("c1", "no-outcome"),
        ("c2", "no-time"),
        ("c3", "in-the-future"),
        ("c4", "recipient-of-another-patient"),
    }


@pytest.mark.parametrize(
    ("recipients", "why"),
    [
        ([], ["recipient-unknown"]),
        ([{"display": "his mother"}], ["recipient-unknown"]),
        ([{"reference": "CareTeam/circle"}], ["recipient-unknown"]),
        ([{"reference": "Practitioner/gp"}], []),
        ([{"reference": "Patient/p"}, {"display": "his mother"}], []),
    ],
)
def test_an_attempt_to_nobody_who_can_be_told_is_listed(recipients, why):
    sent = contact() | {"recipient": recipients}
    assert [one.why for one in unreadable("KS-13b", chart(episode(), person(), sent))] == why
    assert case("KS-13b", episode(), person(), sent).met is False


def test_what_was_not_tried_needs_no_recipient():
    sent = contact("nobody-identified") | {"recipient": []}
    assert unreadable("KS-13b", chart(episode(), person(), sent)) == []


def test_thousands_of_attempts_on_one_day_are_one_episode():
    many = [contact(id_=f"c{n}", sent=f"2026-03-03T{n % 24:02}:00:00Z") for n in range(3000)]
    found = case("KS-13b", episode(), person(), *many)
    assert found.met
    assert len(found.rests_on) < 10


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        # The clock goes forward on 29 March and back on 25 October: 48 hours are 48 hours.
        ("2026-03-28T12:00:00+00:00", "2026-03-30T12:59:00+01:00", "closed-early"),
        ("2026-03-28T12:00:00+00:00", "2026-03-30T13:00:00+01:00", ""),
        ("2026-10-24T12:00:00+01:00", "2026-10-26T10:59:00+00:00", "closed-early"),
        ("2026-10-24T12:00:00+01:00", "2026-10-26T11:00:00+00:00", ""),
    ],
)
def test_hours_are_counted_and_not_what_clocks_say(start, end, reason):
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert case("KS-13b", episode(start, end), person(), now=now).excluded == reason


def test_where_all_who_are_known_are_to_be_kept_away_nobody_could_be_tried():
    former, away = person("r", "next-of-kin"), flag("no-contact-safeguarding", to="r")
    found = case("KS-13b", episode(), former, away)
    assert (found.outcome("strict"), found.reason("adjusted")) == ("not-met", "contact-stopped")
    assert "RelatedPerson/r/_history/1" in found.rests_on
    assert case("KS-13b", episode(), former, away, person("n", "household-member")).reason("adjusted") == ""
    assert case("KS-13b", episode(), former, away, person()).reason("adjusted") == ""


def test_that_somebody_without_a_key_role_has_no_telephone_excuses_nothing():
    assert case("KS-13b", episode(), person("n", "household-member", telecom=[])).reason("adjusted") == ""


@pytest.mark.parametrize("indicator", ["KS-13a", "KS-13b"])
def test_that_an_episode_is_to_end_soon_is_no_end(indicator):
    soon = datetime(2026, 3, 2, 20, tzinfo=UTC)
    assert cases(indicator, chart(episode(end="2026-03-03T09:00:00Z"), now=soon))[0].excluded == "not-yet-due"
    over = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert cases(indicator, chart(episode(end="2026-03-03T09:00:00Z"), now=over))[0].excluded == "closed-early"


@pytest.mark.parametrize(
    ("died", "excluded"),
    [
        ("2026-03-05", ""),  # at some time of the day that ends 63 hours after the start
        ("2026-03-04", "closed-early"),
        ("2026-03-05T08:59:00Z", "closed-early"),
        ("2026-03", ""),
    ],
)
def test_a_death_of_which_the_day_alone_is_known_ends_an_episode_with_that_day(died, excluded):
    patient = {"resourceType": "Patient", "id": "p", "deceasedDateTime": died}
    found = case("KS-13b", patient, episode("2026-03-03T09:00:00Z", ""), person(), contact(sent="2026-03-04T12:00:00Z"))
    assert found.excluded == excluded


def test_a_death_at_an_unknown_time_of_a_year_does_not_prolong_an_episode_that_was_over():
    patient = {"resourceType": "Patient", "id": "p", "deceasedDateTime": "2026"}
    over = episode("2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z")
    found = case("KS-13b", patient, over, person(), contact(sent="2026-03-08T12:00:00Z"))
    assert (found.excluded, found.met) == ("closed-early", False)


CARRIED = {"resourceType": "RelatedPerson", "id": "x", "identifier": [{"system": "urn:oid:1.2.3", "value": "C1"}]}


@pytest.mark.parametrize(
    ("recipient", "met"),
    [
        ({"identifier": {"system": "urn:oid:1.2.3", "value": "C1"}}, True),
        ({"reference": "#x"}, True),
        ({"reference": "#y"}, False),
        ({"reference": "https://elsewhere.example/fhir/RelatedPerson/9", "identifier": CARRIED["identifier"][0]}, True),
    ],
    ids=["by identifier", "contained", "contained, and nobody knows who", "at another address, with the identifier"],
)
def test_a_supporter_may_be_named_as_other_systems_do(recipient, met):
    known = person(identifier=CARRIED["identifier"])
    held = [CARRIED, {"resourceType": "RelatedPerson", "id": "y", "name": [{"text": "An aunt"}]}]
    found = case("KS-13b", episode(), known, contact() | {"contained": held, "recipient": [recipient]})
    assert found.met is met


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"category": [{"coding": [{"system": "http://snomed.info/sct", "code": "185317003"}]}]},
        {"status": "not-done", "statusReason": {"text": "rang, no answer"}},
    ],
    ids=["no category", "a category of another system", "an outcome in words"],
)
def test_what_another_system_wrote_of_a_contact_without_an_outcome_is_listed_and_not_counted(more):
    plain = {name: value for name, value in contact().items() if name not in ("category", "statusReason")}
    of = chart(episode(), person(), plain | {"status": "completed"} | more)
    assert [one.met for one in cases("KS-13b", of)] == [False]
    assert [one.why for one in unreadable("KS-13b", of)] == ["no-outcome"]


@pytest.mark.parametrize("more", [{"sender": {"reference": "RelatedPerson/s"}}, {"status": "preparation"}])
def test_what_a_supporter_said_and_what_is_not_sent_yet_is_no_contact_of_the_team(more):
    plain = {name: value for name, value in contact().items() if name not in ("category", "statusReason")}
    assert unreadable("KS-13b", chart(episode(), person(), plain | {"status": "completed"} | more)) == []
