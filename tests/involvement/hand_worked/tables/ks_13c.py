"""KS-13c: whether a key person whom the patient lets know of meetings was invited to one, before it began.

Consent counts as it was when the meeting was, or when the invitation was made, and not as it is today.
"""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import (
    ME,
    at,
    cannot_decide,
    episode,
    invited,
    kept_away,
    meeting,
    named,
    no,
    person,
    taken_back,
    until,
    who,
    yes,
)

EPISODE = episode("3 Mar 10:00", "9 Apr 12:00")
MOTHER = person("mother", "carer")
FATHER = person("father", "key-supporter")
YES = yes("mother", "meetings", on="3 Mar 12:00")
WITH_MOTHER = [EPISODE, MOTHER, YES]
INVITED = meeting("review-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00"))
UNINVITED = meeting("review-meeting", "12 Mar 10:00")
NAMED_YES = named("yes", YES)
BY_LETTER = {
    "resourceType": "CommunicationRequest",
    "status": "active",
    "subject": ME,
    "about": [{"reference": "Appointment/~-review"}],
    "recipient": [{"reference": who("mother")}],
    "authoredOn": at("9 Mar 16:00"),
}

TABLE = Table(
    "KS-13c",
    strict=Totals(initial=31, excluded=13, met=10),
    adjusted=Totals(initial=31, excluded=13, met=10),
    cases=[
        Case("invited to the review", [*WITH_MOTHER, INVITED], MET, remark="attendance: invited-only"),
        Case("invited, and came",
             [*WITH_MOTHER, meeting("planning-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00", came=True))],
             MET, remark="attendance: attended"),
        Case("invited, and said no",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00", "declined"))],
             MET),
        Case("invited by letter",
             [*WITH_MOTHER, named("review", UNINVITED), BY_LETTER], MET),
        Case("not invited", [*WITH_MOTHER, UNINVITED], UNMET, remark="attendance: not-invited"),
        Case("a minute before",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", "12 Mar 09:59"))], MET),
        Case("nobody wrote down when: before it, as far as anybody knows",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", None))], MET),
        Case("when it began",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", "12 Mar 10:00"))], UNMET),
        Case("agreed to a day after the meeting",
             [EPISODE, MOTHER, yes("mother", "meetings", on="13 Mar 10:00"), INVITED], "no-consent"),
        Case("agreed to between the invitation and the meeting",
             [EPISODE, MOTHER, yes("mother", "meetings", on="10 Mar 10:00"), INVITED], MET),
        Case("taken back after the meeting",
             [EPISODE, MOTHER, NAMED_YES, INVITED], MET, later=(taken_back(NAMED_YES, "20 Mar 10:00"),)),
        Case("taken back after the meeting, not invited",
             [EPISODE, MOTHER, NAMED_YES, UNINVITED], UNMET, later=(taken_back(NAMED_YES, "20 Mar 10:00"),)),
        Case("taken back between the invitation and the meeting",
             [EPISODE, MOTHER, NAMED_YES, INVITED], MET, later=(taken_back(NAMED_YES, "10 Mar 10:00"),)),
        Case("taken back before the meeting, not invited",
             [EPISODE, MOTHER, NAMED_YES, UNINVITED], "no-consent", later=(taken_back(NAMED_YES, "10 Mar 10:00"),)),
        Case("refused before the invitation", [*WITH_MOTHER, no("mother", on="8 Mar 10:00"), INVITED], "no-consent"),
        Case("refused after the meeting", [*WITH_MOTHER, no("mother", on="15 Mar 10:00"), UNINVITED], UNMET),
        Case("yes to the care plan alone",
             [EPISODE, MOTHER, yes("mother", "care-plan", on="3 Mar 12:00"), INVITED], "no-consent"),
        Case("nobody asked", [EPISODE, MOTHER, INVITED], "no-consent"),
        Case("agreed to while capacity was lacking",
             [*WITH_MOTHER, cannot_decide("3 Mar 09:00", "5 Mar 10:00"), INVITED], "no-consent"),
        Case("until the day of the meeting, late in the evening",
             [EPISODE, MOTHER, yes("mother", "meetings", on="3 Mar 12:00", **until("3 Mar", "30 Mar")),
              meeting("review-meeting", "30 Mar 22:30")], UNMET),
        Case("until the day before, half past midnight",
             [EPISODE, MOTHER, yes("mother", "meetings", on="3 Mar 12:00", **until("3 Mar", "30 Mar")),
              meeting("review-meeting", "31 Mar 00:30")], "no-consent"),
        Case("no meeting", WITH_MOTHER, "no-meeting"),
        Case("cancelled",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00"),
             status="cancelled")],
             "no-meeting"),
        Case("about her own needs",
             [*WITH_MOTHER, meeting("own-needs-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00"))],
             "no-meeting"),
        Case("after the end of care",
             [*WITH_MOTHER, meeting("review-meeting", "12 Apr 10:00", invited("mother", "9 Apr 10:00"))], "no-meeting"),
        Case("nobody in a key role",
             [EPISODE, person("flatmate", "household-member"), yes("flatmate", "meetings", on="3 Mar 12:00"),
             UNINVITED],
             "no-key-person"),
        Case("kept away for safety",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="4 Mar 10:00"), UNINVITED],
             "contact-stopped"),
        Case("kept away from the week after",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="19 Mar 10:00"), UNINVITED], UNMET),
        Case("the wrong one was invited",
             [*WITH_MOTHER, FATHER, meeting("review-meeting", "12 Mar 10:00", invited("father", "9 Mar 16:00"))],
             UNMET),
        Case("not to the first, and to the second",
             [*WITH_MOTHER, UNINVITED, meeting("review-meeting", "26 Mar 10:00", invited("mother", "24 Mar 10:00"))],
             MET),
        Case("agreed to between the first and the second, to which she was not invited",
             [EPISODE, MOTHER, yes("mother", "meetings", on="20 Mar 10:00"), UNINVITED, meeting("review-meeting",
             "26 Mar 10:00")],
             UNMET),
    ],
)  # fmt: skip
