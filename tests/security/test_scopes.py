"""SMART v2 scopes: what they say, what they give, and what two sets of them have in common."""

import pytest

from app.security.scopes import Allowed, Scopes, parse, understood


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("system/Consent.cruds", "cruds"),
        ("system/*.cruds", "cruds"),
        ("system/Consent.rs", "rs"),
        ("system/*.r system/Consent.c", "cr"),
        ("system/CarePlan.cruds", ""),
        ("kith/check kith/audit", ""),
        ("", ""),
    ],
)
def test_each_letter_is_one_interaction(text, allowed):
    given = parse(text)
    for letter in "cruds":
        assert (given.allows("Consent", letter) is not None) == (letter in allowed), letter


def test_every_type_does_not_bring_the_audit_trail_along():
    assert parse("system/*.cruds").allows("AuditEvent", "r") is None


@pytest.mark.parametrize(
    "text",
    [
        "system/Consent.",
        "system/Consent.sr",
        "system/Consent.rr",
        "system/Consent.read",
        "system/consent.r",
        "system/.r",
        "patient/Consent.r",
        "user/*.cruds",
        "system/Consent.cruds?status=active",
        "system/*.rs?status=active",
        "system/Consent.rs?",
        "system/Consent.rs?status=%00",
        "system/Consent.rs?status=%0Aactive",
        "system/Consent.rs\N{NO-BREAK SPACE}",
        "system/Consent.rs#",
        "system/AuditEvent.rs",
        "kith/root",
        "kith/Check",
        "*",
        "system/**.r",
        "system/Consent.r?" + "a" * 600,
    ],
)
def test_what_is_no_scope_is_refused_in_a_registration_and_gives_nothing_in_a_token(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)
    assert understood([text]) == Scopes()


def test_a_constraint_narrows_and_a_scope_without_one_gives_all():
    one = parse("system/Consent.rs?status=active")
    assert one.allows("Consent", "r") == Allowed(((("status", "active"),),))
    assert one.allows("Consent", "c") is None
    two = parse("system/Consent.rs?status=active system/Consent.r?category=INFA")
    assert two.allows("Consent", "r") == Allowed(((("category", "INFA"),), (("status", "active"),)))
    assert two.allows("Consent", "s") == Allowed(((("status", "active"),),))
    all_ = parse("system/Consent.rs?status=active system/Consent.r")
    assert all_.allows("Consent", "r") == Allowed()


@pytest.mark.parametrize(
    ("wanted", "registered", "granted"),
    [
        ("system/*.rs", "system/Consent.cruds system/CarePlan.r", "system/CarePlan.r system/Consent.rs"),
        ("system/Consent.cruds", "system/*.rs", "system/Consent.rs"),
        ("system/Consent.c", "system/*.rs", ""),
        ("system/*.cruds kith/audit kith/check", "system/Consent.r kith/check", "system/Consent.r kith/check"),
        ("system/Consent.rs", "system/Consent.rs?status=active", "system/Consent.rs?status=active"),
        (
            "system/Consent.r?category=a",
            "system/Consent.rs?status=active",
            "system/Consent.r?category=a&status=active",
        ),
        ("system/Consent.rs system/Consent.r", "system/*.cruds", "system/Consent.rs"),
    ],
)
def test_what_is_granted_is_what_was_asked_for_and_registered(wanted, registered, granted):
    assert str(parse(wanted) & parse(registered)) == granted


def test_the_text_of_scopes_says_the_same_again():
    text = "system/*.r system/Consent.rs?category=http://x.test/a|b&status=active kith/check"
    assert parse(str(parse(text))) == parse(text)
