"""Provenance: who had a part in what is recorded, and why. https://hl7.org/fhir/R4/provenance.html

Those that clients send are stored like any other resource. Those of the service's own writes are made when they are
read (app/fhir/change.py), stand at the same address, and are never written.
"""

from typing import Final

from app.fhir import change
from app.fhir.checks.provenance import CHECKS
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON

PROVENANCE: Final = ResourceDefinition(
    type="Provenance",
    patient="target",
    one_record=True,
    documentation=(
        "Who had a part in a change, and why. There is one for every version of every record, which the service makes "
        "from what it keeps of each write and nobody can change: by which client, for which organisation and user. "
        "Clients store their own beside it, as a resource or in the header X-Provenance of a write: who agreed to it, "
        "who took part, the reason, signatures. Give target or patient to find them quickly."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter(
            "agent",
            "reference",
            ("agent.who",),
            targets=("Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who had a part in it; organisations and user roles of writes by agent:identifier.",
        ),
        SearchParameter("agent-role", "token", ("agent.role",), documentation="The role of somebody who had a part."),
        SearchParameter("agent-type", "token", ("agent.type",), documentation="What part somebody had: author ..."),
        SearchParameter("entity", "reference", ("entity.what",), documentation="What it was made from."),
        SearchParameter(
            "location", "reference", ("location",), targets=("Location",), documentation="Where it happened."
        ),
        SearchParameter(
            "patient",
            "reference",
            ("target",),
            targets=("Patient",),
            documentation="The patient in whose record it is, by Patient/<id> or NHS number.",
        ),
        SearchParameter("recorded", "date", ("recorded",), documentation="When it was recorded."),
        SearchParameter("signature-type", "token", ("signature.type",), documentation="Why somebody signed."),
        SearchParameter(
            "target",
            "reference",
            ("target",),
            form="versioned",
            documentation="What it is about: Consent/<id> in any version, or Consent/<id>/_history/<version>.",
        ),
        SearchParameter("when", "date", ("occurredDateTime",), documentation="When it happened."),
    ),
    checks=CHECKS,
    names_supporters=True,
    makes=change.is_change,
    mandatory=("target", "recorded", "agent"),
    summary=("target", "recorded"),
)
