"""One human, several records of one patient: they count as one (the sharing decision, section 5)."""

from collections.abc import Mapping, Sequence

from app.involvement.indicators.supporters import Supporter
from app.sharing.directory import identifiers
from app.sharing.facts import Facts
from app.sharing.reading import extensions
from app.sharing.roles import Role
from app.sharing.systems import extension
from app.sharing.times import ALWAYS, FOREVER, Span
from app.sharing.view import View

_SAME = extension("same-person")


def one_human(found: Mapping[str, Supporter], facts: Facts) -> dict[str, str]:
    """Of each record that is of one human with others, the one that stands for them: an active one, if there is."""
    if not _may_be_linked(facts):
        return {}
    view = View(facts, FOREVER)
    alike = {reference: view.identity(reference).surely & found.keys() for reference in found}
    return {
        reference: min(records, key=lambda each: (found[each].linked is None, each))
        for reference, records in alike.items()
        if len(records) > 1 and all(alike[each] == records for each in records)
    }


def together(name: str, records: Sequence[Supporter]) -> Supporter:
    """Several records of one human as one Supporter: roles, ages, details and what the team knew count across them."""
    linked = [(one, one.linked) for one in records if one.linked is not None]
    grown_up = [one.adult_from for one in records if one.adult_from is not None]
    return next(one for one in records if one.reference == name)._replace(
        linked=Span(min(time.low for _, time in linked), max(time.high for _, time in linked)) if linked else None,
        roles=tuple(role for one, time in linked for role in _within(one.roles, time)),
        identified=min(one.identified for one in records),
        adult_from=max(grown_up, default=None),
        has_details=any(one.has_details for one in records),
    )


def _may_be_linked(facts: Facts) -> bool:
    """Whether records are said to be of one human, or share an identifier: most patients' do not, and are not read."""
    contents = [content for one in facts.supporters if (content := one.versions[-1].content) is not None]
    numbers = [number for content in contents if content.get("identifier") for number in identifiers(content)]
    return len(set(numbers)) < len(numbers) or any(extensions(content, _SAME) for content in contents)


def _within(roles: Sequence[Role], time: Span) -> list[Role]:
    """The roles as far as they are held while the record is of somebody linked."""
    if time == ALWAYS:
        return [*roles]
    kept = []
    for role in roles:
        held = role.period or (None if role.says_period else ALWAYS)
        if held and held.meets(time):
            both = Span(max(held.low, time.low), min(held.high, time.high))
            kept.append(role._replace(period=both, says_period=True))
    return kept
