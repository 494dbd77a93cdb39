"""What became of the files of earlier runs ─► sentences, for the terminal and the window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dhtt_excel.text.file_names import RETURNS_FOLDER

if TYPE_CHECKING:
    from dhtt_excel.outputs.write_outputs import Written


def tell_kept(written: Iterable[Written]) -> list[str]:
    """What a person changed and so stays, and what the new one is called: the first thing to be said of the files."""
    lines = []
    for one in written:
        if kept := one.replaced.kept:
            beside = one.replaced.beside
            new = f"bản mới là {_quote(beside)}" if beside else "lần này không có gì mới hơn"
            lines.append(f"Giữ nguyên {_name_kind(one)} bạn đã sửa: {_quote(kept)}; {new}")
    return lines


def tell_leftovers(written: Written) -> list[str]:
    """What is held by another program, and what of earlier runs is no longer right."""
    noun, replaced = _name_kind(written), written.replaced
    warning = ", đừng gửi" if written.is_folder else ""
    lines = []
    if replaced.beside and not replaced.kept and written.is_folder:
        lines.append(f"{noun.capitalize()} cũ đang mở trong chương trình khác; bản mới là {_quote(replaced.beside)}")
    if replaced.outdated:
        lines.append(
            f"{noun.capitalize()} bạn đã sửa nhưng không còn đúng với lần chạy này{warning}: {_quote(replaced.outdated)}"
        )
    if replaced.held:
        lines.append(f"Không xóa được {noun} của lần chạy trước vì đang mở{warning}: {_quote(replaced.held)}")
    if replaced.removed:
        lines.append(f"Đã xóa {len(replaced.removed)} {noun} của lần chạy trước, không còn đúng nữa")
    return lines


def _name_kind(written: Written) -> str:
    if not written.is_folder:
        return "tệp"
    return "bản trả lại" if written.path.name == RETURNS_FOLDER else "thư nháp"


def _quote(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
