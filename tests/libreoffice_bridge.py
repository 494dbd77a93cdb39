"""The side of `tests/libreoffice.py` that LibreOffice's own Python runs: for each line of JSON on stdin one on stdout.

Run by the system's Python, which has LibreOffice's `uno`, with the folder of its profile and, if need be, the region
that the computer is set to ("en-US"). A request names a workbook's path, a sheet and a block of it; the answer is the
block's values after everything has been recalculated, and for `more`, a list of sheet and block, a list of such values.
`typed`: what is typed before that, as sheet, cell and text, the way that keys do it; `steps`: what else is done with a
sheet before that, each the name of a function below, the sheet and what it takes; `saved`: where the workbook is saved
then, as what the paths say; `kept`: nothing else is done to it, whatever kind of document it is. For `rounds`, a list of
what is typed one after the other, the answer is a list of the block's values after each. `cells`: numbers and texts, None for
a cell that is emptied, by sheet and name of the cell, that stand there for this request alone: the workbook stays open for
the next one that has `cells`.
"""

import json
import os
import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.sheet.CellFlags import FORMULA
from com.sun.star.table import TableSortField

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}</oor:items>"""
SETTING = """<item oor:path="{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>"""


def set_up(profile: str, locale: str = "") -> None:
    """What a new profile says of the computer's region; and that nobody is asked before cells are pasted over."""
    user = Path(uno.fileUrlToSystemPath(profile)) / "user"
    user.mkdir(parents=True)
    settings = [("/org.openoffice.Office.Calc/Input", "ReplaceCellsWarning", "false")]
    settings += [("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", locale)] if locale else []
    text = SETTINGS.format("".join(SETTING.format(*setting) for setting in settings))
    (user / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def start(profile: str) -> tuple[subprocess.Popen[bytes], Any]:
    pipe = f"pipe,name=dhtt{os.getpid()}"
    options = [f"-env:UserInstallation={profile}", "--headless", "--norestore", f"--accept={pipe};urp;"]
    process = subprocess.Popen(["soffice", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(600):
        try:
            remote = resolver.resolve(f"uno:{pipe};urp;StarOffice.ComponentContext")
            return process, remote
        except Exception:
            time.sleep(0.1)
    raise TimeoutError("LibreOffice did not start")


def say(name: str, value: Any) -> Any:
    """A named argument of a call."""
    argument = PropertyValue()
    argument.Name, argument.Value = name, value
    return argument


def type_into(document: Any, dispatcher: Any, typed: list[list[str]]) -> None:
    """Go to each cell and type, so that LibreOffice takes the text for what it takes a clerk's."""
    for sheet, cell, text in typed:
        frame = select(document, dispatcher, sheet, cell)
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (say("StringName", text),))


def select(document: Any, dispatcher: Any, sheet: str, cells: str) -> Any:
    frame = document.CurrentController.Frame
    document.CurrentController.setActiveSheet(document.Sheets.getByName(sheet))
    dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (say("ToPoint", cells),))
    return frame


def paste(document: Any, dispatcher: Any, sheet: str, source: str, target: str) -> None:
    """Copy cells and paste them with all that they have, as Ctrl+C and Ctrl+V do."""
    select(document, dispatcher, *source.split("!"))
    copied = document.CurrentController.getTransferable()
    select(document, dispatcher, sheet, target)
    document.CurrentController.insertTransferable(copied)


def clear(document: Any, dispatcher: Any, sheet: str, cells: str) -> None:
    """The key Delete."""
    dispatcher.executeDispatch(select(document, dispatcher, sheet, cells), ".uno:ClearContents", "", 0, ())


def sort(document: Any, dispatcher: Any, sheet: str, cells: str, column: int) -> None:
    """Ascending by a column of the cells, counted from 0."""
    del dispatcher
    field = TableSortField()
    field.Field, field.IsAscending = column, True
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    document.Sheets.getByName(sheet).getCellRangeByName(cells).sort((say("SortFields", fields),))


KINDS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97", ".ods": "calc8", ".pdf": "calc_pdf_Export"}
KINDS_OF_LETTERS = {".pdf": "writer_pdf_Export"}
STEPS: dict[str, Any] = {"paste": paste, "clear": clear, "sort": sort}


class Opened:
    """A workbook that stays open, all of whose cells take values, without a look at how high its rows get."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self._blank: dict[tuple[str, int, int], Any] = {}
        self._now: dict[tuple[str, int, int], Any] = {}
        document.calculateAll()
        document.enableAutomaticCalculation(False)
        for name in document.Sheets.ElementNames:
            sheet = document.Sheets.getByName(name)
            sheet.unprotect("")
            sheet.getRows().OptimalHeight = False

    def hold(self, cells: dict[str, dict[str, Any]]) -> None:
        """Have these values in its cells, and in all others what they held when it was opened."""
        wanted = {
            (sheet, *place_of(cell)): show(value) for sheet, found in cells.items() for cell, value in found.items()
        }
        before = {at: self._blank[at] for at in self._now if at not in wanted}
        changed = {at: value for at, value in (before | wanted).items() if self._now.get(at) != value}
        for sheet in {at[0] for at in changed}:
            self._put(sheet, {at[1:]: value for at, value in changed.items() if at[0] == sheet})
        self._now = wanted
        self.document.calculate()

    def _put(self, name: str, placed: dict[tuple[int, int], Any]) -> None:
        """In blocks of rows that follow each other: a call takes longer than what it does."""
        sheet = self.document.Sheets.getByName(name)
        rows = sorted({row for row, _ in placed})
        for _, run in groupby(enumerate(rows), lambda counted: counted[1] - counted[0]):
            at = [row for _, row in run]
            columns = [column for row, column in placed if at[0] <= row <= at[-1]]
            cells = sheet.getCellRangeByPosition(min(columns), at[0], max(columns), at[-1])
            assert not cells.queryContentCells(FORMULA).Count, (name, at)
            held = {
                (row, column): value
                for row, values in zip(at, cells.getDataArray(), strict=True)
                for column, value in enumerate(values, start=min(columns))
            }
            for place in placed.keys() & held.keys():
                self._blank.setdefault((name, *place), held[place])
            after = held | placed
            width = range(min(columns), max(columns) + 1)
            cells.setDataArray(tuple(tuple(after[row, column] for column in width) for row in at))


def place_of(cell: str) -> tuple[int, int]:
    """Row and column, from 0, of a cell in the first 26 columns."""
    return int(cell[1:]) - 1, ord(cell[0]) - ord("A")


def show(value: Any) -> Any:
    """A value as a cell takes it."""
    return "" if value is None else value if isinstance(value, str) else float(value)


OPENED: dict[str, Opened] = {}


def read_with(desktop: Any, request: dict[str, Any]) -> Any:
    """Values of a workbook that is left open, and of which only what differs from the last request is put in."""
    path = request["path"]
    if path not in OPENED:
        OPENED[path] = Opened(open_hidden(desktop, path))
    OPENED[path].hold(request["cells"])
    return [read(OPENED[path].document, *place) for place in request["more"]]


def open_hidden(desktop: Any, path: str) -> Any:
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (say("Hidden", True),))


def recalculate(desktop: Any, dispatcher: Any, request: dict[str, Any]) -> Any:
    if "cells" in request:
        return read_with(desktop, request)
    document = open_hidden(desktop, request["path"])
    try:
        if request.get("kept"):
            return save(document, request)
        type_into(document, dispatcher, request.get("typed", []))
        for name, *given in request.get("steps", []):
            STEPS[name](document, dispatcher, *given)
        document.calculateAll()
        save(document, request)
        if "rounds" in request:
            return [read_after(document, dispatcher, typed, request) for typed in request["rounds"]]
        if "more" in request:
            return [read(document, *place) for place in request["more"]]
        return read(document, request["sheet"], request["block"]) if "block" in request else None
    finally:
        document.close(True)


def save(document: Any, request: dict[str, Any]) -> None:
    is_letter = document.supportsService("com.sun.star.text.TextDocument")
    for path in request.get("saved", []):
        kind = (KINDS_OF_LETTERS if is_letter else KINDS)[Path(path).suffix]
        document.storeToURL(uno.systemPathToFileUrl(path), (say("FilterName", kind),))


def read_after(document: Any, dispatcher: Any, typed: list[list[str]], request: dict[str, Any]) -> Any:
    type_into(document, dispatcher, typed)
    return read(document, request["sheet"], request["block"])


def read(document: Any, sheet: str, block: str) -> Any:
    return document.Sheets.getByName(sheet).getCellRangeByName(block).getDataArray()


def main() -> None:
    set_up(*sys.argv[1:])
    process, context = start(sys.argv[1])
    services = ("com.sun.star.frame.Desktop", "com.sun.star.frame.DispatchHelper")
    desktop, dispatcher = (context.ServiceManager.createInstanceWithContext(name, context) for name in services)
    try:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(recalculate(desktop, dispatcher, json.loads(line)), ensure_ascii=False) + "\n")
            sys.stdout.flush()
    finally:
        for opened in OPENED.values():
            opened.document.close(True)
        desktop.terminate()
        process.wait(timeout=30)


main()
