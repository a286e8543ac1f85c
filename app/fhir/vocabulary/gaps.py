"""Codes of what is missing in an episode, with whom or in which record."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

GAP = CodeSystem(
    "gap",
    "Gap",
    "What is missing in the work with a patient's supporters in an episode, for somebody to look at.",
    concepts(
        ("nobody-identified", "Nobody identified",
         "No key person is known, and nobody has asked the patient who there is"),
        ("never-contacted", "Never contacted", "A key person whom the team may contact: nobody tried"),
        ("relapse-plan-not-given", "Early signs not given",
         "May know the early signs, and has no copy of the plan that tells them"),
        ("safety-plan-not-given", "Safety plan not given", "May know the safety plan, and has no copy of it"),
        ("no-advice", "No advice", "Has a part in a plan, and had no advice from the team"),
        ("no-escalation", "Not told whom to call", "Has a part in a plan, and was not told whom to call"),
        ("no-guidance", "No guidance for a new carer",
         "A carer for less than thirty days, not told what to watch for or how to respond"),
        ("information-missing", "Information missing",
         "A carer who was not told, or not given in writing, what carers are to have"),
        ("condition-not-asked", "Not asked about the condition",
         "Nobody asked the patient, who refused, apart about telling this person of the condition"),
        ("reduced-without-agreement", "Reduced without agreement",
         "Something is not done because the family does it, and not both agreed"),
        ("written-without-patient", "Written without the patient", "The patient is not among those who wrote it"),
        ("no-supporters-view", "No view of a supporter",
         "Risk was formulated without the view of a supporter, though there is one who may be asked"),
        ("no-childcare", "No childcare", "A child lives with the patient, and no plan says who looks after it"),
        ("no-child-safety", "No safety of children",
         "A child lives or visits there, and no plan says what keeps it safe"),
    ),
)  # fmt: skip
