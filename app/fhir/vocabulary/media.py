"""How something was said: Communication.medium, of https://terminology.hl7.org/CodeSystem-v3-ParticipationMode.html"""

from typing import Final

PARTICIPATION_MODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"

SPOKEN: Final = ("VERBAL", "DICTATE", "FACE", "PHONE", "VIDEOCONF")
WRITTEN: Final = ("WRITTEN", "EMAILWRIT", "FAXWRIT", "HANDWRIT", "MAILWRIT", "ONLINEWRIT", "TYPEWRIT", "ELECTRONIC")
MEDIA: Final = (*SPOKEN, *WRITTEN, "PHYSICAL", "REMOTE")
