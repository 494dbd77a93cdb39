"""A whole campaign as the staff plays it: templates, answers by mail, corrections, rounds, exceptions, receipts."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner

from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Unit, load_plan
from dhtt_excel.rehearsal.invent_campaign import invent_entries
from dhtt_excel.rules import RULES
from dhtt_excel.terminal.cli import commands
from tests.conftest import SEED
from tests.typed import by_place, fill_in

FIRST_DAY = 1_583_800_000  # 10 March 2020


class Play:
    """The district's laptop and what the wards send; everything through the command line and saved mails."""

    def __init__(self, file: Path, form: Form, entries: Callable[[Unit], Entries], home: Path) -> None:
        self.file, self.plan, self.form, self.entries = file, load_plan(str(file)), form, entries
        self.inbox, self.out = home / "đã nhận", home / "kết quả"
        self.contacts = home / "danh bạ.xlsx"
        self.inbox.mkdir()
        self.mails = 0

    def run(self, *args: object) -> str:
        command = [*map(str, args), "--plan", str(self.file)]
        result = CliRunner().invoke(commands, command, catch_exceptions=False)
        assert result.exit_code in (0, 1), result.output
        return result.output

    def consolidate(self, day: str) -> dict[str, Any]:
        args = ("consolidate", self.inbox, "-o", self.out, "--as-of", day, "--contacts", self.contacts)
        self.run(*args)
        result: dict[str, Any] = json.loads((self.out / "ket-qua.json").read_bytes())
        return result

    def draft(self, kind: str, unit: Unit) -> EmailMessage | None:
        found = list((self.out / "thu").glob(f"{kind}_{unit.code}_*.eml"))
        assert len(found) <= 1
        return message_from_bytes(found[0].read_bytes(), policy=policy.default) if found else None

    def kinds(self) -> dict[str, set[str]]:
        """The drafts by the code of their unit."""
        kinds: dict[str, set[str]] = {}
        for path in (self.out / "thu").glob("*.eml"):
            kind, code, _ = path.name.split("_", 2)
            kinds.setdefault(code, set()).add(kind)
        return kinds

    def returned(self) -> list[str]:
        """The copies for the wards: the district's own conference is not what is played here."""
        upper = self.plan.upper_unit.code
        return sorted(p.name for p in (self.out / "tra-lai").glob("*.xlsx") if f"_{upper}_" not in p.name)

    def receive(self, unit: Unit, name: str, data: bytes) -> None:
        """A mail of the unit's, saved as .eml."""
        self.mails += 1
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["Subject"] = f"{unit.code}@phuong.example", "V/v báo cáo"
        day = 10 + self.mails // 24
        mail["Date"] = f"Tue, {day} Mar 2020 {self.mails % 24:02}:00:00 +0700"
        mail.set_content("Kính gửi.")
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
        path = self.inbox / f"thư {self.mails:03}.eml"
        path.write_bytes(mail.as_bytes())
        os.utime(path, (FIRST_DAY + 10 * 86_400, FIRST_DAY + 10 * 86_400))

    def answer(self, unit: Unit, changes: Mapping[str, Any]) -> None:
        own = unit is not self.plan.upper_unit  # whose conference is that of this plan's units
        cells = dict(self.entries(unit) if own else invent_entries(self.plan, self.form, unit, SEED))
        cells |= by_place(changes)
        self.receive(unit, f"{unit.name}.xlsx", fill_in(self.plan, self.form, unit, cells))

    def correct(self, unit: Unit, changes: Mapping[str, Any]) -> None:
        """The unit mends cells of the returned copy that came with the mail, and sends it back."""
        draft = self.draft("can-sua", unit)
        assert draft
        (attached,) = draft.iter_attachments()
        data = attached.get_content()
        name = attached.get_filename() or ""
        assert (self.out / "tra-lai" / name).read_bytes() == data
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book.sheetnames[0].startswith("Cần sửa (")
        for address, value in changes.items():
            sheet, _, cell = address.partition("!")
            book[sheet][cell] = value
        saved = io.BytesIO()
        book.save(saved)
        self.receive(unit, name, saved.getvalue())


def test_a_whole_campaign(
    few_units: Path, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    play = Play(few_units, form, valid_entries, tmp_path)
    plan = play.plan
    local = list(plan.local_units)
    careless, forgetful, silent = (plan.units_by_code[code] for code in ("00061", "00040", "00064"))

    # Templates by mail.
    play.run("mail", "contacts", "-o", play.contacts)
    book = openpyxl.load_workbook(play.contacts)
    sheet = book.worksheets[0]
    headings = {str(c.value).rstrip("* \N{NO-BREAK SPACE}"): c.column for c in sheet[4]}
    for row, unit in enumerate(local, start=5):
        assert sheet.cell(row, headings["Đơn vị"]).value in (plan.name_of(unit), unit.code)
        sheet.cell(row, headings["Thư điện tử"], f"{unit.code}@phuong.example")
    book.save(play.contacts)
    play.run("mail", "templates", "-o", play.out, "--contacts", play.contacts, "--as-of", "2020-02-01")
    assert play.kinds() == {unit.code: {"bieu-mau"} for unit in local}
    draft = play.draft("bieu-mau", careless)
    assert draft
    assert draft["To"] == "00061@phuong.example"
    (template,) = draft.iter_attachments()
    assert template.get_filename() == plan.workbook_name(careless)
    assert template.get_content() == draw_form(plan, form, careless, RULES)

    # First answers: all but one, two with faults.
    for unit in (*local, plan.upper_unit):
        given: dict[Unit, dict[str, Any]] = {
            careless: {"Đại biểu!E10": 99, "Đại biểu!F12": "Kinhh", "Báo cáo!B23": None},
            forgetful: {"Đại biểu!D20": None},
        }
        if unit is not silent:
            play.answer(unit, given.get(unit, {}))
    first = play.consolidate("2020-03-18")
    kinds = play.kinds()
    assert [kinds[u.code] for u in (careless, forgetful, silent)] == [
        {"bieu-mau", k} for k in ("can-sua", "can-sua", "nhac")
    ]
    assert all(kinds[u.code] == {"bieu-mau", "da-nhan"} for u in local if u not in (careless, forgetful, silent))
    assert play.returned() == ["dhtt-2020_00040_dong-xuan_sua-lan-1.xlsx", "dhtt-2020_00061_hang-bac_sua-lan-1.xlsx"]
    states = {(f["unit"], f["code"], f["cell"]): f["state"] for f in first["findings"] if f["severity"] == "error"}
    assert states == {
        ("00061", "O03", "E10"): "new", ("00061", "O02", "F12"): "new", ("00061", "BC01", "B23"): "new",
        ("00040", "O01", "D20"): "new",
    }  # fmt: skip

    # Corrections come back: one in part, one whole; the silent ward sends.
    play.correct(careless, {"Đại biểu!E10": 1980, "Đại biểu!E11": 98})
    play.correct(forgetful, {"Đại biểu!D20": "Nữ"})
    play.answer(silent, {})
    second = play.consolidate("2020-03-19")
    states = {(f["unit"], f["code"], f["cell"]): f["state"] for f in second["findings"] if f["severity"] == "error"}
    assert states == {
        ("00061", "O02", "F12"): "open", ("00061", "BC01", "B23"): "open", ("00061", "O03", "E11"): "new",
    }  # fmt: skip
    assert {(f["unit"], f["code"], f["cell"]) for f in second["fixed"] if f["unit"] != plan.upper_unit.code} == {
        ("00061", "O03", "E10"),
        ("00040", "O01", "D20"),
    }
    assert [u["round"] for u in second["units"] if u["code"] in ("00061", "00040", "00064")] == [2, 2, 1]
    kinds = play.kinds()
    assert kinds["00061"] == {"bieu-mau", "can-sua"}
    assert kinds["00040"] == kinds["00064"] == {"bieu-mau", "da-nhan"}
    assert play.returned() == ["dhtt-2020_00061_hang-bac_sua-lan-2.xlsx"]
    draft = play.draft("can-sua", careless)
    assert draft
    assert "lần 2" in draft["Subject"]

    # The rest is mended but for one, which the district accepts.
    play.correct(careless, {"Đại biểu!E11": 1981, "Đại biểu!F12": "Kinh"})
    book = openpyxl.load_workbook(play.out / "chap-nhan.xlsx")
    for column, value in enumerate(
        ("BC01", "Hàng Bạc", "đã gửi báo cáo giấy", "Trưởng phòng", date(2020, 3, 31)), start=1
    ):
        book.worksheets[0].cell(5, column, value)
    book.save(play.out / "chap-nhan.xlsx")
    kept = (play.out / "chap-nhan.xlsx").read_bytes()
    third = play.consolidate("2020-03-19")
    assert third["totals"]["errors"] == 0
    assert third["totals"]["accepted"] == 1
    assert all(kinds == {"bieu-mau", "da-nhan"} for kinds in play.kinds().values())
    assert play.returned() == []
    assert (play.out / "chap-nhan.xlsx").read_bytes() == kept
    receipt = play.draft("da-nhan", careless)
    assert receipt
    part = receipt.get_body()
    body = part.get_content() if part else ""
    (used,) = (f for f in third["files"] if f["unit"] == "00061" and f["used"])
    assert used["file"].rpartition("/")[2] in body
    assert used["sha256"] not in body
    assert "đã gửi báo cáo giấy" in body

    # Once more, with nothing new: nothing changes.
    before = {p: p.read_bytes() for p in play.out.rglob("*") if p.is_file()}
    play.consolidate("2020-03-19")
    assert {p: p.read_bytes() for p in play.out.rglob("*") if p.is_file()} == before
    assert f"Đã nhận {len(local)}/{len(local)}" in play.run(
        "status", play.inbox, "-o", play.out, "--as-of", "2020-03-19"
    )


def test_a_draft_of_ours_is_no_answer(
    few_units: Path, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    play = Play(few_units, form, valid_entries, tmp_path)
    plan = play.plan
    play.run("mail", "contacts", "-o", play.contacts)
    play.run("mail", "templates", "-o", play.out, "--contacts", play.contacts)
    draft = next((play.out / "thu").glob("*_00061_*.eml"))
    (play.inbox / "chép nhầm.eml").write_bytes(draft.read_bytes())
    other = plan.units_by_code["00064"]
    (play.inbox / "Hàng Gai.xlsx").write_bytes(fill_in(plan, form, other, valid_entries(other)))
    result = play.consolidate("2020-03-18")
    assert {"file": "chép nhầm.eml", "kind": "own"} in result["seen"]
    assert not [f for f in result["findings"] if f["file"]]
    assert result["totals"]["units_received"] == 1
