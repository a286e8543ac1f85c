"""What pages of docs/ promise: the tests that they name, and where their links lead."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_LINK = re.compile(r"\]\(([\w/.\-]+)?(#[\w\-]+)?\)")


def named_tests(page: str) -> list[tuple[str, str]]:
    """Each test that a page names: its file, and its function."""
    return sorted(set(_NAMED.findall((DOCS / page).read_text())))


@cache
def functions_of(file: str) -> frozenset[str]:
    """The functions of a file of tests; none when there is no such file."""
    if not (ROOT / file).exists():
        return frozenset()
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def broken_links(page: str) -> list[str]:
    """The links of a page that lead to no page, or to no heading of it."""
    found = _LINK.findall((DOCS / page).read_text())
    return [f"{link}{fragment}" for link, fragment in found if not _leads(link or page, fragment)]


def _leads(link: str, fragment: str) -> bool:
    page = DOCS / link
    if not page.exists():
        return False
    titles = [line.lstrip("# ").lower() for line in page.read_text().splitlines() if line.startswith("#")]
    return not fragment or fragment in {"#" + re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}
