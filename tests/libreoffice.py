"""A LibreOffice that stays open: opens, types, recalculates, reads, saves and prints, for all tests of a process."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

PYTHON = shutil.which("python3", path="/usr/bin") or "python3"  # the system's: LibreOffice's `uno` belongs to it
_BRIDGE = Path(__file__).with_name("libreoffice_bridge.py")


@cache
def is_installed() -> bool:
    """LibreOffice and its bridge to Python."""
    return (
        bool(shutil.which("soffice"))
        and subprocess.run([PYTHON, "-c", "import uno"], capture_output=True).returncode == 0
    )


class LibreOffice:
    """Starts when it is first asked. `home`: a folder for its profile; `region`: what its computer is set to ("en-US")."""

    def __init__(self, home: Path, region: str = "") -> None:
        self._command = [PYTHON, str(_BRIDGE), (home / "profile").as_uri(), region]
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: Path, **wish: Any) -> Any:
        """What the bridge answers to a wish for this file (see there)."""
        if self._process is None:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"path": str(path), **wish}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def save_as(self, source: Path, target: Path) -> Path:
        """Open a file and save it elsewhere as what the name says, without a change."""
        target.parent.mkdir(exist_ok=True)
        self.ask(source, kept=True, saved=[str(target)])
        return target

    def print_text(self, source: Path, *options: str) -> str:
        """The text of the printed pages, each with a form feed behind it."""
        return read_pdf(self.save_as(source, source.with_suffix(".pdf")), *options)

    def recalculate(self, data: bytes, folder: Path) -> Any:
        """The values of the workbook, to be read by openpyxl, after every formula has been calculated anew."""
        source, target = folder / "in.xlsx", folder / "out.xlsx"
        forget_values(data, source)
        self.ask(source, saved=[str(target)])
        return openpyxl.load_workbook(target, data_only=True)

    def close(self) -> None:
        if self._process:
            self._process.communicate(timeout=60)


def forget_values(data: bytes, path: Path) -> Path:
    """Save the workbook without the values that its formulas had."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    return path


def read_pdf(path: Path, *options: str) -> str:
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60).stdout
