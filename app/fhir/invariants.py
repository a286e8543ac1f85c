"""The invariants of R4 for the registered types and the datatypes they reach, as a table: which type, what, a test.

The warnings (dom-6, que-0) are left out: they refuse nothing. Those of ElementDefinition are too: no registered
type reaches it. ras-1 and ras-2 are about probabilities, which are refused. https://hl7.org/fhir/R4/datatypes.html, https://hl7.org/fhir/R4/domainresource.html
"""

from typing import Final

from app.fhir import conditions as is_
from app.fhir.checks import questionnaire, risk_assessment
from app.fhir.invariant import Invariant, ValueRule

_UNIT_NEEDS_SYSTEM = Invariant("qty-3", "a code for the unit needs its system", is_.needs("code", "system"))
_PLAIN = Invariant("sqty-1", "a simple quantity has no comparator", is_.without("comparator"))


def _filter(key: str) -> tuple[Invariant, ...]:
    return (
        Invariant(key, "either a path or a searchParam must be given, and not both", is_.one_of("path", "searchParam")),
    )


# Every resource that may contain others.
DOMAIN: Final = (
    Invariant("dom-2", "a contained resource contains no others", is_.contained_is_flat, ("contained",)),
    Invariant(
        "dom-3",
        "each contained resource must be referred to from the resource, or refer to it by #",
        is_.contained_is_used,
        ("contained",),
    ),
    Invariant(
        "dom-4",
        "a contained resource has no meta.versionId and no meta.lastUpdated",
        is_.contained_has_no("versionId", "lastUpdated"),
        ("contained",),
    ),
    Invariant("dom-5", "a contained resource has no security label", is_.contained_has_no("security"), ("contained",)),
    ValueRule(
        "contained-ids",
        "Two contained resources have one id: give each its own, for a reference by # must name one.",
        is_.contained_are_told_apart,
        ("contained",),
    ),
)

# By the name of the type that owns them.
INVARIANTS: Final[dict[str, tuple[Invariant, ...]]] = {
    "Appointment": (
        Invariant("app-2", "give start and end, or neither", is_.both_or_neither("start", "end")),
        Invariant(
            "app-3",
            "only a proposed, cancelled or waitlisted appointment may lack start and end",
            is_.timed_unless("proposed", "cancelled", "waitlist"),
            ("status",),
        ),
        Invariant(
            "app-4",
            "only a cancelled appointment, or one that was missed, has a cancelationReason",
            is_.only_with_status("cancelationReason", "cancelled", "noshow"),
            ("status",),
        ),
    ),
    "AppointmentParticipant": (
        Invariant("app-1", "a participant needs a type or an actor", is_.some("type", "actor")),
    ),
    "Age": (
        _UNIT_NEEDS_SYSTEM,
        Invariant(
            "age-1",
            "an age has a UCUM code with its value, which is positive",
            is_.measure(positive=True),
            ("value", "system", "code"),
        ),
    ),
    "Attachment": (Invariant("att-1", "data needs a contentType", is_.needs("data", "contentType")),),
    "CarePlanActivity": (
        Invariant("cpl-3", "give a reference or a detail, not both", is_.not_both("reference", "detail")),
    ),
    "CareTeamParticipant": (
        Invariant(
            "ctm-1", "only a Practitioner can take part on behalf of somebody", is_.acts_for_somebody, ("member",)
        ),
    ),
    "Consent": (
        Invariant("ppc-1", "a policy or a policyRule must be given", is_.some("policy", "policyRule")),
        *(
            Invariant(
                f"ppc-{number}", f"a Consent of scope {scope} needs a patient", is_.patient_for(scope), ("scope",)
            )
            for number, scope in enumerate(("patient-privacy", "research", "adr", "treatment"), start=2)
        ),
    ),
    "ContactPoint": (Invariant("cpt-2", "a value needs its system", is_.needs("value", "system")),),
    "Count": (
        _UNIT_NEEDS_SYSTEM,
        Invariant("cnt-3", 'a count is a whole number with the UCUM code "1"', is_.count, ("value", "system", "code")),
    ),
    "DataRequirementCodeFilter": _filter("drq-1"),
    "DataRequirementDateFilter": _filter("drq-2"),
    "Distance": (
        _UNIT_NEEDS_SYSTEM,
        Invariant("dis-1", "a distance has a UCUM code with its value", is_.measure(), ("value", "system", "code")),
    ),
    "Duration": (
        _UNIT_NEEDS_SYSTEM,
        Invariant("drt-1", "a code of a duration is of UCUM, with a value", is_.duration, ("value", "system", "code")),
    ),
    "Expression": (
        Invariant("exp-1", "an expression or a reference must be given", is_.some("expression", "reference")),
    ),
    "Extension": (Invariant("ext-1", "an extension has a value or extensions, and not both", is_.value_or_extensions),),
    "Group": (Invariant("grp-1", "only an actual group has members", is_.members_are_actual, ("actual",)),),
    "Identifier": (
        ValueRule(
            "nhs-number",
            "An NHS number is ten digits without spaces, the last of them the right check digit.",
            is_.nhs_number_if_so_called,
            ("system", "value"),
        ),
    ),
    "AppointmentResponse": (
        Invariant("apr-1", "it says who answers: participantType or actor", is_.some("participantType", "actor")),
    ),
    "GoalTarget": (Invariant("gol-1", "a detail needs a measure", is_.detail_of_a_measure),),
    "List": (
        Invariant("lst-1", "a list with entries has no emptyReason", is_.not_both("emptyReason", "entry")),
        Invariant(
            "lst-2", "only entries of mode changes are deleted", is_.entries("deleted", "changes"), ("mode", "entry")
        ),
        Invariant(
            "lst-3", "only entries of mode working have a date", is_.entries("date", "working"), ("mode", "entry")
        ),
    ),
    "MeasureReport": (Invariant("mrp-1", "a data-collection has no groups", is_.collected_without_groups, ("type",)),),
    "MeasureReportGroupStratifierStratum": (
        Invariant("mrp-2", "a stratum has a value or components, and not both", is_.one_of("value", "component")),
    ),
    "Questionnaire": questionnaire.QUESTIONNAIRE,
    "QuestionnaireItem": questionnaire.ITEM,
    "QuestionnaireItemEnableWhen": questionnaire.ENABLE_WHEN,
    "RiskAssessmentPrediction": risk_assessment.UNGRADED,
    "ServiceRequest": (Invariant("prr-1", "orderDetail needs a code", is_.needs("orderDetail", "code")),),
    "Organization": (
        Invariant("org-1", "an organization needs a name or an identifier", is_.some("name", "identifier")),
    ),
    "PatientContact": (
        Invariant(
            "pat-1",
            "a contact needs a name, telecom, address or organization",
            is_.some("name", "telecom", "address", "organization"),
        ),
    ),
    "Period": (Invariant("per-1", "the period ends before it starts", is_.starts_before_it_ends, ("start", "end")),),
    "Quantity": (_UNIT_NEEDS_SYSTEM,),
    "QuestionnaireResponseItem": (
        Invariant(
            "qrs-1", "items stand beneath an item or beneath its answer, not both", is_.not_both("answer", "item")
        ),
    ),
    "Range": (Invariant("rng-2", "low is above high", is_.low_is_not_above_high, ("low", "high")),),
    "Ratio": (
        Invariant("rat-1", "numerator and denominator go together; without them an extension is needed", is_.ratio),
    ),
    "Reference": (
        Invariant("ref-1", "a local reference must name a contained resource", is_.resolved, ("reference",)),
        # R4 says it in words (https://hl7.org/fhir/R4/references.html); the key is R5's.
        Invariant(
            "ref-2",
            "it refers to nothing: give a reference, an identifier or a display",
            is_.some("reference", "identifier", "display", "extension"),
        ),
        ValueRule(
            "literal",
            "A reference is [type]/[id] with a type and id of R4, an absolute URL, or # and the id of a contained one.",
            is_.literal,
            ("reference",),
        ),
    ),
    "Task": (
        Invariant(
            "inv-1",
            "lastModified is not before authoredOn",
            is_.modified_after_it_was_authored,
            ("lastModified", "authoredOn"),
        ),
    ),
    "TimingRepeat": (
        Invariant("tim-1", "a duration needs a durationUnit", is_.needs("duration", "durationUnit")),
        Invariant("tim-2", "a period needs a periodUnit", is_.needs("period", "periodUnit")),
        Invariant("tim-4", "a duration is not negative", is_.not_negative("duration"), ("duration",)),
        Invariant("tim-5", "a period is not negative", is_.not_negative("period"), ("period",)),
        Invariant("tim-6", "a periodMax needs a period", is_.needs("periodMax", "period")),
        Invariant("tim-7", "a durationMax needs a duration", is_.needs("durationMax", "duration")),
        Invariant("tim-8", "a countMax needs a count", is_.needs("countMax", "count")),
        Invariant("tim-9", "an offset needs a when other than C, CM, CD and CV", is_.offset_of_when, ("when",)),
        Invariant("tim-10", "give timeOfDay or when, not both", is_.not_both("timeOfDay", "when")),
    ),
    "TriggerDefinition": (
        Invariant("trd-1", "give data or a timing, not both", is_.data_or_timing),
        Invariant("trd-2", "a condition needs data", is_.needs("condition", "data")),
        Invariant("trd-3", "the type needs its name, timing or data", is_.trigger_of_its_type, ("type",)),
    ),
}

# By the type and the element in it, where the same type is freer elsewhere.
OF_ELEMENT: Final[dict[tuple[str, str], Invariant]] = {
    **dict.fromkeys(
        (
            ("DosageDoseAndRate", "doseQuantity"),
            ("DosageDoseAndRate", "rateQuantity"),
            ("Dosage", "maxDosePerAdministration"),
            ("Dosage", "maxDosePerLifetime"),
            ("Range", "low"),
            ("Range", "high"),
            ("SampledData", "origin"),
            ("CarePlanActivityDetail", "dailyAmount"),
            ("CarePlanActivityDetail", "quantity"),
        ),
        _PLAIN,
    ),
    ("Organization", "address"): Invariant("org-2", "the address of an organization is not a home", is_.not_home),
    ("Organization", "telecom"): Invariant("org-3", "the telecom of an organization is not a home's", is_.not_home),
}
