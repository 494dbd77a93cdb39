"""A LibreOffice that stays open: reads one request a line on stdin, answers with one line of JSON on stdout.

Run by the system's Python, which has LibreOffice's `uno`. A request is {"load": path} to open a workbook, or
{"clear": [[sheet, range] …], "put": [[sheet, range, rows] …], "read": [sheet, range]} to empty blocks of it, type
blocks of values into it, recalculate everything and read a block back.
"""

import json
import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

CONTENTS = 1 | 2 | 4 | 16  # numbers, dates, texts, formulas


def start(profile: str) -> tuple:
    pipe = f"pipe,name=dhtt{os.getpid()}"
    options = [f"-env:UserInstallation={profile}", "--headless", "--norestore", f"--accept={pipe};urp;"]
    process = subprocess.Popen(["soffice", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(600):
        try:
            remote = resolver.resolve(f"uno:{pipe};urp;StarOffice.ComponentContext")
            return process, remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            time.sleep(0.1)
    raise TimeoutError("LibreOffice did not start")


def open_workbook(desktop: object, path: str) -> object:
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (hidden,))
    for sheet in document.Sheets.createEnumeration():
        sheet.unprotect("")  # so that a whole column can be typed at once, closed cells too
    return document


def answer(document: object, request: dict) -> list:
    sheets = document.Sheets
    document.enableAutomaticCalculation(False)
    for sheet, block in request.get("clear", []):
        sheets.getByName(sheet).getCellRangeByName(block).clearContents(CONTENTS)
    for sheet, block, rows in request.get("put", []):
        sheets.getByName(sheet).getCellRangeByName(block).setDataArray(tuple(map(tuple, rows)))
    document.calculateAll()
    sheet, block = request["read"]
    return sheets.getByName(sheet).getCellRangeByName(block).getDataArray()


def main() -> None:
    process, desktop = start(sys.argv[1])
    document = None
    try:
        for line in sys.stdin:
            request = json.loads(line)
            if "load" in request:
                if document:
                    document.close(True)
                document = open_workbook(desktop, request["load"])
                reply = "loaded"
            else:
                reply = answer(document, request)
            sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    finally:
        desktop.terminate()
        process.wait(timeout=30)


main()
