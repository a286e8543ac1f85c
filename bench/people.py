"""Made-up patients, each with five supporters, a crisis plan and a consent (one in ten: five consents)."""

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

from app.demo.codes import (
    ACT_CODE,
    CONSENT_ACTION,
    CONSENT_SCOPE,
    CRISIS_PLAN,
    PARTICIPATION,
    ROLE_CODE,
    concept,
    identifier,
    own,
    profile,
)
from app.fhir import nhs_number

SUPPORTERS = 5
# Of one patient in ten each supporter has a consent: these are the patients that questions are asked about.
ASKED_ABOUT = 10
# The Patient, the supporters, a CarePlan, and as many Consents as supporters.
PER_PATIENT = 2 + 2 * SUPPORTERS
_FIRST_NUMBER = 999_000_000
_KINSHIP = (("MTH", "mother"), ("FTH", "father"), ("SIB", "sibling"), ("SPS", "spouse"), ("FRND", "unrelated friend"))
_FAMILY = ("Ash", "Birch", "Cedar", "Elder", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Rowan", "Spruce", "Willow")
_GIVEN = ("Ada", "Bea", "Cleo", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jude", "Kit", "Leo", "Mina", "Noor", "Ola")
_SCOPES = (("care-plan", "Care plan"), ("appointments", "Appointments"), ("safety-plan", "Safety plan"))

Resource = dict[str, Any]


def ids(index: int) -> list[str]:
    """The ids of a patient and of what is recorded of them, in the order of `household`."""
    random = Random(index)
    return [str(UUID(int=random.getrandbits(128), version=4)) for _ in range(PER_PATIENT)]


def nhs_numbers(first: int, count: int) -> Iterator[str]:
    """The NHS numbers of `count` patients from the one at index `first`, in the range that belongs to nobody."""
    # One number in eleven has no check digit, so the numbers of a range are found by leaving out and never by counting.
    found, candidate = 0, _FIRST_NUMBER + first * 12 // 10
    while found < count:
        for digit in range(10):
            if nhs_number.is_valid(f"{candidate}{digit}"):
                yield f"{candidate}{digit}"
                found += 1
                break
        candidate += 1


def household(index: int, number: str) -> list[Resource]:
    """The Patient at that index and the resources about them: the Patient, the supporters, the plan, the Consents."""
    patient, *others = ids(index)
    supporters, (consent, plan), more = others[:SUPPORTERS], others[SUPPORTERS:][:2], others[SUPPORTERS + 2 :]
    random = Random(-index - 1)
    family = f"{random.choice(_FAMILY)}{index}"
    return [
        _patient(patient, number, family, random),
        *(supporter(id_, patient, f"{index:09d}{turn}", turn) for turn, id_ in enumerate(supporters)),
        consent_to(consent, patient, supporters[0]),
        plan_with(plan, patient, supporters[0]),
        *(consent_to(id_, patient, to) for id_, to in zip(more, supporters[1:], strict=True) if is_asked_about(index)),
    ]


def is_asked_about(index: int) -> bool:
    """Whether this is a patient with a consent for each supporter."""
    return index % ASKED_ABOUT == 0


def supporter(id_: str, patient: str, serial: str, kinship: int = 0) -> Resource:
    """A RelatedPerson; `serial` is its local identifier."""
    code, display = _KINSHIP[kinship]
    given, family = _GIVEN[int(serial[-4:]) % len(_GIVEN)], _FAMILY[kinship]
    return {
        "resourceType": "RelatedPerson",
        "id": id_,
        "meta": profile("RelatedPerson"),
        "identifier": [{"system": "https://crisis.example.nhs.uk/supporter", "value": serial}],
        "active": True,
        "patient": {"reference": f"Patient/{patient}"},
        "relationship": [concept((ROLE_CODE, code, display))],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "telecom": [{"system": "phone", "value": "07700 900123", "use": "mobile"}],
        "gender": "unknown",
        "birthDate": "1970-04-17",
        "address": [{"line": ["12 Mill Lane"], "city": "Northbeck", "postalCode": "LS99 9ZZ"}],
    }


def consent_to(id_: str, patient: str, recipient: str) -> Resource:
    """An active Consent that lets one supporter be told of plan, appointments and safety plan."""
    role = concept((PARTICIPATION, "IRCP", "information recipient"))
    return {
        "resourceType": "Consent",
        "id": id_,
        "meta": profile("Consent"),
        "status": "active",
        "scope": concept((CONSENT_SCOPE, "patient-privacy", "Privacy Consent")),
        "category": [concept((ACT_CODE, "INFA", "information access"))],
        "patient": {"reference": f"Patient/{patient}"},
        "dateTime": "2026-03-02T10:15:00Z",
        "performer": [{"reference": f"Patient/{patient}"}],
        "policyRule": concept((ACT_CODE, "OPTIN", "opt-in")),
        "provision": {
            "type": "permit",
            "period": {"start": "2026-03-02"},
            "actor": [{"role": role, "reference": {"reference": f"RelatedPerson/{recipient}"}}],
            "action": [concept((CONSENT_ACTION, "disclose", "Disclose"))],
            "code": [concept((own("sharing-scope"), code, display)) for code, display in _SCOPES],
        },
    }


def plan_with(id_: str, patient: str, by: str) -> Resource:
    """A crisis CarePlan in which one supporter has two parts."""
    return {
        "resourceType": "CarePlan",
        "id": id_,
        "meta": profile("CarePlan"),
        "status": "active",
        "intent": "plan",
        "category": [concept(CRISIS_PLAN)],
        "title": "Crisis plan",
        "description": "Home treatment with daily visits; the family keeps company in the evenings.",
        "subject": {"reference": f"Patient/{patient}"},
        "period": {"start": "2026-03-02", "end": "2026-04-01"},
        "created": "2026-03-02",
        "activity": [
            _part("watch-early-signs", "Watch for early signs", by, "Rings the team when sleep goes below four hours."),
            _part("time-together", "Time together", by, "Eats with them every evening."),
        ],
    }


def _patient(id_: str, number: str, family: str, random: Random) -> Resource:
    born = f"{random.randrange(1940, 2008)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
    return {
        "resourceType": "Patient",
        "id": id_,
        "meta": profile("Patient"),
        "identifier": [identifier("nhs-number", number)],
        "active": True,
        "name": [{"use": "official", "family": family, "given": [random.choice(_GIVEN)]}],
        "gender": "unknown",
        "birthDate": born,
    }


def _part(code: str, display: str, by: str, words: str) -> Resource:
    daily = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    return {
        "detail": {
            "code": concept((own("supporter-activity"), code, display)),
            "status": "in-progress",
            "scheduledTiming": daily,
            "performer": [{"reference": f"RelatedPerson/{by}"}],
            "description": words,
        }
    }
