import pytest

from app.fhir.narrative import faults

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


def _keys(inside: str) -> list[str]:
    return [key for key, _ in faults(f"<div {XHTML}>{inside}</div>")]


@pytest.mark.parametrize(
    "inside",
    [
        "text",
        "<p>a<br/>b</p>",
        '<a href="https://example.org">x</a>',
        '<a href="#part">x</a><a name="part"/>',
        '<img src="data:image/png;base64,aGk=" alt="x"/>',
        '<img src="#photo"/>',
        '<table class="grid" summary="s"><tbody><tr><td colspan="2">1 &lt; 2 &#160;</td></tr></tbody></table>',
        '<p style="color: red" lang="en" xml:lang="en">x</p>',
        "<!-- a comment --> x",
    ],
)
def test_formatting_is_allowed(inside: str) -> None:
    assert _keys(inside) == []


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>x",
        "<form><input/></form>x",
        "<iframe src='https://example.org'/>x",
        "<object/>x",
        "<style>p {}</style>x",
        "<link href='x.css'/>x",
        "<p onclick='x()'>x</p>",
        "<a href='javascript:x()'>x</a>",
        "<a href=' java&#10;script:x()'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<img src='data:text/html,x'/>x",
        "<p style='background: url(https://example.org)'>x</p>",
        "<p style='width: expression(x)'>x</p>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>x",
        "<p data-x='1'>x</p>",
    ],
)
def test_anything_active_or_foreign_breaks_txt_1(inside: str) -> None:
    assert _keys(inside) == ["txt-1"]


@pytest.mark.parametrize("inside", ["", "  \n", "<p> </p>", "<br/>", "&#160;"])
def test_a_narrative_with_nothing_to_read_breaks_txt_2(inside: str) -> None:
    assert _keys(inside) == ["txt-2"]


def test_an_image_is_something_to_see() -> None:
    assert _keys('<img src="#a" alt=""/>') == []


@pytest.mark.parametrize(
    "div",
    [
        "<div>no namespace</div>",
        f"<p {XHTML}>not a div</p>",
        "text",
        f"<div {XHTML}><p>open</div>",
        f"<div {XHTML}>&nbsp;</div>",
        f"<div {XHTML}>a</div><div {XHTML}>b</div>",
        f'<!DOCTYPE div [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><div {XHTML}>&b;</div>',
        f'<!DOCTYPE div SYSTEM "file:///etc/passwd"><div {XHTML}>x</div>',
        f'<?xml version="1.0" encoding="utf-16"?><div {XHTML}>x</div>',
        "\ud800",
    ],
)
def test_what_is_no_div_of_xhtml_breaks_txt_1(div: str) -> None:
    assert [key for key, _ in faults(div)] == ["txt-1"]


def test_a_narrative_of_absurd_depth_is_judged_without_recursion() -> None:
    assert _keys("<p>" * 50_000 + "x" + "</p>" * 50_000) == []
