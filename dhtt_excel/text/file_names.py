"""Names of files: of received ones, as people see them, and of those that the upper unit has in its output folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from dhtt_excel.text.characters import printable

HISTORY_FILE = "ket-qua.json"  # written by every run, and what the next one goes on from
EXEMPTIONS_FILE = "chap-nhan.xlsx"  # the staff's: written once, empty, and then only read
CONTACTS_FILE = "danh-ba.xlsx"  # the staff's, wherever they keep it
TEXTS_FOLDER = "mau-thu"  # the words of letters, where staff edits them
RETURNS_FOLDER, MAIL_FOLDER = "tra-lai", "thu"
TEMPLATES_FOLDER, INBOX_FOLDER, RESULTS_FOLDER = "bieu-mau", "da-nhan", "ket-qua"  # the parts of a campaign's folder
LIST_FILE = ".dhtt-list.json"  # what we wrote into a folder: name ─► SHA-256
JOURNAL_FILE = ".dhtt-journal.json"  # what a run is just now putting in place
TRACE_FILE = "dhtt-loi.txt"  # of a fault of the program, for whoever mends it
LOCK_FILE = ".dhtt-lock"  # of the run that has the folder

DRAFT_MARK = "X-Dhtt-Draft"  # the first header of every draft that we write, and of no mail that was sent
OUTPUT_MARK = "dhtt_output"  # a property of our summary and register, which says which of the two it is
SUMMARY, REGISTER = "summary", "register"

NAMELESS = "tệp không tên"
LOCKS = ("~$", ".~lock.")  # how the names of lock files begin, of Excel and LibreOffice
HIDDEN = (".", "__MACOSX")  # and of hidden files, and of what macOS adds to a zip
_LONGEST = 200  # as a file system allows, more or less; a mail may name its attachment by a megabyte
_LONGEST_STEM, _LONGEST_SUFFIX = 180, 10  # bytes of UTF-8: a file system allows 255
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\\\x00-\x1f]')  # Windows refuses them
_DEVICES = {
    "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³"),
}  # fmt: skip
_DEEPEST = 20  # folders in a path; nobody files deeper, and walking through them has an end somewhere
_NUMBER = re.compile(r"(?: \((?:\d+|\d{4}-\d\d-\d\d)\))+(?=\.[^.]*$|$)")
_CODE_PAGES = ("cp1258", "cp437")  # of Windows in Vietnam, and of the zip format itself


def name_outputs(plan_id: str) -> tuple[str, str, str, str, str]:
    """What the summary, the register, the report, the slip of what is open and the units' own words are called."""
    return (
        f"tong-hop-{plan_id}.xlsx", f"so-theo-doi-{plan_id}.xlsx", f"bao-cao-{plan_id}.docx",
        f"phieu-kiem-tra-{plan_id}.docx", f"phu-luc-y-kien-{plan_id}.docx",
    )  # fmt: skip


def strip_number(name: str) -> str:
    """The name without the " (2)" or " (2020-03-18)" that it got because another one was taken."""
    return _NUMBER.sub("", name)


def is_passed_over(parts: Iterable[str]) -> bool:
    """Whether a file with these folders and name is one that no person put there."""
    return any(part.startswith((*LOCKS, *HIDDEN)) for part in parts)


def tidy_path(name: str) -> str:
    """The name of something inside a mail or an archive: NFC, one line, folders with "/", no way out of the archive."""
    parts = [p for p in unicodedata.normalize("NFC", name).replace("\\", "/").split("/") if p.strip(" .")]
    return "/".join(_shorten(printable(part.strip())) for part in parts) or NAMELESS


def clean_path(name: str) -> str:
    """A path that somebody's computer names, as one that any computer can have: see `tidy_path`; its folders with "/"."""
    *folders, last = tidy_path(_NOT_IN_NAMES.sub("_", name.replace("\\", "/"))).split("/")
    return "/".join(_fit_part(_NOT_IN_NAMES.sub("_", part)) for part in (*folders[:_DEEPEST], last))


def _fit_part(part: str) -> str:
    part = part.rstrip(" .") or NAMELESS
    first, _, rest = part.partition(".")
    if first.rstrip(" ").upper() in _DEVICES:
        part = f"{first}_.{rest}" if rest else f"{first}_"
    stem, dot, suffix = part.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = part, "", ""
    while len(stem.encode()) > _LONGEST_STEM:
        stem = stem[:-1]
    return f"{stem}{dot}{suffix}"


def _shorten(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = dot + suffix if stem and len(suffix) < 10 else ""
    return name[: _LONGEST - len(end) - 1] + "…" + end


def tell_apart(name: str, taken: set[str]) -> str:
    """The name, with " (2)" and so on before its suffix where it is taken; it is taken from now on."""
    stem, dot, suffix = name.rpartition(".") if "." in name.rpartition("/")[2] else (name, "", "")
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}"
    taken.add(free)
    return free


def decode_name(raw: bytes) -> str:
    """A name of unknown encoding: UTF-8, else the code page in which all that is not ASCII is letters."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        readings = [text for page in _CODE_PAGES if (text := raw.decode(page, "replace")).count("\ufffd") == 0]
    return next(filter(_is_all_letters, readings), readings[0])


def _is_all_letters(text: str) -> bool:
    return all(c.isascii() or unicodedata.category(c)[0] in "LM" for c in text)
