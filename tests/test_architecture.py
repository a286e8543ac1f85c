"""What docs say of the house is so: its rooms and their order, the files they name, and where their links lead."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
PICTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text().split("\n## ")[0]


def layers() -> list[set[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [found] = (each["layers"] for each in contracts if each["type"] == "layers")
    return [set(layer.split(" | ")) for layer in found]


def test_every_room_and_every_file_beside_the_rooms_is_in_the_picture() -> None:
    there = {path.name for path in (ROOT / "app").iterdir() if not path.name.startswith("__")}
    named = {name.removeprefix("app/") for name in re.findall(r"`(?:app/)?([a-z_/]+(?:\.py)?)`", PICTURE)}
    assert there <= named


def test_the_rooms_stand_in_the_order_in_which_imports_go() -> None:
    rooms = [room for row in PICTURE.splitlines() for room in re.findall(r"^\| `app/([a-z]+)` \|", row)]
    places = [next(place for place, layer in enumerate(layers()) if room in layer) for room in rooms]
    assert len(rooms) == sum((path / "__init__.py").exists() for path in (ROOT / "app").iterdir()) - len(["commands"])
    assert places == sorted(places)


def test_the_files_that_pages_and_code_name_are_there() -> None:
    texts = [*PAGES, *(path for folder in ("app", "alembic") for path in (ROOT / folder).glob("**/*.py"))]
    named = {name for path in texts for name in re.findall(r"\b(?:app|tests|bench)/[a-z_/]+\.py", path.read_text())}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_files_along_the_ways_through_the_house_are_there() -> None:
    there = [f"/{path.relative_to(ROOT)}" for path in (ROOT / "app").glob("**/*.py")]
    named = re.findall(r"`([a-z_/]+\.py)`", (ROOT / "docs" / "ARCHITECTURE.md").read_text())
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


def test_links_between_pages_lead_somewhere_and_every_page_is_linked() -> None:
    links = {
        (path.parent / link).resolve()
        for path in PAGES
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text())
        if "://" not in link
    }
    assert sorted(str(link) for link in links if not link.exists()) == []
    decisions = ROOT / "docs" / "decisions"  # which are linked as a folder
    assert [path for path in PAGES[1:] if path not in links and path.parent != decisions] == []


def test_headings_that_links_name_are_there() -> None:
    for path in PAGES:
        for link, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", path.read_text()):
            page = (path.parent / link).resolve() if link else path
            headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, f"{path.name}: {link}#{anchor}"
