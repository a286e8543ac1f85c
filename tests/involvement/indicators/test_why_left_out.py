"""Whoever is left out is told with the consent that says why, as far as the caller may see it, and no restriction."""

import pytest

from tests.involvement.charting import cases, chart, consent, episode, flag, meeting, part, person, plan

REFUSED = "Consent/k/_history/1"
KEPT_AWAY = "Flag/f/_history/1"


@pytest.mark.parametrize(
    ("indicator", "why", "more", "record"),
    [
        ("KS-13b", "contact-refused", [consent("make-contact", type="deny")], REFUSED),
        ("KS-13b", "contact-refused", [flag("no-contact-patient-wish")], KEPT_AWAY),
        ("KS-13b", "contact-stopped", [flag("no-contact-safeguarding")], KEPT_AWAY),
        ("KS-13c", "no-consent", [consent("meetings", type="deny"), meeting()], REFUSED),
        ("KS-13c", "contact-stopped", [flag("no-contact-safeguarding"), meeting()], KEPT_AWAY),
        ("KS-13d", "no-consent", [consent("care-plan", type="deny"), plan(part())], REFUSED),
        ("KS-13d", "contact-stopped", [flag("no-contact-safeguarding"), plan()], KEPT_AWAY),
        ("C12b", "no-consent", [consent("care-plan", type="deny"), plan()], REFUSED),
        ("NICE-AB", "do-not-contact", [flag("no-contact-supporter-wish")], KEPT_AWAY),
        ("NICE-ASK", "lacks-capacity", [flag("lacks-capacity-information-sharing", to="")], KEPT_AWAY),
    ],
)
def test_a_consent_that_says_so_is_named_unless_it_is_hidden_and_a_restriction_never_is(indicator, why, more, record):
    records = [episode(), person(), *more]
    [found] = cases(indicator, chart(*records))
    assert found.reason("adjusted") == why
    assert (record in found.rests_on) is (record == REFUSED)
    [hidden] = cases(indicator, chart(*records, unseen=[record.partition("/_history/")[0]]))
    assert hidden.reason("adjusted") == why
    assert record not in hidden.rests_on


def test_a_restriction_of_somebody_else_is_not_named():
    away = flag("no-contact-supporter-wish", to="n")
    found = cases("NICE-AB", chart(episode(), person(), person("n", "next-of-kin"), away))
    assert [(one.excluded, KEPT_AWAY in one.rests_on) for one in found] == [("", False)]
