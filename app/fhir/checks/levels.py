"""The levels of a Consent's provision, each with what it takes from those above. https://hl7.org/fhir/R4/consent.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.fhir import terminology

Members = dict[str, Any]

_RECIPIENTS = frozenset(
    {(terminology.PARTICIPATION_TYPE, code) for code in ("IRCP", "PRCP")}
    | {(terminology.ROLE_CODE, code) for code in ("GRANTEE", "DELEGATEE")}
)
_SCOPING = ("code", "class", "securityLabel", "data", "dataPeriod")


@dataclass(frozen=True, slots=True)
class Level:
    """One level: `recipients` are its recipient actors, each with its path, `codes` the concepts of `code`."""

    path: str
    provision: Members
    recipients: tuple[tuple[str, Members], ...]
    codes: tuple[Members, ...]

    @property
    def permits(self) -> bool:
        return self.provision.get("type") == "permit"

    @property
    def denies(self) -> bool:
        return self.provision.get("type") == "deny"


def levels(consent: Members) -> Iterator[Level]:
    """Every level of the provision, the root first."""
    if "provision" in consent:
        yield from _levels(consent["provision"], "Consent.provision", (), ())


def permits(consent: Members) -> bool:
    """Whether it permits anything at any level."""
    return any(level.permits for level in levels(consent))


def denies(consent: Members) -> bool:
    """Whether it denies anything at any level; what has no type, or no provision, may be meant as a refusal."""
    found = [level.permits for level in levels(consent)]
    return not found or not all(found)


def _levels(
    provision: Members, path: str, recipients: tuple[tuple[str, Members], ...], codes: tuple[Members, ...]
) -> Iterator[Level]:
    own = tuple(
        (f"{path}.actor[{index}]", actor)
        for index, actor in enumerate(provision.get("actor", ()))
        if any(terminology.key(coding) in _RECIPIENTS for coding in actor.get("role", {}).get("coding", ()))
    )
    stated = any(name in provision for name in _SCOPING)
    level = Level(path, provision, own or recipients, tuple(provision.get("code", ())) if stated else codes)
    yield level
    for index, nested in enumerate(provision.get("provision", ())):
        yield from _levels(nested, f"{path}.provision[{index}]", level.recipients, level.codes)
