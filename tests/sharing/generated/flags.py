"""Random contact restrictions and lacks-capacity Flags, and named resources."""

from datetime import timedelta

from app.sharing.facts import Record
from tests.sharing.generated.consents import concept
from tests.sharing.generated.draw import MODIFIED, Draw, Json
from tests.sharing.generated.people import PATIENT, person, record
from tests.sharing.reference.vocabulary import (
    ACT_CODE,
    CONFIDENTIALITY,
    CONTACT_RESTRICTION,
    FLAG_DETAIL,
    LACKS_CAPACITY,
    SHARING_LABEL,
    SHARING_SCOPE,
    url,
)

_RESTRICTIONS = (
    "no-contact-safeguarding",
    "no-whereabouts",
    "no-whereabouts",
    "no-contact-patient-wish",
    "no-contact-patient-wish",
    "no-contact-supporter-wish",
    "listen-only",
)


def flags(draw: Draw) -> list[Record]:
    """Restrictions and capacity, each now and then."""
    found = []
    if draw.chance(6, "restricted", 95) or (draw.theme in ("alike", "override") and draw.chance(35)):
        found += [_restriction(draw, id_) for id_ in ("f1", "f2")[: draw.one((1, 1, 2))]]
    if draw.chance(4, "capacity", 95 if draw.straight else 85) or (draw.theme == "override" and draw.chance(20)):
        found += [_capacity(draw, id_) for id_ in ("f3", "f4")[: draw.one((1, 1, 1, 2))]]
    return found


def _flag(draw: Draw, id_: str, code: str) -> Json:
    body: Json = {
        "resourceType": "Flag",
        "id": id_,
        "status": "active",
        "category": [concept("http://terminology.hl7.org/CodeSystem/flag-category", "safety")],
        "code": concept(CONTACT_RESTRICTION, code),
        "subject": {"reference": f"Patient/{PATIENT}"},
        "author": {"reference": "Practitioner/dr"},
        "period": draw.between(draw.instants[0] if draw.chance(50) else draw.instant(), draw.instant(), end=25),
    }
    return body


def _restriction(draw: Draw, id_: str) -> Record:
    body = _flag(draw, id_, "something-new" if draw.chance(2) else draw.one(_RESTRICTIONS))
    if not draw.chance(6):
        named = [person(draw, one) for one in draw.some("aabc", 2)]
        body["extension"] = [{"url": FLAG_DETAIL, "valueReference": one} for one in named]
    if draw.chance(5):
        del body["period"]
    later = body | {"status": draw.one(("inactive", "inactive", "entered-in-error"))}
    return record(draw, "Flag", id_, [body, later] if draw.chance(20) else [body], early=draw.chance(80))


def _capacity(draw: Draw, id_: str) -> Record:
    body = _flag(draw, id_, LACKS_CAPACITY)
    if draw.straight or draw.chance(65):
        body["period"] = {"start": draw.text(draw.at - timedelta(days=draw.one((0, 1, 7, 27, 28, 28, 29))))}
    if draw.chance(30):
        body["extension"] = [{"url": url("capacity-confirmed"), "valueDateTime": draw.text()}]
    if draw.chance(2, "unreadable", 20):
        body |= MODIFIED
    later = body | {
        "status": "inactive",
        "period": body["period"] | {"end": draw.text(max(draw.at, draw.instants[-1]))},
    }
    if draw.chance(5):
        later = body | {"status": "entered-in-error"}
    ended = draw.chance(10 if draw.straight else 30)
    return record(draw, "Flag", id_, [body, later] if ended else [body], early=draw.straight or draw.chance(80))


def resources(draw: Draw) -> list[Record]:
    """A care plan and a communication with tags and labels."""
    return [_resource(draw, kind, id_) for kind, id_ in (("CarePlan", "r1"), ("Communication", "r2"), ("Basic", "r3"))]


def _resource(draw: Draw, kind: str, id_: str) -> Record:
    meta: Json = {}
    if kind != "Basic":
        codes = draw.some(("medication", "appointments", "risk-to-self"), 2)
        meta["tag"] = [{"system": SHARING_SCOPE, "code": code} for code in codes]
    if draw.chance(60):
        labels = [(CONFIDENTIALITY, code) for code in "NRVL"]
        labels += [(ACT_CODE, "PSY"), (ACT_CODE, "SDV"), (SHARING_LABEL, "given-in-confidence")]
        meta["security"] = [{"system": system, "code": code} for system, code in draw.some(labels, 2)]
    body: Json = {"resourceType": kind, "id": id_, "meta": meta}
    if kind == "Communication" and draw.chance(60):
        body["sender"] = person(draw, draw.one("ab"))
    if kind == "Communication" and draw.chance(30):
        body["sent"] = draw.exact(draw.instant())
    if kind == "CarePlan" and draw.chance(10):
        body["activity"] = [{"detail": {"location": {"reference": "Location/home"}}}]
    contents: list[Json | None] = [body, None] if draw.chance(5) else [body]
    return record(draw, kind, id_, contents, early=draw.chance(95))
