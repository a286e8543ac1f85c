"""What an indicator says of one thing that it counts: an episode, a supporter of one, or an incident."""

from typing import Literal, NamedTuple

Outcome = Literal["met", "not-met", "excluded"]
View = Literal["strict", "adjusted"]
# Pairs of a stratifier and its value.
Strata = tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """`subject` is what is counted ("EpisodeOfCare/a"), `episode` where it is from, and what is `met` in each view.

    `excluded` is the reason (indicator-exclusion) why it is in neither denominator, `excluded_adjusted` why it is in
    that of the strict view alone; '' for none. `flags` are codes of what somebody should look at (indicator-flag),
    `rests_on` versioned references, `texts` the words that ought to be individual, so that a template shows.
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

    def reason(self, view: View) -> str:
        """Why it is not in the denominator of a view, '' when it is."""
        return self.excluded or (self.excluded_adjusted if view == "adjusted" else "")

    def outcome(self, view: View) -> Outcome:
        if self.reason(view):
            return "excluded"
        return "met" if (self.met if view == "strict" else self.met_adjusted) else "not-met"
