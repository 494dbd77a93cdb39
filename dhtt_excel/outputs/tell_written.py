"""What became of the files of earlier runs ─► sentences, for the terminal and the window."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from dhtt_excel.outputs.mail.kinds import MailKind
from dhtt_excel.text.file_names import RETURNS_FOLDER, strip_number

if TYPE_CHECKING:
    from dhtt_excel.outputs.replace_files import Replaced
    from dhtt_excel.outputs.write_outputs import Written
    from dhtt_excel.plan.plan import Plan


def tell_templates(replaced: Replaced, plan: Plan, folder: str) -> list[str]:
    """How many blank workbooks there are, and what cannot be printed on them."""
    lines = []
    for name in replaced.kept:
        new = replaced.written.get(strip_number(name))
        lines.append(
            f"Giữ nguyên “{name}” bạn đã sửa; " + (f"biểu mẫu mới là “{new}”." if new else "không có gì mới hơn.")
        )
    lines.append(f"Đã tạo {len(replaced.written)} biểu mẫu trong “{folder}”.")
    if unknown := plan.receiver.unknown:
        lines.append(
            f"Tệp kế hoạch chưa ghi {', '.join(unknown)} của nơi nhận biểu: biểu mẫu, thư để trống chỗ ấy (bổ sung: hướng dẫn, mục 2)."
        )
    return lines


def tell_drafts(names: Collection[str]) -> str:
    """How many drafts of each kind: "2 đề nghị sửa, 1 nhắc nộp"."""
    counts = {kind: sum(name.startswith(kind.beginning) for name in names) for kind in MailKind}
    return ", ".join(f"{count} {kind.label}" for kind, count in counts.items() if count)


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
