"""Records at random: few people, scopes and days, so that they meet."""

from typing import Any

from hypothesis import strategies as st

from tests.sharing.engine.builders import DAD, MUM, TOM, consent, flag, person, provision, team

SCOPES = ("medication", "meetings", "whereabouts", "risk-to-self", "substance-use")
DAYS = (*(f"2026-02-{day:02}" for day in (1, 2, 3, 10, 20)), "2026-02", "2026-02-10T10:00:00Z")
ENDS = ("", "", "2026-02-15", "2026-03-10", "2026-04", "2026-05-05T10:00:00Z")
STARTS = ("", "", "2026-02-05", "2026-03-20")
WHO: tuple[tuple[str, ...], ...] = ((), (MUM,), (DAD,), (TOM,), ("CareTeam/family",), (MUM, DAD))

scopes = st.lists(st.sampled_from(SCOPES), max_size=2, unique=True)
leaves = st.builds(
    provision,
    st.sampled_from(("permit", "deny")),
    st.sampled_from(((), (), (MUM,), (DAD,))),
    scopes,
    start=st.sampled_from(STARTS),
    end=st.sampled_from(ENDS),
)
roots = st.builds(
    provision,
    st.sampled_from(("permit", "permit", "deny")),
    st.sampled_from(WHO),
    scopes,
    start=st.sampled_from(STARTS),
    end=st.sampled_from(ENDS),
    nested=st.lists(leaves, max_size=2),
)
statuses = st.sampled_from(("active", "active", "active", "inactive", "rejected", "draft", "entered-in-error"))
policies = st.sampled_from(("", "", "", "implied", "best-interest", "attorney", "advance-statement"))


def consents(name: str, status: st.SearchStrategy[str] = statuses) -> st.SearchStrategy[dict[str, Any]]:
    """A Consent of that id."""
    return st.builds(
        lambda root, decided, status, policy: consent(name, root, decided, status=status, policy=policy),
        roots,
        st.sampled_from(DAYS),
        status,
        policies,
    )


def many(least: int = 0, most: int = 5) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Several Consents with ids of their own."""
    return st.integers(least, most).flatmap(
        lambda count: st.tuples(*(consents(f"c{n}") for n in range(count))).map(list)
    )


flags = st.lists(
    st.builds(
        lambda number, code, people, end: flag(f"f{number}", code, *people, end=end),
        st.integers(0, 99),
        st.sampled_from(
            ("listen-only", "no-whereabouts", "lacks-capacity-information-sharing", "no-contact-safeguarding")
        ),
        st.sampled_from(((MUM,), (DAD,), ())),
        st.sampled_from(("2026-03-05", "2026-04-01", "2026-02-10")),
    ),
    max_size=2,
    unique_by=lambda one: one["id"],
)
FAMILY = team("family", MUM, TOM)
NAMESAKES = (
    person(MUM, name=[{"family": "Smith", "given": ["Jo"]}]),
    person(DAD),
    person(TOM, name=[{"family": "Smith", "given": ["Jo"]}]),
)
