"""What a cluster reads is what this computer reads alone, whatever becomes of the cluster on the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from click.testing import CliRunner

from dhtt_excel import pipeline
from dhtt_excel.form.form import Form
from dhtt_excel.inbox import cluster as cluster_module
from dhtt_excel.inbox import open_workbooks
from dhtt_excel.inbox.engine import Engine
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.inbox.open_workbooks import open_containers
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.read_submissions import read_submissions
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.terminal.cli import commands
from tests.conftest import AS_OF, FEW
from tests.containers import make_mail, make_zip
from tests.corpus.nasty_packages import GOOD

ROOT = Path(__file__).parents[2]
NOT_HERE = "127.0.0.1:9"  # where nobody listens

# What a machine loads first: it lists what it reads, takes its time, and has its worker die of some files.
PRELOAD = """
import os, time
from dhtt_excel.inbox import open_workbooks
from dhtt_excel.inbox.parse_workbook import parse_workbook

def parse(source, data, suffix):
    with open(os.environ["LIST_OF_READ"], "a", encoding="utf-8") as log:
        log.write(source.file + "\\n")
    time.sleep(0.1)
    if "abort" in source.file:
        os.abort()
    return parse_workbook(source, data, suffix)

open_workbooks.parse_workbook = parse
"""


class Cluster(NamedTuple):
    address: str
    log: Path
    scheduler: psutil.Process
    machines: psutil.Process

    def list_workers(self) -> list[psutil.Process]:
        """The processes that do the tasks, each of which a nanny looks after."""
        return [p for p in self.machines.children() if "spawn_main" in " ".join(p.cmdline())]

    def take_log(self) -> list[str]:
        """The files that it has read since the last time."""
        read = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return sorted(read)


def _start(home: Path, role: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{role}", "--host", "127.0.0.1", "--no-dashboard", *options]
    with (home / f"{role}.txt").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "LIST_OF_READ": str(home / "read.txt")},
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
        child.kill()
    process.kill()
    process.wait()


def _wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cụm máy")


@pytest.fixture(scope="module")
def scheduler(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """One without a machine as yet: its address, and its process."""
    told = home / "scheduler.json"
    process = _start(home, "scheduler", "--port", "0", "--scheduler-file", str(told))
    try:
        _wait_for(lambda: process.poll() is None and told.exists() and told.read_bytes().endswith(b"}"))
        yield json.loads(told.read_bytes())["address"].removeprefix("tcp://"), process
    finally:
        _stop(process)


@pytest.fixture(scope="module")
def cluster(home: Path, scheduler: tuple[str, subprocess.Popen[bytes]]) -> Iterator[Cluster]:
    """The same with two machines."""
    address, process = scheduler
    preload = home / "preload.py"
    preload.write_text(PRELOAD, encoding="utf-8")
    machines = _start(
        home, "worker", f"tcp://{address}", "--nworkers", "2", "--nthreads", "1", "--preload", str(preload)
    )
    log = home / "worker.txt"
    try:
        _wait_for(lambda: machines.poll() is None and log.read_bytes().count(b"Registered to") == 2)
        yield Cluster(address, home / "read.txt", psutil.Process(process.pid), psutil.Process(machines.pid))
    finally:
        _stop(machines)


@pytest.fixture(scope="module")
def inbox(few: Plan, valid_few: Callable[[str], bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five units' answers: three files, one in a mail, one in an archive; and a damaged one."""
    folder = tmp_path_factory.mktemp("đã nhận")
    in_mail, in_archive, *rest = FEW
    (folder / "thư.eml").write_bytes(bytes(make_mail([("biểu.xlsx", valid_few(in_mail))])))
    (folder / "nén.zip").write_bytes(make_zip({"biểu.xlsx": valid_few(in_archive)}, (2020, 3, 10, 9, 0, 0)))
    for code in rest:
        (folder / f"{code}.xlsx").write_bytes(valid_few(code))
    (folder / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    for path in folder.iterdir():
        os.utime(path, (1_584_000_000, 1_584_000_000))
    return folder


@pytest.fixture(scope="module")
def valid_few(plan: Plan, valid_workbook: Callable[..., bytes]) -> Callable[[str], bytes]:
    return lambda code: valid_workbook(plan.units_by_code[code])


@pytest.fixture(scope="module")
def alone(few_units: Path, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[Path, bytes]]:
    """What is printed, and the files, where this computer reads."""
    out = tmp_path_factory.mktemp("một mình")
    return _consolidate(inbox, few_units, out, "--workers", "1")


def _consolidate(inbox: Path, plan: Path, out: Path, *options: str) -> tuple[str, dict[Path, bytes]]:
    command = ["consolidate", str(inbox), "--plan", str(plan), "-o", str(out), "--as-of", str(AS_OF), *options]
    run = CliRunner().invoke(commands, command, catch_exceptions=False)
    assert (run.exit_code, run.stderr) == (1, "")
    return run.stdout.replace(str(out), ""), _read_all(out)


def _read_all(folder: Path) -> dict[Path, bytes]:
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _refuse(options: list[str], few_units: Path, inbox: Path, tmp_path: Path) -> str:
    command = ["consolidate", str(inbox), "--plan", str(few_units), "-o", str(tmp_path / "out"), *options]
    run = CliRunner().invoke(commands, command, catch_exceptions=False)
    assert (run.exit_code, run.stdout) == (2, "")
    assert not _read_all(tmp_path)
    return run.stderr.partition(": ")[2]


def _read(inbox: Path, form: Form, plan: Plan, engine: Engine) -> list[Submission]:
    return list(read_submissions(open_containers(find_files(inbox)), form, plan, engine=engine))


# --------------------------------------------------- what is said at once; the first has to come before there are machines


def test_a_cluster_without_machines(
    scheduler: tuple[str, subprocess.Popen[bytes]], few_units: Path, inbox: Path, tmp_path: Path
) -> None:
    said = _refuse(["--engine", f"dask://{scheduler[0]}"], few_units, inbox, tmp_path)
    assert said == (
        f"Cụm dask ở “{scheduler[0]}” chưa có máy nào để đọc. Hãy chạy dask worker trên các máy rồi chạy lại.\n"
    )


def test_nobody_at_the_address(few_units: Path, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "SECONDS_TO_CONNECT", 0.3)
    said = _refuse(["--engine", f"dask://{NOT_HERE}"], few_units, inbox, tmp_path)
    assert said.startswith(f"Không nối được tới cụm dask ở “{NOT_HERE}”. Hãy xem địa chỉ")


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.6\r\n"])
def test_somebody_else_at_the_address(
    greeting: bytes, few_units: Path, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that waits for a request, as dask's own dashboard does, and one that greets in its own way."""
    monkeypatch.setattr(cluster_module, "SECONDS_TO_CONNECT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(greeting)
                line.recv(1)  # until the other side has gone

        answering = threading.Thread(target=greet)
        answering.start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        said = _refuse(["--engine", f"dask://{address}"], few_units, inbox, tmp_path)
        answering.join()
    assert said.startswith(f"Không nối được tới cụm dask ở “{address}”")
    assert said.count("\n") == 1


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "dask://127.0.0.1", "dask://", "tcp://a:1", "dask://a:1/b"])
def test_no_address(address: str, few_units: Path, inbox: Path, tmp_path: Path) -> None:
    said = _refuse(["--engine", address], few_units, inbox, tmp_path)
    assert f"“{address}” không phải địa chỉ của cụm: viết như dask://10.0.0.5:8786." in said


def test_dask_is_not_installed(few_units: Path, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "find_spec", lambda _: None)
    said = _refuse(["--engine", f"dask://{NOT_HERE}"], few_units, inbox, tmp_path)
    assert 'pip install -c constraints.txt ".[cluster]"' in said
    assert said.count("\n") == 1


@pytest.fixture
def _other_version(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cluster_module, "FORM_VERSION", 99)
    cluster_module.read_stamp.cache_clear()
    yield
    cluster_module.read_stamp.cache_clear()


@pytest.mark.usefixtures("_other_version")
def test_machines_of_another_version(cluster: Cluster, few_units: Path, inbox: Path, tmp_path: Path) -> None:
    said = _refuse(["--engine", f"dask://{cluster.address}"], few_units, inbox, tmp_path)
    assert said.startswith(f"Máy “tcp://{cluster.address}” của cụm dask khác máy này: biểu mẫu ")
    assert ", ở đây 99. Hãy cài cho giống nhau." in said
    assert said.count("\n") == 1


# ------------------------------------------------------------------------------------------------ what comes of it


def test_outputs_are_those_of_one_computer(
    cluster: Cluster, alone: tuple[str, dict[Path, bytes]], few_units: Path, inbox: Path, tmp_path: Path
) -> None:
    cluster.take_log()
    assert _consolidate(inbox, few_units, tmp_path, "--engine", f"dask://{cluster.address}") == alone
    _, _, *rest = FEW
    assert cluster.take_log() == sorted(
        [*(f"{c}.xlsx" for c in rest), "hỏng.xlsx", "nén.zip/biểu.xlsx", "thư.eml/biểu.xlsx"]
    )
    assert len(alone[1]) > 10


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_a_worker_killed_midway_is_replaced(
    cluster: Cluster, alone: tuple[str, dict[Path, bytes]], few: Plan, inbox: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    killed: list[psutil.Process] = []

    def kill_one(*_: object) -> None:
        if not killed:
            killed.append(cluster.list_workers()[0])
            killed[0].kill()

    engine = Engine(cluster=cluster.address, tell=said.append)
    pipeline.write_result(pipeline.consolidate(inbox, few, AS_OF, tmp_path, kill_one, engine=engine), tmp_path)
    assert _read_all(tmp_path) == alone[1]
    assert said == []
    _wait_for(lambda: len(cluster.list_workers()) == 2)
    assert killed[0] not in cluster.list_workers()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a patch reaches forked workers only")
def test_a_killer_costs_itself_alone(
    cluster: Cluster, few: Plan, form: Form, inbox: Path, valid_few: Callable[[str], bytes], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    said: list[str] = []
    for name in ("1.xlsx", "2 abort.xlsx", "3.xlsx"):
        (tmp_path / name).write_bytes(valid_few(FEW[0]))
    workers = cluster.list_workers()
    monkeypatch.setattr(open_workbooks, "parse_workbook", _exit)
    read = _read(tmp_path, form, few, Engine(cluster=cluster.address, tell=said.append))
    assert [(s.source.file, s.source.refusal) for s in read] == [
        ("1.xlsx", ""),
        ("2 abort.xlsx", "crash"),
        ("3.xlsx", ""),
    ]
    assert [s.unit.code if s.unit else "" for s in read] == [FEW[0], "", FEW[0]]
    assert said == []
    assert cluster.list_workers() == workers


def _exit(*_: object) -> None:
    """Here it is read only where the cluster has given up on it."""
    os._exit(1)


@pytest.mark.usefixtures("_other_version")
def test_a_machine_of_another_version_that_joins_later(
    cluster: Cluster, few: Plan, form: Form, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(cluster_module, "_compare", lambda *_: None)
    read = _read(inbox, form, few, Engine(cluster=cluster.address, tell=said.append))
    assert read == _read(inbox, form, few, Engine())
    assert said == ["Có tệp mà cụm dask không đọc xong: tệp đó được đọc trên máy này."]


# The last: it takes the cluster from the others.
def test_losing_the_cluster_midway(cluster: Cluster, few: Plan, form: Form, inbox: Path, tmp_path: Path) -> None:
    """Of more files than the first tasks take, some of them answers."""
    answer = next(path for path in sorted(inbox.iterdir()) if path.suffix == ".xlsx").read_bytes()
    for number in range(60):
        (tmp_path / f"{number:02}.xlsx").write_bytes(GOOD if number % 10 else answer)
    inbox, said = tmp_path, list[str]()
    reading = read_submissions(
        open_containers(find_files(inbox)), form, few, engine=Engine(cluster=cluster.address, tell=said.append)
    )
    first = next(reading)
    cluster.scheduler.kill()
    assert [first, *reading] == _read(inbox, form, few, Engine())
    assert said == ["Mất kết nối với cụm dask: các tệp còn lại được đọc trên máy này."]
