"""The levels of those who read: who is further up may read all that those below may.

Of clients that face a carer of the patient; that face the patient; for staff; for staff with the scope
kith/restrictions.
"""

from typing import Final

OPEN: Final = 0
PATIENT: Final = 1
STAFF: Final = 2
CONFIDENTIAL: Final = 3
