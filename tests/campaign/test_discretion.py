"""A rejected value is quoted in the unit's own copy and the register alone: what slipped into a wrong column may be a name."""

from __future__ import annotations

import email
import io
import zipfile
from collections.abc import Callable
from datetime import date
from email import policy
from pathlib import Path

import pytest
from click.testing import CliRunner

from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form, Kind, Layout
from dhtt_excel.outputs.mail.kinds import MailKind
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.terminal.cli import commands
from dhtt_excel.terminal.show_result import show_findings, show_verdict
from dhtt_excel.text.file_names import HISTORY_FILE
from tests.typed import fill_in

SECRET = "Bùi Kín Đáo"


@pytest.fixture
def inbox(plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path) -> Path:
    """In each ward's workbook the name stands in one column of every table after the other, and right of the lists.

    Not in a column for texts: there it is what the unit says.
    """
    folder = tmp_path / "da nhận"
    folder.mkdir()
    for place, unit in enumerate(plan.local_units):
        entries = valid_entries(unit)
        for table in form.tables.values():
            columns = [*(c for c in table.stored if c.kind not in (Kind.TEXT, Kind.FIXED)), None]
            column = columns[place % len(columns)]
            row, letter = table.position(column.key) if column else (table.first_row, 40)
            for below in range(4 if table.layout is Layout.LIST else 1):
                entries[table.sheet, row + below, letter] = f"{SECRET} {place}"
            if place % 5 == 0 and table.layout is Layout.LIST:
                entries[table.sheet, table.heading_row, len(table.columns)] = f"{SECRET} {place}"
        (folder / plan.workbook_name(unit)).write_bytes(fill_in(plan, form, unit, entries))
    return folder


def _texts(path: Path) -> str:
    """All texts of an output; of a mail without what is attached."""
    data = path.read_bytes()
    if path.suffix == ".eml":
        message = email.message_from_bytes(data, policy=policy.default)
        body = message.get_body()
        assert body is not None
        return f"{message['subject']}\n{body.get_content()}"
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "\n".join(package.read(name).decode(errors="replace") for name in package.namelist())
    return data.decode()


def test_a_name_in_a_wrong_column_goes_to_no_other_place(inbox: Path, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "kết quả"
    out.mkdir()
    first = consolidate(inbox, plan, date(2020, 3, 18))
    assert SECRET not in show_findings(first) + show_verdict(first, [])
    (out / HISTORY_FILE).write_bytes(write_json(first))  # from which the next run goes on
    assert SECRET not in _texts(out / HISTORY_FILE)
    command = ["consolidate", str(inbox), "-o", str(out), "--as-of", "2020-03-19", "--verbose"]
    shown = CliRunner().invoke(commands, command)
    assert shown.exit_code == 1, shown.output
    assert SECRET not in shown.output
    for name in (HISTORY_FILE, f"tong-hop-{plan.id}.xlsx"):
        assert SECRET not in _texts(out / name), name
    letters = list((out / "thu").glob(f"{MailKind.CORRECTION.beginning}*.eml"))
    assert len(letters) > 10
    assert not [letter.name for letter in letters if SECRET in _texts(letter)]
    register = _texts(out / f"so-theo-doi-{plan.id}.xlsx")
    assert f"{SECRET} 3" in register  # there it is needed
    copies = [path for path in (out / "tra-lai").iterdir() if path.suffix == ".xlsx"]
    assert any(SECRET in _texts(path) for path in copies)
