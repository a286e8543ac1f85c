"""Named resources: the stored records somebody wants to share (the sharing decision, sections 1, 3 and 6.2)."""

from dataclasses import dataclass
from typing import Any, Final

from app.fhir.terminology import SHARING_SCOPES
from app.sharing.directory import Directory
from app.sharing.reading import Json, code, elements, mapping, objects
from app.sharing.scope_types import scopes_of_type
from app.sharing.systems import ACT_CODE, ACT_REASON, CONFIDENTIALITY, SHARING_LABEL, SHARING_SCOPE
from app.sharing.times import Span, period, span

LEVELS: Final = "ULMNRV"
NORMAL: Final = LEVELS.index("N")
IN_CONFIDENCE: Final = "given-in-confidence"
_HIGHEST: Final = len(LEVELS) - 1
# Systems whose labels say nothing about how sensitive a record is.
_HARMLESS: Final = frozenset({SHARING_LABEL, ACT_REASON, "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"})
_PLACES: Final = frozenset({"location", "locationReference", "locationCodeableConcept", "address"})
# The elements that say when what a record tells happened, as dateTimes or Periods.
_TIMES: Final = (
    "period", "created", "sent", "received", "authored", "authoredOn", "date", "dateAsserted", "issued", "recordedDate",
    "onsetDateTime", "onsetPeriod", "effectiveDateTime", "effectiveInstant", "effectivePeriod", "occurrenceDateTime",
    "occurrencePeriod", "performedDateTime", "performedPeriod", "start", "end",
)  # fmt: skip
_GIVERS: Final = {"Communication": ("sender",), "QuestionnaireResponse": ("source", "author")}


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A named resource that exists and is this patient's; `scopes` is empty when nobody can tell what it is about."""

    reference: str
    version: str
    type: str
    scopes: frozenset[str]
    level: int
    labels: frozenset[tuple[str, str]]
    sensitive: bool
    in_confidence: bool
    givers: frozenset[str]
    has_location: bool
    times: tuple[Span | None, ...]

    @property
    def is_guarded(self) -> bool:
        """Whether a permit has to speak of labels to cover it."""
        return self.level > NORMAL or self.sensitive


def resource(reference: str, version: str, content: Json, directory: Directory, ordinary: frozenset[str]) -> Resource:
    """A stored resource; `ordinary` are the sensitivity codes that this service treats as normal."""
    written = [code(label) for label in objects(mapping(content.get("meta")).get("security"))]
    levels = [_level(label) for label in written if _is_level(label)]
    labels = frozenset(label for label in written if not _is_level(label))
    type_ = reference.partition("/")[0]
    return Resource(
        reference=reference,
        version=version,
        type=type_,
        scopes=_scopes(content),
        level=max(levels, default=NORMAL),
        labels=labels,
        sensitive=any(_is_sensitive(label, ordinary) for label in labels),
        in_confidence=any(label in ((SHARING_LABEL, IN_CONFIDENCE), ("", IN_CONFIDENCE)) for label in labels),
        givers=frozenset(
            directory.find(giver).reference for name in _GIVERS.get(type_, ()) for giver in objects(content.get(name))
        ),
        has_location=type_ == "Location" or any(not _PLACES.isdisjoint(element) for element in elements(content)),
        times=_times(content),
    )


def _scopes(content: Json) -> frozenset[str]:
    """Its tags, or what the table says of its type. A tag that is no known scope leaves the whole in the dark."""
    tags = [code(tag) for tag in objects(mapping(content.get("meta")).get("tag"))]
    scopes = frozenset(code for system, code in tags if system == SHARING_SCOPE)
    if not scopes:
        return scopes_of_type(content)
    return scopes if scopes <= SHARING_SCOPES else frozenset()


def _is_level(label: tuple[str, str]) -> bool:
    system, code_ = label
    return system == CONFIDENTIALITY or (not system and len(code_) == 1 and code_ in LEVELS)


def _level(label: tuple[str, str]) -> int:
    return LEVELS.index(label[1]) if len(label[1]) == 1 and label[1] in LEVELS else _HIGHEST


def _is_sensitive(label: tuple[str, str], ordinary: frozenset[str]) -> bool:
    """Sensitivity codes, and labels of systems that nobody here knows: they may be just that."""
    system, code_ = label
    if (system == ACT_CODE and code_ in ordinary) or (not system and code_ == IN_CONFIDENCE):
        return False
    return system not in _HARMLESS


def _times(content: Json) -> tuple[Span | None, ...]:
    return tuple(_time(content[name]) for name in _TIMES if name in content)


def _time(value: Any) -> Span | None:
    return period(value) if isinstance(value, dict) else span(value)
