"""The levels of a Consent's provision, each with what it takes from those above. https://hl7.org/fhir/R4/consent.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.fhir import terminology

Members = dict[str, Any]
Actors = tuple[tuple[str, Members], ...]

_RECIPIENTS = frozenset(
    {(terminology.PARTICIPATION_TYPE, code) for code in ("IRCP", "PRCP")}
    | {(terminology.ROLE_CODE, code) for code in ("GRANTEE", "DELEGATEE")}
)
_DISCLOSERS = frozenset({(terminology.PARTICIPATION_TYPE, "CST")})
_SCOPING = ("code", "class", "securityLabel", "data", "dataPeriod")


@dataclass(frozen=True, slots=True)
class Level:
    """One level: `recipients` and `disclosers` are its actors, each with its path, `codes` the concepts of `code`."""

    path: str
    provision: Members
    recipients: Actors
    disclosers: Actors
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
        yield from _levels(consent["provision"], "Consent.provision", None)


def permits(consent: Members) -> bool:
    """Whether it permits anything at any level."""
    return any(level.permits for level in levels(consent))


def denies(consent: Members) -> bool:
    """Whether it denies anything at any level; what has no type, or no provision, may be meant as a refusal."""
    found = [level.permits for level in levels(consent)]
    return not found or not all(found)


def _levels(provision: Members, path: str, above: Level | None) -> Iterator[Level]:
    recipients, disclosers = _actors(provision, path, _RECIPIENTS), _actors(provision, path, _DISCLOSERS)
    codes = tuple(provision.get("code", ()))
    if above:
        recipients, disclosers = recipients or above.recipients, disclosers or above.disclosers
        codes = codes if any(name in provision for name in _SCOPING) else above.codes
    level = Level(path, provision, recipients, disclosers, codes)
    yield level
    for index, nested in enumerate(provision.get("provision", ())):
        yield from _levels(nested, f"{path}.provision[{index}]", level)


def _actors(provision: Members, path: str, roles: frozenset[tuple[str, str]]) -> Actors:
    return tuple(
        (f"{path}.actor[{index}]", actor)
        for index, actor in enumerate(provision.get("actor", ()))
        if any(terminology.key(coding) in roles for coding in actor.get("role", {}).get("coding", ()))
    )
