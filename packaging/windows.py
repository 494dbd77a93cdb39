"""CPython's embeddable zip and this source ─► `dhtt-windows-<version>.zip`: unpacked anywhere on Windows, it runs.

    python packaging/windows.py --python python-3.13.9-embed-amd64.zip [--wheels DIR] [--out DIR]

In the zip lie `python/` (the interpreter as python.org gives it), `lib/` (this package and what it needs, in the versions
of constraints.txt), two starters, the guide, the licences of all parts and the checksum of every file. Nothing of it is
written to when it runs. The same inputs give the same bytes.

A starter is distlib's launcher for Windows, followed by a line that names the interpreter and by a small zip of Python
source: the launcher runs that interpreter, which lies beside it, with that zip and the arguments that it got.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
TOP = "dhtt"  # the folder in the zip; its name and those below are short, for Windows takes 260 characters of a path
GUIDES = ("huong-dan.pdf", "huong-dan.docx")
LICENCES, SUMS = "giay-phep.txt", "SHA256SUMS.txt"
EXTRA, LAUNCHERS = "window", "distlib"
FLAGS = "-B -X utf8"  # no bytecode beside the source, which may lie where nothing can be written

_INTERPRETER = re.compile(r"python-(3\.\d+)\.\d+-embed-amd64\.zip")
_MOMENT = (1980, 1, 1, 0, 0, 0)
_NOT_RUN = re.compile(r"(^|/)tests/|\.(pyi|pxd|pyx|h|c|lib)$|\.dist-info/(RECORD|INSTALLER|direct_url\.json)$")
_LICENCE = re.compile(r"\.dist-info/(licenses/.*[^/]|[^/]*(LICEN[CS]E|COPYING|NOTICE)[^/]*)$", re.IGNORECASE)
_STARTERS = {  # name: launcher, interpreter, function
    "dhtt.exe": ("t64.exe", "python.exe", "start_command"),
    "dhtt-cua-so.exe": ("w64.exe", "pythonw.exe", "start_window"),
}


class Wheel(NamedTuple):
    """A wheel, and what it says of itself."""

    path: Path
    metadata: Message

    @property
    def label(self) -> str:
        return f"{self.metadata['Name']} {self.metadata['Version']}"


class Target(NamedTuple):
    """The interpreter that is to run it: "3.13"."""

    python: str

    @property
    def digits(self) -> str:
        return self.python.replace(".", "")

    @property
    def tags(self) -> frozenset[Tag]:
        version = tuple(map(int, self.python.split(".")))
        platforms = ["win_amd64"]
        return frozenset([*cpython_tags(version, platforms=platforms), *compatible_tags(version, f"cp{self.digits}", platforms)])  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """What the conditions of requirements are judged by, wherever this runs."""
        return {
            "implementation_name": "cpython", "os_name": "nt", "platform_machine": "AMD64", "platform_system": "Windows",
            "platform_python_implementation": "CPython", "python_full_version": f"{self.python}.0",
            "python_version": self.python, "sys_platform": "win32",
        }  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make the zip for Windows.")
    parser.add_argument("--python", type=Path, required=True, help="python-3.x.y-embed-amd64.zip of python.org")
    parser.add_argument("--wheels", type=Path, default=ROOT / "build/wheels", help="where wheels are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="where the zip is written")
    parser.add_argument("--level", type=int, default=9, help="how much it is compressed, 0 to 9")
    options = parser.parse_args(arguments)
    path = make_zip(options.python, options.wheels, options.out, options.level)
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}")


def make_zip(interpreter: Path, wheels: Path, out: Path, level: int) -> Path:
    """Write the zip into `out`. `wheels`: a folder where those downloaded are kept; `level`: of compression."""
    named = _INTERPRETER.fullmatch(interpreter.name)
    if not named:
        sys.exit(f"{interpreter.name} is not named as python.org names it: python-3.x.y-embed-amd64.zip")
    target = Target(named[1])
    embedded = read_interpreter(interpreter, target)
    wheels.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        own = build_own(Path(scratch))
        parts = [own, *collect_wheels(own, wheels, target)]
        launchers = find_wheel(Requirement(LAUNCHERS), wheels, target)
        files = gather(embedded, parts, launchers, target)
    path = out / f"dhtt-windows-{own.metadata['Version']}.zip"
    path.write_bytes(pack(((f"{TOP}/{name}", data) for name, data in sorted(files.items())), level))
    return path


def read_interpreter(path: Path, target: Target) -> dict[str, bytes]:
    """The files of the interpreter, all of them, and of the version that its name says."""
    files = dict(read_zip(path))
    wanted = ("python.exe", "pythonw.exe", f"python{target.digits}.dll", f"python{target.digits}._pth", "LICENSE.txt")
    if missing := [name for name in wanted if name not in files]:
        sys.exit(f"{path.name} is not what its name says: it has no {', '.join(missing)}")
    return files


def gather(
    interpreter: Mapping[str, bytes], parts: Iterable[Wheel], launchers: Wheel, target: Target
) -> dict[str, bytes]:
    """All files of the zip, by their paths below its folder."""
    files = {f"python/{name}": data for name, data in interpreter.items()}
    files[f"python/python{target.digits}._pth"] = f"python{target.digits}.zip\r\n.\r\n..\\lib\r\n".encode()
    licences = [("CPython", "PSF-2.0", ["python/LICENSE.txt"])]
    for wheel in parts:
        own = dict(read_zip(wheel.path))
        licences.append((wheel.label, name_licence(wheel), [f"lib/{name}" for name in own if _LICENCE.search(name)]))
        files |= {f"lib/{name}": data for name, data in own.items() if is_run(name)}
    launcher_files = dict(read_zip(launchers.path))
    for name, (launcher, python, function) in _STARTERS.items():
        files[name] = make_starter(launcher_files[f"distlib/{launcher}"], python, function)
    texts = {
        f"python/{LAUNCHERS}-{Path(name).name}": data for name, data in launcher_files.items() if _LICENCE.search(name)
    }
    files |= texts
    licences.append((f"{launchers.label} ({', '.join(_STARTERS)})", name_licence(launchers), list(texts)))
    files |= {name: (ROOT / "docs" / name).read_bytes() for name in GUIDES}
    files[LICENCES] = list_licences(licences)
    files[SUMS] = "".join(f"{hashlib.sha256(files[name]).hexdigest()} *{name}\n" for name in sorted(files)).encode()
    return files


def make_starter(launcher: bytes, python: str, function: str) -> bytes:
    """A program that runs a function of the package by the interpreter that lies beside it, with its own arguments."""
    source = f"from dhtt_excel.terminal.starters import {function}\n\nif __name__ == '__main__':\n    {function}()\n"
    line = f"#!<launcher_dir>\\python\\{python} {FLAGS}\r\n"
    return launcher + line.encode() + pack([("__main__.py", source.encode())], 9)


def is_run(name: str) -> bool:
    """Whether a file of a wheel is there when the program runs: no tests, nothing for builders, no scripts."""
    return not _NOT_RUN.search(name) and ".data/" not in name


# ---------------------------------------------------------------- wheels


def build_own(scratch: Path) -> Wheel:
    """This package, built from a copy, so that nothing of an earlier build comes in."""
    source = scratch / "source"
    shutil.copytree(ROOT / "dhtt_excel", source / "dhtt_excel", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    run_pip("wheel", "--no-deps", "--wheel-dir", str(scratch), str(source))
    return read_wheel(next(scratch.glob("*.whl")))


def collect_wheels(own: Wheel, folder: Path, target: Target) -> list[Wheel]:
    """What the package with its window needs on Windows, and what that needs, in the order of the names."""
    found: dict[str, Wheel] = {}
    asked = [(own, frozenset(["", EXTRA]))]
    while asked:
        wheel, extras = asked.pop()
        for requirement in list_needed(wheel, extras, target):
            name = canonicalize_name(requirement.name)
            if name not in found or requirement.extras:
                found[name] = find_wheel(requirement, folder, target)
                asked.append((found[name], frozenset(["", *requirement.extras])))
    return [found[name] for name in sorted(found)]


def list_needed(wheel: Wheel, extras: Iterable[str], target: Target) -> Iterator[Requirement]:
    for text in wheel.metadata.get_all("Requires-Dist") or []:
        requirement = Requirement(text)
        conditions = [{**target.environment, "extra": extra} for extra in extras]
        if requirement.marker is None or any(map(requirement.marker.evaluate, conditions)):
            yield requirement


def find_wheel(requirement: Requirement, folder: Path, target: Target) -> Wheel:
    """The wheel that constraints.txt pins, from the folder, else from the registry into it."""
    name = canonicalize_name(requirement.name)
    version = read_constraints().get(name)
    if version is None or version not in requirement.specifier:
        sys.exit(f"constraints.txt does not pin {requirement}")
    if not (path := look_up(name, version, folder, target)):
        run_pip(
            "download", "--no-deps", "--only-binary=:all:", "--platform", "win_amd64", "--implementation", "cp",
            "--python-version", target.python, "--dest", str(folder), f"{name}=={version}",
        )  # fmt: skip
        path = look_up(name, version, folder, target)
    if not path:
        sys.exit(f"no wheel of {name} {version} for Windows and Python {target.python}")
    return read_wheel(path)


def look_up(name: str, version: str, folder: Path, target: Target) -> Path | None:
    for path in sorted(folder.glob("*.whl")):
        wheel_name, wheel_version, _, tags = parse_wheel_filename(path.name)
        if (wheel_name, str(wheel_version)) == (name, version) and tags & target.tags:
            return path
    return None


def read_constraints() -> Mapping[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version.strip() for name, version in pins}


def read_wheel(path: Path) -> Wheel:
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Wheel(path, HeaderParser().parsestr(archive.read(name).decode()))


def run_pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


# ---------------------------------------------------------------- licences, zips


def name_licence(wheel: Wheel) -> str:
    """The licence as the wheel names it; some put its whole text there, whose first line does."""
    told = wheel.metadata["License-Expression"] or wheel.metadata["License"] or ""
    kinds = [
        kind.split(" :: ")[-1] for kind in wheel.metadata.get_all("Classifier") or [] if kind.startswith("License")
    ]
    return next(iter(told.strip().splitlines()), "") or ", ".join(kinds)


def list_licences(licences: Iterable[tuple[str, str, list[str]]]) -> bytes:
    blocks = ["Các phần của chương trình, giấy phép của từng phần và nơi có toàn văn giấy phép."]
    for label, licence, texts in licences:
        if not texts:
            sys.exit(f"{label} has no text of its licence")
        blocks.append("\r\n".join([f"{label}: {licence}", *(f"    {text}" for text in texts)]))
    return ("\r\n\r\n".join(blocks) + "\r\n").encode("utf-8-sig")


def read_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield entry.filename, archive.read(entry)
    except (OSError, zipfile.BadZipFile) as error:
        sys.exit(f"{path.name} cannot be read: {error}")


def pack(files: Iterable[tuple[str, bytes]], level: int) -> bytes:
    """A zip of these, the same whenever and wherever it is made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compresslevel=level) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system, entry.compress_type = 0, zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
            archive.writestr(entry, data)
    return stream.getvalue()


if __name__ == "__main__":
    main()
