"""The slip says what is to be settled before anything is signed; the annex has the units' words to the letter."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.document import Document as DocumentObject

from dhtt_excel.findings import Severity
from dhtt_excel.office.exemptions import draw_exemptions
from dhtt_excel.outputs.report.write_opinions import write_opinions
from dhtt_excel.outputs.report.write_slip import write_slip
from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.outline import name_section
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import name_key, show_day
from tests.conftest import Fill

AS_OF = date(2020, 3, 25)
EARLY = date(2020, 1, 2)
HEADINGS = (
    "A. Phải xử lý trước khi ký",
    "B. Giá trị chưa biết: in “…” hoặc không tính vào tỷ lệ",
    "C. Phải viết, điền vào báo cáo",
    "D. Cần biết khi ký",
)


@pytest.fixture(scope="module")
def clean(few: Plan, valid_workbook: Callable[[Unit], bytes], tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Faultless workbooks of all units of the small plan, in time; so few nominees alone are out of the plan's shares."""
    folder = tmp_path_factory.mktemp("clean")
    for unit in few.units:
        (folder / few.workbook_name(unit)).write_bytes(valid_workbook(unit))
    found = consolidate(folder, few, date(2020, 3, 18))
    result = replace(found, findings=[f for f in found.findings if f.severity is not Severity.ERROR])
    assert not result.is_open
    return result


def _open(data: bytes) -> DocumentObject:
    return Document(io.BytesIO(data))


def _points(report: DocumentObject) -> dict[str, str]:
    """The lines of the slip: what it is about ─► what it says."""
    rows = [[cell.text for cell in row.cells] for table in report.tables[1:] for row in table.rows[1:]]
    assert all(row[0] == "☐" for row in rows)
    return {row[1]: row[2] for row in rows}


def _lines(report: DocumentObject) -> list[str]:
    return [p.text for p in report.paragraphs if p.text]


def _headings(slip: DocumentObject) -> list[str]:
    return [line for line in _lines(slip) if line in HEADINGS]


def test_slip_with_nothing_open_says_so(clean: Result) -> None:
    slip = _open(write_slip(clean))
    assert slip.tables[0].rows[0].cells[1].text == "LƯU HÀNH NỘI BỘ"
    assert "Số liệu không còn điểm nào phải xử lý trước khi trình ký." in _lines(slip)
    assert _headings(slip) == [*HEADINGS[2:]]
    points = _points(slip)
    for section in clean.plan.report.sections:
        assert f"Báo cáo, mục {section.code}" in points
    assert "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH" in points["Số, ngày, chữ ký"]
    assert points["Ngày in trong Kế hoạch"] == clean.plan.conference.local.pilot_note


def test_slip_of_the_final_edition_asks_for_no_writing(clean: Result) -> None:
    points = _points(_open(write_slip(replace(clean, final=True))))
    assert not [subject for subject in points if subject.startswith("Báo cáo, mục")]
    assert "không ghi DỰ THẢO" in points["Bản phát hành"]


def test_slip_names_what_blocks_first(few: Plan, ward: Unit, fill: Fill) -> None:
    """A unit missing, one unreadable, one with errors, whose values are not known."""
    missing, unread = few.local_units[0], few.local_units[2]
    folder = fill(ward, {"Đại biểu!D7": "Nguyễn Văn Sai", "Đại biểu!D8": "x", "Báo cáo!B8": None}).parent
    (folder / few.workbook_name(unread)).write_bytes(b"")
    slip = _open(write_slip(consolidate(folder, few, AS_OF)))
    assert _headings(slip) == [*HEADINGS]
    points = _points(slip)
    subjects = list(points)
    assert any(line.startswith("Còn ") and line.endswith("Biểu và báo cáo ghi DỰ THẢO.") for line in _lines(slip))
    assert subjects[:2] == ["Chưa nộp: 03 đơn vị", "Không đọc được: 01 đơn vị"]
    assert points[subjects[0]].startswith(f"Trễ 6 ngày: {few.name_of(missing)}, ")
    assert points[subjects[0]].endswith(f"; {few.name_of(few.upper_unit)}.")
    (faulty,) = (subject for subject in subjects if subject.startswith(few.name_of(ward)))
    assert faulty.endswith("lỗi")
    assert "Đại biểu 2, Báo cáo 1" in points[faulty]
    assert "– Đại biểu D7: " in points[faulty]
    assert "Sai" not in points[faulty]
    unknown = next(text for subject, text in points.items() if subject.endswith("Nữ”"))
    assert unknown == f"2 dòng của {ward.name} chưa rõ giới tính, không tính vào tỷ lệ."


def test_slip_tells_what_is_accepted_tolerated_and_to_come(
    few: Plan, ward: Unit, fill: Fill, clean: Result, tmp_path: Path
) -> None:
    out = tmp_path / "ra"
    out.mkdir()
    book = openpyxl.load_workbook(io.BytesIO(draw_exemptions(few)))
    told = ("BC01", few.name_of(ward), "Đang hoàn thiện", "Trưởng phòng", date(2020, 3, 31))
    for column, value in enumerate(told, start=1):
        book.worksheets[0].cell(5, column, value)
    book.save(out / "chap-nhan.xlsx")
    result = consolidate(fill(ward, {"Báo cáo!B8": None}).parent, few, EARLY, out)
    points = _points(_open(write_slip(result)))
    name = few.name_of(ward)
    assert points[f"Ngoại lệ BC01: {name}"] == "Đang hoàn thiện (Trưởng phòng; đến hết ngày 31/3/2020)."
    day = show_day(result.figures.units.at[ward.code, "date"])
    assert points["Hội nghị chưa diễn ra"] == f"{name} (ngày {day}). Báo cáo, biểu ghi “dự kiến”."
    units = clean.figures.units.copy()
    units.loc[ward.code, ["exemplars", "guests"]] = (68, 32)
    near = replace(clean, take_figures=lambda: replace(clean.figures, units=units))
    points = _points(_open(write_slip(near)))
    assert points["Tỷ lệ lệch trong phạm vi cho phép (5 điểm phần trăm)"] == f"{name} 68,0%."


def test_slip_names_no_delegate(drawn_campaign: Path, plan: Plan) -> None:
    result = consolidate(drawn_campaign, plan, AS_OF)
    slip = _open(write_slip(result))
    text = name_key(" ".join([*_lines(slip), *_points(slip).values()]))
    names = {name_key(name) for name in result.tables.frames["delegates"]["name"].dropna()}
    assert not [name for name in names if " " in name and name in text]


# ---------------------------------------------------------------- the units' own words


def test_every_answer_stands_to_the_letter_under_its_unit(few: Plan, ward: Unit, fill: Fill) -> None:
    told = '=HYPERLINK("http://vi-du.vn")\nBà Nguyễn Thị Tươi, 1.234 đồng\n\n{ PAGE }\tDòng cuối'
    folder = fill(ward, {"Báo cáo!B18": told, "Báo cáo!B23": None}).parent
    result = consolidate(folder, few, AS_OF)
    paper = _open(write_opinions(result))
    assert paper.tables[0].rows[0].cells[1].text == "LƯU HÀNH NỘI BỘ"
    lines = _lines(paper)
    assert f"{few.name_of(ward)}: {told}" in lines
    rows = result.tables.frames["report"]
    written = rows[rows["content"].notna()]
    assert (
        len([line for line in lines if line.startswith(f"{few.name_of(ward)}: ")])
        == len(written)
        == len(few.report.sections) - 1
    )
    places = [lines.index(name_section(s)) for s in few.report.sections]
    assert places == sorted(places)
    assert lines.count(f"Chưa có nội dung của {few.name_of(few.upper_unit)}.") == len(few.report.sections)
    assert "Chưa có nội dung của phường nào." in lines
    others = [unit.name for unit in few.local_units if unit != ward]
    assert f"Chưa có nội dung của {len(others):02} phường: {', '.join(others)}." in lines


def test_the_same_result_gives_the_same_bytes(clean: Result, tmp_path: Path) -> None:
    write_result(clean, tmp_path)
    for name, write in (("phieu-kiem-tra", write_slip), ("phu-luc-y-kien", write_opinions)):
        assert (tmp_path / f"{name}-{clean.plan.id}.docx").read_bytes() == write(clean)
