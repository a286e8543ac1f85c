"""If-None-Exist: what is there already is not made a second time. https://hl7.org/fhir/R4/http.html#ccreate

The question is asked inside the transaction that would write, and one writer at a time for each patient asks it.
"""

from typing import Final

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, PreconditionFailed
from app.fhir.search import query
from app.fhir.search.query import Limits, Pairs
from app.record.context import Context
from app.storage import patients, resources, search
from app.storage.pool import Connection
from app.storage.resources import Stored

# One match answers, and two refuse.
_ENOUGH: Final = Limits(2, 2)


async def existing(
    context: Context, connection: Connection, definition: ResourceDefinition, criteria: Pairs, patient: str
) -> Stored | None:
    """The one resource of this patient that meets the criteria, None when none does.

    Raises BadRequest for criteria that cannot be understood, PreconditionFailed when several resources meet them.
    """
    own = ("patient", f"Patient/{patient}")
    asked = query.parse(
        [*criteria, own], definition, now=context.rules.now, bases=context.bases, limits=_ENOUGH, lenient=False
    )
    if len(asked.criteria) != len(criteria) + 1:
        raise BadRequest("If-None-Exist holds search criteria, such as date=2026-03-09T10:30:00Z, and nothing else.")
    await patients.take_turn(connection, patient)
    page = await search.search(connection, asked, context.visibility)
    if len(page.matches) > 1:
        raise PreconditionFailed(f"Several {definition.type} resources meet the criteria of If-None-Exist.")
    if not page.matches:
        return None
    return await resources.read(connection, definition.type, page.matches[0].id, context.visibility)
