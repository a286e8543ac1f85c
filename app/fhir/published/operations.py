"""The product's operations as OperationDefinitions. https://hl7.org/fhir/R4/operationdefinition.html"""

from typing import Any, Final

from app.fhir.canonical import BASE
from app.fhir.operations import (
    CHECK_SHARING,
    FIRST_CONTACTS,
    GAPS,
    INVOLVEMENT,
    OPERATIONS,
    RECORD_CONSENT,
    RECORD_CONTACT,
    SOCIAL_MAP,
    TEAM_GAPS,
    TELL_NOBODY,
    WITHDRAW,
    Operation,
)
from app.fhir.published.head import Resource, head

Parameter = dict[str, Any]

_MANY: Final = "*"


def operations() -> list[Resource]:
    """One OperationDefinition for each operation."""
    parameters = {
        CHECK_SHARING.name: [*_asked(), *_checked(), _answers("One for each recipient and scope.")],
        RECORD_CONSENT.name: [*_decision(), *_told(), *_further(), *_recorded()],
        WITHDRAW.name: [*_told(), *_recorded()],
        TELL_NOBODY.name: [*_told(), *_recorded()],
        RECORD_CONTACT.name: _contact(),
        FIRST_CONTACTS.name: _first_contacts(),
        INVOLVEMENT.name: _involvement(),
        GAPS.name: _gaps(),
        TEAM_GAPS.name: [
            _parameter("team", "in", "Reference", "Organization or CareTeam; absent: all that the caller may see."),
            _parameter("_count", "in", "integer", "Episodes on a page."),
            _parameter("return", "out", "Bundle", "Parameters as $gaps answers with, one an episode.", at_least=1),
        ],
        SOCIAL_MAP.name: [
            _parameter("return", "out", "Binary", "The graph as JSON, or the picture as SVG.", at_least=1)
        ],
    }
    return [_definition(operation, parameters[operation.name]) for operation in OPERATIONS]


def _definition(operation: Operation, parameters: list[Parameter]) -> Resource:
    title = operation.name.replace("-", " ").capitalize()
    return head("OperationDefinition", operation.name, title, operation.documentation) | {
        "kind": "operation",
        "affectsState": not operation.reads,
        "code": operation.name,
        "resource": list(operation.types),
        "system": False,
        "type": operation.level == "type",
        "instance": operation.level == "instance",
        "parameter": parameters,
    }


def _told() -> list[Parameter]:
    return [
        _parameter("decided", "in", "dateTime", "When the patient said so; absent: now."),
        _parameter("recorder", "in", "Reference", "The Practitioner or PractitionerRole who wrote it down."),
        _coded("method", "in", "consent-method", "How it was said."),
    ]


def _decision() -> list[Parameter]:
    return [
        _parameter("decision", "in", "code", "yes, no or undecided.", at_least=1),
        _coded(
            "scope",
            "in",
            "sharing-scope",
            "What it is about; absent: of a yes all that need not be named, of a no everything.",
            _MANY,
        ),
    ]


def _further() -> list[Parameter]:
    return [
        _parameter("until", "in", "dateTime", "When it ends."),
        _parameter("nextReview", "in", "dateTime", "When to talk about it again."),
        _parameter("condition", "in", "code", "A condition of the yes: consent-condition, or emergency-only.", _MANY),
        _parameter("replaces", "in", "Reference", "A Consent that this one takes the place of."),
    ]


def _recorded() -> list[Parameter]:
    return [
        _parameter("consent", "out", "Reference", "The version of the Consent that was stored.", at_least=1),
        *_checked(0),
        _answers("One for each scope: what may be told from now on."),
    ]


def _contact() -> list[Parameter]:
    can = "What the supporter said they can do."
    about = "The EpisodeOfCare, Encounter or CarePlan that it was for."
    return [
        _parameter("who", "in", "Reference", "The Practitioner, PractitionerRole or Organization that tried."),
        _parameter("when", "in", "dateTime", "When; absent: now."),
        _parameter("medium", "in", "code", "By telephone (PHONE), letter (MAILWRIT) ...: v3-ParticipationMode."),
        _coded("outcome", "in", "contact-outcome", "What came of it, or why it was not tried.", at_least=1),
        _parameter("note", "in", "string", "In words."),
        _coded("canOffer", "in", "supporter-activity", can, _MANY),
        _parameter("about", "in", "Reference", about),
        _parameter("communication", "out", "Reference", "The version of the Communication.", at_least=1),
        _parameter("warning", "out", "string", "What the record says against it; it is stored all the same.", _MANY),
    ]


def _first_contacts() -> list[Parameter]:
    made = [
        _parameter("communication", "out", "Reference", "The version of the Communication.", at_least=1),
        _parameter("supporter", "out", "Reference", "Who.", _MANY, at_least=1),
        _parameter("when", "out", "dateTime", "When.", at_least=1),
        _coded("outcome", "out", "contact-outcome", "What came of it.", at_least=1),
    ]
    tried = [
        _parameter("supporter", "out", "Reference", "Who.", at_least=1),
        _parameter("attempts", "out", "integer", "How often the team tried.", at_least=1),
        _parameter("reached", "out", "boolean", "Whether somebody spoke with this person.", at_least=1),
        _parameter("canOffer", "out", "CodeableConcept", "What this person said they can do.", _MANY),
    ]
    left = [
        _parameter("supporter", "out", "Reference", "Who.", at_least=1),
        _coded("role", "out", "carer-role", "What they are to the patient.", _MANY),
        _parameter("decision", "out", "code", "Of make-contact: permit, or deny.", at_least=1),
        _coded("basis", "out", "decision-basis", "On what that rests.", at_least=1),
    ]
    unread = [
        _parameter("communication", "out", "Reference", "The version of the Communication.", at_least=1),
        _parameter("why", "out", "string", "Why it could not be counted.", at_least=1),
    ]
    return [
        *_episode(),
        _parameter("done", "out", "integer", "How many of the first three are made: 0 to 3.", at_least=1),
        _parameter("attempts", "out", "integer", "All attempts from the referral on.", at_least=1),
        _parameter("people", "out", "integer", "How many different people were tried.", at_least=1),
        _parts("contact", "The first three, different people first.", made, "3"),
        _parts("tried", "Each person who was tried.", tried, _MANY),
        _parts("leftToTry", "Each supporter who was not, key people first.", left, _MANY),
        _parts("notToTry", "Each who is not to be contacted: a restriction is in force.", left, _MANY),
        _parts("unreadable", "Contacts that could not be counted.", unread, _MANY),
    ]


def _involvement() -> list[Parameter]:
    record = [
        _parameter("reference", "out", "Reference", "The version of the record.", at_least=1),
        _coded("how", "out", "involved-by", "How.", at_least=1),
        _parameter("when", "out", "instant", "When, if it says so."),
        _parameter("answer", "out", "code", "What they answered to an invitation: accepted, declined, tentative."),
    ]
    phase = [
        _coded("code", "out", "phase", "The phase.", at_least=1),
        _parameter("involved", "out", "boolean", "Whether more than invited.", at_least=1),
        _parts("record", "On what that rests.", record, _MANY),
    ]
    supporter = [
        _parameter("reference", "out", "Reference", "Who.", at_least=1),
        _coded("role", "out", "carer-role", "What they are to the patient.", _MANY),
        _parts("phase", "Each phase, involved or not.", phase, "4"),
    ]
    return [*_episode(), _parts("supporter", "Each supporter.", supporter, _MANY)]


def _gaps() -> list[Parameter]:
    gap = [
        _coded("code", "out", "gap", "What is missing.", at_least=1),
        _parameter("supporter", "out", "Reference", "With whom."),
        _parameter("record", "out", "Reference", "The version of the record in which it is missing."),
        _parameter("what", "out", "string", "What exactly."),
    ]
    return [*_episode(), _parts("gap", "Each gap.", gap, _MANY)]


def _episode() -> list[Parameter]:
    return [
        _parameter("episode", "out", "Reference", "The EpisodeOfCare, or the CarePlan that is one.", at_least=1),
        _parameter("start", "out", "instant", "When it began.", at_least=1),
        _parameter("end", "out", "instant", "When it ended; absent while it goes on."),
    ]


def _asked() -> list[Parameter]:
    return [
        _parameter("patient", "in", "Reference", "The patient, by `Patient/[id]` or NHS number.", at_least=1),
        _parameter("recipient", "in", "Reference", "Who would be told; absent: every active supporter.", _MANY),
        _parameter("resource", "in", "Reference", "Stored resources that somebody wants to share.", _MANY),
        _parameter("team", "in", "Reference", "The Organization or CareTeam that would tell."),
        _coded("scope", "in", "sharing-scope", "What would be told; absent: every scope.", _MANY),
        _parameter("action", "in", "code", "disclose or listen; disclose when absent."),
        _parameter("content", "in", "code", "specific to this patient, or general; specific when absent."),
        _parameter("purpose", "in", "code", "A PurposeOfUse code; absent: direct care with the support network."),
        _parameter("at", "in", "instant", "When; absent: now. For the past, by the records as they stood then."),
    ]


def _answers(words: str) -> Parameter:
    considered = [
        _parameter("record", "out", "Reference", "The version of a record.", at_least=1),
        _coded("why", "out", "considered-why", "Why it did not decide.", at_least=1),
    ]
    answer = [
        _parameter("recipient", "out", "Reference", "Who; absent for somebody who is not on the record."),
        _coded("scope", "out", "sharing-scope", "What."),
        _parameter("decision", "out", "code", "permit or deny.", at_least=1),
        _coded("basis", "out", "decision-basis", "On what the answer rests.", at_least=1),
        _parameter("reason", "out", "string", "One sentence for the clinician.", at_least=1),
        _parameter("basedOn", "out", "Reference", "The versions of the records that decided.", _MANY),
        _parts("considered", "Other records that speak about this recipient.", considered, _MANY),
        _coded("obligation", "out", "obligation", "What must be done or not be done.", _MANY),
        _coded("stillAllowed", "out", "still-allowed", "What may be done in spite of a deny.", _MANY),
        _coded("nextAction", "out", "next-action", "What to do next.", at_least=1),
        _parameter("overridable", "out", "boolean", "Whether a safety override could replace a deny.", at_least=1),
        _parameter("reviewDue", "out", "dateTime", "When the deciding records are to be looked at again."),
        _parameter("validUntil", "out", "instant", "From when the same records would decide differently, if known."),
    ]
    return _parts("answer", words, answer, _MANY)


def _checked(at_least: int = 1) -> list[Parameter]:
    return [
        _parameter("decision", "out", "code", "permit when every answer permits, else deny.", at_least=at_least),
        _parameter("auditEvent", "out", "Reference", "The AuditEvent of this check.", at_least=at_least),
        _parameter("edition", "out", "string", "The edition of the rules.", at_least=at_least),
    ]


def _parameter(name: str, use: str, type_: str, words: str, at_most: str = "1", *, at_least: int = 0) -> Parameter:
    return {"name": name, "use": use, "min": at_least, "max": at_most, "documentation": words, "type": type_}


def _coded(name: str, use: str, codes: str, words: str, at_most: str = "1", *, at_least: int = 0) -> Parameter:
    binding = {"strength": "required", "valueSet": f"{BASE}/ValueSet/{codes}"}
    return _parameter(name, use, "code", words, at_most, at_least=at_least) | {"binding": binding}


def _parts(name: str, words: str, parts: list[Parameter], at_most: str) -> Parameter:
    return {"name": name, "use": "out", "min": 0, "max": at_most, "documentation": words, "part": parts}
