"""Which file stands for a unit: blank forms, save times inside files, times that contradict each other."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.mail.texts import load_texts
from dhtt_excel.outputs.mail.write_mail import choose_drafts, write_mail
from dhtt_excel.outputs.returns.write_returns import list_returns
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result, Verdict
from dhtt_excel.terminal.cli import commands
from tests.conftest import AS_OF, Fill
from tests.containers import make_mail
from tests.inbox.test_containers import Save, save  # noqa: F401
from tests.libreoffice import LibreOffice
from tests.outputs.test_ledger_outputs import read, rows_of
from tests.packages import edit_package
from tests.typed import fill_in

TEMPLATES = Path(__file__).parents[2] / "input_templates"
STAMP = "2020-01-01T00:00:00Z"
FEW = {f"Đại biểu!{c}{row}": None for row in range(20, 300) for c in "CDEFGHIJKLMNOPQ"}


@pytest.fixture
def blank(plan: Plan, ward: Unit) -> bytes:
    return (TEMPLATES / plan.workbook_name(ward)).read_bytes()


def _touch(path: Path, day: int, hour: int = 9) -> Path:
    """The time that the file system has: in March 2020."""
    moment = datetime(2020, 3, day, hour).timestamp()
    os.utime(path, (moment, moment))
    return path


def _save_at(path: Path, moment: str) -> Path:
    """What a program writes into a workbook when somebody saves it, in UTC."""
    edit_package(path, {"docProps/core.xml": lambda text: re.sub(rf"(modified[^>]*>){STAMP}", rf"\g<1>{moment}", text)})
    return path


def _about(result: Result, code: str) -> list[Finding]:
    return [f for f in result.findings if f.code == code and f.file]


def _used(result: Result, unit: Unit) -> str:
    return result.used[unit.code].source.file


# ---------------------------------------------------------------- blank forms


def test_a_blank_form_is_no_report(blank: bytes, ward: Unit, few: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "da nhận"
    folder.mkdir()
    (folder / "trống.xlsx").write_bytes(blank)
    result = consolidate(folder, few, AS_OF)
    assert result.used == {}
    assert ward in result.missing_units
    assert result.verdict_of(ward) is Verdict.MISSING
    (told,) = _about(result, "TEP05")
    assert (told.unit, told.severity) == (ward.code, Severity.WARNING)
    assert told.message.startswith("Biểu mẫu chưa nhập")
    assert [f.file for f in result.findings if f.file] == ["trống.xlsx"]
    assert choose_drafts(result)[ward].value == "nhac"
    assert list_returns(result) == []
    assert result.rounds[ward.code].number == 0
    letter = write_mail(result, load_texts(), {})["nhac_00061_hang-bac.eml"]
    assert "trống.xlsx" in _text_of(letter)
    (row,) = rows_of(read(result)[0], "Nguồn")
    assert "Biểu mẫu chưa nhập" in row["Vì sao"].value


def _text_of(letter: bytes) -> str:
    from email import message_from_bytes

    part = next(p for p in message_from_bytes(letter).walk() if p.get_content_type() == "text/plain")
    return bytes(part.get_payload(decode=True) or b"").decode()


def test_a_folder_of_blank_templates_is_nobodys_report(plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "da nhận"
    shutil.copytree(TEMPLATES, folder)
    result = consolidate(folder, plan, AS_OF)
    assert len(result.missing_units) == len(plan.local_units)
    assert {f.code for f in result.findings} == {"TEP05"}
    assert {kind.value for kind in choose_drafts(result).values()} == {"nhac"}


def test_a_blank_form_saved_later_displaces_nothing(
    blank: bytes,
    fill: Fill,
    ward: Unit,
    plan: Plan,
    save: Save,  # noqa: F811
) -> None:
    """The letter asks for an answer by reply: the mail that comes back has both."""
    path = fill(ward)
    folder = save("thư.eml", make_mail([("a.xlsx", path.read_bytes()), ("mẫu gốc.xlsx", blank)]))
    path.unlink()
    result = consolidate(folder, plan, AS_OF)
    assert _used(result, ward) == "thư.eml/a.xlsx"
    (told,) = _about(result, "TEP05")
    assert (told.file, told.severity) == ("thư.eml/mẫu gốc.xlsx", Severity.NOTE)
    assert _about(result, "TEP04") == []
    assert result.verdict_of(ward) is Verdict.CLEAN


def test_a_blank_form_that_another_program_has_saved_is_blank(
    blank: bytes, ward: Unit, plan: Plan, tmp_path: Path
) -> None:
    import openpyxl

    path = tmp_path / "a.xlsx"
    path.write_bytes(blank)
    book = openpyxl.load_workbook(path)
    book["Đại biểu"]["D9"] = " \u00a0"
    book.save(path)
    assert consolidate(tmp_path, plan, AS_OF).used == {}


def test_a_form_with_one_cell_entered_is_not_blank(plan: Plan, form: Form, tmp_path: Path) -> None:
    cells = [
        ("Đại biểu", 7, 2, "Nguyễn Văn An"),
        ("Đại biểu", 4, 3, "x"),
        ("Báo cáo", 53, 3, 1),
        ("Thông tin", 8, 2, "Hội nghị khác"),
        ("Đại biểu", 9, 20, "ghi ngoài biểu"),
        ("Nháp", 1, 1, "danh sách"),
    ]
    units = plan.local_units[: len(cells)]
    for unit, (sheet, row, column, value) in zip(units, cells, strict=True):
        (tmp_path / f"{unit.code}.xlsx").write_bytes(fill_in(plan, form, unit, {(sheet, row, column): value}))
    assert list(consolidate(tmp_path, plan, AS_OF).used) == [unit.code for unit in units]


def test_check_says_that_a_form_is_blank(blank: bytes, plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(blank)
    (told,) = check_files([tmp_path / "a.xlsx"], plan, AS_OF).findings
    assert (told.code, told.severity) == ("TEP05", Severity.ERROR)


def test_every_blank_form_is_known_as_such(plan: Plan, tmp_path: Path) -> None:
    """Of a ward, of the pilot, of the upper unit: they differ in what they print."""
    units = {(u.level, u.pilot): u for u in plan.units}
    for unit in units.values():
        shutil.copy(TEMPLATES / plan.workbook_name(unit), tmp_path / f"{unit.code}.xlsx")
    result = consolidate(tmp_path, plan, AS_OF)
    assert [s.why_not for s in result.submissions] == ["biểu mẫu chưa nhập"] * len(units)


# ---------------------------------------------------------------- which is later


VENUE = {"Thông tin!B13": "Nhà hát Lớn"}


def test_the_save_time_inside_outlives_copying(fill: Fill, ward: Unit, plan: Plan) -> None:
    """The folder was copied, and its files have the times of the copying."""
    _touch(_save_at(fill(ward, VENUE, name="a.xlsx"), "2020-03-12T02:00:00Z"), 16, 8)
    path = _touch(_save_at(fill(ward, name="b.xlsx"), "2020-03-11T02:00:00Z"), 16, 10)
    result = consolidate(path.parent, plan, AS_OF)
    assert _used(result, ward) == "a.xlsx"
    (told,) = _about(result, "TEP04")
    assert (told.file, told.asks_unit) == ("b.xlsx", False)
    assert "(gửi trước)" in told.message
    assert result.used[ward.code].source.sent == datetime(2020, 3, 12, 9)  # by the office's clock


def test_our_own_stamp_is_no_save_time(fill: Fill, ward: Unit, plan: Plan) -> None:
    path = _touch(fill(ward), 12)
    (submission,) = check_files([path], plan, AS_OF).submissions
    assert submission.source.saved is None
    assert submission.source.sent == datetime(2020, 3, 12, 9)


def test_a_save_time_that_cannot_be_gives_way_to_the_files(fill: Fill, plan: Plan) -> None:
    said = ["hôm qua", "1899-01-01T00:00:00Z", "2999-01-01T00:00:00Z", ""]
    units = plan.local_units[: len(said)]
    paths = [_touch(_save_at(fill(unit), written), 12) for unit, written in zip(units, said, strict=True)]
    found = [(s.unit, s.source.refusal, s.source.sent) for s in check_files(paths, plan, AS_OF).submissions]
    assert found == [(unit, "", datetime(2020, 3, 12, 9)) for unit in units]


def test_a_mail_outweighs_the_file(fill: Fill, ward: Unit, plan: Plan, save: Save) -> None:  # noqa: F811
    """Saved before, sent after: no contradiction where the other has only a file's time."""
    mailed = fill(ward, VENUE, name="b.xlsx")
    data = mailed.read_bytes()
    mailed.unlink()
    _touch(fill(ward, name="a.xlsx"), 13)
    folder = save("thư.eml", make_mail([("b.xlsx", data)], sent="Sat, 14 Mar 2020 09:00:00 +0700"))
    result = consolidate(folder, plan, AS_OF)
    assert _used(result, ward) == "thư.eml/b.xlsx"
    assert result.used[ward.code].source.sent == datetime(2020, 3, 14, 9)


def _asked(result: Result, unit: Unit) -> Finding:
    """The one question, which both readers are told."""
    (told,) = [f for f in _about(result, "TEP04") if f.asks_unit]
    assert told in result.asked_of(unit)
    assert "(gửi trước)" not in told.message or "ít nội dung hơn hẳn" in told.message
    return told


def test_equal_times_give_the_fuller_file_and_a_question(fill: Fill, ward: Unit, few: Plan) -> None:
    _touch(fill(ward, FEW, name="b.xlsx"), 12)
    path = _touch(fill(ward, name="a.xlsx"), 12)
    result = consolidate(path.parent, few, AS_OF)
    assert _used(result, ward) == "a.xlsx"
    told = _asked(result, ward)
    assert told.file == "b.xlsx"
    assert "không rõ tệp nào là bản cuối" in told.message
    assert "gửi trước)" not in told.message
    assert "bản cuối" in told.advice
    letter = write_mail(result, load_texts(), {})["da-nhan_00061_hang-bac.eml"]
    assert "không rõ tệp nào là bản cuối" in _text_of(letter).replace("\n", " ")
    why = {row["Tệp"].value: row["Vì sao"].value for row in rows_of(read(result)[0], "Nguồn")}
    assert why["a.xlsx"].startswith("Không rõ tệp nào gửi sau cùng")


def test_two_files_of_one_mail_are_ordered_by_when_they_were_saved(
    fill: Fill,
    ward: Unit,
    plan: Plan,
    save: Save,  # noqa: F811
) -> None:
    files = []
    for name, moment in (("1.xlsx", "2020-03-09T03:00:00Z"), ("2.xlsx", "2020-03-09T02:00:00Z")):
        path = _save_at(fill(ward, {"Thông tin!B13": name}, name=name), moment)
        files.append((name, path.read_bytes()))
        path.unlink()
    result = consolidate(save("thư.eml", make_mail(files)), plan, AS_OF)
    assert _used(result, ward) == "thư.eml/1.xlsx"
    assert not any(f.asks_unit for f in result.findings)


def test_an_old_version_sent_again_by_mistake_is_asked_about(
    fill: Fill,
    ward: Unit,
    plan: Plan,
    save: Save,  # noqa: F811
) -> None:
    """The later mail holds the file that was saved earlier."""
    new = _save_at(fill(ward, name="mới.xlsx"), "2020-03-12T02:00:00Z")
    old = _save_at(fill(ward, FEW, name="cũ.xlsx"), "2020-03-09T02:00:00Z")
    mails = {"1.eml": (new, "Fri, 13 Mar 2020 09:00:00 +0700"), "2.eml": (old, "Sat, 14 Mar 2020 09:00:00 +0700")}
    for name, (path, sent) in mails.items():
        folder = save(name, make_mail([(path.name, path.read_bytes())], sent=sent))
        path.unlink()
    result = consolidate(folder, plan, AS_OF)
    assert _used(result, ward) == "1.eml/mới.xlsx"
    assert _asked(result, ward).file == "2.eml/cũ.xlsx"


def test_the_same_file_twice_is_no_question(fill: Fill, ward: Unit, plan: Plan) -> None:
    path = _touch(fill(ward, name="a.xlsx"), 12)
    shutil.copy2(path, path.with_name("a (1).xlsx"))
    result = consolidate(path.parent, plan, AS_OF)
    (told,) = _about(result, "TEP04")
    assert "(giống hệt tệp được dùng)" in told.message
    assert not told.asks_unit


def test_a_later_file_with_far_less_in_it_is_used_and_asked_about(fill: Fill, ward: Unit, plan: Plan) -> None:
    _touch(fill(ward, name="a.xlsx"), 12)
    path = _touch(fill(ward, FEW, name="b.xlsx"), 13)
    result = consolidate(path.parent, plan, AS_OF)
    assert _used(result, ward) == "b.xlsx"
    told = _asked(result, ward)
    assert told.file == "a.xlsx"
    assert "gửi sau nhưng ít nội dung hơn hẳn" in told.message
    assert result.verdict_of(ward) in (Verdict.WARNINGS, Verdict.ERRORS)


def test_the_question_stands_from_round_to_round(fill: Fill, ward: Unit, plan: Plan, tmp_path: Path) -> None:
    few = structs.replace(plan, units=tuple(u for u in plan.units if u.code in (ward.code, plan.upper_unit.code)))
    folder, out = _touch(fill(ward, name="a.xlsx"), 12).parent, tmp_path / "kết quả"
    out.mkdir()
    (out / "ket-qua.json").write_bytes(write_json(consolidate(folder, few, AS_OF, out)))
    _touch(fill(ward, FEW, name="b.xlsx"), 13)
    for _ in range(2):
        result = consolidate(folder, few, AS_OF, out)
        assert _asked(result, ward).severity is Severity.WARNING
        (out / "ket-qua.json").write_bytes(write_json(result))


@pytest.mark.libreoffice
def test_an_ods_tells_when_it_was_saved(
    libreoffice: LibreOffice, fill: Fill, ward: Unit, plan: Plan, tmp_path: Path
) -> None:
    path = libreoffice.save_as(fill(ward), tmp_path / f"{plan.workbook_name(ward)}.ods")
    edit_package(path, {"meta.xml": lambda text: re.sub(r"<dc:date>[^<]*", "<dc:date>2020-03-11T08:30:15.25", text)})
    _touch(path, 12)
    (submission,) = check_files([path], plan, AS_OF).submissions
    assert submission.source.sent == datetime(2020, 3, 11, 8, 30, 15)


@pytest.mark.usefixtures("little_written")
def test_a_correction_that_cannot_be_used_is_asked_for_again(
    fill: Fill, ward: Unit, few: Plan, few_units: Path, tmp_path: Path
) -> None:
    """The old file stands; the unit, which believes that it has mended it, is told what to restore."""
    folder = _touch(fill(ward, name="a.xlsx"), 14).parent
    _touch(fill(ward, {"Đại biểu!C6": "Ghi chú 2"}, name="b.xlsx"), 16)
    out = tmp_path / "ra"
    ran = CliRunner().invoke(
        commands, ["consolidate", str(folder), "--plan", str(few_units), "-o", str(out), "--as-of", "2020-03-19"]
    )
    assert ran.exit_code == 1
    result = consolidate(folder, few, AS_OF)
    assert _used(result, ward) == "a.xlsx"
    told = _asked(result, ward)
    assert (told.file, told.severity) == ("b.xlsx", Severity.ERROR)
    assert "Không thấy cột “Họ và tên” ở trang tính “Đại biểu”" in told.message
    assert "gửi lại: " in told.advice
    assert "bỏ tệp thừa" not in told.advice
    letter = " ".join(_text_of((out / "thu" / "can-sua_00061_hang-bac.eml").read_bytes()).split())
    assert "Tệp “b.xlsx” (09:00 ngày 16/03/2020): " in letter
    assert "Ghi lại đúng “Họ và tên” theo biểu mẫu" in letter
    assert "không phải làm gì thêm" not in letter
    assert "chưa có những gì đơn vị sửa trong tệp gửi sau" in letter


@pytest.mark.parametrize(("seconds", "used"), [(0.04, "a.xlsx"), (119, "a.xlsx"), (121, "b.xlsx")])
def test_the_times_of_one_copying_tell_no_order(seconds: float, used: str, fill: Fill, ward: Unit, few: Plan) -> None:
    """Neither file says when it was saved: the fuller one is used, and asked about."""
    folder = fill(ward, name="a.xlsx").parent
    fill(ward, FEW, name="b.xlsx")
    start = datetime(2020, 3, 16, 9).timestamp()
    for name, moment in (("a.xlsx", start), ("b.xlsx", start + seconds)):
        os.utime(folder / name, (moment, moment))
    told = json.loads(write_json(consolidate(folder, few, AS_OF)))
    assert [file["file"] for file in told["files"] if file["used"]] == [used]
    (finding,) = [f for f in told["findings"] if f["code"] == "TEP04"]
    if used == "a.xlsx":
        assert "không rõ tệp nào là bản cuối" in finding["message"]
        assert "gửi trước)" not in finding["message"]
    else:
        assert "(gửi trước)" in finding["message"]


@pytest.mark.usefixtures("little_written")
def test_equally_full_files_of_contrary_times_are_asked_about_in_plain_words(
    fill: Fill,
    ward: Unit,
    few_units: Path,
    tmp_path: Path,
    save: Save,  # noqa: F811
) -> None:
    mailed = _save_at(fill(ward, VENUE, name="hàng bạc.xlsx"), "2020-03-10T02:00:00Z")
    data = mailed.read_bytes()
    mailed.unlink()
    _save_at(fill(ward, {"Thông tin!B13": "Nhà hát Tuổi trẻ"}, name="lưu 2.xlsx"), "2020-03-14T02:00:00Z")
    mail = make_mail([("hàng bạc.xlsx", data)], sent="Tue, 17 Mar 2020 09:00:00 +0700")
    folder, out = save("phòng lưu.eml", mail), tmp_path / "ra"
    CliRunner().invoke(
        commands, ["consolidate", str(folder), "--plan", str(few_units), "-o", str(out), "--as-of", "2020-03-19"]
    )
    (finding,) = [f for f in json.loads((out / "ket-qua.json").read_bytes())["findings"] if f["code"] == "TEP04"]
    assert "không rõ tệp nào là bản cuối, hai tệp có số ô đã nhập bằng nhau (" in finding["message"]
    letter = " ".join(_text_of((out / "thu" / "da-nhan_00061_hang-bac.eml").read_bytes()).split())
    assert "phòng lưu.eml" not in letter
    assert "dùng “hàng bạc.xlsx” (09:00 ngày 17/03/2020), không dùng tệp này" in letter
    assert "Tệp “lưu 2.xlsx” (09:00 ngày 14/03/2020): " in letter
    assert "Đề nghị đơn vị trả lời thư này, cho biết điều được hỏi" in letter
    assert "không phải gửi lại" not in letter
