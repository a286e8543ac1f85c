"""One question to the service's storage and to the oracle, which have to answer alike."""

from random import Random

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.search.place import of_compartment
from app.storage.cursor import Cursor
from app.storage.includes import Bounds, included
from app.storage.visibility import EVERYTHING
from tests.storage.search import random_questions as making
from tests.storage.search.conftest import Shelf
from tests.storage.search.oracle import Asked, World, _name


async def fill(shelf: Shelf, seed: int) -> World:
    """Puts a world on the shelf."""
    resources = making.world(Random(seed))
    for resource in resources:
        await shelf.put(resource, patient=making.patient_of(resource))
    return World(resources)


async def ask_matches(shelf: Shelf, world: World, seed: int) -> None:
    """Random criteria, order and page size, page by page; in a compartment now and then."""
    chance = Random(seed)
    type_ = chance.choice(sorted(making.COUNTS))
    asked = [making.question(chance, type_) for _ in range(chance.choice([0, 1, 1, 2, 3]))]
    rules = making.sorting(chance, type_)
    patient = f"Pt{chance.randrange(8)}".replace("P", "p")
    path = f"Patient/{patient}/{type_}" if chance.random() < 0.2 and type_ in COMPARTMENT_TYPES else type_
    pairs = [(str(each), each.value) for each in asked]
    if rules:
        pairs.append(("_sort", ",".join(f"{'-' * down}{name}" for name, down in rules)))
    candidates = world.compartment(patient, type_) if "/" in path else world.of(type_)
    expected = [each for each in candidates if all(world.meets(each, one) for one in asked)]
    names = [_name(each) for each in world.ordered(expected, rules)]
    assert await walk(shelf, path, pairs, chance.choice([2, 7, 500])) == names, (seed, path, pairs)


async def ask_includes(shelf: Shelf, world: World, seed: int) -> None:
    """Random includes from what a random question finds."""
    chance = Random(seed)
    type_ = chance.choice(sorted(making.COUNTS))
    asked: list[Asked] = [making.question(chance, type_, 0)]
    ways = {"_include": making.includes(chance), "_revinclude": making.includes(chance)}
    pairs = [(str(each), each.value) for each in asked]
    for name, each in ((name, each) for name, found in ways.items() for each in found):
        source, parameter, target, iterates = each
        value = f"{source}:{parameter}{target and ':' + target}"
        try:
            shelf.parse(type_, (f"{name}:iterate" if iterates else name, value))
        except BadRequest:  # it could never apply to what is searched for
            ways[name] = [other for other in ways[name] if other is not each]
            continue
        pairs.append((f"{name}:iterate" if iterates else name, value))
    matches = [each for each in world.of(type_) if all(world.meets(each, one) for one in asked)]
    page = await shelf.page(type_, *pairs, ("_count", "500"))
    assert [f"{match.type}/{match.id}" for match in page.matches] == [_name(each) for each in matches], (seed, pairs)
    query = shelf.parse(type_, *pairs)
    along = await included(shelf.connection, page.matches, query.includes, EVERYTHING, Bounds(list(BY_TYPE), 1000))
    names = [f"{match.type}/{match.id}" for match in along.resources]
    assert len(names) == len(set(names))
    assert set(names) == world.included(matches, ways["_include"], ways["_revinclude"]), (seed, pairs)


COMPARTMENT_TYPES = ("Patient", "RelatedPerson", "Consent", "CarePlan")


async def walk(shelf: Shelf, path: str, pairs: list[tuple[str, str]], count: int) -> list[str]:
    """The names of all matches, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        asked = [*pairs, ("_count", str(count))]
        if "/" in path:
            page = await shelf.page_in(of_compartment(*path.split("/"), asked, BY_TYPE), *asked, cursor=cursor)
        else:
            page = await shelf.page(path, *asked, cursor=cursor)
        found += [f"{match.type}/{match.id}" for match in page.matches]
        if page.last is None:
            return found
        cursor = Cursor("", 0, *page.last, page.total)
