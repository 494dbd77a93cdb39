"""The zip, tried as staff would: unpacked where its path has blanks and marks, and where nothing can be written.

    python packaging/smoke.py FOLDER

FOLDER holds the zip. For Windows; elsewhere only with other starters in the place of those in the zip.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

PATIENCE = 180  # seconds; the first start on a fresh computer is slow


def main() -> None:
    (path,) = Path(sys.argv[1]).glob("dhtt-windows-*.zip")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "Ổ USB của tôi"
        with zipfile.ZipFile(path) as archive:
            archive.extractall(place)
        work = Path(folder) / "Đợt thi đua 2020"
        work.mkdir()
        try_program(place / "dhtt", work)
    print("Everything answered.")


def try_program(program: Path, work: Path) -> None:
    before = check_sums(program)
    if sys.platform == "win32":  # a right that is taken away; marking a folder as read-only does nothing there
        subprocess.run(["icacls", program, "/deny", "*S-1-1-0:(OI)(CI)(WD,AD)", "/q"], check=True, capture_output=True)
    version = run(program, work, "--version")
    assert re.fullmatch(r"dhtt \d+\.\d+\.\d+", version.strip()), version
    assert "consolidate" in run(program, work, "--help")
    run(program, work, "templates", "-o", "biểu mẫu")
    assert len(list((work / "biểu mẫu").glob("*.xlsx"))) == 19
    run(program, work, "demo", "-o", "làm thử")
    inbox = work / "làm thử" / "da-nhan"
    run(program, work, "consolidate", inbox, "-o", "kết quả", "--as-of", "20/03/2020", code=1)
    assert list((work / "kết quả").glob("tong-hop-*.xlsx"))
    try_window(program, work)
    try_drop(program, inbox)
    assert check_sums(program) == before, "something was written beside the program"


def run(program: Path, work: Path, *arguments: str | Path, code: int = 0) -> str:
    command = [program / "dhtt.exe", *arguments]
    done = subprocess.run(command, cwd=work, capture_output=True, timeout=PATIENCE)
    told = done.stdout.decode() + done.stderr.decode()
    print(f"$ {subprocess.list2cmdline(map(str, command))}\n{told}", flush=True)
    assert done.returncode == code, done.returncode
    return done.stdout.decode()


def try_window(program: Path, work: Path) -> None:
    """The window answers to whoever has its address, with the plans that it ships."""
    with started([program / "dhtt.exe", "window", "--no-browser"], work) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        address = next(line.strip() for line in lines if line.startswith("http://127.0.0.1:"))
        page = build_opener(HTTPCookieProcessor(CookieJar())).open(address, timeout=PATIENCE).read().decode()
        assert "215/KH-UBND" in page, page


def try_drop(program: Path, inbox: Path) -> None:
    """What is dropped on the starter without a console is consolidated beside itself."""
    dropped = inbox.with_name("Báo cáo các phường")
    dropped.mkdir()
    for path in inbox.iterdir():
        (dropped / path.name).write_bytes(path.read_bytes())
    wanted = dropped.with_name(f"{dropped.name} - dhtt") / "ket-qua" / "ket-qua.json"
    with started([program / "dhtt-cua-so.exe", dropped], program):
        end = time.monotonic() + PATIENCE
        while not wanted.exists():
            assert time.monotonic() < end, "nothing was consolidated"
            time.sleep(1)


@contextmanager
def started(command: list[str | Path], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that is ended after its use, with what it started."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # its job ends the interpreter


def check_sums(program: Path) -> set[Path]:
    """All files, each of which is as its checksum says."""
    for line in (program / "SHA256SUMS.txt").read_text(encoding="utf-8").splitlines():
        told, name = line.split(" *")
        assert hashlib.sha256((program / name).read_bytes()).hexdigest() == told, name
    return {path for path in program.rglob("*") if path.is_file()}


if __name__ == "__main__":
    main()
