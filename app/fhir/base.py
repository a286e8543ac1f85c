"""[base], below which everything FHIR is: https://hl7.org/fhir/R4/http.html#root"""

from typing import Final

# What follows the address of the service.
PATH: Final = "/FHIR/R4"
