"""Who calls, by the Authorization header of a request: https://www.rfc-editor.org/rfc/rfc6750"""

from dataclasses import replace
from typing import Protocol

from app.security.caller import ANYBODY, Granted
from app.security.scopes import EVERYTHING, PRIVILEGED


class Authentication(Protocol):
    """Turns the Authorization header of a request ('' for none) into what was granted."""

    async def granted(self, authorization: str) -> Granted:
        """Raises Unauthorised when there is no token that is valid now, Unavailable when that cannot be told."""


class Off:
    """For development alone: nobody is told apart, and everybody may do everything but take protection away."""

    def __init__(self, *, development_privileges: bool = False) -> None:
        self._granted = replace(ANYBODY, scopes=PRIVILEGED if development_privileges else EVERYTHING)

    async def granted(self, authorization: str) -> Granted:  # noqa: ARG002  # whatever is sent means nothing
        return self._granted
