"""Reads the part of FHIRPath that says where in a resource a patch applies.

https://hl7.org/fhir/R4/fhirpatch.html, http://hl7.org/fhirpath/N1/
"""

import re
from typing import Final

from app.fhir.errors import BadRequest
from app.fhir.patch.steps import Compared, Expression, Function, Index, Literal, Member, Path, Step

LONGEST: Final = 2_000
DEEPEST: Final = 20
_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<date>@[0-9T:.+\-Z]+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*|`[^`]+`|\$this|%resource)
    | (?P<sign>!=|[.()\[\]=,])
    )""",
    re.VERBOSE,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
# What a function takes: nothing, a criterion, a text, or the name of a type.
FUNCTIONS: Final = {
    "where": "criterion",
    "exists": "criterion or nothing",
    "extension": "text",
    "ofType": "type",
    "first": "nothing",
    "last": "nothing",
    "single": "nothing",
    "empty": "nothing",
    "not": "nothing",
}


def read_path(text: str) -> Path:
    """The steps of a path such as Patient.name.where(use = 'official').given[0]. Raises BadRequest, saying where."""
    if len(text) > LONGEST:
        raise BadRequest(f"A path has at most {LONGEST} characters.", code="too-long")
    if text.count("(") > DEEPEST:
        raise BadRequest(f"A path has at most {DEEPEST} parentheses.", code="too-long")
    reader = _Reader(text)
    path = reader.path()
    reader.end()
    return path


class _Reader:
    """Reads the tokens of a path from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def path(self) -> Path:
        steps: list[Step] = [self._step()]
        while True:
            if self._is("["):
                steps.append(Index(self._number()))
                self._expect("]")
            elif self._is("."):
                steps.append(self._step())
            else:
                return tuple(steps)

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise self._wrong()

    def _step(self) -> Step:
        kind, text = self._next()
        if kind != "name":
            raise self._wrong(1)
        if not self._is("("):
            return Member(text.strip("`"))
        if text not in FUNCTIONS:
            raise BadRequest(f"{text[:50]}() is not possible in a path here; {', '.join(FUNCTIONS)} are.")
        argument = None if self._peek() == ("sign", ")") else self._argument(FUNCTIONS[text])
        if (argument is None) != (FUNCTIONS[text] == "nothing") and text != "exists":
            raise self._wrong()
        self._expect(")")
        return Function(text, argument)

    def _argument(self, kind: str) -> Expression | str:
        if kind.startswith("criterion"):
            return self._criterion()
        found, text = self._next()
        if (kind, found) not in (("text", "text"), ("type", "name")):
            raise self._wrong(1)
        return _text(text) if found == "text" else text

    def _criterion(self) -> Expression:
        return self._expression(("or", "and", "=", "!="))

    def _expression(self, signs: tuple[str, ...]) -> Expression:
        """`or` binds least, then `and`; = and != bind most, and do not chain."""
        if signs[0] in ("=", "!="):
            left = self._term()
            sign = self._peek()[1]
            return Compared(left, self._next()[1], self._term()) if sign in signs else left
        left = self._expression(signs[1:])
        while self._is(signs[0]):
            left = Compared(left, signs[0], self._expression(signs[1:]))
        return left

    def _term(self) -> Expression:
        kind, text = self._peek()
        if text == "(":
            self._at += 1
            inner = self._criterion()
            self._expect(")")
            return inner
        if kind in ("text", "date", "number") or text in ("true", "false"):
            self._at += 1
            return _literal(kind, text)
        return self.path()

    def _number(self) -> int:
        kind, text = self._next()
        if kind != "number" or not text.isdigit() or len(text) > len("100000000"):
            raise self._wrong(1)
        return int(text)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, text: str) -> bool:
        if self._peek()[1] != text:
            return False
        self._at += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._wrong()

    def _wrong(self, back: int = 0) -> BadRequest:
        at = self._at - back
        if at >= len(self._tokens):
            return BadRequest("The path ends too early.")
        return BadRequest(f"The path cannot be read at {self._tokens[at][1][:50]}.")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or token.lastgroup is None:
            raise BadRequest(f"The path cannot be read at character {at}.")
        found.append((token.lastgroup, token[token.lastgroup]))
        at = token.end()
    return found


def _literal(kind: str, text: str) -> Literal:
    match kind:
        case "text":
            return Literal(_text(text))
        case "date":
            return Literal(text[1:])
        case "number":
            return Literal(float(text) if "." in text else int(text))
        case _:
            return Literal(text == "true")


def _text(token: str) -> str:
    """What a quoted token says, its escapes read: a quote, a backslash, n for a new line, u with four digits."""
    unicode = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), token[1:-1])
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), unicode)
