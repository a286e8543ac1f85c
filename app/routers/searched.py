"""How a search is asked for: in the address, or by POST of a form. https://hl7.org/fhir/R4/http.html#search"""

from typing import NamedTuple

from fastapi import Request, Response

from app.routers import answers
from app.routers.negotiation import FORM, Wish, check_content_type, wish
from app.routers.surroundings import parameters, query, read_body


class Asked(NamedTuple):
    """The parameters of a search in their order, and how its answer is wished."""

    pairs: list[tuple[str, str]]
    wish: Wish

    def answer(self, bundle: bytes) -> Response:
        """200 with the page that was found."""
        return Response(answers.body(bundle, self.wish), media_type=self.wish.media_type)


def by_address(request: Request) -> Asked:
    """What GET asks."""
    pairs = query(request)
    return Asked(pairs, wish(request, pairs))


async def by_form(request: Request) -> Asked:
    """What POST to _search asks: the parameters of the address, then those of the form, if there is one."""
    if "content-type" in request.headers:
        check_content_type(request, FORM)
    body = await read_body(request)
    if body:  # which says nothing of its type
        check_content_type(request, FORM)
    form, address = parameters(body), query(request)
    return Asked(address + form, wish(request, form + address))
