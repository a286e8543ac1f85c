"""Codes of what passes between the team and supporters: contact-outcome, communication-category, information-topic."""

from typing import Final

from app.fhir.vocabulary.concepts import CodeSystem, concepts
from app.fhir.words import words

CONTACT_OUTCOME = CodeSystem(
    "contact-outcome",
    "Contact outcome",
    "What became of an attempt to reach a supporter, or why there was none. Attempts are counted by this code alone.",
    concepts(
        ("spoke", "Spoke", "The supporter was spoken with"),
        ("message-left", "Message left",
         "A message was left, without clinical content, and without the name of the service unless permitted"),
        ("text-or-letter-sent", "Text or letter sent", "A text message or letter was sent"),
        ("in-person", "In person", "The supporter was met"),
        ("no-answer", "No answer", "Nobody answered"),
        ("wrong-number", "Wrong number", "The number is somebody else's: details to be mended"),
        ("unobtainable", "Unobtainable", "The number does not work: details to be mended"),
        ("call-back-requested", "Call back requested", "The supporter is to be called again, or will call"),
        ("answered-by-other", "Answered by somebody else", "Somebody else answered and was told nothing"),
        ("declined-by-supporter", "Declined by the supporter", "The supporter did not want to talk: ask again later"),
        ("needs-interpreter", "Needs an interpreter", "There was no common language: an interpreter is needed"),
        ("not-tried-patient-refused", "Not tried: the patient refused", "Not an attempt: the patient did not want it"),
        ("not-tried-safeguarding", "Not tried: safeguarding", "Not an attempt: it would not be safe"),
        ("no-details", "No details", "Not an attempt: there is no number or address"),
        ("nobody-identified", "Nobody identified", "Not an attempt: there is nobody to contact"),
    ),
)  # fmt: skip
ATTEMPTS: Final = frozenset(CONTACT_OUTCOME.codes) - words(
    "not-tried-patient-refused not-tried-safeguarding no-details nobody-identified"
)

COMMUNICATION_CATEGORY = CodeSystem(
    "communication-category",
    "Communication category",
    "What a Communication between the team and a patient or supporter was for.",
    concepts(
        ("contact", "Contact", "To reach a supporter"),
        ("information-given", "Information given", "To give a supporter information (information-topic)"),
        ("advice-to-carer", "Advice to a carer", "To advise or teach a supporter"),
        ("carer-view", "View of a carer", "What a supporter said of the patient or the care, as theirs"),
        ("concern", "Concern", "A worry of a supporter that needs an answer"),
        ("plan-copy", "Copy of a plan", "To hand over a copy of the plan that it is about"),
        ("discussion", "Discussion", "To talk with the patient about the topic"),
    ),
)

INFORMATION_TOPIC = CodeSystem(
    "information-topic",
    "Information topic",
    "What information or a discussion was about. Support groups and the right to an assessment need no consent.",
    concepts(
        ("condition-and-treatment", "Condition and treatment", "The condition in question and its treatment"),
        ("local-support-groups", "Local support groups", "Local carer support groups and services"),
        ("carers-assessment-right", "Right to a carer's assessment", "The right to an assessment of one's own needs"),
        ("what-to-watch", "What to watch", "Changes to watch for, side effects included"),
        ("how-to-respond", "How to respond", "How to respond, to voices for example"),
        ("how-to-help", "How to help", "How families can help"),
        ("escalation", "Whom to call", "The steps when things get worse, and the numbers to call"),
        ("involvement", "If and how to involve", "Whether and how the patient wants family and friends involved"),
        ("whom-to-involve", "Whom to involve", "Whom to involve, among those who matter"),
        ("limits-of-confidentiality", "Limits of confidentiality", "When something may be told without consent"),
    ),
)
