"""`:in` and `:not-in`: the codes of a value set that this service publishes. https://hl7.org/fhir/R4/search.html#token"""

from typing import Final

from app.fhir.canonical import BASE
from app.fhir.search.token import Token
from app.fhir.vocabulary import ALL

# Each code system of the product has a value set of its name, with all of its codes.
_CODES: Final = {
    system.name: tuple(Token(f"{BASE}/CodeSystem/{system.name}", concept.code) for concept in system.concepts)
    for system in ALL
}


def codes(name: str, bases: tuple[str, ...]) -> tuple[Token, ...]:
    """The codes of a value set named by its canonical address, or as `ValueSet/[id]` here. ValueError for any other."""
    for prefix in (f"{BASE}/", "", *(f"{base.rstrip('/')}/" for base in bases)):
        found = _CODES.get(name.removeprefix(f"{prefix}ValueSet/"))
        if found and name.startswith(f"{prefix}ValueSet/"):
            return found
    raise ValueError(f"names no value set of this service; there are, below {BASE}/ValueSet/: {', '.join(_CODES)}.")
