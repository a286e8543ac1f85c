"""The first three contacts of an episode: attempts count, different people come first, and who is left is told."""

from typing import Any

import pytest

from app.involvement.first_contacts import FirstContacts, first_contacts
from app.involvement.indicators.episodes import episodes
from tests.involvement.charting import Resource, chart, coded, consent, contact, episode, flag, own, person


def found(*resources: Resource, **more: Any) -> FirstContacts:
    of = chart(episode(**more), *resources)
    [one] = episodes(of)[0]
    return first_contacts(of, one)


def day(number: int, hour: int = 9) -> str:
    return f"2026-03-{number:02d}T{hour:02d}:00:00Z"


def names(answer: FirstContacts) -> list[str]:
    return [one.entry.id for one in answer.contacts]


def test_nothing_was_tried_and_everybody_is_left() -> None:
    answer = found(person(), person("t", "informal-supporter"))
    assert (answer.attempts, answer.contacts, answer.tried) == (0, (), ())
    assert [one.supporter for one in answer.left] == ["RelatedPerson/s", "RelatedPerson/t"]


def test_a_failed_call_counts_and_one_that_was_not_tried_does_not() -> None:
    tried = contact("no-answer", day(3), "a")
    refused = contact("not-tried-patient-refused", day(4), "b")
    answer = found(person(), tried, refused)
    assert (answer.attempts, names(answer)) == (1, ["a"])
    [one] = answer.tried
    assert (one.attempts, one.reached) == (1, False)


def test_different_people_come_before_further_calls_to_the_same() -> None:
    calls = [contact("no-answer", day(3 + n), f"c{n}", "s") for n in range(3)]
    calls += [contact("spoke", day(7), "c3", "t"), contact("spoke", day(8), "c4", "u")]
    people = [person(), person("t"), person("u")]
    assert names(found(*people, *calls)) == ["c0", "c3", "c4"]
    assert names(found(*people, *calls[:4])) == ["c0", "c1", "c3"]
    assert found(*people, *calls).attempts == 5


def test_thousands_of_attempts_on_one_day_are_three_contacts() -> None:
    calls = [contact("no-answer", f"2026-03-03T{n // 60:02d}:{n % 60:02d}:00Z", f"c{n}") for n in range(1400)] * 2
    answer = found(person(), *calls)
    assert (len(answer.contacts), answer.attempts, len(answer.tried)) == (3, 2800, 1)


def test_what_each_can_offer_is_told_once() -> None:
    offer = own("can-offer", valueCodeableConcept=coded("supporter-activity", "practical-help"))
    words = own("can-offer", valueCodeableConcept={"text": "Drive him on Tuesdays."})
    calls = [contact("spoke", day(3 + n), f"c{n}") | {"extension": [offer, words]} for n in range(2)]
    [one] = found(person(), *calls).tried
    assert [each.get("text", "coded") for each in one.can_offer] == ["coded", "Drive him on Tuesdays."]
    assert one.reached


def test_records_of_one_human_are_one_person() -> None:
    same = own("same-person", valueReference={"reference": "RelatedPerson/s"})
    again = person("t") | {"extension": [same]}
    answer = found(person(), again, contact(to="s", id_="a"), contact(to="t", id_="b", sent=day(5)))
    assert (len(answer.tried), answer.tried[0].attempts, answer.left) == (1, 2, ())


def test_only_contacts_from_the_referral_to_the_end_are_of_the_episode() -> None:
    before, after = contact(sent="2026-03-01T09:00:00Z", id_="a"), contact(sent="2026-03-25T09:00:00Z", id_="b")
    referral = {
        "resourceType": "ServiceRequest",
        "id": "r",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-03-01T08:00:00Z",
    }
    assert found(person(), before, after).attempts == 0
    referred = found(person(), before, after, referral, referralRequest=[{"reference": "ServiceRequest/r"}])
    assert names(referred) == ["a"]


def test_who_is_left_is_told_with_what_the_patient_decided_and_key_people_come_first() -> None:
    people = [person("a", "informal-supporter"), person("s"), person("z", "key-supporter")]
    answer = found(*people, consent("make-contact", to="z"))
    assert [(one.supporter, one.permitted, one.basis) for one in answer.left] == [
        ("RelatedPerson/z", True, "patient-consent"),
        ("RelatedPerson/s", False, "no-consent-recorded"),
        ("RelatedPerson/a", False, "no-consent-recorded"),
    ]
    assert answer.left[0].roles == ("key-supporter",)


def test_who_is_restricted_is_nobody_to_try() -> None:
    answer = found(person(), person("t"), flag("no-contact-safeguarding"))
    assert [one.supporter for one in answer.left] == ["RelatedPerson/t"]
    assert [(one.supporter, one.basis) for one in answer.not_to_try] == [("RelatedPerson/s", "contact-restricted")]


@pytest.mark.parametrize("more", [{"active": False}, {"period": {"end": "2026-03-01"}}], ids=["inactive", "over"])
def test_who_is_no_supporter_any_more_is_nobody_to_try(more: Resource) -> None:
    answer = found(person(**more))
    assert (answer.left, answer.not_to_try) == ((), ())


def test_what_cannot_be_read_is_listed_and_never_counted() -> None:
    no_time, no_outcome = contact(id_="a"), contact(id_="b")
    del no_time["sent"]
    no_outcome["statusReason"] = {"text": "engaged"}
    future = contact(id_="c", sent="2030-01-01T00:00:00Z")
    stranger = contact(id_="d", to="of-another")
    answer = found(person(), no_time, no_outcome, future, stranger)
    assert answer.attempts == 0
    assert {one.record.split("/")[1]: one.why for one in answer.unreadable} == {
        "a": "no-time", "b": "no-outcome", "c": "in-the-future", "d": "recipient-of-another-patient",
    }  # fmt: skip
