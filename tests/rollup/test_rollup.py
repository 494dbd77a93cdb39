"""`dhtt rollup` from the files that districts send to the city's papers, and what is said of bad ones."""

from __future__ import annotations

import email.policy
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from openpyxl.utils import get_column_letter

from dhtt_excel.excel.text_size import text_width
from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.rollup.record import ResultRecord, digest_record
from dhtt_excel.rollup.stamp import STAMP_SHEET
from dhtt_excel.rules import RULES
from dhtt_excel.terminal.cli import commands
from tests.containers import make_mail, make_zip
from tests.libreoffice import LibreOffice
from tests.rollup.conftest import District, Run

_OCCUPATION = "Đối tượng trong điển hình tiên tiến"
Districts = dict[str, District]
RollUp = Callable[..., Run]


def _edit(summary: bytes, change: Callable[[Any], None]) -> bytes:
    """The summary with its values in place of formulas, changed and saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(summary), data_only=True)
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _row_of(sheet: Any, name: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == name)


def _write(record: ResultRecord, digest: str = "") -> bytes:
    """ket-qua.json as a program would write it that has this record."""
    told = {
        "format_version": 2,
        "plan": record.plan,
        "record_sha256": digest or digest_record(record),
        "record": record,
    }
    return msgspec.json.encode(told)


# ---------------------------------------------------------------- what is read


@pytest.mark.usefixtures("little_written")
def test_results_are_read_whatever_they_are_called_and_wherever_they_lie(districts: Districts, roll_up: RollUp) -> None:
    mail = make_mail([("báo cáo.json", districts["269"].written)]).as_bytes()
    files = {
        "biểu gửi thành phố.xlsx": districts["001"].summary,
        "nén.zip": make_zip({"Hoàn Kiếm/ket-qua.json": districts["002"].written, "Hoàn Kiếm/bao-cao.docx": b"PK"}),
        "thư.eml": mail,
    }
    run = roll_up(files)
    assert run.findings() == []
    assert {unit["code"]: unit["file"] for unit in run.told["units"]} == {
        "001": "biểu gửi thành phố.xlsx", "002": "nén.zip/Hoàn Kiếm/ket-qua.json", "269": "thư.eml/báo cáo.json",
    }  # fmt: skip
    totals = [districts[code].result.figures.totals["listed"].value for code in districts]
    assert [unit["delegates"] for unit in run.told["units"]] == totals
    assert run.told["totals"]["delegates"] == sum(filter(None, totals)) > 0
    assert run.told["record"]["units"] == [
        unit | {"within": f"{'Thị xã' if d.record.code == '269' else 'Quận'} {d.record.name.split(' ', 1)[1].removeprefix('xã ')}"}
        for d in districts.values()
        for unit in json.loads(d.written)["record"]["units"]
    ]  # fmt: skip


@pytest.mark.usefixtures("little_written")
def test_both_forms_hold_the_same_record_and_a_district_that_sends_both_is_one(
    districts: Districts, roll_up: RollUp
) -> None:
    district = districts["002"]
    files = {"Hoàn Kiếm/tong-hop-quan.xlsx": district.summary, "Hoàn Kiếm/ket-qua.json": district.written}
    run = roll_up(files | {"Hoàn Kiếm/so-theo-doi.xlsx": write_register(district.result)})
    (told,) = run.findings()
    assert (told["code"], told["severity"]) == ("TEP04", "note")
    assert "cùng số liệu đi kèm với tệp được dùng" in told["message"]
    assert run.unit("002")["delegates"] == district.result.figures.totals["listed"].value
    assert {"file": "Hoàn Kiếm/so-theo-doi.xlsx", "kind": "own"} in run.told["seen"]
    assert run.unit("001") | {"delegates": None, "verdict": "missing"} == run.unit("001")
    assert run.told["totals"]["units_received"] == 1


def test_no_text_of_the_wards_is_in_what_goes_up(districts: Districts) -> None:
    """Names, posts, titles: whatever stands in a free cell."""
    for district in districts.values():
        frames = district.result.tables.frames
        texts = {text for key in ("delegates", "honourees", "speakers") for text in frames[key]["name"].dropna()}
        texts |= set(frames["speakers"]["title"].dropna())
        assert len(texts) > 10
        sheet = openpyxl.load_workbook(io.BytesIO(district.summary))[STAMP_SHEET]
        assert sheet.sheet_state == "veryHidden"
        stamp = "".join(str(cell) for row in sheet.values for cell in row if cell)
        assert not [text for text in texts if text in stamp or text in district.written.decode()]
        assert max(len(row[0]) for row in sheet.values) < 32_767


# ---------------------------------------------------------------- figures changed by hand


@pytest.mark.usefixtures("little_written")
def test_a_figure_changed_by_hand_is_told_by_its_cell_and_not_taken(districts: Districts, roll_up: RollUp) -> None:
    district = districts["269"]
    name = next(leaf.name for leaf in district.record.units if leaf.values["exemplars"]).removeprefix("Phường ")
    place: dict[str, Any] = {}

    def change(book: Any) -> None:
        sheet = book["Biểu 1"]
        row = _row_of(sheet, name)
        column = next(c for c in range(3, sheet.max_column) if isinstance(sheet.cell(row, c).value, int))
        place.update(cell=sheet.cell(row, column).coordinate, value=sheet.cell(row, column).value)
        sheet.cell(row, column).value = 997

    run = roll_up({"x.xlsx": _edit(district.summary, change)})
    (told,) = run.findings()
    assert (told["code"], told["severity"], told["sheet"], told["cell"]) == ("TH07", "error", "Biểu 1", place["cell"])
    assert f"{place['cell']} ({name} | " in told["message"]
    assert f"ghi 997, đi kèm {place['value']}" in told["message"]
    assert run.code == 1
    assert run.unit("269")["delegates"] == district.result.figures.totals["listed"].value


@pytest.mark.usefixtures("little_written")
def test_sorted_rows_titles_and_formats_are_no_change(districts: Districts, roll_up: RollUp) -> None:
    def change(book: Any) -> None:
        sheet = book["Biểu 1"]
        first, second = (_row_of(sheet, f"Sơn Tây {n}") for n in (1, 2))
        for column in range(1, sheet.max_column + 1):
            one, other = sheet.cell(first, column), sheet.cell(second, column)
            one.value, other.value = other.value, one.value
            one.number_format = "0.00"
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Bản gửi Thành phố, in ngày 02/4/2020"
        book["Biểu 3"].column_dimensions["B"].width = 99

    run = roll_up({"x.xlsx": _edit(districts["269"].summary, change)})
    assert run.findings() == []
    assert run.unit("269")["file"] == "x.xlsx"


def _each_number(book: Any, change: Callable[[float], Any]) -> None:
    for name in ("Biểu 1", "Biểu 2", "Biểu 3", "Biểu 3a"):
        for cell in (cell for row in book[name].iter_rows(min_col=2) for cell in row):
            if isinstance(cell.value, (int, float)):
                cell.value = change(cell.value)


def _type_as_text(number: float) -> str:
    return f"{number:,.1f}".translate(str.maketrans(",.", ".,")) if number % 1 else f"{number:,.0f}".replace(",", ".")


SAME: dict[str, Callable[[Any], None]] = {
    "typed as text": lambda book: _each_number(book, _type_as_text),
    "rounded": lambda book: _each_number(book, lambda number: round(number, 1)),
    "a column before": lambda book: book["Biểu 1"].insert_cols(1),
    "a column between": lambda book: book["Biểu 1"].insert_cols(3),
}


@pytest.mark.usefixtures("little_written")
@pytest.mark.parametrize("name", SAME)
def test_the_same_number_in_another_form_is_no_change(name: str, districts: Districts, roll_up: RollUp) -> None:
    assert roll_up({"x.xlsx": _edit(districts["269"].summary, SAME[name])}).findings() == []


@pytest.mark.usefixtures("little_written")
def test_what_was_typed_over_is_told_as_it_stands(districts: Districts, roll_up: RollUp) -> None:
    """A text in place of a number, one of the dots, two numbers of a row that changed places, an emptied cell."""
    summary = districts["001"].summary
    sheet = openpyxl.load_workbook(io.BytesIO(summary), data_only=True)["Biểu 1"]
    rows = [row for row in range(1, sheet.max_row) if isinstance(sheet.cell(row, 1).value, int)]
    counted = next(row for row in rows if len({sheet.cell(row, n).value for n in (5, 6, 8)} - {"…"}) == 3)
    first, second = sheet[f"F{counted}"].value, sheet[f"H{counted}"].value
    dots = next(sheet.cell(row, n).coordinate for row in rows for n in range(5, 20) if sheet.cell(row, n).value == "…")

    def swap(book: Any) -> None:
        book["Biểu 1"][f"F{counted}"], book["Biểu 1"][f"H{counted}"] = second, first

    def put(cell: str, value: Any) -> Callable[[Any], None]:
        return lambda book: book["Biểu 1"].__setitem__(cell, value)

    said = [
        (put(f"E{counted}", "1.071"), "ghi 1.071, đi kèm "),
        (put(dots, "99"), dots),
        (swap, f"ghi {second}, đi kèm {first}"),
        (put(f"E{counted}", None), f"không còn số {sheet[f'E{counted}'].value}"),
    ]
    for change, words in said:
        (told,) = roll_up({"x.xlsx": _edit(summary, change)}).findings("TH07")
        assert words in told["message"]


@pytest.mark.usefixtures("little_written")
def test_the_name_of_a_file_does_not_say_what_it_is(districts: Districts, roll_up: RollUp) -> None:
    """A summary called .json, a ket-qua.json that Notepad has saved."""
    run = roll_up({"a.json": districts["001"].summary, "b.json": b"\xef\xbb\xbf" + districts["002"].written})
    assert run.findings() == []
    assert [run.unit(code)["file"] for code in ("001", "002")] == ["a.json", "b.json"]


@pytest.mark.libreoffice
@pytest.mark.usefixtures("little_written")
def test_libreoffice_keeps_it_all(
    libreoffice: LibreOffice, districts: Districts, roll_up: RollUp, tmp_path: Path
) -> None:
    """Opened, sorted and saved nothing is said; with a figure typed over, that one."""
    source = tmp_path / "gốc.xlsx"
    source.write_bytes(districts["269"].summary)
    sheet = openpyxl.load_workbook(source)["Biểu 1"]
    rows = [row for row in range(1, sheet.max_row) if isinstance(sheet.cell(row, 1).value, int)]
    block = f"A{rows[0]}:{sheet.cell(rows[-1], sheet.max_column).coordinate}"
    awards = openpyxl.load_workbook(source, data_only=True)["Biểu 3a"]
    typed = next(f"E{row}" for row in range(12, awards.max_row) if isinstance(awards.cell(row, 5).value, int))
    names = ["sap-xep.xlsx", "cu.xls", "sua.xlsx"]
    libreoffice.ask(source, steps=[["sort", "Biểu 1", block, 5]], saved=[str(tmp_path / name) for name in names[:2]])
    libreoffice.ask(source, typed=[["Biểu 3a", typed, "90191"]], saved=[str(tmp_path / names[2])])
    saved = openpyxl.load_workbook(tmp_path / names[0], read_only=True)
    assert saved[STAMP_SHEET].sheet_state != "visible"
    run = roll_up({name: (tmp_path / name).read_bytes() for name in names[:2]})
    assert [(told["code"], told["severity"]) for told in run.findings()] == [("TEP04", "note")]
    assert run.unit("269")["delegates"] == districts["269"].result.figures.totals["listed"].value
    changed = roll_up({names[2]: (tmp_path / names[2]).read_bytes()})
    assert [(told["code"], told["sheet"]) for told in changed.findings()] == [("TH07", "Biểu 3a")]
    assert "ghi 90.191" in changed.findings()[0]["message"]


# ---------------------------------------------------------------- bad input


def _cut_stamp(book: Any) -> None:
    book[STAMP_SHEET].delete_rows(2)


def _date_ahead(book: Any) -> None:
    book[STAMP_SHEET]["B1"] = "2"


def _spell_ahead(book: Any) -> None:
    """A record of a later format, its digest right, on a sheet that looks like ours."""
    sheet = book[STAMP_SHEET]
    told = json.loads("".join(row[0] for row in sheet.iter_rows(min_row=2, values_only=True)))
    told["record"]["format"] = 2
    text = json.dumps(told, ensure_ascii=False)
    sheet.delete_rows(2, sheet.max_row)
    for place in range(0, len(text), 30_000):
        sheet.cell(2 + place // 30_000, 1).value = text[place : place + 30_000]
    sheet["C1"] = hashlib.sha256(text.encode()).hexdigest()


def _number_oddly(book: Any) -> None:
    """What is called a digit and is none, for the format; and not all of the record."""
    book[STAMP_SHEET]["B1"] = "²"
    _cut_stamp(book)


def _drop_stamp(book: Any) -> None:
    del book[STAMP_SHEET]


def _forge(record: ResultRecord) -> bytes:
    """Whoever writes a right digest to a wrong sum."""
    unit, *others = record.units
    wrong = replace(unit, values=unit.values | {"exemplars": 500, "listed": 500})
    return _write(replace(record, units=(wrong, *others)))


def _in_units(record: ResultRecord, **counts: int) -> ResultRecord:
    unit, *others = record.units
    return replace(record, units=(replace(unit, values=unit.values | counts), *others))


def _in_group(record: ResultRecord, title: str, **counts: int) -> ResultRecord:
    """The last line of a group of the structure with other counts."""
    groups = {group.title: group for group in record.structure}
    *lines, last = groups[title].lines
    groups[title] = replace(groups[title], lines=(*lines, replace(last, **counts)))
    return replace(record, structure=tuple(groups.values()))


IMPOSSIBLE: dict[str, tuple[Callable[[ResultRecord], ResultRecord], str]] = {
    "more women than delegates": (lambda r: _in_units(r, female=9000), "có số (9.000) lớn hơn tổng của nó"),
    "more with an occupation": (lambda r: _in_group(r, _OCCUPATION, local=9000), f"{_OCCUPATION}: cộng 9."),
    "more at the upper conference": (lambda r: _in_group(r, _OCCUPATION, upper=9000), "hội nghị cấp trên: cộng 9."),
    "older than the oldest": (lambda r: replace(r, ages=(replace(r.ages[0], total=10**6), r.ages[1])), "tuổi của"),
    "a group twice": (lambda r: replace(r, structure=(*r.structure, r.structure[0])), "ghi hai lần"),
}


@pytest.mark.usefixtures("little_written")
def test_numbers_that_cannot_be_are_told(districts: Districts, roll_up: RollUp) -> None:
    """Also where whoever wrote them gave them a right digest. Each in another district's, as many as there are at once."""
    left = list(IMPOSSIBLE.values())
    while left:
        now = dict(zip(districts, left, strict=False))
        left = left[len(now) :]
        run = roll_up({f"{code}.json": _write(change(districts[code].record)) for code, (change, _) in now.items()})
        told = {finding["unit"]: finding["message"] for finding in run.findings("TH06")}
        assert len(told) == len(run.findings("TH06")) == len(now)
        for code, (_, words) in now.items():
            assert words in told[code]


Make = Callable[[District, Plan], bytes]
BAD: dict[str, tuple[str, Make, str]] = {  # the first can be added up, and so is used; what came later is asked about
    "a wrong sum": ("TH06", lambda d, _: _forge(d.record), "cộng"),
    "a cut ket-qua.json": ("TH01", lambda d, _: d.written[:-200], "bị cắt ngang"),
    "a cut summary": ("TH01", lambda d, _: d.summary[:20_000], "tệp hỏng"),
    "an empty file": ("TH01", lambda _, __: b"", "tệp rỗng"),
    "a summary without figures": ("TH01", lambda d, _: _edit(d.summary, _drop_stamp), "không có số liệu đi kèm"),
    "an old ket-qua.json": ("TH01", lambda _, __: b'{"format_version": 2, "plan": "quan-cu"}', "phiên bản cũ"),
    "a ward's form": ("TH01", lambda _, plan: draw_form(plan, form_of(plan), plan.local_units[0], RULES), "Biểu mẫu của"),
    "a changed number in json": (
        "TH03", lambda d, _: _write(replace(d.record, errors=d.record.errors + 1), digest_record(d.record)), "SHA-256",
    ),
    "a row less on the hidden sheet": ("TH03", lambda d, _: _edit(d.summary, _cut_stamp), "SHA-256"),
    "a json from the future": ("TH04", lambda d, _: _write(replace(d.record, format=2)), "phiên bản mới hơn"),
    "a summary from the future": ("TH04", lambda d, _: _edit(d.summary, _date_ahead), "phiên bản mới hơn"),
    "a later record in a summary": ("TH04", lambda d, _: _edit(d.summary, _spell_ahead), "phiên bản mới hơn"),
    "an odd version": ("TH03", lambda d, _: _edit(d.summary, _number_oddly), "SHA-256"),
    "a version of nobody": ("TH03", lambda d, _: _write(replace(d.record, format=0)), "SHA-256"),
    "no code": ("TH03", lambda d, _: _write(replace(d.record, code="")), "SHA-256"),
    "ket-qua, a web page, json": ("TH01", lambda _, __: b"<html>", "không phải ket-qua.json"),
    "a unit of another province": ("TH02", lambda d, _: _write(replace(d.record, code="777", name="Quận Ba")), "ngoài kế hoạch"),
    "a code of another": ("TH02", lambda d, _: _write(replace(d.record, name="Quận Hoàn Kiếm")), "Mã 001 là của Quận Ba Đình"),
    "the city's own": ("TH02", lambda d, _: _write(replace(d.record, code="01", name="Thành phố Hà Nội")), "chính nơi tổng hợp"),
    "other columns": ("TH05", lambda d, _: _write(_rename(d.record)), "không cùng các cột"),
}  # fmt: skip


def _rename(record: ResultRecord) -> ResultRecord:
    units = (replace(unit, values={f"{key}_x": n for key, n in unit.values.items()}) for unit in record.units)
    return replace(record, units=tuple(units))


def test_each_bad_file_is_one_clear_line(districts: Districts, plan: Plan, roll_up: RollUp) -> None:
    """All of them in one folder, each with a good one of another district beside it."""
    made = {name: (code, make(districts["001"], plan), says) for name, (code, make, says) in BAD.items()}
    names = {
        f"{name}{'.json' if data[:1] == b'{' or 'json' in name else '.xlsx'}": name
        for name, (_, data, _) in made.items()
    }
    run = roll_up({file: made[name][1] for file, name in names.items()} | {"tốt.json": districts["269"].written})
    told = [f for f in run.findings() if f["code"] != "TEP04"]
    unsent = {f["file"]: f for f in told}
    assert len(unsent) == len(told), "one line each"
    for file, name in names.items():
        code, _, says = made[name]
        assert (unsent[file]["code"], unsent[file]["severity"]) == (code, "error"), name
        assert says in unsent[file]["message"], name
        assert unsent[file]["advice"], name
    assert run.code == 1
    assert run.unit("269")["delegates"] == districts["269"].result.figures.totals["listed"].value
    assert run.unit("001")["file"] == "a wrong sum.json", (
        "what can be added up is, and is an error until somebody lets it stand"
    )


@pytest.mark.usefixtures("little_written")
def test_a_broken_file_is_its_districts_by_its_name_or_its_title(districts: Districts, roll_up: RollUp) -> None:
    old = _edit(districts["269"].summary, _drop_stamp)
    run = roll_up({"tong-hop-ba-dinh-2020.xlsx": districts["001"].summary[:9_000], "biểu.xlsx": old})
    assert [(f["unit"], f["code"]) for f in run.findings()] == [("001", "TH01"), ("269", "TH01")]
    assert [run.unit(code)["verdict"] for code in ("001", "002", "269")] == ["unreadable", "missing", "unreadable"]
    drafts = {path.name for path in (run.out / "thu").iterdir()}
    assert {name.partition("_")[0] for name in drafts if "_001_" in name} == {"can-sua"}


@pytest.mark.usefixtures("little_written")
def test_two_results_of_one_district_are_asked_about_once(districts: Districts, roll_up: RollUp) -> None:
    record = districts["001"].record
    later = replace(record, as_of=record.as_of.replace(day=30), errors=3)
    run = roll_up({"a.json": _write(record), "b.json": _write(later)})
    (told,) = run.findings()
    assert (told["code"], told["file"]) == ("TEP04", "a.json")
    assert run.unit("001")["file"] == "b.json"


def test_a_ward_in_two_results_is_counted_twice_and_told(districts: Districts, roll_up: RollUp) -> None:
    first, second = districts["001"].record, districts["002"].record
    moved = replace(second, units=(first.units[0], *second.units[1:]))
    run = roll_up({"a.json": _write(first), "b.json": _write(moved)})
    (told,) = run.findings("TH09")
    assert (told["unit"], told["file"]) == ("002", "b.json")
    assert told["message"] == (
        f"{first.units[0].name} (mã {first.units[0].code}) có trong kết quả của Quận Ba Đình và Quận Hoàn Kiếm: đang cộng hai lần"
    )


def test_a_ward_twice_in_one_result_is_told(districts: Districts, roll_up: RollUp) -> None:
    """Two districts have sent it to a city, which has let that stand."""
    record = districts["001"].record
    run = roll_up({"a.json": _write(replace(record, units=(*record.units, record.units[0])))})
    (told,) = run.findings("TH09")
    assert "có trong kết quả của Quận Ba Đình hai lần: đang cộng hai lần" in told["message"]


def test_a_name_without_a_blank_as_long_as_may_be_is_drawn(districts: Districts, roll_up: RollUp) -> None:
    record = districts["001"].record
    unit, *others = record.units
    named = replace(record, units=(replace(unit, name="Phường" + "x" * 194), *others))
    run = roll_up({"a.json": _write(named)}, "--wards")
    assert run.code == 0
    assert (run.out / "tong-hop-thanh-pho-thu.xlsx").exists()
    longer = replace(record, units=(replace(unit, name="x" * 201), *others))
    assert [told["code"] for told in roll_up({"a.json": _write(longer)}).findings()] == ["TH03"]


def test_another_form_version_is_a_warning(districts: Districts, roll_up: RollUp) -> None:
    run = roll_up({"a.json": _write(replace(districts["001"].record, form_version=1))})
    (told,) = run.findings()
    assert (told["code"], told["severity"]) == ("TH05", "warning")
    assert run.unit("001")["file"] == "a.json"


def test_a_conference_of_another_year_is_asked_about(districts: Districts, roll_up: RollUp) -> None:
    record = districts["001"].record
    (meeting,) = record.meetings
    held = replace(record, meetings=(replace(meeting, day=date(2015, 3, 20)),))
    run = roll_up({"a.json": _write(held)})
    (told,) = run.findings()
    assert (told["code"], told["severity"]) == ("TH02", "warning")
    assert "ngày 20/03/2015, ngoài thời gian của kế hoạch này" in told["message"]
    assert run.unit("001")["file"] == "a.json"


@pytest.mark.usefixtures("little_written")
def test_formulas_saved_without_values_are_one_line(districts: Districts, roll_up: RollUp) -> None:
    """openpyxl keeps formulas and drops what they showed."""
    book = openpyxl.load_workbook(io.BytesIO(districts["001"].summary))
    target = io.BytesIO()
    book.save(target)
    (told,) = roll_up({"x.xlsx": target.getvalue()}).findings()
    assert (told["code"], told["severity"]) == ("TH07", "warning")
    assert "được lưu không kèm giá trị" in told["message"]


@pytest.mark.usefixtures("little_written")
def test_what_was_typed_over_is_told_though_formulas_lost_their_values(districts: Districts, roll_up: RollUp) -> None:
    """By the cells that the one has and the other has not."""
    book = openpyxl.load_workbook(io.BytesIO(districts["001"].summary))
    sheet = book["Biểu 1"]
    cell = next(c for row in sheet.iter_rows(min_row=13) for c in row[4:] if isinstance(c.value, int) and c.value)
    cell.value = 9999
    target = io.BytesIO()
    book.save(target)
    found = roll_up({"x.xlsx": target.getvalue()}).findings("TH07")
    assert {f["severity"] for f in found} == {"warning", "error"}
    (told,) = [f for f in found if f["severity"] == "error"]
    assert told["cell"] == cell.coordinate
    assert f"{cell.coordinate}" in told["message"]
    assert "9.999" in told["message"]


@pytest.mark.usefixtures("little_written")
def test_of_one_result_the_form_that_is_intact_is_used(districts: Districts, roll_up: RollUp) -> None:
    """Whichever came first; what was typed over the other one is asked about all the same."""
    whole = districts["001"].summary
    sheet = openpyxl.load_workbook(io.BytesIO(whole), data_only=True)["Biểu 1"]
    cell = next(c for row in sheet.iter_rows(min_row=13) for c in row[4:] if isinstance(c.value, int) and c.value > 9)
    typed = _edit(whole, lambda book: book["Biểu 1"].__setitem__(cell.coordinate, 9999))
    for files in ({"a.xlsx": whole, "b.xlsx": typed}, {"b.xlsx": typed, "a.xlsx": whole}):
        run = roll_up(files)
        assert run.unit("001")["file"] == "a.xlsx"
        assert [(f["code"], f["file"]) for f in run.findings("TEP04", "TH07")] == [
            ("TH07", "b.xlsx"),
            ("TEP04", "b.xlsx"),
        ]


@pytest.mark.usefixtures("little_written")
def test_a_later_result_of_fewer_units_is_asked_about(districts: Districts, roll_up: RollUp) -> None:
    record = districts["002"].record
    sent = next(leaf for leaf in record.units if leaf.sent)
    less = replace(record, units=tuple(leaf for leaf in record.units if leaf is not sent), received=record.received - 1)
    run = roll_up({"a.json": _write(record), "b.json": _write(replace(less, expected=record.expected - 1))})
    (told,) = run.findings("TEP04")
    assert "gửi sau nhưng ít nội dung hơn hẳn" in told["message"]


# ---------------------------------------------------------------- what is written


@pytest.fixture(scope="module")
def papers(districts: Districts, city_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's outputs of two districts, with wards."""
    home = tmp_path_factory.mktemp("thành phố")
    folder = home / "đã nhận"
    folder.mkdir()
    (folder / "một.xlsx").write_bytes(districts["001"].summary)
    (folder / "hai.json").write_bytes(districts["002"].written)
    command = [
        "rollup",
        str(folder),
        "-o",
        str(home / "ra"),
        "--plan",
        str(city_file),
        "--as-of",
        "2020-04-05",
        "--wards",
    ]
    shown = CliRunner().invoke(commands, command, catch_exceptions=False)
    assert "Đã nhận kết quả của 2/3 quận, huyện, thị xã; chưa có: Thị xã Sơn Tây." in shown.output
    return home / "ra"


def test_the_outputs_of_a_roll_up(papers: Path) -> None:
    assert sorted(path.name for path in papers.iterdir() if path.name[0] != ".") == [
        "bao-cao-thanh-pho-thu.docx", "chap-nhan.xlsx", "ket-qua.json", "phieu-kiem-tra-thanh-pho-thu.docx",
        "so-theo-doi-thanh-pho-thu.xlsx", "thu", "tong-hop-thanh-pho-thu.xlsx",
    ]  # fmt: skip
    register = openpyxl.load_workbook(papers / "so-theo-doi-thanh-pho-thu.xlsx", read_only=True)
    assert register.sheetnames == ["Tình hình nộp", "Vấn đề", "Nguồn"]
    assert "danh sách gộp" not in str(register["Vấn đề"]["D2"].value), "there are no merged lists"
    assert sorted(path.name for path in (papers / "thu").iterdir() if path.name[0] != ".") == [
        "da-nhan_001_ba-dinh.eml", "da-nhan_002_hoan-kiem.eml", "nhac_269_son-tay.eml",
    ]  # fmt: skip


@pytest.mark.usefixtures("little_written")
def test_a_receipt_is_for_a_result_and_says_that_a_draft_is_none(districts: Districts, roll_up: RollUp) -> None:
    run = roll_up({"a.json": _write(replace(districts["002"].record, draft=True))})
    data = (run.out / "thu" / "da-nhan_002_hoan-kiem.eml").read_bytes()
    letter = email.message_from_bytes(data, policy=email.policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "đã nhận kết quả tổng hợp của Quận Hoàn Kiếm" in text
    assert "Đề nghị đơn vị hoàn thành kết quả tổng hợp rồi gửi lại" in text
    assert "không phải gửi lại" not in text


def test_the_office_that_heads_a_form_has_room(papers: Path) -> None:
    book = openpyxl.load_workbook(papers / "tong-hop-thanh-pho-thu.xlsx")
    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
        last = next((block.max_col for block in sheet.merged_cells.ranges if block.coord.startswith("A1:")), 1)
        width = sum(sheet.column_dimensions[get_column_letter(column)].width for column in range(1, last + 1))
        assert width > 25, sheet.title  # characters


def test_no_word_of_a_wards_name_breaks(papers: Path) -> None:
    """Behind its indent as well."""
    sheet = openpyxl.load_workbook(papers / "tong-hop-thanh-pho-thu.xlsx")["Biểu 1"]
    room = round(sheet.column_dimensions["B"].width * 7) * 0.75  # points, of seven pixels a digit
    names = [cell for cell in sheet["B"] if cell.alignment.indent]
    assert names
    for cell in names:
        needed = max(text_width(word, cell.font.sz) for word in cell.value.split())
        assert needed + 9 * cell.alignment.indent <= room, cell.value


def test_the_form_by_unit_has_districts_and_below_them_wards(papers: Path, districts: Districts) -> None:
    book = openpyxl.load_workbook(papers / "tong-hop-thanh-pho-thu.xlsx", data_only=True)
    sheet = book["Biểu 1"]
    shown = {sheet.cell(row, 2).value: row for row in range(1, sheet.max_row + 1)}
    total = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "Tổng cộng")
    for code, name in (("001", "Quận Ba Đình"), ("002", "Quận Hoàn Kiếm")):
        record = districts[code].record
        row = shown[name]
        assert sheet.cell(row, 3).value == f"{record.received}/{record.expected}"
        assert sheet.cell(row, 4).value == districts[code].result.figures.totals["listed"].value
        for place, leaf in enumerate(record.units, start=1):
            assert shown[leaf.name] == row + place
            listed = leaf.values["listed"] if leaf.sent else None
            assert sheet.cell(row + place, 4).value == ("…" if listed is None else listed)
    assert sheet.cell(shown["Thị xã Sơn Tây"], 4).value == "…"
    parts = [districts[code].result.figures.totals["listed"].value for code in ("001", "002")]
    assert sheet.cell(total, 4).value == sum(filter(None, parts))
    formulas = openpyxl.load_workbook(papers / "tong-hop-thanh-pho-thu.xlsx")["Biểu 1"]
    rows = [shown["Quận Ba Đình"], shown["Quận Hoàn Kiếm"], shown["Thị xã Sơn Tây"]]
    assert not [row for row in range(rows[0] + 1, rows[1]) if f"E{row}" in str(formulas.cell(total, 5).value)]
    assert all(f"E{row}" in str(formulas.cell(total, 5).value) for row in rows)


def test_a_rolled_up_result_is_input_again(papers: Path, tmp_path: Path) -> None:
    """The city to the country: the same figures, from its ket-qua.json as from its summary."""
    plan = tmp_path / "cả nước.toml"
    plan.write_text(
        'based_on = "ha-noi-2020"\nid = "ca-nuoc"\n[levels]\nabove = "Quốc hội"\nbelow = "xã, phường"\n[levels.local]\n'
        'noun = "tỉnh, thành phố"\noffice = "UBND tỉnh, thành phố"\n[levels.upper]\nnoun = "cơ quan"\noffice = "Bộ Nội vụ"\n'
        '[[units]]\ncode = "01"\nname = "Hà Nội"\nnoun = "thành phố"\n[[units]]\ncode = "00"\nname = "Nội vụ"\nlevel = "upper"\n',
        encoding="utf-8",
    )
    told = []
    for name in ("ket-qua.json", "tong-hop-thanh-pho-thu.xlsx"):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        (folder / name).write_bytes((papers / name).read_bytes())
        command = [
            "rollup",
            str(folder),
            "-o",
            str(tmp_path / f"ra {folder.name}"),
            "--plan",
            str(plan),
            "--as-of",
            "2020-04-09",
            "--json",
        ]
        told.append(json.loads(CliRunner().invoke(commands, command, catch_exceptions=False).stdout))
    city = json.loads((papers / "ket-qua.json").read_text(encoding="utf-8"))
    for country in told:
        kept = ("delegates", "exemplars", "guests", "upper_conference", "upper_exemplars", "upper_guests")
        assert {key: country["totals"][key] for key in kept} == {key: city["totals"][key] for key in kept}
        for part in ("units", "meetings", "structure", "ages", "honours", "awards", "speeches"):
            assert country["record"][part] == city["record"][part], part
        assert [f["code"] for f in country["findings"]] == ["TH08"]


def test_a_mended_result_is_the_next_round(districts: Districts, roll_up: RollUp) -> None:
    record = districts["001"].record
    first = roll_up({"a.json": _forge(record)})
    assert [(f["code"], f["state"]) for f in first.findings()] == [("TH06", "new")]
    later = _write(replace(record, as_of=record.as_of.replace(day=30)))
    second = roll_up({"a.json": later})
    assert second.findings() == []
    assert [(f["code"], f["state"]) for f in second.told["fixed"]] == [("TH06", "fixed")]
    assert second.unit("001")["round"] == 2


# ---------------------------------------------------------------- plans


def test_the_example_plans_say_that_they_are_examples_and_have_all_units() -> None:
    city, communes = load_plan("ha-noi-2020"), load_plan("ha-noi-126")
    nouns = [city.noun_of(unit) for unit in city.local_units]
    assert (nouns.count("quận"), nouns.count("huyện"), nouns.count("thị xã")) == (12, 17, 1)
    nouns = [communes.noun_of(unit) for unit in communes.local_units]
    assert (nouns.count("phường"), nouns.count("xã"), len(nouns)) == (51, 75, 126)
    assert (city.number, f"{city.date:%d/%m/%Y}") == ("154/KH-UBND", "08/07/2019")
    assert city.clauses == {}
    for text in (city.title, city.privacy, city.report.number, communes.unit_code_list):
        assert "ví dụ" in text.casefold()


def test_a_command_says_which_plan_it_takes(tmp_path: Path) -> None:
    def ask(*command: str) -> str:
        ended = CliRunner().invoke(commands, [*command, "-o", str(tmp_path / "ra")])
        assert ended.exit_code == 2
        return ended.output

    assert "dùng lệnh dhtt consolidate" in ask("rollup", str(tmp_path / "vào"), "--plan", "hoan-kiem-2020")
    assert "dùng lệnh dhtt rollup" in ask("templates", "--plan", "ha-noi-2020")
    assert "dùng lệnh dhtt rollup" in ask("mail", "templates", "--plan", "ha-noi-2020")
    plan = tmp_path / "p.toml"
    plan.write_text('based_on = "khong-co"\n', encoding="utf-8")
    assert "based_on: không có kế hoạch có sẵn “khong-co”" in ask("rollup", str(tmp_path / "vào"), "--plan", str(plan))
