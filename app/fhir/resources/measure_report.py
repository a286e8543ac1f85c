"""MeasureReport: a figure about the service, or about one patient. https://hl7.org/fhir/R4/measurereport.html"""

from typing import Final

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

MEASURE_REPORT: Final = ResourceDefinition(
    type="MeasureReport",
    patient="subject",
    patient_of_supporter=True,
    documentation=(
        "A figure that was made by a Measure for some time: of a team, which is in no patient's record, or of one "
        "patient or supporter, which is in the record of the patient."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter("date", "date", ("date",), documentation="When it was made."),
        SearchParameter(
            "evaluated-resource", "reference", ("evaluatedResource",), documentation="A record that went into it."
        ),
        IDENTIFIER,
        SearchParameter(
            "measure",
            "reference",
            ("measure",),
            targets=("Measure",),
            form="canonical",
            documentation="The Measure by which it was made, with or without |version.",
        ),
        SearchParameter(
            "patient", "reference", ("subject",), targets=("Patient",), documentation="The patient it is about."
        ),
        SearchParameter("period", "date", ("period",), documentation="The time it is about."),
        SearchParameter(
            "reporter",
            "reference",
            ("reporter",),
            targets=("Location", "Organization", "Practitioner", "PractitionerRole"),
            documentation="Who made it.",
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/measure-report-status",
            documentation="complete, pending or error.",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Device", "Group", "Location", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Whom or what it is about.",
        ),
    ),
    names_supporters=True,
    mandatory=("status", "type", "measure", "period"),
    summary=("identifier", "status", "type", "measure", "subject", "date", "reporter", "period", "improvementNotation"),
)
