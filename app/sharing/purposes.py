"""PurposeOfUse of HL7 v3 ActReason, and which purposes of a provision fit a question (the decision, section 6.2).

https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

ANY: Final = "PurposeOfUse"
# Direct care with the support network: what is meant when a question names no purpose.
DIRECT_CARE: Final = frozenset({"TREAT", "COC", "PATRQT", "FAMRQT", "SUPNWK"})

_NARROWER: Final = {
    ANY: "HMARKT HOPERAT HPAYMT HRESCH PATRQT PUBHLTH TREAT",
    "HOPERAT": "CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP HSYSADMIN "
    "LABELING METAMGT MEMADMIN MILCDM PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV TRAIN",
    "SYSDEV": "HTEST",
    "HPAYMT": "CLMATTCH COVAUTH COVERAGE REMITADV",
    "COVERAGE": "ELIGDTRM ELIGVER ENROLLM MILDCRG",
    "HRESCH": "BIORCH CLINTRCH DSRCH POARCH TRANSRCH",
    "CLINTRCH": "CLINTRCHNPC CLINTRCHPC PRECLINTRCH",
    "PATRQT": "FAMRQT PWATRNY SUPNWK",
    "PUBHLTH": "DISASTER THREAT",
    "TREAT": "CLINTRL COC ETREAT POPHLTH",
    "ETREAT": "BTG ERTREAT",
}
_BROADER: Final = {code: broad for broad, narrow in _NARROWER.items() for code in narrow.split()}
CODES: Final = frozenset({ANY, *_BROADER})


@dataclass(frozen=True, slots=True)
class Asked:
    """The purposes by which a permit fits the question, and those by which a deny does."""

    by_permit: frozenset[str]
    by_deny: frozenset[str]


@lru_cache(maxsize=128)
def asked(purpose: str) -> Asked:
    """What fits a question with this purpose, '' being direct care. Of an unknown purpose any deny may be meant."""
    if not purpose:
        fits = DIRECT_CARE | {ANY}
        return Asked(fits, fits | _below(DIRECT_CARE))
    fits = frozenset({purpose, ANY, *_above(purpose)})
    return Asked(fits, fits | _below({purpose}) if purpose in CODES else CODES | fits)


def _above(code: str) -> set[str]:
    broad = _BROADER.get(code)
    return {broad, *_above(broad)} if broad else set()


def _below(codes: frozenset[str] | set[str]) -> frozenset[str]:
    return frozenset(code for code in _BROADER if _above(code) & codes)
