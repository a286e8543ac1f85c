"""Many questions in one request: what is known of a patient is read once, and the audit rows share one commit."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.fhir.errors import BadRequest, FhirError, NotFound
from app.fhir.links import PatientName
from app.operations.asked import Asked
from app.operations.check_sharing import Checked, Decided, decided, gather
from app.operations.understanding import Understood, names, understand
from app.record.audited import write_audited
from app.record.context import Context
from app.sharing.decide import seen
from app.sharing.facts import Facts
from app.sharing.question import Question
from app.sharing.view import View
from app.storage.audit import AuditRow
from app.storage.facts import Named

# A question that cannot be understood, or whose patient is unknown, is answered by what is wrong with it.
Outcome = Checked | FhirError
Stop = Callable[[bool], bool]
# Naming one of these makes known what other questions would not know: such questions do not share their facts.
_APART: Final = ("Practitioner", "PractitionerRole", "Organization", "CareTeam")


@dataclass(slots=True)
class Shared:
    """What questions about one patient rest on: read once when the first of them is decided."""

    patient: PatientName
    references: dict[tuple[str, str], None] = field(default_factory=dict)
    identifiers: dict[tuple[str, str, str], None] = field(default_factory=dict)
    resources: dict[tuple[str, str], None] = field(default_factory=dict)
    facts: Facts | None = None
    views: dict[int, View] = field(default_factory=dict)

    def add(self, named: Named) -> None:
        self.references |= dict.fromkeys(named.references)
        self.identifiers |= dict.fromkeys(named.identifiers)
        self.resources |= dict.fromkeys(named.resources)

    def see(self, facts: Facts, question: Question, now: datetime) -> View:
        """The records as they stood when the question is about, parsed once."""
        view = seen(facts, question, now)
        return self.views.setdefault(view.as_of, view)


async def check_many(
    context: Context, asked: Sequence[Asked | FhirError], stop: Stop = lambda _: False
) -> list[Outcome]:
    """The outcome of each question, in order, up to the first after which to `stop`; each is as it would be alone.

    `stop` is told whether a question was answered by a permit. Raises Unavailable for all of them.
    """
    async with write_audited(context, "check", "Consent"):
        understood = [_understood(one, context) for one in asked]
        shared = _share(one for one in understood if isinstance(one, Understood))
        found: list[Decided | FhirError] = []
        for one in understood:
            outcome = await _decided(context, one, shared)
            found.append(outcome)
            if stop(isinstance(outcome, Decided) and _permits(outcome)):
                break
        return await _recorded(context, found)


def _understood(asked: Asked | FhirError, context: Context) -> Understood | FhirError:
    if isinstance(asked, FhirError):
        return asked
    try:
        return understand(asked, context.rules.now, context.bases)
    except BadRequest as refusal:
        return refusal


def _share(questions: Iterable[Understood]) -> dict[object, Shared]:
    """What each question rests on, by its key; questions of one key share it."""
    shared: dict[object, Shared] = {}
    for one in questions:
        shared.setdefault(_key(one), Shared(one.patient)).add(names(one))
    return shared


def _key(understood: Understood) -> object:
    named = names(understood)
    apart = {name for name in named.references if name[0] in _APART}
    apart_by = {name for name in named.identifiers if name[0].partition(".")[0] in _APART}
    return understood.patient, frozenset(apart), frozenset(apart_by)


async def _decided(
    context: Context, understood: Understood | FhirError, shared: dict[object, Shared]
) -> Decided | FhirError:
    if isinstance(understood, FhirError):
        return understood
    known = shared[_key(understood)]
    try:
        if known.facts is None:
            named = Named(list(known.references), list(known.identifiers), list(known.resources))
            async with context.connection() as connection:
                known.facts = await gather(context, connection, known.patient, named)
    except NotFound as refusal:
        return refusal
    return decided(context, known.facts, understood, known.see)


def _permits(found: Decided) -> bool:
    return Checked(found.answers, "").decision == "permit"


async def _recorded(context: Context, found: Sequence[Decided | FhirError]) -> list[Outcome]:
    """Commits a row for each question, refused ones included, before any is answered."""
    rows = [(one.row, one.detail) if isinstance(one, Decided) else (_refusal(context, one), None) for one in found]
    keys = await asyncio.gather(*(context.audit_commit.commit(*row) for row in rows))
    return [
        Checked(one.answers, str(key)) if isinstance(one, Decided) else one
        for one, key in zip(found, keys, strict=True)
    ]


def _refusal(context: Context, refusal: FhirError) -> AuditRow:
    return context.audit_row("check", "Consent", status=refusal.status, outcome=str(refusal))
