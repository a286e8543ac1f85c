"""The extensions that the product defines: where each stands, and what it holds. One list, which is checked and served.

https://hl7.org/fhir/R4/defining-extensions.html
"""

from typing import Final

from app.fhir.extensions.extension import Extension
from app.fhir.extensions.involvement import INVOLVEMENT
from app.fhir.extensions.sharing import PROVISION, SHARING

__all__ = ["BY_URL", "EXTENSIONS", "PROVISION", "Extension"]

EXTENSIONS: Final = SHARING + INVOLVEMENT
BY_URL: Final = {each.url: each for each in EXTENSIONS}
