"""Answers of the sharing decision on the demo's records, as the service would give them."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from app.demo.numbers import synthetic_nhs_number
from app.fhir.links import patient_name
from app.fhir.path import walk
from app.fhir.resources import BY_TYPE
from app.openapi.samples import everything
from app.operations.check_detail import detail
from app.operations.check_sharing import Checked
from app.operations.known import Known
from app.sharing.decide import decide
from app.sharing.facts import Facts, Record, Version
from app.sharing.question import Question

Resource = dict[str, Any]

# When the examples are asked: the day after the demo's. Those that they are about have no end and no review to come.
NOW: Final = datetime(2026, 3, 4, 10, tzinfo=UTC)
RECORDED: Final = datetime(2026, 3, 3, 10, tzinfo=UTC)
_AUDIT_EVENT: Final = "41"

# A man whose brother may know of visits, by word of mouth; a son whose father nobody asked him about; a man with a
# neighbour.
LIMITED: Final = "anh-thi-duong-marsh"
LIMITED_NUMBER: Final = next(
    str(each["identifier"][0]["value"]) for each in everything() if each["id"] == LIMITED and "identifier" in each
)
BROTHER: Final = f"minh-duong-for-{LIMITED}"
LIMITED_CONSENT: Final = f"consent-{LIMITED}-minh"
NOT_ASKED: Final = "lee-cattermole"
FATHER: Final = f"graham-cattermole-for-{NOT_ASKED}"
ALONE: Final = "keiran-lockwood"
# An NHS number of nobody here.
UNKNOWN_NUMBER: Final = synthetic_nhs_number(999)


def check(patient: str, *later: Resource, **asked: Any) -> Checked:
    """The answers to a question about a patient of the demo, after these further versions were written."""
    return Checked(decide(facts_of(patient, later), Question(at=NOW, **asked), NOW), _AUDIT_EVENT)


def kept(patient: str, **asked: Any) -> dict[str, Any]:
    """What the audit trail keeps of such a check, as it is read again."""
    facts, question = facts_of(patient), Question(at=NOW, **asked)
    found: dict[str, Any] = json.loads(json.dumps(detail(Known(facts, NOW), question, decide(facts, question, NOW))))
    return found


def record(name: str) -> Resource:
    """The last version of a resource of the demo: "Consent/..."."""
    return [each for each in everything() if f"{each['resourceType']}/{each['id']}" == name][-1]


def facts_of(patient: str, later: Iterable[Resource] = ()) -> Facts:
    """What is known of a patient of the demo, after these further versions were written."""
    own = [*records_of(patient), *later]
    key = [f"{each['resourceType']}/{each['id']}" for each in own]
    in_order = sorted(zip(key, own, strict=True), key=lambda pair: pair[0])
    records = [_record([body for _, body in pairs]) for _, pairs in groupby(in_order, lambda pair: pair[0])]

    def of(type_: str) -> tuple[Record, ...]:
        return tuple(each for each in records if each.type == type_)

    return Facts(
        patient_key=patient,
        patients=of("Patient"),
        supporters=of("RelatedPerson"),
        consents=of("Consent"),
        flags=of("Flag"),
        teams=of("CareTeam"),
    )


def records_of(patient: str) -> list[Resource]:
    """The records of a patient in the demo."""
    person = record(f"Patient/{patient}")
    number = person["identifier"][0]["value"]
    found = [person]
    for each in everything():
        definition = BY_TYPE[each["resourceType"]]
        names = [patient_name(one, ()) for one in walk(each, definition.patient)] if definition.patient else []
        if any(name.id == patient or name.number == number for name in names):
            found.append(each)
    return found


def _record(versions: list[Resource]) -> Record:
    told = tuple(Version(number, RECORDED, content) for number, content in enumerate(versions, 1))
    return Record(versions[0]["resourceType"], versions[0]["id"], told)
