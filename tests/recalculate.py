"""A LibreOffice that stays open: for each line of JSON on stdin one on stdout.

Run by the system's Python, which has LibreOffice's `uno`. A request names a workbook's path, a sheet and a block of it;
the answer is the block's values after everything has been recalculated.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

import uno
from com.sun.star.beans import PropertyValue


def start(profile: str) -> tuple[subprocess.Popen[bytes], Any]:
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


def recalculate(desktop: Any, request: dict[str, str]) -> Any:
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    url = uno.systemPathToFileUrl(request["path"])
    document = desktop.loadComponentFromURL(url, "_blank", 0, (hidden,))
    try:
        document.calculateAll()
        return document.Sheets.getByName(request["sheet"]).getCellRangeByName(request["block"]).getDataArray()
    finally:
        document.close(True)


def main() -> None:
    process, desktop = start(sys.argv[1])
    try:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(recalculate(desktop, json.loads(line)), ensure_ascii=False) + "\n")
            sys.stdout.flush()
    finally:
        desktop.terminate()
        process.wait(timeout=30)


main()
