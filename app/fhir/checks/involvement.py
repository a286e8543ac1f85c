"""The checks of types that crisis teams use with the product's own codes and extensions, and without further rules."""

from typing import Final

from app.fhir.checks.own_codes import own_codes_are_known
from app.fhir.checks.own_extensions import own_extensions_are_as_defined
from app.fhir.definition import Check

CHECKS: Final[tuple[Check, ...]] = (own_extensions_are_as_defined, own_codes_are_known)
