"""What is owed now, by the record of one patient: the tasks that the rules demand, whether or not they are there.

Pure: it is worked out anew whenever the record changes, and each task has an id by which it is made once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import md5
from typing import Any, Final

from app.fhir.canonical import BASE, FLAG_DETAIL
from app.fhir.labels import confidential
from app.fhir.own_codes import concept, own_codes
from app.fhir.own_extensions import value
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE, TASK_CODE
from app.fhir.vocabulary.people import CARER_ROLE
from app.involvement import concerns, rules
from app.involvement.contact import outcome
from app.involvement.contained import uncontained
from app.involvement.crisis_care import is_open
from app.involvement.invitations import Unpermitted
from app.involvement.named import supporters_named
from app.involvement.rules import BY_NAME
from app.involvement.social_map import asked, newest
from app.sharing import roles
from app.sharing.ages import reaches
from app.sharing.reading import extensions, mapping
from app.sharing.times import ALWAYS, HOUR, instant, period, span

Json = Mapping[str, Any]

SYSTEM: Final = f"{BASE}/Id/rule"
INVITATION_REVIEW: Final = "invitation-review"
_ADULT: Final = 18
# Of a date or dateTime the day as it is written, wherever that was: 2026-06-10.
_DAY: Final = 10
# By what incidents are known as such.
_KINDS: Final = {"Encounter": "type", "Flag": "code"}
_NOT_HAPPENED: Final = frozenset({"planned", "cancelled", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of the record as it stands, and the organisation whose it is."""

    type: str
    id: str
    organisation: str
    content: Json

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"


@dataclass(frozen=True, slots=True)
class Owed:
    """One task that a rule demands, for an organisation: since when (microseconds), about what, for whom.

    `again` tells it from an earlier one about the same; `labels` are those of what is confidential in it.
    """

    rule: str
    organisation: str
    since: int
    about: str
    person: str = ""
    words: str = ""
    again: str = ""
    labels: tuple[Json, ...] = ()

    @property
    def id(self) -> str:
        """The id of the Task: the same each time, so that it is made once, and not again when it was deleted."""
        return (
            f"{self.rule}-{md5(f'{self.about} {self.person}{self.again}'.encode(), usedforsecurity=False).hexdigest()}"
        )


def owed(record: Sequence[Entry], now: int, concern_hours: int, bases: tuple[str, ...] = ()) -> list[Owed]:
    """What is owed by the rules, but for invitations. Of whoever has died: what is owed to those who were around.

    `bases` are the addresses of this service, by which records may name each other.
    """
    people = {entry.reference: entry.content for entry in record if entry.type == "RelatedPerson"}
    record = [replace(entry, content=uncontained(entry.content)) for entry in record]

    def named(element: Json) -> str:
        """The supporter whom an element names; of several records with that identifier the first."""
        return next(iter(supporters_named(element, people, bases)), "")

    found = [*_after_incidents(record, now, named), *_after_contacts(record, now, named)]
    found += _for_concerns(record, now, concern_hours, bases, named)
    if not has_died(record, now):
        found += [*_to_supporters(record, now), *_to_young_carers(record, now), *_for_consents(record, now)]
        found += _to_whom_nobody_is_near(record, now)
    return _labelled(record, found)


def of_invitations(record: Sequence[Entry], unpermitted: Iterable[tuple[Unpermitted, str]], now: int) -> list[Owed]:
    """What is owed by invitations that are no longer permitted, each with the organisation of its Appointment."""
    if has_died(record, now):
        return []
    found = [
        Owed(INVITATION_REVIEW, organisation, now, each.appointment, each.supporter, each.answer.reason)
        for each, organisation in unpermitted
    ]
    return _labelled(record, found)


def has_died(record: Sequence[Entry], now: int) -> bool:
    """Whether the patient is recorded as deceased by now; a time that cannot be read is now."""
    return any(_is_dead(entry.content, now) for entry in record if entry.type == "Patient")


def _is_dead(patient: Json, now: int) -> bool:
    if "deceasedDateTime" not in patient:
        return patient.get("deceasedBoolean") is True
    died = span(patient["deceasedDateTime"])
    return died is None or died.low <= now


def _labelled(record: Sequence[Entry], found: Sequence[Owed]) -> list[Owed]:
    """Each with the labels of what it arose from, and of whom it is for."""
    labels = {entry.reference: confidential(entry.content) for entry in record}
    return [replace(one, labels=(*labels.get(one.about, ()), *_of_person(one, labels))) for one in found]


def _of_person(one: Owed, labels: Mapping[str, Sequence[Json]]) -> Sequence[Json]:
    """The labels of whom it is for, unless it is about them alone."""
    return labels.get(one.person, ()) if one.person != one.about else ()


def task(one: Owed, patient: str, hours: int) -> dict[str, Any]:
    """The Task; `patient` is "Patient/id", `hours` the time from when it arose until it is due."""
    rule = BY_NAME[one.rule]
    due = instant(one.since + hours * HOUR)
    about = {"reasonReference": {"reference": one.about}} if one.about != one.person else {}
    return {
        "resourceType": "Task",
        "id": one.id,
        **({"meta": {"security": list(one.labels)}} if one.labels else {}),
        "identifier": [{"system": SYSTEM, "value": f"{one.rule}:{one.about}"}],
        "status": "requested",
        "intent": "order",
        "priority": "routine",
        "code": concept(TASK_CODE, rule.code),
        "description": one.words or rule.why,
        "focus": {"reference": patient},
        "for": {"reference": one.person or patient},
        **about,
        **({"restriction": {"period": {"end": due.isoformat(timespec="seconds")}}} if due else {}),
    }


def _to_supporters(record: Sequence[Entry], now: int) -> Iterator[Owed]:
    """What each is owed in an open episode by their role; what is an EpisodeOfCare comes before what is a plan."""
    episode = _open_episode(record)
    if episode is None:
        return
    for entry in _people_now(record, now):
        codes = {role.code for role in roles.roles(entry.content) if role.is_held(now)}
        for name, wanted in rules.OF_ROLE.items():
            if codes & wanted and not (name == "carers-assessment" and _is_young(entry, codes, now)):
                words = _right(entry.content, codes & wanted) if name == "carers-assessment" else ""
                since = max(_began(episode, now), 0)
                yield Owed(name, entry.organisation, since, episode.reference, entry.reference, words)


def _open_episode(record: Sequence[Entry]) -> Entry | None:
    found = (e for e in record if is_open(e.type, e.content))
    return min(found, key=lambda e: (e.type != "EpisodeOfCare", e.id), default=None)


def _to_whom_nobody_is_near(record: Sequence[Entry], now: int) -> Iterator[Owed]:
    """What is owed to a patient in an open episode who was asked and named nobody, since then."""
    maps = {entry.id: entry for entry in record if entry.type == "List"}
    drawn = newest([entry.content for entry in maps.values()])
    if drawn is None or asked(drawn) != "nobody" or any(_people(record)) or _open_episode(record) is None:
        return
    entry = maps[drawn["id"]]
    yield Owed("peer-link", entry.organisation, _time(drawn.get("date")) or now, entry.reference)


def _to_young_carers(record: Sequence[Entry], now: int) -> Iterator[Owed]:
    for entry in _people_now(record, now):
        codes = {role.code for role in roles.roles(entry.content) if role.is_held(now)}
        if _is_young(entry, codes, now):
            yield Owed("young-carer-referral", entry.organisation, now, entry.reference, entry.reference)


def _is_young(entry: Entry, codes: set[str], now: int) -> bool:
    adult_from = reaches(entry.content.get("birthDate"), _ADULT)
    is_child = adult_from is not None and now < adult_from
    return bool(codes & rules.YOUNG_CARERS) or (is_child and bool(codes & rules.CARERS))


def _right(person: Json, codes: Collection[str]) -> str:
    """The right to an assessment, as it is where these roles hold."""
    places = {
        str(value(dict(each), "role-jurisdiction") or "")
        for each in person.get("relationship", ())
        if any(code in codes for code in own_codes(each, CARER_ROLE))
    }
    place = places.pop() if len(places) == 1 else ""
    return rules.ASSESSMENT_RIGHT.get(place, rules.ASSESSMENT_RIGHT["other"])


def _after_incidents(record: Sequence[Entry], now: int, named: Callable[[Json], str]) -> Iterator[Owed]:
    for entry in record:
        content = entry.content
        codes = own_codes(content.get(_KINDS[entry.type]), ENCOUNTER_TYPE) if entry.type in _KINDS else ()
        if "incident" not in codes or content.get("status") in _NOT_HAPPENED:
            continue
        since = _time(content.get("period", {}).get("start")) or now
        people = dict.fromkeys(map(named, _affected(entry)))
        yield from (Owed("debrief", entry.organisation, since, entry.reference, person) for person in people if person)


def _affected(entry: Entry) -> Iterator[Json]:
    """Whom an Encounter or a Flag names as affected."""
    yield from (each.get("individual", {}) for each in entry.content.get("participant", ()))
    if entry.type == "Flag":
        yield from (mapping(each.get("valueReference")) for each in extensions(entry.content, FLAG_DETAIL))


def _after_contacts(record: Sequence[Entry], now: int, named: Callable[[Json], str]) -> Iterator[Owed]:
    for entry in _communications(record):
        rule = rules.OF_OUTCOME.get(outcome(entry.content))
        sent = _time(entry.content.get("sent")) or now
        people = dict.fromkeys(map(named, entry.content.get("recipient", ())))
        if rule:
            yield from (Owed(rule, entry.organisation, sent, entry.reference, person) for person in people if person)


def _for_concerns(
    record: Sequence[Entry], now: int, hours: int, bases: tuple[str, ...], named: Callable[[Json], str]
) -> Iterator[Owed]:
    answered = frozenset[str]().union(*(concerns.answered(entry.type, entry.content, bases) for entry in record))
    for entry in _communications(record):
        content = entry.content
        person = named(content.get("sender", {}))
        told = _time(content.get("received") or content.get("sent"))
        # Of what does not say when it was told nobody can know that there is still time.
        since = told + hours * HOUR if told is not None else now
        if concerns.is_waiting(content) and entry.reference not in answered and person and since <= now:
            yield Owed("answer-concern", entry.organisation, since, entry.reference, person)


def _for_consents(record: Sequence[Entry], now: int) -> Iterator[Owed]:
    """Each review that is due, and each end: a later date makes another task."""
    for entry in record:
        if entry.type != "Consent" or entry.content.get("status") != "active":
            continue
        review = value(dict(entry.content), "consent-next-review")
        end = entry.content.get("provision", {}).get("period", {}).get("end")
        over = span(end)
        said = ((_time(review), review), (over.high if over else None, end))
        times = [(time, str(written)) for time, written in said if time is not None and time <= now]
        if times:
            since, written = min(times)
            words = f"{BY_NAME['consent-review'].why} Since {written[:_DAY]}."
            yield Owed("consent-review", entry.organisation, since, entry.reference, "", words, str(since))


def _people(record: Sequence[Entry]) -> Iterator[Entry]:
    """The supporters who are on record, and not by mistake."""
    yield from (e for e in record if e.type == "RelatedPerson" and e.content.get("active", True) is True)


def _people_now(record: Sequence[Entry], now: int) -> Iterator[Entry]:
    """Those of them who are supporters now; a period that nobody can read takes nothing from anybody."""
    yield from (e for e in _people(record) if (period(e.content.get("period")) or ALWAYS).holds(now))


def _communications(record: Sequence[Entry]) -> Iterator[Entry]:
    yield from (e for e in record if e.type == "Communication" and e.content.get("status") != "entered-in-error")


def _began(episode: Entry, now: int) -> int:
    return _time(episode.content.get("period", {}).get("start")) or now


def _time(written: object) -> int | None:
    found = span(written)
    return found.low if found else None
