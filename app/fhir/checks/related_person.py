"""Rules of this service for RelatedPerson beyond those of FHIR: https://hl7.org/fhir/R4/relatedperson.html"""

from app.fhir.checks.own_codes import own_codes_are_told
from app.fhir.checks.own_extensions import own_extensions_are_as_defined
from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = (own_extensions_are_as_defined, own_codes_are_told)
REWRITES: tuple[Rewrite, ...] = ()
