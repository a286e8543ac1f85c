"""What an indicator says of one thing that it counts: an episode, a supporter of one, or an incident."""

from typing import Literal, NamedTuple

from app.sharing.times import Span

Outcome = Literal["met", "not-met", "excluded"]
View = Literal["strict", "adjusted"]
# Pairs of a stratifier and its value.
Strata = tuple[tuple[str, str], ...]
# A case from `excluded` to `flags`: what it is, and not whose.
Counted = tuple[str, str, bool, bool, Strata, tuple[str, ...]]


class Case(NamedTuple):
    """`subject` is what is counted ("EpisodeOfCare/a"), `episode` where it is from, and what is `met` in each view.

    `excluded` is the reason (indicator-exclusion) why it is in neither denominator, `excluded_adjusted` why it is in
    that of the strict view alone; '' for none. `flags` are codes of what somebody should look at (indicator-flag),
    `rests_on` versioned references, `texts` digests of words that ought to be individual, so that a template shows.
    `time` is its own, where the figures of a time count it by that and not by its episode's alone.
    """

    subject: str
    episode: str
    excluded: str = ""
    excluded_adjusted: str = ""
    met: bool = False
    met_adjusted: bool = False
    strata: Strata = ()
    flags: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    time: Span | None = None

    @property
    def counted(self) -> Counted:
        return self[2:8]

    def reason(self, view: View) -> str:
        """Why it is not in the denominator of a view, '' when it is."""
        return self.excluded or (self.excluded_adjusted if view == "adjusted" else "")

    def outcome(self, view: View) -> Outcome:
        if self.reason(view):
            return "excluded"
        return "met" if (self.met if view == "strict" else self.met_adjusted) else "not-met"
