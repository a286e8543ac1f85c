"""The question of a check, understood and complete (the sharing decision, section 1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Action = Literal["disclose", "listen"]
Content = Literal["specific", "general"]


@dataclass(frozen=True, slots=True)
class Question:
    """May these recipients be told this? Empty recipients: every active supporter; empty scopes: every scope.

    `recipients` and `resources` are "Type/id" references, in the order asked; `scopes` are sharing-scope codes.
    `purpose` is a PurposeOfUse code, '' for direct care with the support network. `at` is aware; `team` is the
    "Organization/id" or "CareTeam/id" that would disclose, '' when it is not known.
    """

    at: datetime
    recipients: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    action: Action = "disclose"
    content: Content = "specific"
    purpose: str = ""
    team: str = ""
