"""A LibreOffice that stays open: for each line of JSON on stdin one on stdout.

Run by the system's Python, which has LibreOffice's `uno`, with the folder of its profile and, if need be, the region
that the computer is set to ("en-US"). A request names a workbook's path, a sheet and a block of it; the answer is the
block's values after everything has been recalculated. `typed`: what is typed before that, as sheet, cell and text, the
way that keys do it; `saved`: where the workbook is saved then.
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

LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop></item></oor:items>"""


def set_locale(profile: str, locale: str) -> None:
    """What a new profile says of the computer's region."""
    user = Path(uno.fileUrlToSystemPath(profile)) / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(LOCALE.format(locale), encoding="utf-8")


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
    frame = document.CurrentController.Frame
    for sheet, cell, text in typed:
        document.CurrentController.setActiveSheet(document.Sheets.getByName(sheet))
        dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (say("ToPoint", cell),))
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (say("StringName", text),))


def recalculate(desktop: Any, dispatcher: Any, request: dict[str, Any]) -> Any:
    url = uno.systemPathToFileUrl(request["path"])
    document = desktop.loadComponentFromURL(url, "_blank", 0, (say("Hidden", True),))
    try:
        type_into(document, dispatcher, request.get("typed", []))
        document.calculateAll()
        if "saved" in request:
            options = (say("FilterName", "Calc MS Excel 2007 XML"),)
            document.storeToURL(uno.systemPathToFileUrl(request["saved"]), options)
        return document.Sheets.getByName(request["sheet"]).getCellRangeByName(request["block"]).getDataArray()
    finally:
        document.close(True)


def main() -> None:
    if len(sys.argv) > 2:
        set_locale(sys.argv[1], sys.argv[2])
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
