"""The indicators in plain words: what each counts, what it leaves out, and what it cannot tell.

They become Measure resources. https://hl7.org/fhir/R4/measure.html
"""

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["EpisodeOfCare", "RelatedPerson", "Encounter"]

CORE: Final = (
    "Indicators aligned to the CORE Crisis Resolution Team Fidelity Scale, and no score of it. The CORE scale must not "
    "be used or adapted without its developers' permission; they ask this of everybody. Kith sets no threshold and no "
    "ladder."
)


@dataclass(frozen=True, slots=True)
class Words:
    """One indicator. `unit` is what is counted; `strict` and `adjusted` are exclusions (indicator-exclusion).

    Those of `strict` are left out of both denominators, those of `adjusted` of the adjusted one too. Without
    `numerator` it is a distribution. `strata` are (code, what it tells, values).
    """

    id: str
    title: str
    unit: Unit
    source: str
    denominator: str
    numerator: str
    limits: str
    strict: tuple[str, ...]
    adjusted: tuple[str, ...] = ()
    numerator_adjusted: str = ""
    strata: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def is_of_core(self) -> bool:
        return "CORE" in self.source


MEASURES: Final = (
    Words(
        "KS-13a", "Key people are identified", "EpisodeOfCare", "CORE item 13, criterion a",
        "Episodes at least 24 hours old.",
        "An active RelatedPerson in a key role, whom the team knew of by 24 hours after the initial assessment.",
        "Nobody can know from a record whether the network is complete. 'Asked, and there is nobody' is no failure "
        "and no success: it is counted apart (stratifier identified), and met in the adjusted view alone.",
        ("closed-early", "not-yet-due", "transferred", "died"),
        numerator_adjusted="The same, or a social systems map of that time that is empty because there is nobody "
        "(nilknown) or nobody is to be named (withheld).",
        strata=(("identified", "Whether somebody was identified, or asked about in vain",
                 ("identified", "asked-nobody", "not-asked")),),
    ),
    Words(
        "KS-13b", "An attempt was made to reach a key person", "EpisodeOfCare", "CORE item 13, criterion b",
        "All episodes at least 48 hours old, whatever the patient agreed to.",
        "At least one documented attempt to reach a key person within the episode. A failed attempt is one; what was "
        "not tried is none.",
        "A contact tells that somebody is a patient: 100 % in the strict view can be wrong. The quality of an attempt "
        "is not seen. Whether contact was barred is judged 48 hours after the start.",
        ("closed-early", "not-yet-due"),
        ("nobody-exists", "contact-stopped", "contact-refused", "no-contact-details"),
    ),
    Words(
        "KS-13c", "Key people are invited to meetings", "EpisodeOfCare", "CORE item 13, criterion c",
        "Episodes with a key person whom the patient's consent to meetings covered, and a planning or review meeting "
        "that was held or is booked.",
        "At least one such person was invited to such a meeting before it began, whatever they answered.",
        "To be invited is not to attend: both are told (stratifier attendance). Talks at home that nobody booked are "
        "not seen. Consent that is withdrawn after an invitation does not undo it.",
        ("no-key-person", "no-meeting", "contact-stopped", "no-consent"),
        strata=(("attendance", "Whether somebody who was invited came",
                 ("attended", "invited-only", "not-invited")),),
    ),
    Words(
        "KS-13d", "A key person has an individual part in the plan", "EpisodeOfCare", "CORE item 13, criterion d",
        "Episodes with a key person whom the patient's consent to the care plan covered.",
        "An activity of a plan in force, of such a person, with a coded type of activity, a description, and the "
        "agreement of that person. The part of a young carer is none.",
        "Whether a part is individual is a judgement: parts that are medication only, and words that occur in the "
        "plans of several patients, are flagged and not failed. A sample has to be read by people.",
        ("no-key-person", "contact-stopped", "no-consent", "declined"),
        flags=("medication-only", "repeated-text", "young-carer"),
    ),
    Words(
        "HOULT", "Calls to the network around the assessment", "Encounter", "Hoult's three calls at the assessment",
        "Initial assessments; of an episode without one, its start.",
        "",
        "A distribution and no pass mark. Attempts to any supporter are counted, from the referral to 24 hours after "
        "the assessment.",
        ("nobody-exists", "not-yet-due"),
        strata=(("attempts", "How many attempts", ("0", "1", "2", "3+")),
                ("people", "How many different people were tried", ("0", "1", "2", "3+"))),
    ),
    Words(
        "NICE-ASK", "The patient was asked whether and how to involve others", "EpisodeOfCare",
        "NICE guidance on involving families and carers",
        "Episodes.",
        "A decision of the patient about sharing, or a discussion of involvement, dated in the episode or between its "
        "referral and its start. A patient who was asked and did not decide was asked.",
        "How it was asked is not seen. Whether it was asked again, and whether a review is overdue, are told apart.",
        ("lacks-capacity",),
        strata=(("asked", "How often it was asked", ("asked-again", "asked-once", "not-asked")),
                ("review", "Whether the day of a review has gone by now", ("review-overdue", "no-review-overdue"))),
    ),
    Words(
        "NICE-AB", "Carers are told of support and of their rights", "RelatedPerson",
        "NICE guidance on involving families and carers",
        "Carers: those in a carer's role, and other key people with a part in a plan. Also those whom the patient does "
        "not want involved: this is general information.",
        "Local support and the right to an assessment, each told by word of mouth and each handed over in writing, in "
        "the episode or between its referral and its start.",
        "That something was told does not say that it was understood.",
        ("do-not-contact",),
        strata=(("told", "How it was told", ("both", "verbal-only", "written-only", "incomplete")),),
    ),
    Words(
        "QS189-4", "Whom to involve, and the limits of confidentiality", "EpisodeOfCare",
        "NICE quality standard 189, statement 4",
        "Episodes of adults with a record of suicidal thoughts or plans, by the codes that the service names "
        "(KITH_SUICIDALITY_CODES).",
        "Both whom to involve and the limits of confidentiality were discussed with the patient.",
        "Who has suicidal thoughts is for the source system to mark; without such codes nothing is assessed. Kith "
        "grades no risk.",
        ("not-assessable", "not-marked", "not-adult", "lacks-capacity"),
    ),
    Words(
        "C12b", "Carers get the plan in writing", "RelatedPerson", "CORE item 12, criterion b",
        "Carers whom the patient's consent to the care plan covered when a copy was given, else when it was due.",
        "A written copy of the treatment plan within four working days after the day on which it was made; where there "
        "is no plan, after the first day of the episode.",
        "Weekends are no working days; bank holidays only as far as the service lists them (KITH_BANK_HOLIDAYS). "
        "Copies to the patient are not counted here.",
        ("no-consent", "not-yet-due"),
        strata=(("copy", "When it was given", ("in-time", "late", "none")),),
    ),
    Words(
        "C14", "Carers are offered a meeting about their own needs", "RelatedPerson", "CORE item 14, criteria a and c",
        "Carers, whatever the patient agreed to.",
        "A meeting about their own needs was offered, and a plan for their support was handed over in writing.",
        "Both are told apart too. That staff share an understanding of supporting carers (criterion d) is in no "
        "record.",
        (),
        strata=(("own-needs-meeting", "Whether a meeting was offered", ("offered", "not-offered")),
                ("carer-plan-copy", "Whether a plan for their support was handed over", ("given", "not-given"))),
    ),
    Words(
        "DEBRIEF", "Supporters are offered a debrief after an incident", "Encounter", "Local policy",
        "Incidents within the time asked about that affected a supporter.",
        "Each supporter whom it affected was offered a debrief within the hours agreed locally (KITH_RULE_HOURS).",
        "It needs incidents to be recorded. An offer without an incident of its own counts for the last one before it.",
        ("nobody-affected", "not-yet-due"),
        strata=(("outcome-of-offer", "What came of the offer; of several people the least",
                 ("not-offered", "offered", "declined", "done")),),
    ),
)  # fmt: skip
BY_ID: Final = {words.id: words for words in MEASURES}
