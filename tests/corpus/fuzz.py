"""Valid workbooks, each broken a little, through the isolated reader: python -m tests.corpus.fuzz 100000

Every mutant follows from its number alone. None may raise, end the parent, or lose a cell unsaid.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.inbox.open_workbooks import open_workbooks
from dhtt_excel.inbox.raw import RawWorkbook
from tests.corpus import nasty_books
from tests.corpus.nasty_packages import ODS_ROW
from tests.corpus.oracle import count_cells
from tests.corpus.packages import make_biff, make_ods, make_parts, make_sheets, make_xls, make_xlsb, pack, unpack

BATCH = 500
_PAIRS = re.compile(rb'([\w:]+)="([^"]*)"')
_TAGS = re.compile(rb"<[^>]*>")
_ELEMENTS = re.compile(rb"<(c|row|si|v|t|f|is|sheet|Relationship|mergeCell)\b[^>]*>.*?</\1>", re.DOTALL)
_DIGITS = re.compile(rb"[0-9]+")


class Mutant(NamedTuple):
    name: str
    data: bytes


def _flip_bits(data: bytes, pick: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(pick.randint(1, 4)):
        changed[pick.randrange(len(changed))] ^= 1 << pick.randrange(8)
    return bytes(changed)


def _insert(data: bytes, pick: random.Random) -> bytes:
    place = pick.randrange(len(data) + 1)
    return data[:place] + pick.randbytes(pick.randint(1, 8)) + data[place:]


def _delete(data: bytes, pick: random.Random) -> bytes:
    place = pick.randrange(len(data))
    return data[:place] + data[place + pick.randint(1, 40) :]


def _replace_match(pattern: re.Pattern[bytes], change: Callable[[bytes, random.Random], bytes]) -> Change:
    """A change of one place that the pattern finds."""

    def apply(data: bytes, pick: random.Random) -> bytes:
        matches = list(pattern.finditer(data))
        if not matches:
            return data
        match = pick.choice(matches)
        return data[: match.start()] + change(match[0], pick) + data[match.end() :]

    return apply


def _change_digits(number: bytes, pick: random.Random) -> bytes:
    return pick.choice([b"0", b"-1", b"1048577", b"16385", b"9" * 12, b"", b"%d" % (int(number[:9]) + 1), number[::-1]])


def _swap_attributes(tag: bytes, pick: random.Random) -> bytes:
    pairs = _PAIRS.findall(tag)
    if len(pairs) < 2:
        return _PAIRS.sub(rb"\1='\2'", tag)
    first, second = pick.sample(pairs, 2)
    spelled = pick.choice([b'%s="%s" %s="%s"' % (first[0], second[1], second[0], first[1]), b'%s="%s"' % first, b""])
    head = re.match(rb"<[\w:]*", tag)
    return (head[0] if head else b"<") + b" " + spelled + (b"/>" if tag.endswith(b"/>") else b">")


def _respell(tag: bytes, pick: random.Random) -> bytes:
    """The tag written otherwise, or another thing in its place."""
    return pick.choice(
        [tag.replace(b'"', b"'"), tag.replace(b">", b" >"), tag.replace(b"<", b"<x:"), b"<!-- " + tag + b" -->",
         tag + b"<!-- x -->", b"<?x y?>" + tag, b"<![CDATA[" + tag + b"]]>", tag.upper(), b""]
    )  # fmt: skip


Change = Callable[[bytes, random.Random], bytes]
BYTE_CHANGES: list[Change] = [_flip_bits, _insert, _delete]
TEXT_CHANGES: list[Change] = [
    *BYTE_CHANGES,
    _replace_match(_DIGITS, _change_digits),
    _replace_match(_TAGS, _swap_attributes),
    _replace_match(_TAGS, _respell),
    _replace_match(_ELEMENTS, lambda element, _: element * 2),
    _replace_match(_ELEMENTS, lambda _, __: b""),
    _replace_match(_ELEMENTS, lambda element, _: b"<x>" + element + b"</x>"),
]


@cache
def _list_bases() -> list[dict[str, bytes]]:
    """Parts of the workbooks to break."""
    written = [
        c.data for c in nasty_books.list_writers() if c.name.startswith(("by-openpyxl", "by-xlsxwriter", "by-export"))
    ]
    return [make_parts(), make_sheets(2), *map(unpack, written)]


def make_mutant(number: int) -> Mutant:
    """The mutant of this number."""
    pick = random.Random(number)
    kind = pick.random()
    if kind < 0.05:
        stream = pick.choice(BYTE_CHANGES)(make_biff(), pick)
        whole = pick.choice(BYTE_CHANGES)(make_xls(), pick)
        if pick.random() < 0.4:
            binary = unpack(make_xlsb())
            path = pick.choice(sorted(binary))
            return Mutant(f"{number:07}.xlsb", pack({**binary, path: pick.choice(BYTE_CHANGES)(binary[path], pick)}))
        return Mutant(f"{number:07}.xls", pick.choice([make_xls(stream), whole]))
    if kind < 0.1:
        return Mutant(
            f"{number:07}.ods", make_ods(pick.choice(TEXT_CHANGES)(ODS_ROW.encode(), pick).decode(errors="replace"))
        )
    parts = dict(pick.choice(_list_bases()))
    if kind < 0.2:
        return Mutant(f"{number:07}.xlsx", pick.choice(BYTE_CHANGES)(pack(parts), pick))
    for _ in range(pick.choice([1, 1, 1, 2, 5])):
        told = [path for path in parts if "sheet" in path or "haredStrings" in path]
        path = pick.choice(told if pick.random() < 0.8 else list(parts))
        if parts[path]:
            parts[path] = pick.choice(TEXT_CHANGES)(parts[path], pick)
    return Mutant(f"{number:07}.xlsx", pack(parts))


def find_fault(mutant: Mutant, workbook: RawWorkbook) -> str:
    """What is wrong with how a mutant was read; "" where nothing is."""
    if workbook.refusal:
        return "" if not workbook.sheets and workbook.problem else "refused with sheets or without words"
    received = sum(sheet.received for sheet in workbook.sheets)
    lost = sum(sheet.lost for sheet in workbook.sheets)
    filled = sum(value != "" for sheet in workbook.sheets for row in sheet.rows for value in row)
    if any(sheet.lost < 0 for sheet in workbook.sheets) or filled != received - lost:
        return f"{filled} cells in rows, {received} received, {lost} lost"
    if workbook.kind != "xlsx":
        return ""
    try:
        counted = count_cells(mutant.data)
    except Exception as error:  # whatever is wrong, the number of the mutant must be told
        return f"not to be counted: {error!r}"
    return "" if received == counted else f"{counted} cells in the file, {received} received"


def run(numbers: range) -> tuple[Counter[str], list[str]]:
    """Read these mutants. How many ended how, and the faults, each with its number."""
    ends: Counter[str] = Counter()
    faults: list[str] = []
    for first in range(numbers.start, numbers.stop, BATCH):
        mutants = [make_mutant(number) for number in range(first, min(first + BATCH, numbers.stop))]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for mutant in mutants:
                (folder / mutant.name).write_bytes(mutant.data)
            for mutant, workbook in zip(mutants, open_workbooks(find_files(folder)), strict=True):
                lost = any(sheet.lost for sheet in workbook.sheets)
                ends[workbook.refusal or ("accepted, loss reported" if lost else "accepted")] += 1
                if fault := find_fault(mutant, workbook):
                    faults.append(f"{mutant.name}: {fault}")
    return ends, faults


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    started = time.monotonic()
    ends, faults = run(range(first, first + count))
    lines = [f"{number:8} {end}" for end, number in ends.most_common()]
    lines += [f"{len(faults):8} faults in {time.monotonic() - started:.0f} s", *faults]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
