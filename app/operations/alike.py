"""What the questions of one request share: what is known of a patient, and all of an answer but its scope."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, NamedTuple

from app.fhir.errors import NotFound
from app.fhir.links import PatientName
from app.operations.asked import Asked
from app.operations.check_sharing import gather
from app.operations.known import Known
from app.operations.understanding import Understood, names, question, scopes, understand
from app.record.context import Context
from app.sharing.answer import Answer
from app.sharing.question import Question
from app.storage.facts import Named

# Naming one of these makes known what other questions would not know: such questions do not share their facts.
_APART: Final = ("Practitioner", "PractitionerRole", "Organization", "CareTeam")
# What is asked of each scope by itself. Listening and general information are no matter of scopes.
_SPECIFIC: Final = ("disclose", "specific")


class Part(NamedTuple):
    """A question by its scopes, among those that it is alike."""

    scopes: tuple[str, ...]
    alike: "Alike"


class Together:
    """The questions of a request, asked `now` of a service that is known by these `bases`."""

    def __init__(self, now: datetime, bases: tuple[str, ...]) -> None:
        self._now = now
        self._bases = bases
        self._before: tuple[Asked, Alike] | None = None
        self._alike: dict[tuple[bool, Understood], Alike] = {}
        self._shared: dict[object, Shared] = {}

    def add(self, asked: Asked) -> Part:
        """Notes a question. All have to be, before one of them is decided. Raises BadRequest."""
        # Whoever asks about many scopes says all else again and again: that is not understood anew.
        but_scopes = asked._replace(scopes=())
        if self._before is not None and asked.scopes and self._before[0] == but_scopes:
            return self._before[1].part(scopes(asked.scopes))
        understood = understand(asked, self._now, self._bases)
        alike = self._alike_to(understood)
        self._before = (but_scopes, alike) if _answers_by_scope(understood) else None
        return alike.part(understood.scopes)

    def _alike_to(self, understood: Understood) -> "Alike":
        by_scope = _answers_by_scope(understood)
        # What asks about no scope asks about all, and is like no other.
        key = by_scope, understood._replace(scopes=()) if by_scope else understood
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = Alike(self._share(understood), understood)
        return alike

    def _share(self, understood: Understood) -> "Shared":
        named = names(understood)
        key = understood.patient, _apart(named)
        shared = self._shared.setdefault(key, Shared(understood.patient))
        shared.add(named)
        return shared


@dataclass(slots=True)
class Alike:
    """Questions that differ in their scopes alone, decided together: most of the work is the same for all scopes."""

    shared: "Shared"
    understood: Understood
    scopes: dict[str, None] = field(default_factory=dict)
    _decided: tuple[Question, tuple[Answer, ...]] | None = None

    def part(self, scopes: tuple[str, ...]) -> Part:
        """The question about these scopes."""
        self.scopes |= dict.fromkeys(scopes)
        return Part(scopes, self)

    def decided(self, known: Known, scopes: tuple[str, ...]) -> tuple[Question, tuple[Answer, ...]]:
        """The question about these of the scopes, and its answers. Raises BadRequest for a name of two."""
        if self._decided is None:
            put = question(self.understood._replace(scopes=tuple(self.scopes)), known.facts, known.now)
            self._decided = put, known.answers(put)
        put, answers = self._decided
        if scopes == put.scopes:
            return put, answers
        return replace(put, scopes=scopes), tuple([answer for answer in answers if answer.scope in scopes])


@dataclass(slots=True)
class Shared:
    """What questions about one patient rest on: read once when the first of them is decided."""

    patient: PatientName
    references: dict[tuple[str, str], None] = field(default_factory=dict)
    identifiers: dict[tuple[str, str, str], None] = field(default_factory=dict)
    resources: dict[tuple[str, str], None] = field(default_factory=dict)
    _known: Known | NotFound | None = None

    def add(self, named: Named) -> None:
        self.references |= dict.fromkeys(named.references)
        self.identifiers |= dict.fromkeys(named.identifiers)
        self.resources |= dict.fromkeys(named.resources)

    async def known(self, context: Context) -> Known | NotFound:
        """What is known of the patient, or that there is no such patient. Raises Forbidden."""
        if self._known is None:
            named = Named(list(self.references), list(self.identifiers), list(self.resources))
            try:
                async with context.connection() as connection:
                    self._known = Known(await gather(context, connection, self.patient, named), context.rules.now)
            except NotFound as refusal:
                self._known = refusal
        return self._known


def _apart(named: Named) -> frozenset[tuple[str, ...]]:
    return frozenset(name for name in (*named.references, *named.identifiers) if name[0].partition(".")[0] in _APART)


def _answers_by_scope(understood: Understood) -> bool:
    """Whether there is an answer for each scope that is asked about, whatever the others are."""
    specific = (understood.action, understood.content) == _SPECIFIC
    return specific and bool(understood.scopes) and not understood.resources
