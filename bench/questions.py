"""The questions that the benchmark asks: may this supporter be told this? As an EPR asks it, and as a gateway."""

from collections.abc import Iterable
from itertools import islice, product
from typing import Any, Final

import orjson

from app.sharing.vocabulary import SCOPES
from bench import people

AT_ONCE: Final = 20
_PLAN: Final = "care-plan"


def one(index: int) -> bytes:
    """May one supporter of the patient be told of the care plan? Yes, by one of five Consents."""
    return _parameters(index, 1, [_PLAN])


def matrix(index: int) -> bytes:
    """What may each of three supporters be told?"""
    return _parameters(index, 3, SCOPES)


def evaluation(index: int) -> bytes:
    """The same as `one`, in AuthZEN's words."""
    return orjson.dumps(_evaluation(index, 0, _PLAN))


def evaluations(index: int) -> bytes:
    """As many questions about one patient, in one request."""
    pairs = islice(product(range(people.SUPPORTERS), SCOPES), AT_ONCE)
    return orjson.dumps({"evaluations": [_evaluation(index, place, scope) for place, scope in pairs]})


def _parameters(index: int, recipients: int, scopes: Iterable[str]) -> bytes:
    patient, *others = people.ids(index)
    asked: list[dict[str, Any]] = [{"name": "patient", "valueReference": {"reference": f"Patient/{patient}"}}]
    asked += [
        {"name": "recipient", "valueReference": {"reference": f"RelatedPerson/{id_}"}} for id_ in others[:recipients]
    ]
    asked += [{"name": "scope", "valueCode": scope} for scope in scopes]
    return orjson.dumps({"resourceType": "Parameters", "parameter": asked})


def _evaluation(index: int, place: int, scope: str) -> dict[str, Any]:
    patient, *others = people.ids(index)
    return {
        "subject": {"type": "RelatedPerson", "id": others[place]},
        "action": {"name": "disclose"},
        "resource": {"type": "patient-information", "id": f"Patient/{patient}", "properties": {"scope": scope}},
    }


_CHECK: Final = ("/FHIR/R4/Consent/$check-sharing", "application/fhir+json")
_ACCESS: Final = "/access/v1"
# Name of the operation, path, form of the body, and what makes it for the patient at an index.
ALL: Final = (
    ("check", *_CHECK, one),
    ("matrix", *_CHECK, matrix),
    ("evaluation", f"{_ACCESS}/evaluation", "application/json", evaluation),
    ("evaluations", f"{_ACCESS}/evaluations", "application/json", evaluations),
)
