"""Random Consents: mostly computable ones about few supporters, with several versions."""

from datetime import timedelta
from typing import Any

from app.sharing.facts import Record
from tests.sharing.generated.draw import MODIFIED, Draw, Json
from tests.sharing.generated.people import PATIENT, person, record
from tests.sharing.reference.vocabulary import (
    ACT_CODE,
    ACT_REASON,
    CONFIDENTIALITY,
    CONSENT_ACTION,
    CONSENT_SCOPE,
    LEGAL_BASIS,
    OVERRIDE_REASONS,
    PARTICIPATION,
    PROXY_BASIS,
    RESOURCE_TYPES,
    ROLE_CODE,
    SHARING_LABEL,
    SHARING_SCOPE,
    url,
)

SCOPES = (
    "medication",
    "appointments",
    "risk-to-self",
    "whereabouts",
    "legal-status",
    "substance-use",
    "service-contact",
)
_ATTORNEY = "health-and-welfare-lasting-power-of-attorney"
_DEPUTY = "court-appointed-personal-welfare-deputy"
_BASES = {
    "capacity": ("own", "own", "attorney", "deputy", "best-interest", "best-interest", *("advance-statement",) * 2),
    "override": ("own", "own", "safety-override"),
    "child": ("own", "own", "parental-responsibility", "parental-responsibility"),
}
_ANY_BASIS = ("own",) * 20 + ("attorney", "best-interest", "advance-statement", "safety-override", "unnamed")
_RULES = {
    "attorney": (PROXY_BASIS, _ATTORNEY),
    "deputy": (PROXY_BASIS, _DEPUTY),
    "best-interest": (PROXY_BASIS, "best-interest"),
    "parental-responsibility": (PROXY_BASIS, "parental-responsibility"),
    "advance-statement": (LEGAL_BASIS, "advance-statement"),
    "safety-override": (LEGAL_BASIS, "safety-override"),
    "unnamed": (ACT_CODE, "IMPLIED"),
}
# Nobody that a refusal could be read to be about.
_NOBODY = ("Group/g", "Device/d", f"Patient/{PATIENT}", "RelatedPerson/x", "https://other.example/RelatedPerson/a")
_NOT_THE_PATIENTS = ("attorney", "deputy", "best-interest", "parental-responsibility", "safety-override")


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def consents(draw: Draw) -> list[Record]:
    """None to six Consents."""
    count = draw.one((1, 1, 2, 2, 3) if draw.straight else (0, 1, 1, 2, 2, 3, 3, 4, 5, 6))
    return [_record(draw, f"c{number}") for number in range(count)]


def _record(draw: Draw, id_: str) -> Record:
    body = _consent(draw, id_)
    contents: list[Json | None] = [body]
    if draw.chance(12, "lapsed", 55):
        contents.append(_changed(draw, body, id_))
    if draw.chance(4, "lapsed", 15):
        contents.append(_changed(draw, body, id_))
    decided = body.get("dateTime")
    return record(draw, "Consent", id_, contents, early=len(contents) > 1 or draw.chance(70) or not decided)


def _changed(draw: Draw, body: Json, id_: str) -> Json | None:
    match draw.one(("withdrawn", "withdrawn", "ended", "error", "anew", "anew", "other", "deleted")):
        case "withdrawn":
            return body | {"status": "inactive"}
        case "ended":
            return body | {"provision": (body.get("provision") or {"type": "deny"}) | {"period": draw.period(end=100)}}
        case "error":
            return body | {"status": "entered-in-error"}
        case "anew":
            return _consent(draw, id_) | ({"dateTime": body["dateTime"]} if "dateTime" in body else {})
        case "other":
            return _consent(draw, id_)
        case _:
            return body if body["status"] == "active" else None


def _consent(draw: Draw, id_: str) -> Json:
    basis = draw.one(_BASES.get(draw.theme, _ANY_BASIS))
    if draw.straight and id_ == "c0":
        basis = draw.one([one for one in _BASES[draw.theme] if one != "own"])
    decided = draw.instant(latest=draw.now if draw.chance(15) else draw.at)
    body: Json = {
        "resourceType": "Consent",
        "id": id_,
        "status": _status(draw),
        "scope": concept(draw.one((CONSENT_SCOPE, CONSENT_SCOPE.replace("http:", "https:"))), "patient-privacy"),
        "category": [concept(ACT_CODE, "INFA")],
        "patient": {"reference": f"Patient/{PATIENT}"},
        "dateTime": draw.text(decided),
    }
    if draw.chance(2):
        body["scope"] = concept(CONSENT_SCOPE, "research")
    body |= _provided(draw, basis, body["dateTime"])
    extensions = _extensions(draw, basis)
    if extensions:
        body["extension"] = extensions
    if basis == "safety-override" and draw.chance(60):
        decided = draw.at - timedelta(hours=draw.one((0, 1, 24, 72)))
    if basis == "safety-override" and not draw.chance(15):
        _override(draw, body, decided)
    if basis == "best-interest" and draw.chance(50):
        decided = draw.at - timedelta(days=draw.one((0, 1, 7, 27, 28)))
    if basis == "best-interest" and not draw.chance(15):
        _best_interest(draw, body, decided)
    if draw.chance(0.7, "unreadable", 30):
        _spoil(draw, body)
    return body


def _status(draw: Draw) -> str:
    if draw.theme == "undecided" and draw.chance(50):
        return draw.one(("draft", "proposed", "rejected", "rejected", "inactive"))
    if draw.straight and draw.chance(80):
        return "active"
    return draw.one(("active",) * 17 + ("inactive", "draft", "rejected"))


def _provided(draw: Draw, basis: str, _: str) -> Json:
    found: Json = {"provision": _provision(draw, 1)}
    performers: list[Json] = []
    if basis == "own":
        code = draw.one(("", "", "OPTIN", "OPTOUT", "consent", "UNK" if draw.chance(20) else ""))
        if code:
            found["policyRule"] = concept(PROXY_BASIS if code == "consent" else ACT_CODE, code)
        performers = [{"reference": f"Patient/{PATIENT}"}] if draw.chance(50) else []
        performers += [{"reference": "RelatedPerson/a"}] if draw.chance(2) else []
    else:
        found["policyRule"] = concept(*_RULES[basis])
    if basis in ("attorney", "deputy", "parental-responsibility"):
        performers = [{"reference": f"RelatedPerson/{draw.one('a' if draw.straight else 'aaab')}"}]
    if basis in ("best-interest", "safety-override") and not draw.chance(6):
        performers = [{"reference": one} for one in draw.some(("Practitioner/dr", "PractitionerRole/drr"), 2)]
    if basis in _NOT_THE_PATIENTS:
        found["modifierExtension"] = [{"url": url("not-the-patients-decision"), "valueBoolean": True}]
    return found | ({"performer": performers} if performers else {})


def _extensions(draw: Draw, basis: str) -> list[Json]:
    found: list[Json] = []
    if draw.chance(30):
        found.append({"url": url("consent-method"), "valueCode": draw.one(("verbal",) * 6 + ("written", "implied"))})
    if draw.chance(25):
        found.append({"url": url("consent-next-review"), "valueDateTime": draw.text()})
    if basis in ("attorney", "deputy", "best-interest", "advance-statement") and draw.chance(60):
        found.append({"url": url("refusal-considered"), "valueBoolean": not draw.chance(10)})
    if draw.chance(4, "child", 55):
        parts = [
            {"url": "by", "valueReference": {"reference": "Practitioner/dr"}},
            {"url": "date", "valueDateTime": "2026-01-01"},
        ]
        found.append({"url": url("competence-confirmed"), "extension": parts[: draw.one((2, 2, 2, 1))]})
    return found


def _override(draw: Draw, body: Json, decided: Any) -> None:
    reason = draw.one(sorted(OVERRIDE_REASONS))
    body.setdefault("extension", []).extend(
        [
            {"url": url("override-reason"), "valueCode": reason},
            {"url": url("override-justification"), "valueString": draw.one(("said so",) * 9 + (" ",))},
            {"url": url("override-capacity-view"), "valueCode": draw.one(("has-capacity", "in-doubt"))},
        ]
    )
    start = decided + timedelta(seconds=draw.one((0, 0, 0, 3600, 3601)))
    end = start + timedelta(hours=draw.one((24, 72, 72, 73)))
    body["dateTime"] = draw.exact(decided)
    body["provision"] = {
        "type": "permit",
        "period": {"start": draw.exact(start), "end": draw.exact(end)},
        "actor": [_actor({"reference": f"RelatedPerson/{draw.one('aaab')}"})],
        "code": [concept(SHARING_SCOPE, code) for code in draw.random.sample(SCOPES, draw.one((2, 4, 5)))],
    }


def _best_interest(draw: Draw, body: Json, decided: Any) -> None:
    end = decided + timedelta(days=draw.one((28, 28, 7, 29)), seconds=draw.one((0, 0, -1, 1)))
    body["dateTime"] = draw.exact(decided)
    body["provision"] |= {
        "period": {"start": draw.exact(decided), "end": draw.exact(end)},
        "actor": [_actor({"reference": f"RelatedPerson/{draw.one('aaab')}"})],
        "code": [concept(SHARING_SCOPE, code) for code in draw.random.sample(SCOPES, draw.one((1, 4, 5)))],
    }


def _provision(draw: Draw, level: int) -> Json:
    body: Json = {"type": "permit" if draw.chance(85 if draw.straight else 60, "capacity", 80) else "deny"}
    nested = level > 1
    if draw.chance(15 if nested or draw.straight else 30):
        body["period"] = draw.period(start=50)
    if draw.chance(12 if nested else 85):
        body["actor"] = [_recipient(draw) for _ in range(draw.one((1, 1, 1, 2)))]
    if draw.straight and not nested and not draw.chance(15):
        body["actor"] = [_actor(person(draw, "a"))]
    if not draw.terse and draw.chance(10, "professional", 25):
        body.setdefault("actor", []).append(_actor(_discloser(draw), PARTICIPATION, "CST"))
    if not draw.terse and draw.chance(25):
        body["action"] = [concept(CONSENT_ACTION, draw.one(("disclose", "access", "use", "collect")))]
    if not draw.terse and draw.chance(25):
        codes = ("TREAT", "SUPNWK", "ETREAT", "BTG", "PurposeOfUse", "HRESCH", "PWATRNY", "PATRQT")
        body["purpose"] = [{"system": ACT_REASON, "code": code} for code in draw.some(codes, 2)]
    if draw.chance(30 if draw.terse else 60):
        body["code"] = [concept(SHARING_SCOPE, code) for code in draw.some(SCOPES, 5)]
    _records(draw, body)
    if body["type"] == "permit" and draw.chance(10):
        code = draw.one(("verbal-only", "with-patient-present", "no-letters"))
        body["modifierExtension"] = [{"url": url("consent-condition"), "valueCode": code}]
    if level < draw.one((1, 2, 6)) and draw.chance(14 if level == 1 else 30, "nested", 75):
        body["provision"] = [_provision(draw, level + 1) for _ in range(draw.one((1, 1, 2)))]
    return body


def _records(draw: Draw, body: Json) -> None:
    """What a provision says about single records."""
    if draw.chance(2, "records", 35):
        labels = [(CONFIDENTIALITY, code) for code in "LNRV"]
        labels += [(ACT_CODE, "PSY"), (ACT_CODE, "SDV"), (SHARING_LABEL, "given-in-confidence")]
        body["securityLabel"] = [{"system": system, "code": code} for system, code in draw.some(labels, 2)]
    if draw.chance(1.5, "records", 25):
        meaning = draw.one(("instance",) * 5 + ("related",))
        reference = draw.one(("CarePlan/r1", "Communication/r2", "CarePlan/r1"))
        body["data"] = [{"meaning": meaning, "reference": {"reference": reference}}]
    if draw.chance(1, "records", 6):
        body["dataPeriod"] = draw.period()
    if draw.chance(2):
        types = ("Appointment", "CarePlan", "MedicationRequest", "MedicationStatement", "Observation")
        body["class"] = [{"system": RESOURCE_TYPES, "code": code} for code in draw.some(types, 3)]


def _actor(reference: Json, system: str = PARTICIPATION, code: str = "IRCP") -> Json:
    return {"role": concept(system, code), "reference": reference}


def _recipient(draw: Draw) -> Json:
    system, code = draw.one(((PARTICIPATION, "IRCP"),) * 5 + ((PARTICIPATION, "PRCP"), (ROLE_CODE, "GRANTEE")))
    if draw.chance(8, "team", 60):
        return _actor({"reference": f"CareTeam/{draw.one('ttu')}"}, system, code)
    if draw.chance(2, "professional", 50):
        others = ("Practitioner/dr", "PractitionerRole/drr", "Organization/ward", "Organization/trust")
        return _actor({"reference": draw.one(others)}, system, code)
    if draw.chance(1.5):
        return _actor({"reference": draw.one(_NOBODY)}, system, code)
    return _actor(person(draw, draw.one("aaaaaaaaaaabbcd" if draw.terse else "aaaabbcd")), system, code)


def _discloser(draw: Draw) -> Json:
    ods = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "ZZK01"}
    found: tuple[Json, ...] = (
        {"reference": "Organization/ward"},
        {"reference": "Organization/trust"},
        {"reference": "CareTeam/t"},
        {"type": "Organization", "identifier": ods},
    )
    return draw.one(found)


def _spoil(draw: Draw, body: Json) -> None:
    """One thing that keeps a Consent from being read."""
    provision = body["provision"]
    match draw.one(
        ("dateTime", "provision", "type", "modifier", "condition", "role", "text", "code", "system", "label")
    ):
        case "dateTime" | "provision" as name:
            del body[name]
        case "type":
            del provision["type"]
        case "modifier":
            body |= draw.one((MODIFIED, {"implicitRules": "https://other.example/rules"}))
        case "condition":
            provision["modifierExtension"] = [{"url": url("consent-condition"), "valueCode": "on-sundays"}]
        case "role":
            provision.setdefault("actor", []).append(_actor(person(draw, draw.one("ab")), PARTICIPATION, "AUT"))
        case "text":
            provision["actor"] = [{"role": {"text": "her mum"}, "reference": {"reference": "RelatedPerson/a"}}]
        case "code":
            provision["code"] = [concept(SHARING_SCOPE, "everything")]
        case "system":
            provision["code"] = [{"coding": [{"code": "medication"}]}]
        case _:
            provision["securityLabel"] = [{"system": "https://other.example/labels", "code": "R"}]
