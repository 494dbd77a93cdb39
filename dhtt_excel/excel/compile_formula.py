"""Formulas ─► functions that work them out in a workbook: each is made ready once, however many cells and workbooks use it.

What is alike is worked out once in a workbook: the parts that read the same cells wherever they stand, the values of a
range that are equal, the rows of a list for which a name is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.excel.formula_functions import OF_ALL, ONE_BY_ONE, SIGNS, Function, find_place, index_places, spread
from dhtt_excel.excel.formula_syntax import FormulaSyntaxError, Node, Reference, parse, split_reference
from dhtt_excel.excel.formula_values import NAME, REF, ExcelError, number_of, truth_of

if TYPE_CHECKING:
    from dhtt_excel.excel.evaluate import Evaluator

_FEW = 3  # cells of which the value of a name within a name is known again by their values
_BLOCK_ARGUMENTS = 3  # of INDEX, where it gives a row of a block
_ROOM = 20_000  # parts of formulas that are kept ready

Run = Callable[["Evaluator", Any], Any]
"""What works out a part of a formula in a workbook, and `here`: what differs from one use of the part to the next."""


class Part(NamedTuple):
    """`many`: the value may be a list. `moves`: it hangs on `here`. `constant`: that value, if every workbook has it."""

    run: Run
    many: bool = False
    moves: bool = False
    constant: tuple[Any, ...] = ()


class Scope(NamedTuple):
    """Where a part stands: on which sheet, and whether in the meaning of a name, where `here` is the row of its use.

    `single`: the range of which `here` is one value, where the part is worked out value by value.
    """

    sheet: str
    named: bool = False
    single: Node | None = None


@lru_cache(maxsize=2)
def make_compiler(names: tuple[tuple[str, str], ...]) -> Compiler:
    return Compiler(dict(names))


def _constant(value: Any) -> Part:
    return Part(lambda *_: value, many=isinstance(value, list), constant=(value,))


class Compiler:
    """Makes formulas ready that use these defined names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._parts: dict[tuple[Node, Scope], Part] = {}
        self._ranges: dict[tuple[Node, Scope], frozenset[Node | None]] = {}
        self._moving: dict[tuple[Node, str], tuple[tuple[str, int, int], ...]] = {}

    def compile(self, node: Node, scope: Scope) -> Part:
        key = node, scope
        if key not in self._parts:
            if len(self._parts) > _ROOM:
                self._parts.clear()
                self._ranges.clear()
            self._parts[key] = self._compile(node, scope)
        return self._parts[key]

    def _compile(self, node: Node, scope: Scope) -> Part:
        if node is scope.single:
            return Part(lambda _, here: here, moves=True)
        match node.kind:
            case "value":
                return _constant(node.value)
            case "ref":
                return self._make_reference(node, scope)
            case "name":
                return self._make_name(node.value, scope)
            case "call":
                return self._make_call(node, scope)
        return self._make_one_by_one(SIGNS[node.kind, len(node.parts)], node, scope)

    def _make_call(self, node: Node, scope: Scope) -> Part:
        name, parts = node.value, node.parts
        if name in ("ROW", "COLUMN"):
            return self._make_numbers(name, parts[0], scope)
        if name == "MATCH":
            return self._make_match(node, scope)
        if name == "INDEX" and len(parts) == _BLOCK_ARGUMENTS:
            return self._make_row(node, scope)
        if name == "IF" and not scope.single and not self.compile(parts[0], scope).many:
            return self._make_choice([self.compile(part, scope) for part in parts])
        if name in OF_ALL:
            return self._make_of_all(OF_ALL[name], [self.compile(part, scope) for part in parts])
        if name not in ONE_BY_ONE:
            raise FormulaSyntaxError(f"function {name} is not known")
        return self._make_one_by_one(ONE_BY_ONE[name], node, scope)

    # ---------------- cells and names

    def _make_reference(self, node: Node, scope: Scope) -> Part:
        reference, sheet, moves = _locate(node.value, scope)
        (top, left), (bottom, right) = reference.first, reference.last
        if (top, left) != (bottom, right):
            return _keep(
                lambda book, here: _read(book, sheet, _rows(book, reference, sheet, here if moves else 1), left, right),
                many=True,
                moves=moves,
            )
        if moves:
            return Part(lambda book, here: book.cell(sheet, top + here - 1, left), moves=True)
        place = sheet, top, left
        return Part(lambda book, _: book.cells[place] if place in book.cells else book.cell(*place))

    def _make_name(self, name: str, scope: Scope) -> Part:
        """Rows are alike in most of their cells, and lists have blank rows: what is alike has to be worked out once."""
        if name not in self._names:
            return _constant(NAME)
        meaning = parse(self._names[name])
        part = self.compile(meaning, Scope(scope.sheet, named=True))
        if not part.moves:
            return part
        cells = self._find_moving(meaning, scope.sheet)
        by_values = not scope.named or len(cells) <= _FEW
        key = object()

        def work_out(book: Evaluator, row: Any) -> Any:
            if (key, row) not in book.kept:
                book.kept[key, row] = work_out_alike(book, row) if by_values else part.run(book, row)
            return book.kept[key, row]

        def work_out_alike(book: Evaluator, row: Any) -> Any:
            values = [book.cell(sheet, down + row, column) for sheet, down, column in cells]
            alike = (key, *values, *map(type, values))  # 1 and TRUE are equal
            if alike not in book.kept:
                book.kept[alike] = part.run(book, row)
            return book.kept[alike]

        return part._replace(run=work_out)

    def _find_moving(self, node: Node, sheet: str) -> tuple[tuple[str, int, int], ...]:
        """The cells that move with the row, of a part and of the names in it: sheet, rows below, column."""
        key = node, sheet
        if key not in self._moving:
            self._moving[key] = tuple(dict.fromkeys(self._list_moving(node, sheet)))
        return self._moving[key]

    def _list_moving(self, node: Node, sheet: str) -> Iterator[tuple[str, int, int]]:
        if node.kind == "ref":
            reference, sheet, moves = _locate(node.value, Scope(sheet, named=True))
            (top, left), (bottom, right) = reference.first, reference.last
            if moves:
                yield from ((sheet, r - 1, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        elif node.kind == "name" and node.value in self._names:
            yield from self._find_moving(parse(self._names[node.value]), sheet)
        for part in node.parts:
            yield from self._find_moving(part, sheet)

    # ---------------- values one by one

    def _make_one_by_one(self, function: Function, node: Node, scope: Scope) -> Part:
        if column := self._make_column(node, scope):
            return column
        parts = [self.compile(part, scope) for part in node.parts]
        runs, moves = [part.run for part in parts], any(part.moves for part in parts)
        if all(part.constant for part in parts):
            return _constant(spread(function, [part.constant[0] for part in parts]))
        if any(part.many for part in parts):
            return _keep(lambda book, here: spread(function, [run(book, here) for run in runs]), many=True, moves=moves)
        return Part(_apply(function, parts), moves=moves)

    def _make_column(self, node: Node, scope: Scope) -> Part | None:
        """What hangs on the values of a single range alone, for each of them; what is alike is worked out once."""
        ranges = frozenset() if scope.single else self._find_ranges(node, scope)
        single = next(iter(ranges)) if len(ranges) == 1 else None
        if single is None:
            return None
        cells, run = self.compile(single, scope), self.compile(node, scope._replace(single=single)).run
        key = object()

        def work_out(book: Evaluator, here: Any) -> Any:
            known = book.kept.get(key)
            if known is None:
                known = book.kept[key] = _Known(run, book)
            values = cells.run(book, here)
            return list(map(known.__getitem__, zip(map(type, values), values, strict=True)))

        return _keep(work_out, many=True, moves=cells.moves)

    def _find_ranges(self, node: Node, scope: Scope) -> frozenset[Node | None]:
        """The ranges whose values a part takes one by one; None for whatever else it hangs on."""
        key = node, scope
        if key not in self._ranges:
            self._ranges[key] = frozenset(self._list_ranges(node, scope))
        return self._ranges[key]

    def _list_ranges(self, node: Node, scope: Scope) -> Iterator[Node | None]:
        if node.kind == "ref" and _is_range(node):
            yield node
        elif node.kind in ("ref", "name", "rows") or (node.kind == "call" and node.value not in (*ONE_BY_ONE, "MATCH")):
            yield None
        elif node.kind == "call" and node.value == "MATCH":
            yield from self._find_ranges(node.parts[0], scope)
            if node.parts[1].kind not in ("ref", "name") or self.compile(node.parts[1], scope).moves:
                yield None
        else:
            for part in node.parts:
                yield from self._find_ranges(part, scope)

    def _make_choice(self, parts: list[Part]) -> Part:
        """IF works out only the branch that it takes."""
        test, then, otherwise = (part.run for part in (*parts, _constant(False))[:3])

        def choose(book: Evaluator, here: Any) -> Any:
            truth = test(book, here)
            truth = truth if type(truth) is bool else truth_of(truth)
            if isinstance(truth, ExcelError):
                return truth
            return then(book, here) if truth else otherwise(book, here)

        return Part(choose, many=any(part.many for part in parts), moves=any(part.moves for part in parts))

    # ---------------- ranges as wholes

    def _make_of_all(self, function: Function, parts: list[Part]) -> Part:
        runs = [part.run for part in parts]
        moves = any(part.moves for part in parts)
        if any(part.many for part in parts):
            return _keep(lambda book, here: function([run(book, here) for run in runs]), moves=moves)
        return Part(lambda book, here: function([run(book, here) for run in runs]), moves=moves)

    def _make_match(self, node: Node, scope: Scope) -> Part:
        if column := self._make_column(node, scope):
            return column
        wanted, cells = self.compile(node.parts[0], scope), self.compile(node.parts[1], scope._replace(single=None))
        among = cells.run
        places = _keep(lambda book, here: index_places(_as_list(among(book, here))), moves=cells.moves).run
        moves = wanted.moves or cells.moves

        def find(book: Evaluator, here: Any) -> Any:
            return spread(partial(find_place, places(book, here)), [wanted.run(book, here)])

        return _keep(find, many=True, moves=moves) if wanted.many else Part(find, moves=moves)

    def _make_numbers(self, name: str, node: Node, scope: Scope) -> Part:
        """The rows of cells, of a block one for each cell as its values are listed; or the columns of a block."""
        if node.kind == "rows":
            first, last = map(int, node.value.replace("$", "").split(":"))
            return _constant([float(row) for row in range(first, last + 1)])
        text = self._names[node.value] if node.kind == "name" else node.value
        reference, sheet, moves = _locate(text, scope)
        columns = range(reference.first[1], reference.last[1] + 1)

        def count(book: Evaluator, here: Any) -> Any:
            rows = _rows(book, reference, sheet, here if moves else 1)
            numbers = columns if name == "COLUMN" else [row for row in rows for _ in columns]
            return [float(number) for number in numbers] if len(numbers) > 1 else float(numbers[0])

        return _keep(count, many=True, moves=moves)

    def _make_row(self, node: Node, scope: Scope) -> Part:
        """INDEX(block, row, 0): the values of one row."""
        reference, sheet, _ = _locate(node.parts[0].value, scope)
        (top, left), (bottom, right) = reference.first, reference.last
        wanted = self.compile(node.parts[1], scope)

        def read(book: Evaluator, here: Any) -> Any:
            row = number_of(wanted.run(book, here))
            if isinstance(row, ExcelError):
                return row
            if not 1 <= row <= bottom - top + 1:
                return REF
            return _read(book, sheet, [top + int(row) - 1], left, right)

        return _keep(read, many=True, moves=wanted.moves)


# ---------------------------------------------------------------- what is worked out in a workbook


class _Known(dict[tuple[type, Any], Any]):
    """What a part comes to for the values of a range, each with its type, for 1 and TRUE are equal."""

    def __init__(self, run: Run, book: Evaluator) -> None:
        super().__init__()
        self._run, self._book = run, book

    def __missing__(self, typed: tuple[type, Any]) -> Any:
        value = self[typed] = self._run(self._book, typed[1])
        return value


def _keep(run: Run, *, many: bool = False, moves: bool = False) -> Part:
    """What does not move is worked out once in a workbook."""
    if moves:
        return Part(run, many, moves)
    key = object()

    def work_out(book: Evaluator, here: Any) -> Any:
        if key not in book.kept:
            book.kept[key] = run(book, here)
        return book.kept[key]

    return Part(work_out, many)


def _apply(function: Function, parts: Sequence[Part]) -> Run:
    """The function of single values; without a loop where they are few, as most are."""
    runs = [part.run for part in parts]
    if len(runs) == 1:
        (only,) = runs
        return lambda book, here: function(only(book, here))
    if len(runs) == 2:
        left, right = runs
        for value in parts[1].constant:
            return lambda book, here: function(left(book, here), value)
        return lambda book, here: function(left(book, here), right(book, here))
    return lambda book, here: function(*[run(book, here) for run in runs])


def _is_range(node: Node) -> bool:
    reference = split_reference(node.value)
    return reference.first != reference.last


def _locate(text: str, scope: Scope) -> tuple[Reference, str, bool]:
    """The reference, its sheet, and whether it moves with the row."""
    reference = split_reference(text)
    return reference, reference.sheet or scope.sheet, scope.named and reference.moves


def _rows(book: Evaluator, reference: Reference, sheet: str, row: int) -> range:
    """The rows of a reference that is used in this one; 1 where it does not move."""
    return book.rows(sheet, reference.first[0] + row - 1, reference.last[0] + row - 1)


def _read(book: Evaluator, sheet: str, rows: Iterable[int], left: int, right: int) -> list[Any]:
    return [book.cell(sheet, row, column) for row in rows for column in range(left, right + 1)]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
