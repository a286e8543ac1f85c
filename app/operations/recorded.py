"""What a short path answers: the version that it wrote, and what may be told now (the sharing decision, section 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.operations.asked import Asked, Reference
from app.operations.check_parameters import answer, record
from app.operations.check_sharing import Checked, check_within
from app.record.context import Context
from app.storage.pool import Connection
from app.storage.resources import Stored


@dataclass(frozen=True, slots=True)
class Recorded:
    """The Consent, and the answers of a fresh check; None when its patient is nobody that this service knows, or
    when it is not for whoever calls.
    """

    consent: str
    checked: Checked | None


async def recorded(
    context: Context, connection: Connection, consent: Stored, recipients: Sequence[Reference]
) -> Recorded:
    """A fresh check within the transaction that wrote the Consent: both are done, recorded and answered, or neither."""
    name = f"{consent.type}/{consent.id}/_history/{consent.version}"
    if not consent.patient or context.caller.facing != "staff":
        return Recorded(name, None)
    asked = Asked(patient={"reference": f"Patient/{consent.patient}"}, recipients=recipients)
    return Recorded(name, await check_within(context, connection, asked))


def to_parameters(result: Recorded) -> dict[str, Any]:
    """The answer as a Parameters resource."""
    told = [*record(result.checked), *map(answer, result.checked.answers)] if result.checked else []
    consent = {"name": "consent", "valueReference": {"reference": result.consent}}
    return {"resourceType": "Parameters", "parameter": [consent, *told]}
