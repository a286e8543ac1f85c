"""Provenances among other records: the one that comes with a write (X-Provenance), and what each must agree with.

https://hl7.org/fhir/R4/provenance.html
"""

from app.fhir import x_provenance
from app.fhir.errors import Invalid, Issue
from app.fhir.references import target
from app.fhir.resources import BY_TYPE
from app.fhir.resources.provenance import PROVENANCE
from app.record.context import Context
from app.record.draft import Draft
from app.record.stamp import new_id
from app.storage import provenance as storage
from app.storage.pool import Connection
from app.storage.resources import Stored

LARGEST = 2**31 - 1


def told(context: Context, draft: Draft, made: Stored) -> Draft | None:
    """The Provenance that this request sent along for a version that it stored; None when it sent none."""
    return None if draft.vouched else _told(context, made, made.version)


def told_of_deletion(context: Context, current: Stored, version: int) -> Draft | None:
    """The same for the version that is a deletion."""
    return _told(context, current, version)


def _told(context: Context, written: Stored, version: int) -> Draft | None:
    if context.provenance is None:
        return None
    resource = x_provenance.about(context.provenance, f"{written.type}/{written.id}", version, written.patient)
    return Draft(PROVENANCE, resource, new_id(), "POST", "create", 201, vouched=True)


def about(draft: Draft, bases: tuple[str, ...]) -> set[tuple[str, str]]:
    """The types and ids of what the service says that a Provenance is about: what is there need not be looked up."""
    named = [target(one["reference"], bases) for one in draft.resource["target"]] if draft.vouched else []
    return {(one.type, one.id) for one in named if one}


async def settle(context: Context, connection: Connection, draft: Draft, stored: Stored) -> None:
    """Refuses a stored Provenance about versions that there are not (Invalid), and hides it as what it is about is."""
    named = [target(about.get("reference", ""), context.bases) for about in draft.resource["target"]]
    here = {index: one for index, one in enumerate(named) if one and one.type in BY_TYPE}
    versions = {index: (one.type, one.id, _number(one.version)) for index, one in here.items() if one.version}
    looked_for = versions and context.policy.referential_integrity and not draft.vouched
    missing = await storage.missing(connection, list(versions.values())) if looked_for else set()
    said = tuple(
        Issue(
            "not-found",
            f"There is no version {here[index].version} of {type_}/{id_} here.",
            f"Provenance.target[{index}]",
            spine="INVALID_VALUE",
        )
        for index, (type_, id_, number) in versions.items()
        if (type_, id_, number) in missing
    )
    if said:
        raise Invalid(issues=said)
    await storage.hide(connection, stored.key)


def _number(version: str) -> int:
    """The number of a version, 0 for what cannot be one."""
    is_number = version.isascii() and version.isdigit() and len(version) <= len(str(LARGEST))
    return int(version) if is_number and int(version) <= LARGEST else 0
