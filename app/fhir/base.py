"""[base], below which everything FHIR is: https://hl7.org/fhir/R4/http.html#root"""

from collections.abc import Iterable
from typing import Final

# What follows the address of the service.
PATH: Final = "/FHIR/R4"


def addresses(roots: Iterable[str]) -> tuple[str, ...]:
    """The names of [base] below addresses of the service, in their order, and then by the other of http: and https:.

    "The protocols http: and https: SHALL NOT be used to refer to different underlying objects."
    """
    named = [f"{root}{PATH}" for root in roots]
    return tuple(dict.fromkeys((*named, *map(_by_the_other, named))))


def _by_the_other(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}://{rest}"
