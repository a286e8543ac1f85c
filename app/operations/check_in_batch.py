"""$check-sharing as an entry of a batch asks for it: by the parameters of its URL, or with Parameters."""

from collections.abc import Sequence
from typing import Any

from app.fhir import json
from app.fhir.errors import BadRequest
from app.operations.check_parameters import from_parameters, from_query, parse_parameters, to_parameters
from app.operations.check_sharing import check_sharing
from app.record.context import Context


async def check_asked(context: Context, pairs: Sequence[tuple[str, str]], parameters: Any) -> bytes:
    """The answers as the JSON of Parameters. Raises what check_sharing raises."""
    if parameters is None:
        asked = from_query(pairs)
    elif pairs:
        raise BadRequest("The question stands in the URL or in Parameters, not in both.")
    else:
        asked = from_parameters(parse_parameters(json.dumps(parameters)))
    return json.dumps(to_parameters(await check_sharing(context, asked)))
