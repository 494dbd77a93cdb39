"""The zip for Windows, made with a stand-in for the interpreter: nothing is missing in it, and its starters start."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.packaging.windows_imports import OF_POSIX, Modules, list_libraries

ROOT = Path(__file__).parents[2]
TAG = "cp313-win_amd64"
EMBEDDED = ("python3.dll", "python313.dll", "vcruntime140.dll", "vcruntime140_1.dll")  # beside python.exe
OF_WINDOWS = """
    advapi32 bcrypt bcryptprimitives crypt32 dbghelp iphlpapi kernel32 msvcrt netapi32 ntdll ole32 oleaut32 pdh powrprof
    psapi secur32 shell32 shlwapi ucrtbase user32 userenv version winmm ws2_32 wtsapi32
""".split()  # noqa: SIM905


def _stand_in(path: Path, version: str = "313") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("python.exe", "pythonw.exe", f"python{version}.dll", f"python{version}._pth", "LICENSE.txt"):
            archive.writestr(name, f"stand-in of {name}")
    return path


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The zip, made twice."""
    folder = tmp_path_factory.mktemp("zip")
    interpreter = _stand_in(folder / "python-3.13.9-embed-amd64.zip")
    command = [sys.executable, str(ROOT / "packaging/windows.py"), "--level", "0", "--python", str(interpreter)]
    made: list[Path] = []
    for out in (folder / "1", folder / "2"):
        done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True)
        if "No matching distribution" in done.stderr and not os.environ.get("CI"):
            pytest.skip("the wheels for Windows are not at hand, and no registry to get them from")
        assert not done.returncode, done.stderr
        made += out.glob("*.zip")
    return made


@pytest.fixture(scope="module")
def files(zips: list[Path]) -> dict[str, bytes]:
    with zipfile.ZipFile(zips[0]) as archive:
        return {name.removeprefix("dhtt/"): archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def library(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix("lib/"): data for name, data in files.items() if name.startswith("lib/")}


def test_the_same_inputs_give_the_same_bytes(zips: list[Path]) -> None:
    first, second = zips
    assert first.name == second.name == "dhtt-windows-0.1.0.zip"
    assert first.read_bytes() == second.read_bytes()


def test_an_interpreter_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    other = _stand_in(tmp_path / "python-3.13.9-embed-amd64.zip", "312")
    cut = tmp_path / "python-3.13.8-embed-amd64.zip"
    cut.write_bytes(other.read_bytes()[:200])
    for path, told in ((other, "it has no python313.dll"), (cut, "cannot be read"), (tmp_path / "python.zip", "named")):
        command = [sys.executable, str(ROOT / "packaging/windows.py"), "--python", str(path), "--out", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert told in done.stderr
    assert not list(tmp_path.glob("dhtt-*"))


def test_it_holds_what_staff_need_under_short_names(files: Mapping[str, bytes]) -> None:
    assert {name.partition("/")[0] for name in files} == {
        "dhtt.exe", "dhtt-cua-so.exe", "huong-dan.pdf", "huong-dan.docx", "giay-phep.txt", "SHA256SUMS.txt", "python", "lib",
    }  # fmt: skip
    assert all(name.isascii() for name in files)
    assert max(map(len, files)) < 100
    assert not [name for name in files if name.endswith(".pyc") or "/tests/" in name]


def test_the_package_is_whole(library: Mapping[str, bytes]) -> None:
    """With its plans, pages, letters and words, in the bytes that are here."""
    here = {p.relative_to(ROOT).as_posix(): p for p in (ROOT / "dhtt_excel").rglob("*") if p.is_file()}
    wanted = {name: path for name, path in here.items() if not name.endswith((".pyc", ".po"))}
    assert {name for name in library if name.startswith("dhtt_excel/")} == wanted.keys()
    assert all(library[name] == path.read_bytes() for name, path in wanted.items())


def test_checksums_are_of_every_file(files: Mapping[str, bytes]) -> None:
    told = dict(line.split(" *")[::-1] for line in files["SHA256SUMS.txt"].decode().splitlines())
    assert told == {n: hashlib.sha256(data).hexdigest() for n, data in files.items() if n != "SHA256SUMS.txt"}


def test_the_interpreter_looks_nowhere_else(files: Mapping[str, bytes]) -> None:
    """With such a file beside it Python takes no paths from variables, the registry or the user's folder."""
    assert files["python/python313._pth"].decode().splitlines() == ["python313.zip", ".", "..\\lib"]


def test_every_part_has_its_licence(files: Mapping[str, bytes]) -> None:
    told = files["giay-phep.txt"].decode("utf-8-sig")
    parts = {name.split("/")[1].rpartition("-")[0] for name in files if name.endswith(".dist-info/METADATA")}
    blocks = told.split("\r\n\r\n")[1:]
    assert len(blocks) == len(parts) + len(("CPython", "distlib"))
    for block in blocks:
        label, *texts = block.strip().split("\r\n")
        assert label.partition(": ")[2], label
        assert texts, label
        assert all(files[text.strip()] for text in texts), label


# The extra `cluster` is not in the zip: who asks for it there is told how to get it (tests/inbox/test_cluster.py).
LEFT_OUT = dict.fromkeys(("dask", "distributed"), "dhtt_excel.inbox.cluster")


def test_every_import_is_in_the_zip(library: Mapping[str, bytes]) -> None:
    modules = Modules(library, TAG)
    missing, seen = modules.find_missing("dhtt_excel")
    assert missing == LEFT_OUT
    assert {"dhtt_excel.window.serve", "pandas.core.frame", "numpy._core.multiarray", "lxml.etree"} <= seen
    assert "tzdata" in modules  # pandas asks for it on Windows alone


def test_what_is_not_there_is_found(library: Mapping[str, bytes]) -> None:
    """The walk can fail: without a package, without a binary, with an import of POSIX."""
    for left_out in ("msgspec/", "pandas/_libs/lib.", "docx/oxml/"):
        rest = {name: data for name, data in library.items() if not name.startswith(left_out)}
        assert Modules(rest, TAG).find_missing("dhtt_excel")[0], left_out
    for module in OF_POSIX:
        asked = f"def f():\n    import {module}\n"
        guarded = f"import sys\nif sys.platform != 'win32':\n    import {module}\n"
        for source, missing in ((asked, {module: "ours"}), (guarded, {})):
            assert Modules({"ours.py": source.encode()}, TAG).find_missing("ours")[0] == missing


def test_every_binary_has_its_libraries(files: Mapping[str, bytes]) -> None:
    binaries = {n: data for n, data in files.items() if n.startswith("lib/") and n.endswith((".pyd", ".dll"))}
    assert len([n for n in binaries if n.endswith(f".{TAG}.pyd")]) > 50
    beside = {name.rpartition("/")[2].lower() for name in binaries} | set(EMBEDDED)
    for name, data in binaries.items():
        assert ".cp" not in name or f".{TAG}." in name, name
        unknown = {library for library in list_libraries(data) if library not in beside and not _is_of_windows(library)}
        assert not unknown, name


def _is_of_windows(library: str) -> bool:
    return library.startswith(("api-ms-win-", "ext-ms-")) or library.rpartition(".")[0] in OF_WINDOWS


# ---------------------------------------------------------------- starters


@pytest.mark.parametrize(
    ("name", "interpreter", "is_windowed"),
    [("dhtt.exe", "python.exe", False), ("dhtt-cua-so.exe", "pythonw.exe", True)],
)
def test_a_starter_names_the_interpreter_beside_it(
    files: Mapping[str, bytes], name: str, interpreter: str, is_windowed: bool
) -> None:
    """distlib's launchers replace <launcher_dir> with their own folder, quoted; the line must fit its 260 bytes."""
    data = files[name]
    line = data[data.rindex(b"#!") : data.index(b"\r\n", data.rindex(b"#!"))]
    assert line == f"#!<launcher_dir>\\python\\{interpreter} -B -X utf8".encode()
    start = int.from_bytes(data[0x3C:0x40], "little")
    subsystem = int.from_bytes(data[start + 24 + 68 : start + 24 + 70], "little")
    assert subsystem == (2 if is_windowed else 3)  # without a console, with one


@pytest.fixture
def starters(files: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The folder of the starters: its path has blanks and marks, and nothing can be written there."""
    folder = tmp_path / "Ổ USB của tôi" / "dhtt"
    folder.mkdir(parents=True)
    for name in ("dhtt.exe", "dhtt-cua-so.exe"):
        (folder / name).write_bytes(files[name])
    folder.chmod(0o555)
    return folder


def _start(program: Path, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a starter as its launcher does: the interpreter, the flags, itself, its arguments."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-B", "-X", "utf8", str(program), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60)


def test_a_starter_hands_on_its_arguments(starters: Path, tmp_path: Path) -> None:
    told = _start(starters / "dhtt.exe", "check", "Phường Hàng Bạc (2).xlsx", folder=tmp_path)
    assert told.returncode == 2
    assert "Phường Hàng Bạc (2).xlsx" in told.stderr
    assert [path.name for path in starters.iterdir()] == ["dhtt-cua-so.exe", "dhtt.exe"]


def test_what_cannot_be_opened_is_told(starters: Path, tmp_path: Path) -> None:
    told = _start(starters / "dhtt-cua-so.exe", tmp_path / "không có.xlsx", folder=tmp_path)
    assert told.returncode == 2
    assert "không có.xlsx" in told.stderr
