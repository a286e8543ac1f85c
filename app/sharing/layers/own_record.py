"""own-record: the patient asks about the patient's own record (the sharing decision, section 3)."""

from app.sharing.finding import Finding, absolute, permit
from app.sharing.resources import LEVELS, Resource

_RESTRICTED = LEVELS.index("R")


def own_record(resource: Resource | None) -> Finding:
    """Patients may know what is theirs; what is labelled restricted or very restricted is for a clinician."""
    if resource is not None and resource.level >= _RESTRICTED:
        return absolute("refer-own-record", resource.version, next_action="refer-to-clinician")
    return permit("own-record")
