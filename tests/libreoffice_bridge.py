"""The side of `tests/libreoffice.py` that LibreOffice's own Python runs: for each line of JSON on stdin one on stdout.

Run by the system's Python, which has LibreOffice's `uno`, with the folder of its profile and, if need be, the region
that the computer is set to ("en-US"). A request names a workbook's path, a sheet and a block of it; the answer is the
block's values after everything has been recalculated, and for `more`, a list of sheet and block, a list of such values.
`typed`: what is typed before that, as sheet, cell and text, the way that keys do it; `steps`: what else is done with a
sheet before that, each the name of a function below, the sheet and what it takes; `saved`: where the workbook is saved
then, as what the paths say; `kept`: nothing else is done to it, whatever kind of document it is. For `rounds`, a list of what is typed one after the other, the answer is a list of the block's
values after each.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
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


def recalculate(desktop: Any, dispatcher: Any, request: dict[str, Any]) -> Any:
    url = uno.systemPathToFileUrl(request["path"])
    document = desktop.loadComponentFromURL(url, "_blank", 0, (say("Hidden", True),))
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
        desktop.terminate()
        process.wait(timeout=30)


main()
