"""Content of an untrusted .ods ─► how far it reaches, how many cells are filled, and what of it stands hidden, struck through
or outside the cells.
"""

from __future__ import annotations

from dhtt_excel.excel.addresses import MAX_COLUMN, MAX_ROW, cell_name
from dhtt_excel.inbox.count_cells import SheetCount
from dhtt_excel.inbox.guard_package import MAX_POSITIONS, MAX_UNFOLDED, RefusedError, local_name, parse_part
from dhtt_excel.inbox.raw import Aside, AsideKind, Block

_HELD = {
    "annotation": AsideKind.NOTE,
    "text-box": AsideKind.TEXT_BOX,
    "custom-shape": AsideKind.TEXT_BOX,
    "image": AsideKind.PICTURE,
    "object": AsideKind.CHART,
    "control": AsideKind.CONTROL,
}
_MOST_MERGES = 50_000  # that are told
_HIDDEN = ("collapse", "filter")
_STORED = frozenset({"value", "string-value", "date-value", "time-value", "boolean-value"})


def scan_ods(data: bytes) -> list[SheetCount]:
    """The tables of a content.xml. Refuses what repetitions unfold into too many cells."""
    scan = _Scan()
    parse_part(data, scan.start, scan.end, scan.write)
    return scan.sheets


class _Scan:
    """Where the scan is, and what it has seen."""

    def __init__(self) -> None:
        self.sheets: list[SheetCount] = []
        self.row = self.column = 0  # the last ones that the current element stands for
        self.columns = 0  # the widest row with content
        self.style = ""
        self.struck: set[str] = set()  # cell styles
        self.held: list[tuple[AsideKind, list[str]]] = []  # the open elements outside of cells, with their text
        self.in_text = 0
        self.row_times = self.times = 1  # how often the open row, the open cell is repeated
        self.expected = ""  # what makes the open cell a filled one: "value", "text", "" for nothing
        self.unfolded = 0  # characters of all cells, as often as they are repeated

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "table":
            self.row = self.column = self.columns = 0
            self.sheets.append(SheetCount(_value(attributes, "name"), visible=True))
        elif not self.sheets:
            self._start_style(local, attributes)
        elif local == "table-column":
            first, self.column = self.column + 1, self.column + _repeat(attributes, "number-columns-repeated")
            if _value(attributes, "visibility") in _HIDDEN:
                self.sheets[-1].hidden_columns.append((first, self.column))
        elif local == "table-row":
            self._start_row(attributes)
        elif local in ("table-cell", "covered-table-cell"):
            self._start_cell(attributes)
        elif local == "s":
            self._unfold(_repeat(attributes, "c"))
            self._fill("text")
        elif local == "p":
            self.in_text += bool(self.held)
            self._reach()
        elif local in _HELD:
            self.held.append((_HELD[local], []))

    def _start_style(self, local: str, attributes: dict[str, str]) -> None:
        if local == "style":
            self.style = _value(attributes, "name")
        elif local == "text-properties" and _value(attributes, "text-line-through-style", "none") != "none":
            self.struck.add(self.style)

    def _start_row(self, attributes: dict[str, str]) -> None:
        repeated = _repeat(attributes, "number-rows-repeated")
        self.row += repeated
        self.row_times = repeated
        self.column = 0
        if repeated == 1 and _value(attributes, "visibility") in _HIDDEN:
            self.sheets[-1].hidden_rows.append(self.row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        repeated = _repeat(attributes, "number-columns-repeated")
        self.column += repeated
        self.times = repeated * self.row_times
        self._unfold(len(_value(attributes, "string-value")))
        if any(local_name(key).endswith("-spanned") for key in attributes):
            self._note_merge(attributes)
        kinds = [v for key, v in attributes.items() if local_name(key) == "value-type"]  # LibreOffice's own, too
        if kinds or any(local_name(key) == "formula" for key in attributes):
            self._reach()
        self.expected = "text" if "string" in kinds else "value" if kinds else ""
        if "error" in kinds:
            self.expected = ""
            self.sheets[-1].errors.append(cell_name(self.row, self.column))
        elif any(local_name(key) in _STORED and value for key, value in attributes.items()):
            self._fill(self.expected)
        if kinds and self.struck and _value(attributes, "style-name") in self.struck:
            self.sheets[-1].struck.append((self.row, self.column))

    def _fill(self, by: str) -> None:
        """The open cell has what its kind asks for, and so a reader must give it back: as often as it is repeated."""
        if by and by == self.expected and not self.held:
            self.sheets[-1].cells = (self.sheets[-1].cells or 0) + self.times
            self.expected = ""

    def _note_merge(self, attributes: dict[str, str]) -> None:
        rows, columns = (_repeat(attributes, f"number-{what}-spanned") for what in ("rows", "columns"))
        merges = self.sheets[-1].merges
        if rows * columns > 1 and len(merges) < _MOST_MERGES:
            merges.append(Block(self.row, self.column, self.row + rows - 1, self.column + columns - 1))

    def end(self, name: str) -> None:
        local = local_name(name)
        if local in ("table-cell", "covered-table-cell"):
            self.times = 1
            self.expected = ""
        elif local == "p" and self.in_text:
            self.in_text -= 1
            self.held[-1][1].append("\n")
        elif local in _HELD and self.held:
            kind, pieces = self.held.pop()
            text = "".join(pieces).strip()
            if text or kind is not AsideKind.TEXT_BOX:  # a shape without a word is an ornament
                self.sheets[-1].asides.append(Aside(kind, self.row, self.column, text))

    def write(self, text: str) -> None:
        if self.in_text:
            self.held[-1][1].append(text)
        self._unfold(len(text))
        self._fill("text")

    def _unfold(self, characters: int) -> None:
        self.unfolded += characters * self.times
        if self.unfolded > MAX_UNFOLDED:
            raise RefusedError("text", "chữ lặp lại trong tệp bung ra quá lớn")

    def _reach(self) -> None:
        self.columns = max(self.columns, self.column)
        if self.row > MAX_ROW or self.columns > MAX_COLUMN or self.row * self.columns > MAX_POSITIONS:
            raise RefusedError("far", f"trang tính có ô ở quá xa ({self.row} × {self.columns})")


def _value(attributes: dict[str, str], name: str, default: str = "") -> str:
    return next((value for key, value in attributes.items() if local_name(key) == name), default)


def _repeat(attributes: dict[str, str], name: str) -> int:
    count = next((int(value) for key, value in attributes.items() if local_name(key) == name), 1)
    if count < 0:
        raise RefusedError("damaged", "tệp hỏng (ô lặp lại số lần âm)")
    return count
