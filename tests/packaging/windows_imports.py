"""What a program on Windows needs: the modules that its own imports name, and the libraries that its binaries name."""

from __future__ import annotations

import ast
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

OF_POSIX = set("fcntl grp posix pwd pty readline resource syslog termios tty curses _curses _posixsubprocess".split())  # noqa: SIM905
NOT_EMBEDDED = set("ensurepip idlelib test tkinter turtle turtledemo venv lib2to3".split())  # noqa: SIM905
_ENDED = """
    aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp mailcap msilib nis nntplib ossaudiodev
    pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
"""  # with 3.12 and 3.13
STANDARD = set(sys.stdlib_module_names) - OF_POSIX - NOT_EMBEDDED - set(_ENDED.split()) | {"_typeshed"}
_MISSING = ("ImportError", "ModuleNotFoundError", "Exception", "AttributeError")
_FACTS = {"sys.platform": "win32", "os.name": "nt", "TYPE_CHECKING": False, "typing.TYPE_CHECKING": False}


class Modules:
    """Python's files in a folder of packages, by the names of their modules."""

    def __init__(self, files: Mapping[str, bytes], tag: str) -> None:
        self._sources: dict[str, tuple[str, bytes]] = {}
        self._known: set[str] = set()
        for path, data in files.items():
            stem = path.removesuffix(f".{tag}.pyd").removesuffix(".pyd").removesuffix(".py")
            if stem == path:
                continue
            name = stem.replace("/", ".").removesuffix(".__init__")
            self._known |= {name, *(name.rsplit(".", end)[0] for end in range(1, name.count(".") + 1))}
            if path.endswith(".py"):
                self._sources[name] = (path, data)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def starting_with(self, package: str) -> list[str]:
        return [name for name in self._sources if name.partition(".")[0] == package]

    def find_missing(self, package: str) -> tuple[dict[str, str], set[str]]:
        """Module that is nowhere ─► who imports it, from a package of ours down; and all that was looked at."""
        missing, seen, queue = {}, set(), self.starting_with(package)
        while queue:
            name = queue.pop()
            if name in seen:
                continue
            seen.add(name)
            for wanted, is_sure in self._imports(name, everywhere=name.partition(".")[0] == package):
                if wanted in self:
                    queue.append(wanted)
                elif is_sure and wanted.partition(".")[0] not in STANDARD:
                    missing[wanted] = name
        return missing, seen

    def _imports(self, module: str, *, everywhere: bool) -> Iterator[tuple[str, bool]]:
        """The modules named; whether it is sure that one must be there, else it may be what a module holds."""
        if module not in self._sources:
            return
        path, data = self._sources[module]
        package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
        for node in _parse(data, everywhere):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, True
            else:
                parts = package.split(".")
                base = ".".join(parts[: len(parts) + 1 - node.level]) if node.level else ""
                source = ".".join(filter(None, (base, node.module)))
                yield source, True
                for alias in node.names:
                    yield f"{source}.{alias.name}", False


@cache
def _parse(source: bytes, everywhere: bool) -> list[ast.Import | ast.ImportFrom]:
    return list(_reached(ast.parse(source).body, everywhere=everywhere))


def _reached(body: Sequence[ast.stmt], *, everywhere: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that a run on Windows comes to; with `everywhere` those of functions, and of what nobody can tell, too."""
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom():
                yield node
            case ast.If():
                fact = _judge(node.test)
                if fact is not False and (everywhere or fact is True):
                    yield from _reached(node.body, everywhere=everywhere)
                if fact is not True and (everywhere or fact is False):
                    yield from _reached(node.orelse, everywhere=everywhere)
                if fact is True and isinstance(node.body[-1], ast.Return | ast.Raise):
                    return
            case ast.Try():
                names = [name for handler in node.handlers for name in ast.walk(handler.type or ast.Name("Exception"))]
                if not any(isinstance(name, ast.Name) and name.id in _MISSING for name in names):
                    yield from _reached(node.body, everywhere=everywhere)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if everywhere:
                yield from _reached(node.body, everywhere=everywhere)
            case ast.With() | ast.For() | ast.While():
                yield from _reached(node.body, everywhere=everywhere)
            case ast.ClassDef():
                yield from _reached(node.body, everywhere=everywhere)


def _judge(test: ast.expr) -> bool | None:
    """What a condition on the system is on Windows; None for others."""
    text = ast.unparse(test)
    if text in _FACTS:
        return bool(_FACTS[text])
    match test:
        case ast.UnaryOp(ast.Not(), operand):
            fact = _judge(operand)
            return None if fact is None else not fact
        case ast.Compare(left, [ast.Eq() | ast.NotEq() as sign], [ast.Constant(value)]) if ast.unparse(left) in _FACTS:
            return (_FACTS[ast.unparse(left)] == value) is isinstance(sign, ast.Eq)
    return None


def list_libraries(data: bytes) -> list[str]:
    """The libraries that a binary of Windows (PE32+) names in its import table."""
    (start,) = struct.unpack_from("<I", data, 0x3C)
    assert data[start : start + 4] == b"PE\0\0"
    machine, sections, size = struct.unpack_from("<HH12xH", data, start + 4)
    assert machine == 0x8664
    optional = start + 24
    table = struct.unpack_from("<I", data, optional + 112 + 8)[0]
    spans = [struct.unpack_from("<IIII", data, optional + size + 40 * number + 8) for number in range(sections)]

    def place(address: int) -> int:
        held = (raw + address - at for length, at, stored, raw in spans if at <= address < at + max(length, stored))
        return int(next(held))

    found = []
    while table:
        name = struct.unpack_from("<I", data, place(table) + 12)[0]
        if not name:
            break
        at = place(name)
        found.append(data[at : data.index(0, at)].decode().lower())
        table += 20
    return found
