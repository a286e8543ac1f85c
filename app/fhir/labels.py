"""Who may read a resource at all: levels, from its type, whom it names, and its security labels.

https://hl7.org/fhir/R4/security-labels.html
"""

from typing import Final

# For clients that face a carer of the patient; that face the patient; for staff; for staff with kith/restrictions.
OPEN: Final = 0
PATIENT: Final = 1
STAFF: Final = 2
CONFIDENTIAL: Final = 3
