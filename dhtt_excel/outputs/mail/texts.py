"""The words of the drafts: text files that staff may edit, with placeholders such as ${don_vi}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.outputs.atomic_files import save_file
from dhtt_excel.outputs.mail.kinds import PLACEHOLDERS
from dhtt_excel.text.vietnamese import clean

_SHIPPED = Path(__file__).parent / "letters"
_SUBJECT = re.compile(r"chủ đề\s*:\s*(.+)", re.IGNORECASE)


class MailText(NamedTuple):
    subject: Template
    body: Template

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject, in one line, and body; a line whose placeholders are all empty goes, with the gap that it leaves."""
        lines = [line for part in self.body.template.splitlines() if (line := _fill_line(part, values)) is not None]
        body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
        return " ".join(self.subject.substitute(values).split()), body


Texts = Mapping[str, MailText]
"""By name, as in `PLACEHOLDERS`."""


def load_texts(folder: Path | None = None) -> Texts:
    """The texts of a folder, and the shipped ones where it has none.

    Raises `UserError` for a text that cannot be used, and for a file that is none of ours: its name may be misspelt.
    """
    edited = _find_edited(folder) if folder else {}
    return {name: _read_text(name, edited.get(name) or _SHIPPED / f"{name}.txt") for name in PLACEHOLDERS}


def copy_texts(folder: Path) -> tuple[list[Path], list[Path]]:
    """Write the shipped texts into a folder for editing: those written, and those that were there and stay."""
    targets = [folder / f"{name}.txt" for name in PLACEHOLDERS]
    kept = [path for path in targets if path.exists()]
    written = [path for path in targets if path not in kept]
    for path in written:
        text = (_SHIPPED / path.name).read_text(encoding="utf-8")
        save_file(path, text.replace("\n", "\r\n").encode())  # an old Notepad shows no bare line feed
    return written, kept


def _find_edited(folder: Path) -> dict[str, Path]:
    try:
        found = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".txt"}
    except OSError as error:
        raise UserError(f"Không đọc được thư mục mẫu thư “{folder}”: {explain_os_error(error)}.") from error
    if strange := found.keys() - PLACEHOLDERS.keys():
        names = ", ".join(f"{name}.txt" for name in PLACEHOLDERS)
        raise UserError(f"“{found[min(strange)]}” không phải mẫu thư nào. Các mẫu thư: {names}.")
    return found


def _read_text(name: str, path: Path) -> MailText:
    try:
        text = clean(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(f"Mẫu thư “{path}” không phải văn bản UTF-8. Hãy lưu lại với mã UTF-8.") from error
    except OSError as error:
        raise UserError(f"Không đọc được mẫu thư “{path}”: {explain_os_error(error)}.") from error
    first, _, body = text.partition("\n")
    subject = _SUBJECT.fullmatch(first.strip())
    if not subject:
        raise UserError(f"Mẫu thư “{path}”: dòng đầu phải là “Chủ đề: …”.")
    if not body.strip():
        raise UserError(f"Mẫu thư “{path}”: thiếu nội dung thư sau dòng chủ đề.")
    parts = MailText(Template(subject[1]), Template(body))
    for part in parts:
        _check(name, path, part)
    return parts


def _check(name: str, path: Path, part: Template) -> None:
    for match in part.pattern.finditer(part.template):
        if match.group("invalid") is not None:
            line = part.template[match.start() :].splitlines()[0]
            raise UserError(f"Mẫu thư “{path}”: dấu $ đứng sai chỗ ở “{line[:40]}”. Muốn in dấu $ thì gõ $$.")
    if strange := set(part.get_identifiers()) - PLACEHOLDERS[name].keys():
        known = ", ".join(f"${{{key}}}" for key in PLACEHOLDERS[name])
        raise UserError(f"Mẫu thư “{path}”: không có chỗ điền “${{{min(strange)}}}”. Dùng được: {known}.")


def _fill_line(line: str, values: Mapping[str, str]) -> str | None:
    template = Template(line)
    named = template.get_identifiers()
    if named and not any(values[key] for key in named) and not re.sub(r"\$\{?\w+\}?", "", line).strip():
        return None
    return template.substitute(values).rstrip()
