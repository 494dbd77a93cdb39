"""The text of a formula ─► its parts, as far as ours go: signs, calls, references, names, values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_position
from dhtt_excel.excel.formula_values import ExcelError

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
    |"(?P<text>(?:[^"]|"")*)"
    |(?P<ref>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(])
    |(?P<rows>\$?\d+:\$?\d+)
    |(?P<call>[A-Z][A-Z0-9.]*)\(
    |(?P<error>\#(?:N/A|VALUE!|DIV/0!|REF!|NAME\?|NUM!|NULL!))
    |(?P<name>[^\W\d][\w.]*)
    |(?P<sign><>|<=|>=|[-+*/^&=<>(),%]))""",
    re.VERBOSE,
)
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))  # loosest first
_LEVEL = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}
_END = "end", ""


class FormulaSyntaxError(ValueError):
    """The formula is not one of ours."""


@dataclass(frozen=True, eq=False)
class Node:
    """A part of a formula: `kind` is "value", "ref", "rows", "name", "call" or a sign; equal parts are one object."""

    kind: str
    value: Any = None
    parts: tuple[Node, ...] = ()


_NODES: dict[tuple[Any, ...], Node] = {}  # every part of a formula that has been read; forms repeat theirs


@lru_cache(maxsize=8192)
def parse(formula: str) -> Node:
    return _Parser(formula).parse()


class _Parser:
    """Reads one formula."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = [*self._split(), _END]
        self._at = 0

    def parse(self) -> Node:
        node = self._read_level(0)
        if self._tokens[self._at] is not _END:
            raise FormulaSyntaxError(f"{self._tokens[self._at]} is not expected in {self._formula}")
        return node

    def _split(self) -> Iterator[tuple[str, str]]:
        at, end = 0, len(self._formula.rstrip())
        while at < end:
            match = _TOKEN.match(self._formula, at)
            if match is None or match.lastgroup is None:
                raise FormulaSyntaxError(f"{self._formula[at : at + 20]} is not understood")
            yield match.lastgroup, match[match.lastgroup]
            at = match.end()

    def _make(self, kind: str, value: Any = None, parts: tuple[Node, ...] = ()) -> Node:
        key = kind, type(value), value, *map(id, parts)
        if key not in _NODES:
            _NODES[key] = Node(kind, value, parts)
        return _NODES[key]

    def _sign(self) -> str:
        """The sign that comes next, if it is one."""
        kind, text = self._tokens[self._at]
        return text if kind == "sign" else ""

    def _take(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        if token is _END:
            raise FormulaSyntaxError(f"{self._formula} ends too early")
        self._at += 1
        return token

    def _read_level(self, lowest: int) -> Node:
        """Signs of this level and closer ones."""
        node = self._read_signed()
        while (level := _LEVEL.get(self._sign(), -1)) >= lowest:
            sign = self._take()[1]
            node = self._make(sign, None, (node, self._read_level(level + 1)))
        return node

    def _read_signed(self) -> Node:
        if self._sign() in ("-", "+"):
            sign, node = self._take()[1], self._read_signed()
            return self._make(sign, None, (node,))
        node = self._read_single()
        while self._sign() == "%":
            self._take()
            node = self._make("/", None, (node, self._make("value", 100.0)))
        return node

    def _read_single(self) -> Node:
        kind, text = self._take()
        match kind:
            case "number":
                return self._make("value", float(text))
            case "text":
                return self._make("value", text.replace('""', '"'))
            case "error":
                return self._make("value", ExcelError(text))
            case "ref" | "rows":
                return self._make(kind, text)
            case "name":
                return self._make("value", text == "TRUE") if text in ("TRUE", "FALSE") else self._make("name", text)
            case "call":
                return self._make("call", text, tuple(self._read_arguments()))
        if text == "(":
            node = self._read_level(0)
            if self._sign() != ")":
                raise FormulaSyntaxError(f"a bracket is not closed in {self._formula}")
            self._take()
            return node
        raise FormulaSyntaxError(f"{text} is not expected in {self._formula}")

    def _read_arguments(self) -> Iterator[Node]:
        if self._sign() == ")":
            self._take()
            return
        while True:
            yield self._make("value", None) if self._sign() in (",", ")") else self._read_level(0)
            if self._take()[1] == ")":
                return


def count_parts(formula: str, names: Mapping[str, str]) -> int:
    """Of how many parts a formula is, once the meaning of every name stands in its place."""

    def count(node: Node) -> int:
        if node.kind == "name" and node.value in names:
            return count(parse(names[node.value]))
        return 1 + sum(map(count, node.parts))

    return count(parse(formula))


class Reference(NamedTuple):
    """The sheet, "" for the formula's own; the first and the last cell; whether its rows stand without "$"."""

    sheet: str
    first: tuple[int, int]
    last: tuple[int, int]
    moves: bool


@lru_cache(maxsize=4096)
def split_reference(reference: str) -> Reference:
    where, _, cells = reference.removeprefix("=").rpartition("!")
    first, _, last = cells.replace("$", "").partition(":")
    name = where[1:-1].replace("''", "'") if where.startswith("'") else where
    moves = bool(re.search("[A-Z][0-9]", cells))
    return Reference(name, cell_position(first), cell_position(last or first), moves)
