"""A period that ends before it starts cannot be read: it lets nobody in and restricts; both evaluators agree."""

from typing import Any

import pytest

from app.sharing.facts import Record
from tests.sharing.both import DECIDED, NOT_THE_PATIENTS, both, supporter_reference
from tests.sharing.making import concept, consent, extension, facts, flag, network, provision, role, supporter
from tests.sharing.reference.vocabulary import PROXY_BASIS

LACKS = "lacks-capacity-information-sharing"
# Less than a second before it starts.
BACKWARDS = {"period": {"start": "2026-10-25T01:00:00.999999Z", "end": "2026-10-25T01:59:59+01:00"}}
YES = consent("yes", DECIDED, provision("permit", "a"))
OF_THE_CIRCLE = consent("yes", DECIDED, provision("permit", "CareTeam/t"))
NEAREST = role("nearest-relative", role_period={"valuePeriod": BACKWARDS["period"]})
MEMBER = {"member": supporter_reference("a")}


def _by_an_attorney(**period: Any) -> list[Record]:
    held = role("lpa-health-welfare", role_verified={"valueBoolean": True}, role_period={"valuePeriod": period})
    decided = consent(
        "attorney",
        DECIDED,
        provision("permit", "a", scopes="medication"),
        basis=concept(PROXY_BASIS, "health-and-welfare-lasting-power-of-attorney"),
        performer=[supporter_reference("b")],
        modifierExtension=NOT_THE_PATIENTS,
    )
    return [flag("f", LACKS, "2026-05-20"), supporter("b", "", held), decided]


@pytest.mark.parametrize(
    ("records", "basis"),
    [
        ([YES, flag("f", "listen-only", "", **BACKWARDS)], "contact-restricted"),
        ([YES, flag("f", LACKS, "", status="inactive", **BACKWARDS)], "given-without-capacity"),
        ([supporter("a", **BACKWARDS), YES], "recipient-not-linked"),
        ([network("t", "a", **BACKWARDS), OF_THE_CIRCLE], "no-consent-recorded"),
        ([network("t", "a", participant=[MEMBER | BACKWARDS]), OF_THE_CIRCLE], "no-consent-recorded"),
        ([consent("yes", DECIDED, provision("permit", "a", **BACKWARDS))], "uninterpretable-consent"),
        ([consent("no", DECIDED, provision("deny", "a", **BACKWARDS))], "uninterpretable-consent"),
        (
            [consent("yes", DECIDED, provision("permit", "a", provision=[provision("deny", **BACKWARDS)]))],
            "uninterpretable-consent",
        ),
        (
            [consent("yes", DECIDED, provision("permit", "a", dataPeriod=BACKWARDS["period"]))],
            "uninterpretable-consent",
        ),
        (_by_an_attorney(start="2020-01-01"), "attorney"),
        (_by_an_attorney(**BACKWARDS["period"]), "no-consent-recorded"),
    ],
)
def test_a_period_that_ends_before_it_starts_lets_nobody_in_and_restricts_at_its_widest(
    records: list[Record], basis: str
) -> None:
    people = [] if any(one.reference == "RelatedPerson/a" for one in records) else [supporter("a")]
    assert both(facts(*people, *records), "RelatedPerson/a").basis == basis


def test_nobody_is_nearest_relative_in_a_period_that_ends_before_it_starts() -> None:
    for held, basis in ((role("nearest-relative"), "statutory-item"), (NEAREST, "no-consent-recorded")):
        assert both(facts(supporter("a", "", held)), "RelatedPerson/a", scopes="legal-status").basis == basis


def test_nobody_decides_in_an_incapacity_that_ends_before_it_starts() -> None:
    _, *others = _by_an_attorney(start="2020-01-01")
    known = facts(supporter("a"), *others, flag("f", LACKS, "", **BACKWARDS))
    assert both(known, "RelatedPerson/a").basis == "no-consent-recorded"


def test_extensions_beside_a_missing_limit_leave_a_period_unread() -> None:
    untold = {"period": {"_start": {"extension": [extension("x", valueCode="unknown")]}, "end": "2027-01-01"}}
    assert both(facts(supporter("a", **untold), YES), "RelatedPerson/a").basis == "recipient-not-linked"
