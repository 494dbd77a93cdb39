"""What a run touches: it reads the inbox, writes the output folder, and asks nothing of the network or other programs.

Python tells an audit hook of every file, socket and process that it is about to open. The hook lives in the run itself
and, because they are forked, in its workers. It does not see what compiled code opens on its own: with `strace`, that
was the system's libraries, locale and time zone, /sys/devices/system/cpu, and nothing else.
"""

from __future__ import annotations

import json
import mimetypes
import os
import subprocess
import sys
import sysconfig
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import dhtt_excel
from dhtt_excel.plan.plan import Plan
from tests.conftest import OUTPUT_FILES, Fill
from tests.packages import edit_package

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers get the hook by fork")

# The log is opened before the hook is set; os.write is no audited event. Forked, whatever this Python's default is.
WRAPPER = """
import json, multiprocessing, os, sys

multiprocessing.set_start_method("fork")
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def record(event, args):
    if event.partition(".")[0] != "import" and not event.startswith(("object.", "compile", "exec", "marshal.")):
        plain = [os.fsdecode(a) if isinstance(a, bytes) else a if isinstance(a, (str, int)) else None for a in args]
        os.write(log, (json.dumps([os.getpid(), os.getcwd(), event, plain]) + "\\n").encode())

sys.addaudithook(record)
"""
RUN = """
sys.argv = ["dhtt", *sys.argv[2:]]
from dhtt_excel.terminal.cli import main
main()
"""
TRESPASS = """
import socket
from pathlib import Path

def trespass():
    Path(sys.argv[2], "written").write_bytes(b"")
    Path(sys.argv[2], "written").read_bytes()
    Path(sys.argv[2], "written").rename(Path(sys.argv[2], "renamed"))
    socket.socket().close()
    os.system("true")

worker = multiprocessing.Process(target=trespass)
worker.start()
worker.join()
"""

READING = {"open", "os.listdir", "os.scandir", "ctypes.dlopen"}
CHANGING = {
    "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.removexattr", "os.rename", "os.rmdir",
    "os.setxattr", "os.symlink", "os.truncate", "os.utime",
}  # fmt: skip
STARTING = ("subprocess.", "os.exec", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.")
# multiprocessing.Pipe is os.pipe here, of which there is no event: no socket at all is made.
NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "imaplib.", "poplib.", "smtplib.", "ssl.", "webbrowser.")
SYSTEM_FILES = {
    "/dev/null": "a worker's standard input (multiprocessing), and where a parser that dies may complain",
    "/proc/self/statm": "a worker reads what memory it has, to limit what it takes",
    **dict.fromkeys(mimetypes.knownfiles, "openpyxl: content types by file name"),
}
WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Event(NamedTuple):
    """An audit event: in which process, what, and the paths that it names."""

    pid: int
    name: str
    paths: list[Path]
    writes: bool


def _run(folder: Path, body: str, *args: object) -> list[Event]:
    """Run Python with the hook, in a folder of its own; what it did, the run's own process first."""
    folder.mkdir()
    (folder / "wrapper.py").write_text(WRAPPER + body, encoding="utf-8")
    # No byte code is written beside the modules: an installed package has it already.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", str(folder / "wrapper.py"), str(folder / "log"), *map(str, args)]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert not run.stderr
    lines = (folder / "log").read_text(encoding="utf-8").splitlines()
    return [_read_event(*json.loads(line)) for line in lines]


def _read_event(pid: int, cwd: str, name: str, args: list[Any]) -> Event:
    writes = name in CHANGING
    if name == "open":
        _, mode, flags = args
        writes = bool((flags or 0) & WRITE_FLAGS) or bool(set(mode or "") & set("wax+"))
    named = args[:2] if name in {"os.rename", "os.link"} else args[:1]
    paths = [Path(os.path.normpath(Path(cwd, a))) for a in named if isinstance(a, str)]
    return Event(pid, name, paths if name in READING | CHANGING else [], writes)


def _trespasses(events: Iterable[Event], readable: Iterable[Path], writable: Path) -> Iterator[str]:
    """What no run may do, in words."""
    trees = [p.resolve() for p in (*readable, writable)]
    for event in events:
        if event.name.startswith(NETWORK + STARTING):
            yield event.name
        for path in event.paths:
            allowed = [writable.resolve()] if event.writes else trees
            if str(path) not in SYSTEM_FILES and not any(path.resolve().is_relative_to(tree) for tree in allowed):
                yield f"{event.name} {path}"


def _own_trees() -> list[Path]:
    """The package and the interpreter: its modules, those installed beside it, its time zones."""
    trees = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *zoneinfo.TZPATH}
    return [Path(dhtt_excel.__file__).parent, *map(Path, sorted(trees))]


# ---------------------------------------------------------------- files that ask for more


def _link_outside(path: Path) -> None:
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    outside = '<Relationship Id="rId1" Type="{}Path" Target="{}" TargetMode="External"/>'
    link = f'<Relationship Id="rIdX" Type="{kind}" Target="externalLinks/externalLink1.xml"/></Relationships>'
    book = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    edit_package(path, {
        "xl/_rels/workbook.xml.rels": lambda text: text.replace("</Relationships>", link),
        "xl/externalLinks/externalLink1.xml": lambda _: book,
        "xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: relations.format(
            outside.format(kind, "file:///etc/hostname")
            + outside.format(kind, "http://127.0.0.1:9/a.xlsx").replace("rId1", "rId2")
        ),
    })  # fmt: skip


def _declare_entity(path: Path) -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    edit_package(path, {"xl/workbook.xml": lambda text: text.replace("<workbook", f"{doctype}<workbook", 1)})


def _lose_a_cell(path: Path) -> None:
    """Make the guard and calamine differ, so that openpyxl is asked as well."""
    cell = '<c r="B1" t="inlineStr"><v>mất</v></c>'
    edit_package(path, {"xl/worksheets/sheet3.xml": lambda text: text.replace("</c></row>", f"</c>{cell}</row>", 1)})


@pytest.fixture
def inbox(plan: Plan, fill: Fill) -> Path:
    """A good file, and files that name others, at home and on the network."""
    folder = fill(plan.units_by_code["00061"]).parent
    _link_outside(fill(plan.units_by_code["00064"], {"Báo cáo!C8": '=WEBSERVICE("http://127.0.0.1:9/")'}))
    _declare_entity(fill(plan.units_by_code["00070"]))
    _lose_a_cell(fill(plan.units_by_code["00082"]))
    (folder / "quét.pdf").write_bytes(b"%PDF-1.7")
    return folder


def test_a_run_reads_the_inbox_and_writes_the_output_and_nothing_else(inbox: Path, tmp_path: Path) -> None:
    out, files = tmp_path / "out", sorted(inbox.glob("*.xlsx"))  # a scan is told by its name alone
    events = _run(tmp_path / "run", RUN, "consolidate", inbox, "-o", out, "--as-of", "2020-03-20")
    assert sorted(set(_trespasses(events, [inbox, *_own_trees()], out))) == []
    parent = events[0].pid
    workers = {e.pid for e in events} - {parent}
    cores = os.cpu_count() or 1
    assert Counter(e.name for e in events)["os.fork"] == len(workers)
    makers = len(workers) - min(len(files), cores)  # of outputs: as many as there are cores
    assert makers == (cores if cores > 1 else 0) or len(files) < makers < cores
    opened = {path: e.pid for e in events if e.name == "open" for path in e.paths if path.is_relative_to(inbox)}
    assert sorted(opened) == files
    assert set(opened.values()) <= workers  # the parent opens no file of the inbox
    assert {str(path) for e in events if e.pid in workers and e.writes for path in e.paths} <= {os.devnull}
    written = {path.name for e in events if e.name == "os.rename" for path in e.paths if path.suffix != ".tmp"}
    assert written == {path.name for path in out.rglob("*") if path.is_file()}
    assert len([path for path in out.iterdir() if path.is_file()]) == OUTPUT_FILES


def test_the_hook_sees_a_worker_trespass(tmp_path: Path) -> None:
    events = _run(tmp_path / "run", TRESPASS, tmp_path)
    assert len({e.pid for e in events}) > 1
    written, renamed = tmp_path / "written", tmp_path / "renamed"
    assert list(_trespasses(events, _own_trees(), tmp_path / "out")) == [
        f"open {written}", f"open {written}", f"os.rename {written}", f"os.rename {renamed}",
        "socket.__new__", "os.system",
    ]  # fmt: skip
