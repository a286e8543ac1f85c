"""One version of a Consent, read once (the sharing decision, sections 4 and 6.1)."""

from typing import Any, Final, NamedTuple

from app.sharing.directory import SELF, Directory
from app.sharing.facts import Version
from app.sharing.provision_reading import Found, read
from app.sharing.provisions import Provision, levels, speaks_of
from app.sharing.reading import EMPTY, Json, codes, elements, extensions, first_extensions, mapping, objects, text
from app.sharing.resources import Resource
from app.sharing.systems import (
    ACT_CODE,
    CONSENT_SCOPE,
    LEGAL_BASIS,
    NOT_THE_PATIENTS_DECISION,
    PROXY_LEGAL_BASIS,
    extension,
)
from app.sharing.times import BEGINNING, FOREVER, Span, boundaries, moment, period, span, widest

OWN: Final = "own"
OTHER: Final = "other"
SAFETY_OVERRIDE: Final = "safety-override"
PARENTAL: Final = "parental-responsibility"
ADVANCE: Final = "advance-statement"
# Whose decision counts while capacity is lacking, in the order in which they name the basis of an answer.
SUBSTITUTES: Final = (ADVANCE, "attorney", "deputy", "best-interest")

_BASES: Final = {
    (PROXY_LEGAL_BASIS, "consent"): OWN,
    **{(ACT_CODE, opt): OWN for opt in ("OPTIN", "OPTINR", "OPTOUT", "OPTOUTE")},
    (LEGAL_BASIS, "advance-statement"): ADVANCE,
    (LEGAL_BASIS, "safety-override"): SAFETY_OVERRIDE,
    (PROXY_LEGAL_BASIS, "best-interest"): "best-interest",
    (PROXY_LEGAL_BASIS, "health-and-welfare-lasting-power-of-attorney"): "attorney",
    (PROXY_LEGAL_BASIS, "court-appointed-personal-welfare-deputy"): "deputy",
    (PROXY_LEGAL_BASIS, "parental-responsibility"): PARENTAL,
}
_METHODS: Final = frozenset({"verbal", "written", "other"})
_PRIVACY: Final = "patient-privacy"
_METHOD, _COMPETENCE = extension("consent-method"), extension("competence-confirmed")
_CONSIDERED, _REVIEW = extension("refusal-considered"), extension("consent-next-review")


class Statement(NamedTuple):
    """What one version of a Consent says.

    `dated` is the time of the decision (of an undated one, of its recording); `void` says why its permits count for
    nothing, '' when they do not. `window` is the root period. `references` and `anybody` are whom it may concern.
    `organisations`: some level names Organizations and nobody else; `refuses_organisations`: one that denies.
    `moments` are the starts of the times between which what it says does not change, `boundaries` those and the times
    at which it begins to count and ceases to, in their order.
    """

    reference: str
    version: str
    status: str
    is_privacy: bool
    basis: str
    dated: Span
    is_dated: bool
    void: str
    root: Provision | None
    window: Span
    unreadable: bool
    has_deny: bool
    organisations: bool
    refuses_organisations: bool
    speaks_of_records: bool
    anybody: bool
    references: frozenset[str]
    moments: tuple[int, ...]
    boundaries: tuple[int, ...]
    performers: tuple[str, ...]
    competent: bool
    refusal_considered: bool
    review: str
    content: Json

    def may_concern(self, references: frozenset[str]) -> bool:
        """Whether it is not certain that this is about others alone."""
        return self.anybody or not self.references.isdisjoint(references)

    def may_speak_of(self, scope: str, resource: Resource | None) -> bool:
        """Whether any level may say something about this scope, or this resource of it, to anybody at any time."""
        if self.root is None or self.unreadable or self.refuses_organisations:
            return True
        return speaks_of(self.root, scope, resource)

    def is_plain(self, *, permits: bool) -> bool:
        """Whether it can be read as the patient's own, and all of it permits, or all of it refuses."""
        if self.root is None or self.unreadable or self.refuses_organisations or self.basis != OWN:
            return False
        return all(level.permits is permits for level in levels(self.root))


def statement(reference: str, version: Version, recorded: int, directory: Directory) -> Statement:
    """One version of a Consent that was not a deletion; `recorded` is when this dateTime was first recorded."""
    content = mapping(version.content)
    found = Found()
    root = read(content.get("provision"), directory, found)
    dated = span(content.get("dateTime"))
    decided = dated or Span(recorded, recorded + 1)
    privacy, has_system = _scope(content)
    basis = _basis(content)
    performers = tuple([directory.find(one).reference for one in objects(content.get("performer"))])
    said = first_extensions(content)
    is_marked, is_odd = _modifiers(content)
    stated = mapping(content.get("provision")).get("period")
    window = period(stated) or widest(stated)
    moments = _moments(root)
    return Statement(
        reference=reference,
        version=f"{reference}/_history/{version.number}",
        status=text(content.get("status")),
        is_privacy=privacy and (has_system or found.has_deny),
        basis=basis,
        dated=decided,
        is_dated=dated is not None,
        void=_void(content, said.get(_METHOD), basis, performers, marked=is_marked),
        root=root,
        window=window,
        unreadable=found.unreadable or is_odd or dated is None or not has_system,
        has_deny=found.has_deny,
        organisations=found.organisations,
        refuses_organisations=found.refuses_organisations,
        speaks_of_records=found.speaks_of_records,
        anybody=found.anybody,
        references=frozenset(found.references),
        moments=moments,
        boundaries=boundaries((*moments, *window, decided.low)),
        performers=performers,
        competent=_is_competent(content, directory),
        refusal_considered=said.get(_CONSIDERED, EMPTY).get("valueBoolean") is True,
        review=text(said.get(_REVIEW, EMPTY).get("valueDateTime")),
        content=content,
    )


def _scope(content: Json) -> tuple[bool, bool]:
    """Whether this is a privacy Consent, and whether its scope says so with its system."""
    written = codes(content.get("scope"))
    with_system = (CONSENT_SCOPE, _PRIVACY) in written
    return with_system or ("", _PRIVACY) in written, with_system


def _basis(content: Json) -> str:
    if "policyRule" not in content:
        return OWN
    bases = {_BASES.get(code, OTHER) for code in codes(content["policyRule"])}
    return bases.pop() if len(bases) == 1 else OTHER


def _void(content: Json, method: Json | None, basis: str, performers: tuple[str, ...], *, marked: bool) -> str:
    """Why the permits of this Consent count for nothing, as far as it says so itself."""
    if basis == OTHER:
        return "basis-unknown"
    if method is not None and text(method.get("valueCode")) not in _METHODS:
        return "consent-implied"
    somebody_else = any(performer != SELF for performer in performers) or ("performer" in content and not performers)
    if basis in (OWN, ADVANCE) and (marked or somebody_else):
        return "not-the-patients-decision"
    return ""


def _modifiers(content: Json) -> tuple[bool, bool]:
    """Whether it is marked as not the patient's decision; and whether it has modifiers that nobody here knows."""
    marked, odd = False, "implicitRules" in content
    for element in elements(content):
        if "modifierExtension" not in element:
            continue
        if element is content:
            for item in objects(element["modifierExtension"]):
                known = item.get("url") == NOT_THE_PATIENTS_DECISION and item.get("valueBoolean") is True
                marked, odd = marked or known, odd or not known
        elif not _is_provision(element):
            odd = True
    return marked, odd


def _is_provision(element: Json) -> bool:
    """Whether a modified element is a provision: its modifiers are looked at where provisions are read."""
    return element.get("type") in ("permit", "deny")


def _is_competent(content: Json, directory: Directory) -> bool:
    """Whether a Practitioner confirmed, on a date, that somebody under 16 could decide this."""
    return any(
        any(directory.find(part.get("valueReference")).type == "Practitioner" for part in extensions(item, "by"))
        and any(span(part.get("valueDateTime")) for part in extensions(item, "date"))
        for item in extensions(content, _COMPETENCE)
    )


def _moments(root: Provision | None) -> tuple[int, ...]:
    if root is None:
        return (BEGINNING,)
    limits = {limit for level in levels(root) for limit in level.period if limit < FOREVER}
    return tuple(sorted({root.period.low, *limits}))


def first_recorded(versions: tuple[Version, ...], index: int) -> int:
    """When the dateTime of that version was first recorded."""
    wanted = _date_time(versions[index])
    return moment(next(version.recorded for version in versions if _date_time(version) == wanted))


def _date_time(version: Version) -> Any:
    return mapping(version.content).get("dateTime")
