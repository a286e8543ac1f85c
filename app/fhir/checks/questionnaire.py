"""What R4 demands of the items of a Questionnaire: https://hl7.org/fhir/R4/questionnaire.html#invs"""

from collections.abc import Iterator
from typing import Final

from app.fhir.conditions import has, not_both
from app.fhir.invariant import Condition, Context, Invariant, Members
from app.fhir.words import words

_MEASURED: Final = words("boolean decimal integer string text url open-choice")
_WITH_OPTIONS: Final = words("choice open-choice decimal integer date dateTime time string quantity")


def _unless(types: str, *names: str) -> Condition:
    """Items of these types have none of the members."""
    without = words(types)
    return lambda item, _: item.get("type") not in without or not has(item, *names)


def _only(types: frozenset[str], *names: str) -> Condition:
    """Items of other types have none of the members."""
    return lambda item, _: item.get("type") in types or not has(item, *names)


def _nests(item: Members, _: Context) -> bool:
    return {"group": has(item, "item"), "display": not has(item, "item")}.get(item.get("type", ""), True)


def _behaves(item: Members, _: Context) -> bool:
    # Two conditions without enableBehavior pass: R4's expression says so, though its words do not.
    return len(item.get("enableWhen", ())) <= 2 or has(item, "enableBehavior")  # noqa: PLR2004  # R4's number


def _repeats(item: Members, _: Context) -> bool:
    return item.get("repeats") is True or len(item.get("initial", ())) <= 1


def _exists(when: Members, _: Context) -> bool:
    return when.get("operator") != "exists" or has(when, "answerBoolean")


def _link_ids_differ(form: Members, _: Context) -> bool:
    found = list(_link_ids(form))
    return len(found) == len(set(found))


def _link_ids(of: Members) -> Iterator[str]:
    for item in of.get("item", ()):
        if "linkId" in item:
            yield item["linkId"]
        yield from _link_ids(item)


QUESTIONNAIRE: Final = (
    Invariant("que-2", "each item has a linkId that no other item has", _link_ids_differ, ("item",)),
)
ITEM: Final = (
    Invariant("que-1", "a group has items, and a display has none", _nests, ("type",)),
    Invariant("que-3", "a display has no code", _unless("display", "code"), ("type",)),
    Invariant("que-4", "give answerOption or answerValueSet, not both", not_both("answerOption", "answerValueSet")),
    Invariant(
        "que-5", "items of this type have no options", _only(_WITH_OPTIONS, "answerOption", "answerValueSet"), ("type",)
    ),
    Invariant(
        "que-6", "a display is not required and does not repeat", _unless("display", "required", "repeats"), ("type",)
    ),
    Invariant("que-8", "groups and displays have no initial value", _unless("group display", "initial"), ("type",)),
    Invariant("que-9", "a display is not readOnly", _unless("display", "readOnly"), ("type",)),
    Invariant("que-10", "answers of this type have no maxLength", _only(_MEASURED, "maxLength"), ("type",)),
    Invariant("que-11", "give answerOption or initial, not both", not_both("answerOption", "initial")),
    Invariant("que-12", "several enableWhen need an enableBehavior", _behaves, ("enableWhen",)),
    Invariant("que-13", "only a repeating item has several initial values", _repeats, ("initial", "repeats")),
)
ENABLE_WHEN: Final = (Invariant("que-7", "with the operator exists the answer is a boolean", _exists, ("operator",)),)
