"""sharing-scope: what a person may be told about a patient. There is deliberately no code for everything."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

SHARING_SCOPE = CodeSystem(
    "sharing-scope",
    "Sharing scope",
    "Kinds of information about a patient that a supporter may be told. General information needs no scope.",
    concepts(
        ("service-contact", "Contact with the service",
         "That the person is with the crisis team, and how to reach the team"),
        ("make-contact", "Making contact",
         "The team may contact this person to ask for information or help (outbound; reveals care)"),
        ("condition-information", "Condition information", "The diagnosis or working explanation of what is happening"),
        ("medication", "Medication", "What is prescribed, how to take it, side-effects to watch for"),
        ("care-plan", "Care plan", "Aims of treatment, what the team will do, this person's role"),
        ("safety-plan", "Safety plan", "The agreed steps to stay safe and who does what"),
        ("relapse-signature", "Relapse signature", "Early warning signs and what to do when they show"),
        ("risk-to-self", "Risk to self", "Current concern about suicide, self-harm, self-neglect"),
        ("risk-to-others", "Risk to others", "Current concern about harm to other people, including this person"),
        ("appointments", "Appointments", "Times of visits and calls"),
        ("meetings", "Meetings", "Invitation to planning, review and discharge meetings and their outcome"),
        ("whereabouts", "Whereabouts", "Where the person is: address, ward, leave, missing, discharge date"),
        ("legal-status", "Legal status", "The Mental Health Act section, rights, tribunal dates"),
        ("substance-use", "Substance use", "Alcohol and drug use; permitted only where it is named"),
        ("sensitive-history", "Sensitive history",
         "Abuse, sexual health, gender history, offences, family secrets; permitted only where it is named"),
    ),
)  # fmt: skip
