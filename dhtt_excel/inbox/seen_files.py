"""What lies in the inbox and is no answer of a unit: told by its name and first bytes, never read, never an error."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from dhtt_excel.inbox.containers import CONTAINER_SUFFIXES, RESULT_SUFFIX
from dhtt_excel.inbox.own_files import is_draft
from dhtt_excel.inbox.parse_workbook import WORKBOOK_SUFFIXES
from dhtt_excel.text.file_names import (
    DRAFT_MARK,
    HIDDEN,
    HISTORY_FILE,
    LIST_FILE,
    LOCKS,
    is_passed_over,
    strip_number,
)


class SeenKind(StrEnum):
    """What something is that was seen and not read."""

    SYSTEM = "system"
    LOCK = "lock"
    TEMPORARY = "temporary"
    SCAN = "scan"
    DOCUMENT = "document"
    MAIL = "mail"
    PICTURE = "picture"
    MEDIA = "media"
    LINK = "link"
    FOLDER = "folder"
    CLOSED = "closed"
    OWN = "own"
    TEMPLATES = "templates"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "system": "Tệp hệ thống, tệp ẩn",
            "lock": "Tệp khóa: có người đang mở bảng tính này; nếu đang sửa thì lưu, đóng rồi chạy lại",
            "temporary": "Tệp tạm, tải dở",
            "scan": "Bản PDF: cán bộ tự xem",
            "document": "Văn bản: cán bộ tự xem",
            "mail": "Thư đóng gói kiểu khác: cán bộ mở bằng chương trình thư, lưu riêng các tệp đính kèm vào đây",
            "picture": "Ảnh: cán bộ tự xem",
            "media": "Âm thanh, phim",
            "link": "Liên kết: tệp thật nằm ở nơi khác, hãy chép vào đây nếu là của đơn vị",
            "folder": "Thư mục mang tên như bảng tính; các tệp bên trong vẫn được đọc",
            "closed": "Không mở được: kiểm tra quyền đọc; đường dẫn dài quá 260 ký tự thì chuyển ra ngoài; rồi chạy lại",
            "own": "Kết quả, bản trả lại, thư nháp của chương trình",
            "templates": "Bộ biểu mẫu trống của chương trình",
            "other": "Tệp khác",
        }[self.value]

    @property
    def is_to_be_looked_at(self) -> bool:
        """Whether a unit may have answered by it, so that somebody has to look."""
        return self in (self.SCAN, self.DOCUMENT, self.MAIL, self.PICTURE, self.LINK, self.CLOSED)


class SeenFile(NamedTuple):
    """A file or folder (its name then ends in "/") that was not read, by its path inside the inbox."""

    name: str
    kind: SeenKind


_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_KINDS = {
    SeenKind.SCAN: ".pdf .xps .oxps .djvu .tif .tiff",
    SeenKind.DOCUMENT: ".doc .docx .docm .dot .dotx .odt .ott .rtf .txt .md .wps .ppt .pptx .odp .htm .html .mht .mhtml .xml .pages",
    SeenKind.MAIL: ".mbox .pst .ost .tnef",
    SeenKind.PICTURE: ".jpg .jpeg .jfif .png .gif .bmp .webp .heic .heif .svg .emf .wmf",
    SeenKind.MEDIA: ".mp3 .m4a .wav .amr .ogg .mp4 .mov .avi .mkv .3gp .wmv",
    SeenKind.LINK: ".lnk .url .webloc .desktop .gsheet .gdoc",
    SeenKind.TEMPORARY: ".tmp .temp .part .partial .crdownload .download .bak .swp",
}
_KIND_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
_WRAPPED = "winmail.dat"  # as Outlook wraps attachments for itself
# tables of other programs: a unit's answer, which is refused by what it is
_OTHER_SHEETS = frozenset(
    ".csv .tsv .et .ett .numbers .xltx .xltm .xlt .xlam .xla .xlw .fods .ots .sxc .dbf .slk".split()  # noqa: SIM905
)
_OFFICE_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HISTORY_START = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"format_version"\s*:\s*\d+\s*,\s*"plan"\s*:')


def judge_file(path: Path, own: Collection[str] = (), *, results: bool = False) -> SeenKind | None:
    """What a file is that is no answer; None for one that is to be read. `own`: names of the outputs.

    `results`: the results of lower levels are the answers.
    """
    name, suffix = path.name, path.suffix.lower()
    if name.startswith(LOCKS):
        return SeenKind.LOCK
    if name == LIST_FILE or strip_number(name) in own:
        return SeenKind.OWN
    if name.startswith(HIDDEN) or name.lower() in _SYSTEM:
        return SeenKind.SYSTEM
    if path.is_symlink():
        return SeenKind.LINK
    if is_draft(_read_start(path, len(DRAFT_MARK))):
        return SeenKind.OWN
    if results and suffix == RESULT_SUFFIX:
        is_named_so = name.lower().startswith(Path(HISTORY_FILE).stem)  # cut off or saved anew, it is asked about
        is_answer = is_named_so or _HISTORY_START.match(_read_start(path, 200)) or _starts_as_office_file(path)
        return None if is_answer else SeenKind.OTHER
    if suffix in WORKBOOK_SUFFIXES | CONTAINER_SUFFIXES or suffix in _OTHER_SHEETS:
        return None
    return _kind_by_name(name) or (None if _starts_as_office_file(path) else SeenKind.OTHER)


def judge_packed(name: str, own: Collection[str] = ()) -> SeenKind:
    """What a file in a mail or an archive is that is not read, by its path there alone."""
    plain = name.rpartition("/")[2]
    if plain.startswith(LOCKS):
        return SeenKind.LOCK
    if plain == LIST_FILE or strip_number(plain) in own:
        return SeenKind.OWN
    if is_passed_over(name.split("/")) or plain.lower() in _SYSTEM:
        return SeenKind.SYSTEM
    is_sheet = Path(plain).suffix.lower() in _OTHER_SHEETS
    return SeenKind.DOCUMENT if is_sheet else _kind_by_name(plain) or SeenKind.OTHER


def _kind_by_name(name: str) -> SeenKind | None:
    return SeenKind.MAIL if name.lower() == _WRAPPED else _KIND_BY_SUFFIX.get(Path(name).suffix.lower())


def judge_folder(path: Path, *, results: bool = False) -> SeenKind | None:
    """What a folder is that is passed over with all that is in it; None for one to go into. `results`: see `judge_file`."""
    if path.name.startswith(HIDDEN):
        return SeenKind.SYSTEM
    if path.is_symlink():
        return SeenKind.LINK
    return SeenKind.OWN if not results and _holds_outputs(path) else None


def is_named_as_workbook(path: Path) -> bool:
    return path.suffix.lower() in WORKBOOK_SUFFIXES | CONTAINER_SUFFIXES


def name_locked(name: str) -> str:
    """The name of the workbook that a lock file says is open."""
    plain = name.rpartition("/")[2]
    return plain.removeprefix("~$") if plain.startswith("~$") else plain.removeprefix(".~lock.").removesuffix("#")


def _holds_outputs(folder: Path) -> bool:
    """Whether a run has written its results into this folder, with their history."""
    return _HISTORY_START.match(_read_start(folder / HISTORY_FILE, 200)) is not None


def _starts_as_office_file(path: Path) -> bool:
    """Whether a name without a known ending may hide a workbook."""
    return _read_start(path, 8).startswith(_OFFICE_STARTS)


def _read_start(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(size)
    except OSError:
        return b""
