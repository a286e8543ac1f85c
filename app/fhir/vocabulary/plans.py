"""Codes of plans and of what people do in them."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

CARE_PLAN_CATEGORY = CodeSystem(
    "care-plan-category",
    "Care plan category",
    "Kinds of plan that a crisis team makes with a patient and supporters.",
    concepts(
        ("crisis-home-treatment", "Crisis home treatment", "The plan of an episode of home treatment"),
        ("safety-plan", "Safety plan", "The agreed steps to stay safe and who does what"),
        ("relapse-prevention", "Relapse prevention", "Early warning signs and what to do when they show"),
        ("escalation-pathway", "Escalation pathway", "Whom to call in which order when things get worse"),
        ("childcare", "Childcare", "Who looks after the children"),
        ("carer-support", "Carer support", "What a supporter needs for themselves"),
    ),
)

SUPPORTER_ACTIVITY = CodeSystem(
    "supporter-activity",
    "Supporter activity",
    "What a supporter does in a plan: an individual part, described in plain words beside the code.",
    concepts(
        ("time-together", "Time together", "Spending time with the patient"),
        ("affection", "Affection", "Showing affection"),
        ("watch-early-signs", "Watch for early signs", "Knows the relapse signature, and what to do when signs show"),
        ("tell-team", "Tell the team", "Tells the team how things are"),
        ("calming-response", "Calming response", "Answers distress in a way that calms"),
        ("practical-help", "Practical help", "Shopping, meals, bills"),
        ("routine-activity", "Routine activity", "Something regular, done together"),
        ("safety-step", "Step of the safety plan", "Is a step of the safety plan"),
        ("means-safety", "Means safety", "Keeps the means of harm away"),
        ("home-environment", "Home environment", "Makes the home calmer or safer"),
        ("childcare", "Childcare", "Looks after children"),
        ("medication-support", "Medication support", "Prompts; must not be the only part"),
        ("respite-space", "Respite and space", "Time apart that lowers tension"),
    ),
)

PLAN_ACTIVITY = CodeSystem(
    "plan-activity",
    "Plan activity",
    "What others than a supporter do in a plan, or what is not done by one person.",
    concepts(
        ("environment-action", "Environment action", "A change of the living environment or social support"),
        ("escalation-step", "Escalation step", "A step of the escalation pathway: trigger, whom to call, hours"),
        ("early-sign", "Early sign", "An agreed early warning sign"),
        ("child-safety", "Child safety", "What keeps children safe who live or visit there"),
        ("childcare-arrangement", "Childcare arrangement", "Childcare so that a parent can have care"),
        ("positive-risk", "Positive risk", "A risk agreed to be taken, and why"),
        ("visits", "Visits", "Visits of the team"),
    ),
)

PLAN_STATUS_REASON = CodeSystem(
    "plan-status-reason",
    "Plan status reason",
    "Why an activity was stopped, cancelled or deferred.",
    concepts(
        ("family-providing", "Family is providing",
         "The family does it instead: both the patient and the family must have agreed"),
        ("co-production-deferred", "Co-production deferred", "To be made together later, because care was urgent"),
    ),
)  # fmt: skip
