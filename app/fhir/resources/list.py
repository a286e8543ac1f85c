"""List: records that are kept together, in order. https://hl7.org/fhir/R4/list.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import (
    CLINICAL_CODE,
    CLINICAL_DATE,
    CLINICAL_ENCOUNTER,
    CLINICAL_IDENTIFIER,
    CLINICAL_PATIENT,
    COMMON,
)

LIST: Final = ResourceDefinition(
    type="List",
    patient="subject",
    documentation=(
        "Records that belong together: what to hand over to the night shift, who is to be rung today, the strengths a "
        "patient named. One about a patient is in the record of that patient; one about nobody, as a caseload, is in "
        "no patient's record."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter("code", "token", ("code",), documentation="What it is a list of.", url=CLINICAL_CODE),
        SearchParameter("date", "date", ("date",), documentation="When it was made.", url=CLINICAL_DATE),
        SearchParameter("empty-reason", "token", ("emptyReason",), documentation="Why it is empty."),
        SearchParameter(
            "encounter",
            "reference",
            ("encounter",),
            targets=("Encounter", "EpisodeOfCare"),
            documentation="Where it was made.",
            url=CLINICAL_ENCOUNTER,
        ),
        CLINICAL_IDENTIFIER,
        SearchParameter("item", "reference", ("entry.item",), documentation="A record that is in it."),
        SearchParameter("notes", "string", ("note.text",), documentation="Words of a note on it."),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient it is about.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "source",
            "reference",
            ("source",),
            targets=("Device", "Patient", "Practitioner", "PractitionerRole"),
            documentation="Who made it.",
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/list-status",
            documentation="current, retired or entered-in-error.",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Device", "Group", "Location", "Patient"),
            documentation="The patient, group, place or device it is about.",
        ),
        SearchParameter("title", "string", ("title",), documentation="Its title."),
    ),
    names_supporters=True,
    mandatory=("status", "mode"),
    summary=("status", "mode", "title", "code", "subject", "date", "source"),
)
